//! A workspace that is analysed incrementally has exactly the findings of a full analysis, word for word.
//!
//! The edits are those of a person who types: moving, duplicating and deleting lines, replacing words, adding and
//! deleting letters, truncating files and restoring them. The workspaces are the literate cases, alone and combined,
//! and the claims of the project.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use gainsay::dispute::Dispute;
use gainsay::document::mention;
use gainsay::finding::{Evidence, Finding, Limit};
use gainsay::id::{FileId, Id as _, QuestionId};
use gainsay::period::Period;
use gainsay::source::{Location, Span};
use gainsay::workspace::{
    Analysis, DefinitionIndex, IncrementalWorkspace, Input, Options, ReadObserver, ReadWorkspace, Workspace,
};
use proptest::prelude::*;

use crate::{cases, support};

/// Paths and texts.
type Texts = Vec<(String, String)>;

fn read(texts: &Texts) -> Workspace {
    read_with_limit(texts, DEFAULT_LIMITS.in_file)
}

/// Reads texts with a limit on the collected findings of a lint in each file.
fn read_with_limit(texts: &Texts, in_file: usize) -> Workspace {
    let input = |(path, text): &(String, String)| Input {
        path: path.clone(),
        content: Ok(text.clone().into_bytes()),
    };
    let limit = Limit { in_file, in_all: usize::MAX, focus: None };
    Workspace::read_with_limit(limit, texts.iter().map(input).collect(), &|_, _| {})
}

// --- where it begins --------------------------------------------------------------------------------------------

/// The claim files of every case, and its archived texts by file name.
fn corpus() -> Vec<(Texts, Texts)> {
    let case = |(_, files): (String, Vec<support::File>)| {
        let (archived, claims) = files
            .into_iter()
            .map(|file| (file.name, file.text))
            .partition(|(name, _)| name.rsplit('.').next() == Some("txt"));
        (claims, archived)
    };
    cases::runnable().map(case).collect()
}

/// Several cases as one workspace. The later cases get ids of their own, except for actors if those are shared.
fn joined(corpus: &[(Texts, Texts)], picks: &[usize], shares_actors: bool) -> (Texts, Options) {
    let (mut texts, mut options) = (Vec::new(), Options::default());
    for (nth, pick) in picks.iter().enumerate() {
        let (claims, archived) = &corpus[pick % corpus.len()];
        let ids = ids(claims, shares_actors);
        for (path, text) in claims {
            texts.push((format!("{nth}/{path}"), with_own_ids(text, &ids, nth)));
        }
        let workspace = read(&texts);
        for source in workspace.documents().iter().filter_map(|document| document.source.as_ref()) {
            let name = source.body.text.as_ref().map(|name| name.value.as_str());
            let text = archived.iter().find(|(path, _)| Some(path.as_str()) == name);
            options.archive.extend(text.map(|(_, text)| (source.id.value.clone(), text.clone())));
        }
    }
    texts.sort();
    (texts, options)
}

fn ids(claims: &Texts, shares_actors: bool) -> BTreeSet<String> {
    let workspace = read(claims);
    let definitions = workspace.documents().iter().flat_map(mention::definitions);
    let is_own = |kind| match kind {
        mention::Kind::Claim | mention::Kind::Measure | mention::Kind::Population => false,
        mention::Kind::Actor => !shares_actors,
        _ => true,
    };
    definitions.filter(|it| is_own(it.kind)).map(|it| it.name.to_string()).collect()
}

/// The text with these ids replaced by others.
fn with_own_ids(text: &str, ids: &BTreeSet<String>, nth: usize) -> String {
    let mut own = String::new();
    for (word, is_word) in words(text) {
        own.push_str(word);
        if nth > 0 && is_word && ids.contains(word) {
            own.push_str(&format!("-x{nth}"));
        }
    }
    own
}

/// Splits a text into words and the text between them.
fn words(text: &str) -> Vec<(&str, bool)> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '-';
    let mut pieces: Vec<(&str, bool)> = Vec::new();
    let mut start = 0;
    for (at, letter) in text.char_indices() {
        let own = is_word(letter);
        if at > 0 && (!own || text[..at].chars().next_back().is_some_and(|before| !is_word(before))) {
            pieces.push((&text[start..at], text[start..].starts_with(is_word)));
            start = at;
        }
    }
    pieces.push((&text[start..], text[start..].starts_with(is_word)));
    pieces
}

// --- edits ------------------------------------------------------------------------------------------------------

/// An edit, as numbers that say what is done and where.
type Edit = (u8, u32, u32, u32);

/// Lines that are valid in claim files and rare in cases.
const LINES: [&str; 15] = [
    "settings: { settles: 3 days, grades: { figures-disagree: note, similar-names: off } }",
    "settings: { words: { dozens: { hard: 10-99 } } }",
    "reviews:\n  decided: { question: raid/killed/people, verdict: explained, because: rounding, by: x }",
    "reviews:\n  decided: { question: raid/injured/peple, verdict: open }",
    "  extra: { by: north, about: raid, measure: killed, value: 3, at: p9, allow: no-locator }",
    "  called: { by: Northern Army, about: raid, measure: responsible, value: North, at: p9 }",
    "  extra: { about: raid, measure: killed, of: civilians, value: at least 200 }",
    "  denial: { by: south, denies: toll }",
    "  again: { by: north, confirms: [toll, paper-1/toll] }",
    "  silent: { by: south, declines: raid/killed/people }",
    "  north: { name: Northern Army, speaks-for: south }",
    "actors: { north: {}, nort: { name: North } }",
    "events: { raid: { date: 2026-02-22, part-of: war }, war: { parties: [north] } }",
    "populations: { people: { name: human beings }, guards: { part-of: combatants, excludes: civilians } }",
    "measures: { hit: { type: count, counts: people, grows: true } }",
];

/// The text of a file after an edit.
fn edited_text(texts: &Texts, first: &Texts, file: usize, (what, a, b, c): Edit) -> String {
    let text = &texts[file].1;
    let (a, b, c) = (a as usize, b as usize, c as usize);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let count = lines.len().max(1);
    let other = &texts[b % texts.len()].1;
    let others: Vec<&str> = other.split_inclusive('\n').collect();
    let with = |at: usize, taken: usize, put: &str| -> String {
        let (at, end) = (at.min(lines.len()), (at + taken).min(lines.len()));
        format!("{}{put}{}", lines[..at].concat(), lines[end..].concat())
    };
    let letter_at = |at: usize| {
        let mut at = at % (text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    match what % 16 {
        0 => with(a % count, 1, ""),
        1 => with(a % count, 0, others.get(c % others.len().max(1)).unwrap_or(&"")),
        2 => with(a % count, 1, others.get(c % others.len().max(1)).unwrap_or(&"")),
        3 => with(a % count, 0, "# a comment\n"),
        4 => with(a % count, 0, &format!("{}\n", LINES[b % LINES.len()])),
        5 => format!("{text}\n{}\n", LINES[b % LINES.len()]),
        6 => text[..letter_at(a)].to_owned(),
        7 | 8 => first[file].1.clone(),
        9 => {
            let at = letter_at(a);
            let letter = ["a", "-", ":", "}", "{ ", "\"", "1", "\n", " ", "x: y\n"][c % 10];
            format!("{}{letter}{}", &text[..at], &text[at..])
        }
        10 => {
            let at = letter_at(a);
            let rest = text[at..].chars().next().map_or(0, char::len_utf8);
            format!("{}{}", &text[..at], &text[at + rest..])
        }
        11 => {
            let (one, two) = (a % count, b % count);
            let mut lines = lines.clone();
            if !lines.is_empty() {
                lines.swap(one, two);
            }
            lines.concat()
        }
        _ => {
            // Replaces one word by another, mostly one from the same workspace.
            let pieces = words(text);
            let places: Vec<usize> = (0..pieces.len()).filter(|&at| pieces[at].1).collect();
            let known: Vec<&str> =
                words(other).into_iter().filter(|(_, is_word)| *is_word).map(|it| it.0).collect();
            if places.is_empty() || known.is_empty() {
                return text.clone();
            }
            let (at, word) = (places[a % places.len()], known[c % known.len()]);
            pieces.iter().enumerate().map(|(nth, piece)| if nth == at { word } else { piece.0 }).collect()
        }
    }
}

// --- what is held against each other ----------------------------------------------------------------------------

/// The findings whose primary place is in each file, without ids, which are only valid within one analysis.
fn by_file(workspace: &Workspace, analysis: &Analysis) -> Vec<Vec<String>> {
    let mut by_file = vec![Vec::new(); workspace.files().len()];
    for finding in &analysis.findings {
        if let Some(label) = finding.labels.first() {
            by_file[label.location.file.index()].push(describe(finding));
        }
    }
    for findings in &mut by_file {
        findings.sort();
    }
    by_file
}

fn describe(finding: &Finding) -> String {
    let mut finding = finding.clone();
    if let Some(evidence) = &mut finding.evidence {
        **evidence = Evidence {
            questions: Vec::new(),
            claims: Vec::new(),
            also: Vec::new(),
            also_at: Vec::new(),
            further: Vec::new(),
            parties: Vec::new(),
            ..(**evidence).clone()
        };
    }
    format!("{finding:#?}")
}

/// A finding with everything that its evidence names, by name.
fn describe_in_full(analysis: &Analysis, finding: &Finding) -> String {
    let model = &analysis.model;
    let evidence = finding.evidence.as_deref().cloned().unwrap_or_default();
    let mut claims: Vec<String> = evidence.all_claims().map(|claim| model.claim_name(claim)).collect();
    claims.sort();
    let questions: Vec<String> = evidence.questions.iter().map(|&id| model.question_name(id)).collect();
    let parties: Vec<_> = evidence.parties.iter().map(|&id| model.actors.name(id)).collect();
    format!("{} {claims:?} {questions:?} {parties:?}", describe(finding))
}

fn findings_in(analysis: &Analysis, file: FileId) -> Vec<String> {
    let is_here =
        |finding: &&Finding| finding.labels.first().is_some_and(|label| label.location.file == file);
    let mut found: Vec<String> =
        analysis.findings.iter().filter(is_here).map(|finding| describe_in_full(analysis, finding)).collect();
    found.sort();
    found
}

/// The findings on a claim.
fn findings_at(analysis: &Analysis, claim: Location) -> Vec<String> {
    let is_of_it =
        |finding: &&Finding| finding.claims().iter().any(|&id| analysis.model.claim(id).location == claim);
    let mut found: Vec<String> =
        analysis.on_claims().filter(is_of_it).map(|finding| describe_in_full(analysis, finding)).collect();
    found.sort();
    found
}

/// The disputes on the questions that a claim answers.
fn disputes_at(analysis: &Analysis, claim: Location) -> Vec<String> {
    disputes_of(analysis, |location| location == claim)
}

/// The disputes on the questions that the claims of a file answer.
fn disputes_in(analysis: &Analysis, file: FileId) -> Vec<String> {
    disputes_of(analysis, |location| location.file == file)
}

fn disputes_of(analysis: &Analysis, is_asked: impl Fn(Location) -> bool) -> Vec<String> {
    let model = &analysis.model;
    let answered = |question: QuestionId| {
        let mut claims = model.answers_to(question).map(|answer| model.answers.claim[answer.index()]);
        claims.any(|claim| is_asked(model.claim(claim).location))
    };
    let in_file = analysis.disputes.iter().filter(|dispute| answered(dispute.question));
    let mut disputes: Vec<String> = in_file.map(|dispute| dispute_in_words(analysis, dispute)).collect();
    disputes.sort();
    disputes
}

fn dispute_in_words(analysis: &Analysis, dispute: &Dispute) -> String {
    let model = &analysis.model;
    let name = |answer: &gainsay::id::AnswerId| model.claim_name(model.answers.claim[answer.index()]);
    let positions: Vec<_> = dispute
        .positions
        .iter()
        .map(|position| {
            let claims: Vec<String> = position.answers.iter().map(name).collect();
            (claims, position.range, position.origins)
        })
        .collect();
    let silent: Vec<_> = dispute.silent.iter().map(|&actor| model.actors.name(actor)).collect();
    let aside: Vec<String> = dispute.aside.iter().map(name).collect();
    let reviews: Vec<_> = dispute.reviews.iter().map(|&at| &model.reviews[at].id).collect();
    let bearing: Vec<String> = dispute.bearing.iter().map(name).collect();
    format!(
        "{} {} {positions:#?} {silent:?} {aside:?} {reviews:?} {bearing:?} {} {}",
        model.question_name(dispute.question),
        dispute.grade,
        dispute.standing.name(),
        dispute.seen
    )
}

/// Compares an edited workspace with a full analysis of the same texts.
fn assert_equals_full_analysis(
    edited_workspace: &mut IncrementalWorkspace,
    texts: &Texts,
    options: &Options,
    around: usize,
    limits: Limits,
) {
    let workspace = read_with_limit(texts, limits.in_file);
    let full = workspace.analyse(options);
    if is_beyond_limits(&full, limits) {
        return assert_equal_counts(edited_workspace, &workspace, &full);
    }
    let expected = by_file(&workspace, &full);
    for (file, text) in workspace.files().iter() {
        let mut found: Vec<String> = edited_workspace.findings(file).iter().map(describe).collect();
        let places: Vec<_> =
            edited_workspace.findings(file).iter().map(|finding| finding.labels[0].location).collect();
        assert!(places.is_sorted(), "the findings of a file are sorted by place");
        found.sort();
        if found != expected[file.index()] {
            let expected = &expected[file.index()];
            let more: Vec<_> = found.iter().filter(|it| !expected.contains(it)).collect();
            let less: Vec<_> = expected.iter().filter(|it| !found.contains(it)).collect();
            panic!("{}: wrongly found {more:#?}, not found {less:#?} in\n{}", text.path(), text.text());
        }
    }
    let omitted = workspace.files().iter().flat_map(|(file, _)| edited_workspace.omitted(file));
    assert!(omitted.eq(&full.omitted), "omitted findings differ: {:?}", full.omitted);
    if limits.in_file < DEFAULT_LIMITS.in_file {
        return;
    }
    let file = FileId::new(around % texts.len());
    let all = Span { start: 0, end: texts[file.index()].1.len() as u32 };
    let part = edited_workspace.analysis_at(file, all);
    assert_eq!(findings_in(&part, file), findings_in(&full, file), "around {}", texts[file.index()].0);
    assert_eq!(disputes_in(&part, file), disputes_in(&full, file), "around {}", texts[file.index()].0);
    if let Some(claim) = workspace.documents()[file.index()].claims.get(around / texts.len() % 7) {
        let part = edited_workspace.analysis_at(file, Span::at(claim.id.span.start));
        let at = Location { file, span: claim.id.span };
        assert_eq!(findings_at(&part, at), findings_at(&full, at), "around {}", claim.id.value);
        assert_eq!(disputes_at(&part, at), disputes_at(&full, at), "around {}", claim.id.value);
    }
    let pieces = edited_workspace.claim_groups(file);
    let mut in_pieces: Vec<String> =
        pieces.iter().flat_map(|piece| disputes_in(&piece.analysis, file)).collect();
    in_pieces.sort();
    assert_eq!(in_pieces, disputes_in(&full, file), "in pieces {}", texts[file.index()].0);
    let mut claims: Vec<usize> = pieces.into_iter().flat_map(|piece| piece.claims).collect();
    claims.sort_unstable();
    assert!(claims.into_iter().eq(0..workspace.documents()[file.index()].claims.len()));
}

/// Whether a lint has more findings than the limit for all files.
fn is_beyond_limits(full: &Analysis, limits: Limits) -> bool {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in full.on_files() {
        *counts.entry(finding.rule).or_default() += 1;
    }
    for omitted in &full.omitted {
        *counts.entry(omitted.rule).or_default() += omitted.count;
    }
    counts.into_values().any(|count| count > limits.kept)
}

/// Beyond the limit, later files show fewer findings than they have, but each is still counted.
fn assert_equal_counts(edited_workspace: &IncrementalWorkspace, workspace: &Workspace, full: &Analysis) {
    let expected = by_file(workspace, full);
    for (file, text) in workspace.files().iter() {
        let shown = edited_workspace.findings(file);
        assert!(shown.iter().map(describe).all(|it| expected[file.index()].contains(&it)), "{}", text.path());
        let sum = |omitted: &mut dyn Iterator<Item = usize>| omitted.sum::<usize>();
        let counted = shown.len() + sum(&mut edited_workspace.omitted(file).iter().map(|it| it.count));
        let omitted = full.omitted.iter().filter(|it| it.file == file);
        let full = expected[file.index()].len() + sum(&mut omitted.map(|it| it.count));
        assert_eq!(counted, full, "{}", text.path());
    }
}

/// How many findings of a lint a workspace shows per file, and how many it keeps in all while it is edited.
#[derive(Clone, Copy)]
struct Limits {
    in_file: usize,
    kept: usize,
}

/// The default limits.
const DEFAULT_LIMITS: Limits = Limits { in_file: 1_000, kept: 100_000 };

/// Makes edits one by one and compares the workspace with a full analysis after each. The files reported as changed are
/// all that an editor would update, so every change must be reported.
fn follow(mut texts: Texts, options: &Options, edits: &[Edit], limits: Limits) {
    let first = texts.clone();
    let mut edited_workspace = IncrementalWorkspace::with_limit(
        limits.kept,
        read_with_limit(&texts, limits.in_file),
        options.clone(),
    );
    assert_equals_full_analysis(&mut edited_workspace, &texts, options, 0, limits);
    let mut shown: Vec<Vec<String>> = vec![Vec::new(); texts.len()];
    for edit in std::iter::once(None).chain(edits.iter().map(Some)) {
        if let Some(&edit) = edit {
            let file = edit.3 as usize % texts.len();
            let text = edited_text(&texts, &first, file, edit);
            texts[file].1.clone_from(&text);
            edited_workspace.replace(FileId::new(file), text);
            assert_equals_full_analysis(&mut edited_workspace, &texts, options, edit.1 as usize, limits);
        }
        for file in edited_workspace.take_changed() {
            shown[file.index()] = findings_by_line(&edited_workspace, file);
        }
        for (file, text) in edited_workspace.workspace().files().iter() {
            assert_eq!(
                shown[file.index()],
                findings_by_line(&edited_workspace, file),
                "{} changed unsaid",
                text.path()
            );
        }
    }
}

/// The findings of a file with their lines and columns.
fn findings_by_line(edited_workspace: &IncrementalWorkspace, file: FileId) -> Vec<String> {
    let files = edited_workspace.workspace().files();
    let line = |label: &gainsay::finding::Label| {
        let (file, span) = (&files[label.location.file], label.location.span);
        let [start, end] = [span.start, span.end].map(|at| file.line_column(at));
        format!("{} {start:?} {end:?} {}", file.path(), label.text)
    };
    let describe = |finding: &Finding| {
        let places: Vec<String> = finding.labels.iter().map(line).collect();
        let evidence = finding.evidence.as_deref().map(|evidence| (&evidence.id, &evidence.steps));
        format!(
            "{} {} {places:?} {:?} {:?} {evidence:?}",
            finding.rule, finding.message, finding.notes, finding.help
        )
    };
    let mut all: Vec<String> = edited_workspace.findings(file).iter().map(describe).collect();
    all.extend(edited_workspace.omitted(file).iter().map(|omitted| format!("{omitted:?}")));
    all.sort();
    all
}

/// Keeps every published workspace.
#[derive(Debug, Default)]
struct PublishedWorkspaces(Mutex<Vec<ReadWorkspace>>);

impl ReadObserver for PublishedWorkspaces {
    fn publish(&self, read: ReadWorkspace) {
        self.0.lock().unwrap().push(read);
    }

    fn withdraw(&self) {}
}

/// Compares a published workspace with a full read of the same texts: documents and index.
fn assert_equals_full_read(read_then: &ReadWorkspace, texts: &Texts) {
    let (then, full) = (IncrementalWorkspace::unanalysed(read_then.clone()), read(texts));
    let index = DefinitionIndex::new(&full);
    for (file, source) in full.files().iter() {
        assert_eq!(then.workspace().files()[file].text(), source.text());
        let documents = [then.workspace(), &full].map(|it| format!("{:?}", it.documents()[file.index()]));
        assert_eq!(documents[0], documents[1], "{}", source.path());
        let named = [then.index(), &index].map(|index| format!("{:?}", index.of(file)));
        assert_eq!(named[0], named[1], "{}", source.path());
    }
}

/// Makes edits one by one and keeps every published workspace: later edits must not change it.
fn follow_and_keep(mut texts: Texts, options: &Options, edits: &[Edit]) {
    let first = texts.clone();
    let observer = Arc::new(PublishedWorkspaces::default());
    let read_first = ReadWorkspace::new(read(&texts));
    let mut edited_workspace =
        IncrementalWorkspace::unanalysed(read_first).with_observer(Arc::clone(&observer) as _);
    edited_workspace.set_options(options.clone());
    let published = || std::mem::take(&mut *observer.0.lock().unwrap());
    let mut latest = published().pop().expect("the workspace is published before it is analysed");
    let mut kept = vec![(latest.clone(), texts.clone())];
    for &edit in edits {
        let file = edit.3 as usize % texts.len();
        let text = edited_text(&texts, &first, file, edit);
        texts[file].1.clone_from(&text);
        // Another thread may have published the same edit already.
        let mut ahead = latest.clone();
        ahead.replace(FileId::new(file), text.as_str().into());
        assert_equals_full_read(&ahead, &texts);
        edited_workspace.replace(FileId::new(file), text);
        for read in published() {
            latest = read.clone();
            kept.push((read, texts.clone()));
        }
    }
    for (read, texts) in &kept {
        assert_equals_full_read(read, texts);
    }
    assert_equals_full_analysis(&mut edited_workspace, &texts, options, 0, DEFAULT_LIMITS);
}

/// The number of generated workspaces, or `PROPTEST_CASES` if it is set.
fn config(cases: u32) -> ProptestConfig {
    let known = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { known.cases } else { cases };
    ProptestConfig { cases, ..known }
}

fn edits(most: usize) -> impl Strategy<Value = Vec<Edit>> {
    proptest::collection::vec((any::<u8>(), any::<u32>(), any::<u32>(), any::<u32>()), 1..most)
}

proptest! {
    #![proptest_config(config(96))]

    #[test]
    fn edited_case_has_the_findings_of_a_full_analysis(
        pick: usize,
        as_of in proptest::option::weighted(0.1, 20..28_u8),
        edits in edits(10),
    ) {
        let corpus = corpus();
        let (texts, mut options) = joined(&corpus, &[pick], false);
        options.as_of = as_of.and_then(|day| Period::read(&format!("2026-02-{day}")).unwrap().last);
        follow(texts, &options, &edits, DEFAULT_LIMITS);
    }

    #[test]
    fn edited_case_counts_mistakes_beyond_the_limit_as_a_full_analysis(
        pick: usize,
        in_file in 1..3_usize,
        kept in 2..30_usize,
        edits in edits(8),
    ) {
        let (texts, options) = joined(&corpus(), &[pick, pick], false);
        follow(texts, &options, &edits, Limits { in_file, kept });
    }

    #[test]
    fn edited_cases_together_have_the_findings_of_a_full_analysis(
        picks in proptest::collection::vec(any::<usize>(), 2..5),
        shares_actors: bool,
        edits in edits(10),
    ) {
        let corpus = corpus();
        let (texts, options) = joined(&corpus, &picks, shares_actors);
        follow(texts, &options, &edits, DEFAULT_LIMITS);
    }
}

proptest! {
    #![proptest_config(config(12))]

    #[test]
    fn published_workspace_is_not_changed_by_later_edits(pick: usize, edits in edits(6)) {
        let corpus = corpus();
        let (texts, options) = joined(&corpus, &[pick], false);
        follow_and_keep(texts, &options, &edits);
    }
}

proptest! {
    #![proptest_config(config(3))]

    #[test]
    fn edited_project_claims_have_the_findings_of_a_full_analysis(edits in edits(5)) {
        follow(support::real_files(), &Options::default(), &edits, DEFAULT_LIMITS);
    }
}
