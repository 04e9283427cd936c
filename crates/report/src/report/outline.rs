//! The text of a report around its tables of positions, in order, shared by all text formats.

use std::borrow::Cow;

use gainsay_analysis::dispute::summary::{self, Opposition};
use gainsay_analysis::dispute::{self, Difference, Dispute, ReviewStatus};
use gainsay_analysis::document::Word as _;
use gainsay_analysis::finding::{Evidence, Finding};
use gainsay_analysis::id::{ClaimId, Id as _};
use gainsay_analysis::model::{Model, Review};
use gainsay_analysis::workspace::Analysis;
use gainsay_reading::period::Day;

use super::Report;
use super::wording::counted;

/// The lines of counts at the top of a report.
pub(super) fn counts(report: &Report<'_>) -> Vec<String> {
    let counts = &report.counts;
    let holds = [
        counted(counts.sources, "source"),
        counted(counts.actors, "actor"),
        counted(counts.subjects, "subject"),
        counted(counts.claims, "claim"),
        counted(counts.questions, "question"),
    ];
    let found = [
        counted(counts.contradictions, "contradiction"),
        counted(counts.tensions, "tension"),
        counted(counts.notes, "note"),
    ];
    let standing = format!("{} open, {} reviewed, {} stale", counts.open, counts.reviewed, counts.stale);
    let mut lines = vec![holds.join(", "), format!("{}; disputes: {standing}", found.join(", "))];
    if counts.errors > 0 {
        let errors = counted(counts.errors, "error");
        lines.push(format!(
            "{errors} in the files; entries that cannot be read are left out, see `gainsay check`"
        ));
    }
    lines.extend(unsearched(report.analysis));
    if report.selected {
        lines.push(format!(
            "shown: {} of {} disputes",
            report.disputes.len(),
            report.analysis.disputes.len()
        ));
    }
    lines
}

/// A warning that not every clash across questions was searched for, naming the questions. None if the
/// search is complete.
pub fn unsearched(analysis: &Analysis) -> Option<String> {
    let questions = &analysis.reasoning.unsearched;
    let names: Vec<String> = questions.iter().map(|&id| analysis.model.question_name(id)).collect();
    (!names.is_empty()).then(|| {
        format!(
            "the search for clashes across questions stopped at its limit of work; there may be more around {}",
            names.join(", ")
        )
    })
}

/// A line under a dispute or a finding: a head such as `because`, followed by its text.
pub(super) struct Remark {
    /// `because`, `review:` …
    pub(super) head: Cow<'static, str>,
    /// The rest of the line.
    pub(super) text: String,
}

impl Remark {
    fn new(head: impl Into<Cow<'static, str>>, text: impl Into<String>) -> Self {
        Self { head: head.into(), text: text.into() }
    }
}

/// How much detail a report shows under a finding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Depth {
    /// A limited number of items, and how many more there are.
    Brief,
    /// Everything, with the id by which `gainsay show` finds the finding again.
    Full,
}

/// The most claims that a brief remark names.
const MAX_WITNESSES: usize = 6;
const MAX_REPAIRS: usize = 8;

/// Everything under a finding: its steps, the conventions it relies on, what would settle it, its claims, and other
/// claims with the same effect.
pub(super) fn remarks(model: &Model, finding: &Finding, depth: Depth) -> Vec<Remark> {
    let Some(evidence) = finding.evidence.as_deref() else { return Vec::new() };
    let steps = evidence.steps.iter().chain(&finding.notes).map(|step| Remark::new("because", step));
    let readings = evidence.rests_on.iter().map(|line| Remark::new("read by convention:", line));
    let repairs = repairs(evidence, if depth == Depth::Brief { MAX_REPAIRS } else { usize::MAX });
    let settling = repairs.iter().chain(&finding.help).map(|line| Remark::new("would settle it:", line));
    let mut remarks: Vec<Remark> = steps.chain(readings).chain(settling).collect();
    remarks.extend(match depth {
        Depth::Brief => in_brief(model, evidence),
        Depth::Full => in_full(model, evidence),
    });
    remarks
}

/// The single changes that would each end a clash, as one line. Names at most `most`, then how many more there are.
pub(super) fn repairs(evidence: &Evidence, most: usize) -> Option<String> {
    let (shown, rest) = evidence.repairs.split_at(evidence.repairs.len().min(most));
    let more = (!rest.is_empty()).then(|| format!("{} more", rest.len()));
    let words: Vec<&str> = shown.iter().chain(&more).map(String::as_str).collect();
    let (last, first) = words.split_last()?;
    let or = if first.is_empty() { "" } else { ", or " };
    Some(format!("it would take {}{or}{last}", first.join(", ")))
}

/// The claims of a finding and the other claims with the same effect, shortened to [`MAX_WITNESSES`] each.
fn in_brief(model: &Model, evidence: &Evidence) -> Vec<Remark> {
    let some = |claims: &[ClaimId]| {
        let (shown, rest) = claims.split_at(claims.len().min(MAX_WITNESSES));
        let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        claim_names(model, shown) + &more
    };
    let mut remarks = named(evidence, some);
    if !evidence.further.is_empty() {
        remarks.push(Remark::new("and", counted(evidence.further.len(), "further set")));
    }
    let is_cut =
        evidence.claims.len().max(evidence.also.len()) > MAX_WITNESSES || !evidence.further.is_empty();
    if let (true, Some(last), Some(&question)) = (is_cut, remarks.last_mut(), evidence.questions.first()) {
        last.text = format!("{} (see `gainsay show {}`)", last.text, model.question_name(question));
    }
    remarks
}

/// The claims of a finding, all other claims and sets with the same effect, and its id.
fn in_full(model: &Model, evidence: &Evidence) -> Vec<Remark> {
    let mut remarks = named(evidence, |claims| claim_names(model, claims));
    let sets = evidence.further.len();
    remarks.extend(
        evidence.further.iter().enumerate().map(|(at, set)| {
            Remark::new(format!("further set {} of {sets}:", at + 1), claim_names(model, set))
        }),
    );
    remarks.push(Remark::new("id", &evidence.id));
    remarks
}

/// The claims of a finding and, if there are any, the other claims with the same effect and their number.
fn named(evidence: &Evidence, names: impl Fn(&[ClaimId]) -> String) -> Vec<Remark> {
    let mut remarks = vec![Remark::new("claims", names(&evidence.claims))];
    if !evidence.also.is_empty() {
        let (also, others) =
            (counted(evidence.also.len(), "claim"), counted(evidence.also.len(), "other claim"));
        let head = if evidence.across {
            format!("{others} with the same effect:")
        } else {
            format!("also on record, {also}:")
        };
        remarks.push(Remark::new(head, names(&evidence.also)));
    }
    remarks
}

/// The claims and positions that a table of positions leaves out.
pub(super) fn left_out(model: &Model, dispute: &Dispute, claims: usize) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if claims > 0 {
        let more = counted(claims, "more claim");
        let question = model.question_name(dispute.question);
        remarks
            .push(Remark::new("and", format!("{more} on these positions (see `gainsay show {question}`)")));
    }
    if dispute.positions_left_out > 0 {
        let between = counted(dispute.positions_left_out, "position");
        remarks.push(Remark::new("and", format!("{between} between the lowest and the highest")));
    }
    remarks
}

fn claim_names(model: &Model, claims: &[ClaimId]) -> String {
    claims.iter().map(|&claim| model.claim_name(claim)).collect::<Vec<_>>().join(", ")
}

/// The parties that have no position on record. None if there are none.
pub(super) fn silent(model: &Model, dispute: &Dispute) -> Option<Remark> {
    let names: Vec<&str> = dispute.silent.iter().map(|&actor| model.actors[actor].name.as_str()).collect();
    (!names.is_empty()).then(|| Remark::new("no position on record:", names.join(", ")))
}

/// Findings of other disputes that name this question.
pub(super) fn named_in(analysis: &Analysis, dispute: &Dispute) -> Vec<Remark> {
    let findings = dispute.named_in.iter().map(|&at| &analysis.findings[at]);
    let remark = |finding: &Finding| {
        let other = finding.questions().first()?;
        let place = analysis.model.question_name(*other);
        Some(Remark::new("see also", format!("{place}: {}", finding.rule)))
    };
    findings.filter_map(remark).collect()
}

/// The reviews of a dispute, the current one first, and what made it stale.
pub(super) fn reviews(model: &Model, dispute: &Dispute, depth: Depth) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for (at, &review) in dispute.reviews.iter().enumerate() {
        let review = &model.reviews[review];
        let head = if at == 0 { "review:" } else { "earlier review:" };
        remarks.push(Remark::new(head, review_in_words(review)));
        if at == 0 && review.seen.is_none() && review.saw.is_none() {
            let seen =
                format!("to have it notice every change, add `seen: {}` to `{}`", dispute.seen, review.id);
            remarks.push(Remark::new("and", seen));
        }
        if at == 0 && dispute.standing == ReviewStatus::Stale {
            remarks.extend(stale(model, dispute, review, depth));
        }
    }
    remarks
}

/// A review on one line: verdict, reason, reviewer, day and note.
pub(super) fn review_in_words(review: &Review) -> String {
    let at = review.figure.as_ref().map(|figure| format!(" at {figure}")).unwrap_or_default();
    let because = review.because.map(|because| format!(" ({})", dispute::reason_in_words(because)));
    let mut words = vec![format!("{}{at}{}", review.verdict.word(), because.unwrap_or_default())];
    words.extend(review.by.as_ref().map(|by| format!("by {by}")));
    words.extend(review.on.map(|on| format!("on {}", on.in_words())));
    let note = review.note.as_ref().map(|note| format!("; note: {note}")).unwrap_or_default();
    words.join(", ") + &note
}

/// The most claims changed since a review that a report names.
const MAX_CHANGES: usize = 8;

/// What made a review stale: claim by claim if the review recorded what it saw, otherwise by days of publication.
fn stale(model: &Model, dispute: &Dispute, review: &Review, depth: Depth) -> Vec<Remark> {
    let differences = dispute::since(model, dispute, review).filter(|differences| !differences.is_empty());
    let Some(differences) = differences else {
        let on = review.on.and_then(|on| on.last);
        return vec![Remark::new("stale, open again:", changed(model, dispute, on))];
    };
    let most = if depth == Depth::Brief { MAX_CHANGES } else { usize::MAX };
    let count = format!("{} changed since", counted(differences.len(), "claim"));
    let mut remarks = vec![Remark::new("stale, open again:", count)];
    remarks.extend(differences.iter().take(most).map(difference));
    if differences.len() > most {
        let question = model.question_name(dispute.question);
        let more = counted(differences.len() - most, "more claim");
        remarks.push(Remark::new("and", format!("{more} (see `gainsay show {question}`)")));
    }
    remarks
}

/// A claim that differs from what a review saw.
fn difference(difference: &Difference) -> Remark {
    let Difference { claim, then, now } = difference;
    match (then, now) {
        (Some(then), Some(now)) => Remark::new("changed", format!("{claim}: from `{then}` to `{now}`")),
        (None, Some(now)) => Remark::new("new", format!("{claim}: `{now}`")),
        (then, None) => Remark::new("gone", format!("{claim}: `{}`", then.as_deref().unwrap_or_default())),
    }
}

/// What changed since a stale review, judged by days of publication.
pub(super) fn changed(model: &Model, dispute: &Dispute, on: Option<Day>) -> String {
    let answers = dispute.positions.iter().flat_map(|position| &position.answers);
    let mut newer: Vec<ClaimId> = answers.map(|answer| model.answers.claim[answer.index()]).collect();
    newer.retain(|&claim| {
        on.is_some_and(|on| model.sources[model.claim(claim).source].published.earliest() > on)
    });
    newer.sort_unstable();
    newer.dedup();
    if newer.is_empty() {
        "claims were changed, added or removed".to_owned()
    } else {
        format!("published since: {}", claim_names(model, &newer))
    }
}

/// A table under a title.
pub(super) struct Section {
    /// Its title.
    pub(super) title: &'static str,
    /// The column headings.
    pub(super) header: Vec<&'static str>,
    /// Its rows, as wide as the header.
    pub(super) rows: Vec<Vec<String>>,
}

/// The tables across disputes. Empty sections are left out.
pub(super) fn across(analysis: &Analysis) -> Vec<Section> {
    let model = &analysis.model;
    let (opposed, crowded) = summary::oppositions(analysis.on_claims());
    let mut opposed: Vec<Vec<String>> = oppositions(model, &opposed).map(Vec::from).collect();
    if crowded > 0 {
        let findings =
            format!("{} with more than {} parties", counted(crowded, "finding"), summary::MAX_PARTIES);
        opposed.push(vec![findings, "not broken down into pairs".to_owned(), String::new(), String::new()]);
    }
    let sections = [
        Section {
            title: "Parties against parties",
            header: vec!["party", "against", "contradictions", "tensions"],
            rows: opposed,
        },
        Section {
            title: "Figures from one party only",
            header: vec!["question", "party"],
            rows: one_sided(analysis).map(Vec::from).collect(),
        },
        Section {
            title: "Sources",
            header: vec!["source", "claims", "disputed"],
            rows: records(analysis).map(Vec::from).collect(),
        },
        Section {
            title: "Words read by convention",
            header: vec!["words", "read as"],
            rows: conventions(model).map(Vec::from).collect(),
        },
    ];
    sections.into_iter().filter(|section| !section.rows.is_empty()).collect()
}

/// Pairs of parties, or a party and itself: party, other party, contradictions, tensions.
pub(super) fn oppositions(model: &Model, rows: &[Opposition]) -> impl Iterator<Item = [String; 4]> {
    let name = |actor| model.actors[actor].name.to_string();
    rows.iter().map(move |row| {
        let against = if row.one == row.other { "itself".to_owned() } else { name(row.other) };
        [name(row.one), against, row.contradictions.to_string(), row.tensions.to_string()]
    })
}

fn one_sided(analysis: &Analysis) -> impl Iterator<Item = [String; 2]> {
    let model = &analysis.model;
    summary::one_sided(model, &analysis.graph)
        .into_iter()
        .map(|(question, party)| [model.question_in_words(question), model.actors[party].name.to_string()])
}

fn records(analysis: &Analysis) -> impl Iterator<Item = [String; 3]> {
    summary::records(&analysis.model, &analysis.findings).into_iter().map(|row| {
        let name = analysis.model.sources.name(row.source).to_string();
        [name, row.claims.to_string(), row.disputed.to_string()]
    })
}

fn conventions(model: &Model) -> impl Iterator<Item = [String; 2]> {
    summary::conventions(model).into_iter().map(|line| {
        let (words, reading) = line.split_once(": ").unwrap_or((&line, ""));
        [words.to_owned(), reading.to_owned()]
    })
}
