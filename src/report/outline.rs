//! What a report says beside its tables of positions, in words and in order, before any format draws it.

use crate::dispute::summary::{self, Opposition};
use crate::dispute::{Dispute, Standing};
use crate::document::Word as _;
use crate::finding::Finding;
use crate::id::{ClaimId, Id as _};
use crate::model::{Model, Review};
use crate::period::Day;
use crate::workspace::Analysis;

use super::Report;
use super::wording::counted;

/// The lines that count, at the head of a report.
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
        lines.push(format!("{errors} in the files: what could not be read is left out, see `gainsay check`"));
    }
    if report.selected {
        lines.push(format!(
            "shown: {} of {} disputes",
            report.disputes.len(),
            report.analysis.disputes.len()
        ));
    }
    lines
}

/// A line under a dispute or a finding: its head, which reads on into its text.
pub(super) struct Remark {
    /// `because`, `review:` …
    pub(super) head: &'static str,
    /// The rest of the line.
    pub(super) text: String,
}

impl Remark {
    fn new(head: &'static str, text: impl Into<String>) -> Self {
        Self { head, text: text.into() }
    }
}

/// Everything under a finding: its steps, what it rests on, what would settle it, and its claims and the
/// further ones, of which at most `witnesses` each are named.
pub(super) fn remarks(model: &Model, finding: &Finding, witnesses: usize) -> Vec<Remark> {
    let Some(evidence) = &finding.evidence else { return Vec::new() };
    let steps = evidence.steps.iter().chain(&finding.notes).map(|step| Remark::new("because", step));
    let readings = evidence.rests_on.iter().map(|line| Remark::new("read by convention:", line));
    let settling = finding.help.iter().map(|line| Remark::new("would settle it:", line));
    let mut remarks: Vec<Remark> = steps.chain(readings).chain(settling).collect();
    let named = [("claims", &evidence.claims), ("also", &evidence.also)];
    for (head, claims) in named.into_iter().filter(|(_, claims)| !claims.is_empty()) {
        let (shown, rest) = claims.split_at(claims.len().min(witnesses));
        let mut text = claim_names(model, shown);
        if !rest.is_empty() {
            text = format!("{text} and {} more (`gainsay show` lists them)", rest.len());
        }
        remarks.push(Remark::new(head, text));
    }
    remarks
}

/// What a table of positions leaves out.
pub(super) fn left_out(dispute: &Dispute, claims: usize) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if claims > 0 {
        let more = counted(claims, "more claim");
        remarks.push(Remark::new("and", format!("{more} on these positions (`gainsay show` lists them)")));
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

/// The parties that have no position on record, where there are any.
pub(super) fn silent(model: &Model, dispute: &Dispute) -> Option<Remark> {
    let names: Vec<&str> = dispute.silent.iter().map(|&actor| model.actors[actor].name.as_str()).collect();
    (!names.is_empty()).then(|| Remark::new("no position on record:", names.join(", ")))
}

/// Findings of other disputes that bear on this question.
pub(super) fn named_in(analysis: &Analysis, dispute: &Dispute) -> Vec<Remark> {
    let findings = dispute.named_in.iter().map(|&at| &analysis.findings[at]);
    let remark = |finding: &Finding| {
        let other = finding.questions().first()?;
        let place = analysis.model.question_name(*other);
        Some(Remark::new("see also", format!("{place}: {}", finding.rule)))
    };
    findings.filter_map(remark).collect()
}

/// The reviews of a dispute, the one that counts first, and what made it stale.
pub(super) fn reviews(model: &Model, dispute: &Dispute) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for (at, &review) in dispute.reviews.iter().enumerate() {
        let review = &model.reviews[review];
        let head = if at == 0 { "review:" } else { "earlier review:" };
        remarks.push(Remark::new(head, review_in_words(review)));
        if at == 0 && review.seen.is_none() {
            let seen =
                format!("to have it notice every change, add `seen: {}` to `{}`", dispute.seen, review.id);
            remarks.push(Remark::new("and", seen));
        }
        if at == 0 && dispute.standing == Standing::Stale {
            let on = review.on.and_then(|on| on.last);
            remarks.push(Remark::new("stale, open again:", changed(model, dispute, on)));
        }
    }
    remarks
}

fn review_in_words(review: &Review) -> String {
    let mut words = vec![review.verdict.word().to_owned()];
    words.extend(review.because.map(|because| format!("because of {}", because.word())));
    words.extend(review.figure.as_ref().map(|figure| format!("at {figure}")));
    words.extend(review.by.as_ref().map(|by| format!("by {by}")));
    words.extend(review.on.map(|on| format!("on {}", on.in_words())));
    words.extend(review.note.as_ref().map(ToString::to_string));
    words.join(", ")
}

/// What changed since a review that no longer fits, as far as days tell.
fn changed(model: &Model, dispute: &Dispute, on: Option<Day>) -> String {
    let answers = dispute.positions.iter().flat_map(|position| &position.answers);
    let mut newer: Vec<ClaimId> = answers.map(|answer| model.answers.claim[answer.index()]).collect();
    newer.retain(|&claim| {
        on.is_some_and(|on| model.sources[model.claim(claim).source].published.earliest() > on)
    });
    newer.sort_unstable();
    newer.dedup();
    if newer.is_empty() {
        "claims were changed, added or taken out".to_owned()
    } else {
        format!("published since: {}", claim_names(model, &newer))
    }
}

/// A table under a title.
pub(super) struct Section {
    /// What it shows.
    pub(super) title: &'static str,
    /// The heads of its columns.
    pub(super) header: Vec<&'static str>,
    /// Its rows, as wide as the header.
    pub(super) rows: Vec<Vec<String>>,
}

/// What lies across disputes; empty sections are left out.
pub(super) fn across(analysis: &Analysis) -> Vec<Section> {
    let model = &analysis.model;
    let (opposed, crowded) = summary::oppositions(analysis.on_claims());
    let mut opposed: Vec<Vec<String>> = oppositions(model, &opposed).map(Vec::from).collect();
    if crowded > 0 {
        let findings =
            format!("{} of more than {} parties", counted(crowded, "finding"), summary::MAX_PARTIES);
        opposed.push(vec![findings, "not broken down".to_owned(), String::new(), String::new()]);
    }
    let sections = [
        Section {
            title: "Parties against parties",
            header: vec!["party", "against", "contradictions", "tensions"],
            rows: opposed,
        },
        Section {
            title: "Figures that only one side gives",
            header: vec!["question", "only"],
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

/// Parties against parties, and against themselves: who, against whom, contradictions, tensions.
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
