//! Properties of every workspace.

use std::fmt::Write as _;

use proptest::prelude::*;

use crate::support::{analyse, found, real_files, report, workspace};

/// One claim of a generated workspace, by indexes into the lists below.
#[derive(Clone, Debug)]
struct GeneratedClaim {
    source: usize,
    by: usize,
    event: usize,
    of: usize,
    value: usize,
    said: usize,
    certainty: usize,
    stance: usize,
}

const SOURCES: [&str; 3] = ["ash", "birch", "cedar"];
const SPEAKERS: [&str; 5] = ["north", "north-general", "south", "east", "ash-press"];
const EVENTS: [&str; 2] = ["fire", "flood"];
const POPULATIONS: [&str; 4] = ["people", "civilians", "militants", "women"];
const VALUES: [&str; 10] =
    ["36", "37", "at least 40", "dozens", "0", "17-20", "about 30", "some", "up to 12", "200"];
const DAYS: [&str; 4] = ["2026-02-10", "2026-02-11", "2026-04-01", "2026-04-20"];
const CERTAINTIES: [&str; 4] = ["certain", "certain", "probable", "conditional"];
const STANCES: [&str; 4] = ["asserts", "asserts", "asserts", "denies"];

const SHARED: &str = "
actors: { north: {}, north-general: { speaks-for: north }, south: {}, east: {}, ash-press: {}, other-press: {} }
events: { fire: { date: 2026-02-09, parties: [north, south] }, flood: {}, quiet: { date: 2026-02-09 } }
";

fn generated_claim() -> impl Strategy<Value = GeneratedClaim> {
    (0..3_usize, 0..5_usize, 0..2_usize, 0..4_usize, 0..10_usize, 0..4_usize, 0..4_usize, 0..4_usize)
        .prop_map(|(source, by, event, of, value, said, certainty, stance)| GeneratedClaim {
            source,
            by,
            event,
            of,
            value,
            said,
            certainty,
            stance,
        })
}

/// The claims as files, one per source. `shift` rotates the order of claims.
fn files(claims: &[GeneratedClaim], shift: usize) -> Vec<(String, String)> {
    let mut files = vec![("shared.yaml".to_owned(), SHARED.to_owned())];
    for (at, source) in SOURCES.iter().enumerate() {
        let publisher = if at == 0 { "ash-press" } else { "other-press" };
        let mut text =
            format!("source: {{ id: {source}, publisher: {publisher}, published: 2026-05-01 }}\nclaims:\n");
        let mut own: Vec<(usize, &GeneratedClaim)> =
            claims.iter().enumerate().filter(|(_, claim)| claim.source == at).collect();
        if own.is_empty() {
            text.push_str("  {}\n");
        }
        let turn = shift.checked_rem(own.len()).unwrap_or(0);
        own.rotate_left(turn);
        for (name, claim) in own {
            let _ = writeln!(
                text,
                "  c{name}:\n    by: {}\n    about: {}\n    measure: killed\n    of: {}\n    value: {}\n    said: {}\n    \
                 certainty: {}\n    stance: {}\n    at: p1",
                SPEAKERS[claim.by],
                EVENTS[claim.event],
                POPULATIONS[claim.of],
                VALUES[claim.value],
                DAYS[claim.said],
                CERTAINTIES[claim.certainty],
                STANCES[claim.stance],
            );
        }
        files.push((format!("{source}.yaml"), text));
    }
    files
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// The order of files and claims changes nothing.
    #[test]
    fn order_of_files_and_claims_changes_nothing(claims in prop::collection::vec(generated_claim(), 0..14), shift in 0..14_usize) {
        let straight = workspace(files(&claims, 0));
        let mut turned = files(&claims, shift);
        turned.reverse();
        for (at, (path, _)) in turned.iter_mut().enumerate() {
            *path = format!("{at}-{path}");
        }
        let turned = workspace(turned);
        prop_assert_eq!(report(&straight, &analyse(&straight)), report(&turned, &analyse(&turned)));
    }

    /// A claim about something else does not change any finding.
    #[test]
    fn unrelated_claim_changes_nothing(claims in prop::collection::vec(generated_claim(), 0..12)) {
        let mut more = files(&claims, 0);
        more.push((
            "oak.yaml".to_owned(),
            "source: { id: oak, publisher: other-press, published: 2026-05-01 }\nclaims:\n  \
             calm: { about: quiet, measure: killed, value: 3, at: p1 }\n".to_owned(),
        ));
        let (before, after) = (workspace(files(&claims, 0)), workspace(more));
        prop_assert_eq!(found(&analyse(&before)), found(&analyse(&after)));
    }

    /// The claims of a contradiction contradict each other without the other claims. If a contradiction has two claims,
    /// neither of them is in one alone, so the set is minimal.
    #[test]
    fn clashing_pairs_clash_by_themselves(claims in prop::collection::vec(generated_claim(), 2..12)) {
        let whole = workspace(files(&claims, 0));
        let analysis = analyse(&whole);
        for finding in analysis.on_claims().filter(|finding| finding.claims().len() == 2) {
            if finding.grade != gainsay::finding::Grade::Contradiction {
                continue;
            }
            let named: Vec<usize> = finding.claims().iter().map(|&claim| {
                let name = analysis.model.claim_name(claim);
                name.rsplit('c').next().unwrap().parse().unwrap()
            }).collect();
            let only = |kept: &[usize]| -> Vec<GeneratedClaim> {
                claims.iter().enumerate().filter(|(at, _)| kept.contains(at)).map(|(_, claim)| claim.clone()).collect()
            };
            let both = workspace(files(&only(&named), 0));
            let analysis_of_both = analyse(&both);
            prop_assert!(
                analysis_of_both.on_claims().any(|other| other.rule == finding.rule && other.grade == finding.grade),
                "{} does not clash by itself", finding.message
            );
            for &one in &named {
                let alone = workspace(files(&only(&[one]), 0));
                prop_assert!(analyse(&alone).on_claims().next().is_none());
            }
        }
    }

    /// Settled figures of different parties on one question clash exactly if two of their hard ranges do not overlap.
    #[test]
    fn clashes_are_those_of_all_pairs(values in prop::collection::vec(0..10_usize, 2..4)) {
        let claims: Vec<GeneratedClaim> = values.iter().enumerate().map(|(at, &value)| GeneratedClaim {
            source: 1, by: [0, 2, 3][at], event: 1, of: 0, value, said: 2, certainty: 0, stance: 0,
        }).collect();
        let analysis = analyse(&workspace(files(&claims, 0)));
        let ranges: Vec<_> = analysis.model.answers.value.iter().filter_map(gainsay::model::Value::ranges).collect();
        let apart = ranges.iter().any(|(a, _)| ranges.iter().any(|(b, _)| !a.meets(b)));
        let is_reported = analysis.on_claims().any(|finding| {
            ["figures-disagree", "rounding", "denied"].contains(&finding.rule)
        });
        prop_assert_eq!(apart, is_reported, "{:?}", found(&analysis));
    }

    /// A file edited in place gives the same analysis as reading everything from scratch.
    #[test]
    fn edited_workspace_equals_one_read_from_scratch(
        before in prop::collection::vec(generated_claim(), 0..10),
        after in prop::collection::vec(generated_claim(), 0..10),
    ) {
        let mut edited = workspace(files(&before, 0));
        for (path, text) in files(&after, 0) {
            let id = edited.files().find(&path).unwrap();
            edited.replace(id, text);
        }
        let reread = workspace(files(&after, 0));
        prop_assert_eq!(report(&edited, &analyse(&edited)), report(&reread, &analyse(&reread)));
    }

    /// Arbitrary bytes do not cause a panic.
    #[test]
    fn arbitrary_bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let read = workspace([("x.yaml", bytes)]);
        let _ = analyse(&read);
    }

    /// A damaged claim file does not cause a panic, and every reported place is in its file.
    #[test]
    fn damaged_files_do_not_panic(
        which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        cut in 0..60_usize,
        put in "[\\PC\n:\\-{}\\[\\]#&*!|>'\"%@` ]{0,12}",
    ) {
        let mut files = real_files();
        let which = which.index(files.len());
        let text = &mut files[which].1;
        let floor = |mut at: usize| { while !text.is_char_boundary(at) { at -= 1; } at };
        let start = floor(at.index(text.len()));
        let end = floor((start + cut).min(text.len()));
        text.replace_range(start..end, &put);
        let read = workspace(files);
        let analysis = analyse(&read);
        for label in analysis.findings.iter().flat_map(|finding| &finding.labels) {
            let text = read.files()[label.location.file].text();
            prop_assert!(text.get(label.location.span.range()).is_some(), "a place outside its file");
        }
    }
}
