//! The report as JSON for programs: `gainsay.report/1`. Its schema is
//! `schema/report.schema.json`. The tests validate every report against it.
//!
//! Figures are plain numbers: counts and amounts unchanged, durations in seconds, steps of a scale from
//! 1 (0 means none of them), no and yes as 0 and 1; days are ISO dates. `null` is an open end or a missing figure.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::{Number, Value as Json};
use smol_str::SmolStr;

use super::{Report, json_text, outline};
use gainsay_analysis::dispute::{Difference, Dispute, Position, ReviewStatus, since, summary};
use gainsay_analysis::document::{MeasureType, Word};
use gainsay_analysis::finding::Finding;
use gainsay_analysis::id::{ActorId, AnswerId, ClaimId, Id as _, QuestionId};
use gainsay_analysis::model::{Model, Review};
use gainsay_reading::figure::{ONE, OPEN, Range};
use gainsay_reading::period::Day;

/// The name and version of the format.
pub const FORMAT: &str = "gainsay.report/1";

/// The JSON Schema of the format.
pub const SCHEMA: &str = include_str!("report.schema.json");

/// The whole report.
///
/// # Errors
/// Never in practice, because everything in it can be written as JSON.
pub fn render(report: &Report<'_>) -> serde_json::Result<String> {
    let writer = JsonWriter { report, model: &report.analysis.model };
    json_text::pretty(&writer.report())
}

#[derive(Serialize)]
struct JsonReport<'a> {
    format: &'static str,
    counts: JsonCounts,
    disputes: Vec<DisputeRow>,
    findings: Vec<FindingRow>,
    one_sided: Vec<OneSided>,
    unsearched: Vec<String>,
    claims: JsonClaims<'a>,
    sources: BTreeMap<String, SourceRow>,
}

/// All claims by full name, written one at a time, because there may be many.
struct JsonClaims<'a>(&'a JsonWriter<'a>);

impl Serialize for JsonClaims<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let writer = self.0;
        let mut answers: Vec<Vec<AnswerId>> = vec![Vec::new(); writer.model.claims.len()];
        for (at, claim) in writer.model.answers.claim.iter().enumerate() {
            answers[claim.index()].push(AnswerId::new(at));
        }
        let known = writer.model.claim_ids().filter(|&claim| !writer.model.claim(claim).later);
        serializer.collect_map(
            known.map(|claim| (writer.model.claim_name(claim), writer.claim(claim, &answers[claim.index()]))),
        )
    }
}

#[derive(Serialize)]
struct JsonCounts {
    sources: usize,
    actors: usize,
    subjects: usize,
    claims: usize,
    questions: usize,
    contradictions: usize,
    tensions: usize,
    notes: usize,
    open: usize,
    reviewed: usize,
    stale: usize,
    errors: usize,
    warnings: usize,
}

#[derive(Serialize)]
struct DisputeRow {
    question: String,
    text: String,
    grade: &'static str,
    positions: Vec<PositionRow>,
    positions_left_out: usize,
    aside: Vec<String>,
    silent_parties: Vec<String>,
    findings: Vec<String>,
    named_in: Vec<String>,
    verdict: &'static str,
    review: Option<ReviewRow>,
    seen: String,
}

#[derive(Serialize)]
struct PositionRow {
    claims: Vec<String>,
    parties: Vec<String>,
    low: Json,
    high: Json,
    text: String,
    sources: Vec<String>,
    origins: usize,
}

#[derive(Serialize)]
struct ReviewRow {
    id: String,
    verdict: &'static str,
    because: Option<&'static str>,
    figure: Option<String>,
    note: Option<String>,
    by: Option<String>,
    on: Option<String>,
    seen: Option<String>,
    saw: Option<BTreeMap<String, String>>,
    changed: Option<Vec<ChangedRow>>,
}

#[derive(Serialize)]
struct ChangedRow {
    claim: String,
    then: Option<String>,
    now: Option<String>,
}

#[derive(Serialize)]
struct FindingRow {
    id: String,
    rule: &'static str,
    grade: &'static str,
    questions: Vec<String>,
    claims: Vec<String>,
    also: Vec<String>,
    further: Vec<Vec<String>>,
    parties: Vec<String>,
    message: String,
    steps: Vec<String>,
    reconcile: Vec<String>,
    gap: Option<GapRow>,
    rests_on: Vec<String>,
    verdict: &'static str,
}

#[derive(Serialize)]
struct GapRow {
    absolute: Json,
    relative: f64,
}

#[derive(Serialize)]
struct OneSided {
    question: String,
    party: String,
}

#[derive(Serialize)]
struct ClaimRow {
    source: String,
    at: Option<String>,
    part: &'static str,
    by: String,
    party: String,
    via: Vec<String>,
    about: Json,
    measure: Option<String>,
    of: Option<String>,
    during: Option<String>,
    value: Option<String>,
    low: Json,
    high: Json,
    usual_low: Json,
    usual_high: Json,
    stance: Option<&'static str>,
    certainty: &'static str,
    said: String,
    as_of: String,
    questions: Vec<String>,
    file: String,
    line: usize,
}

#[derive(Serialize)]
struct SourceRow {
    publisher: String,
    published: String,
    title: Option<String>,
    url: Option<String>,
    text: Option<String>,
}

struct JsonWriter<'a> {
    report: &'a Report<'a>,
    model: &'a Model,
}

/// A value with more bytes than this is written only at the claim that gives it. A response to that claim gets the
/// first ids and how many more there are.
const LONG_VALUE: usize = 4_096;

impl JsonWriter<'_> {
    fn report(&self) -> JsonReport<'_> {
        let analysis = self.report.analysis;
        let verdicts: BTreeMap<QuestionId, ReviewStatus> =
            analysis.disputes.iter().map(|dispute| (dispute.question, dispute.standing)).collect();
        let one_sided =
            summary::one_sided(self.model, &analysis.graph).into_iter().map(|(question, party)| OneSided {
                question: self.model.question_name(question),
                party: self.actor(party),
            });
        JsonReport {
            format: FORMAT,
            counts: self.counts(),
            disputes: self
                .report
                .disputes
                .iter()
                .map(|(dispute, findings)| self.dispute(dispute, findings))
                .collect(),
            findings: self.report.findings().map(|finding| self.finding(finding, &verdicts)).collect(),
            one_sided: one_sided.collect(),
            unsearched: analysis
                .reasoning
                .unsearched
                .iter()
                .map(|&question| self.model.question_name(question))
                .collect(),
            claims: JsonClaims(self),
            sources: self.sources(),
        }
    }

    fn counts(&self) -> JsonCounts {
        let counts = self.report.counts;
        JsonCounts {
            sources: counts.sources,
            actors: counts.actors,
            subjects: counts.subjects,
            claims: counts.claims,
            questions: counts.questions,
            contradictions: counts.contradictions,
            tensions: counts.tensions,
            notes: counts.notes,
            open: counts.open,
            reviewed: counts.reviewed,
            stale: counts.stale,
            errors: counts.errors,
            warnings: counts.warnings,
        }
    }

    fn dispute(&self, dispute: &Dispute, findings: &[&Finding]) -> DisputeRow {
        let id = |finding: &Finding| {
            finding.evidence.as_ref().map(|evidence| evidence.id.clone()).unwrap_or_default()
        };
        DisputeRow {
            question: self.model.question_name(dispute.question),
            text: self.model.question_in_words(dispute.question),
            grade: dispute.grade.name(),
            positions: dispute
                .positions
                .iter()
                .map(|position| self.position(dispute.question, position))
                .collect(),
            positions_left_out: dispute.positions_left_out,
            aside: dispute.aside.iter().map(|&answer| self.claim_of(answer)).collect(),
            silent_parties: self.actors(&dispute.silent),
            findings: findings.iter().map(|finding| id(finding)).collect(),
            named_in: dispute.named_in.iter().map(|&at| id(&self.report.analysis.findings[at])).collect(),
            verdict: dispute.standing.name(),
            review: dispute.reviews.first().map(|&at| self.review(dispute, &self.model.reviews[at])),
            seen: dispute.seen.clone(),
        }
    }

    /// The current review, with the changes since if it is stale.
    fn review(&self, dispute: &Dispute, review: &Review) -> ReviewRow {
        let text = |text: &Option<SmolStr>| text.as_ref().map(ToString::to_string);
        let line = |(claim, line): &(SmolStr, SmolStr)| (claim.to_string(), line.to_string());
        let is_stale = dispute.standing == ReviewStatus::Stale;
        let differences = is_stale.then(|| since(self.model, dispute, review)).flatten();
        let row = |Difference { claim, then, now }| ChangedRow { claim, then, now };
        ReviewRow {
            id: review.id.to_string(),
            verdict: review.verdict.word(),
            because: review.because.map(Word::word),
            figure: text(&review.figure),
            note: text(&review.note),
            by: text(&review.by),
            on: review.on.map(|on| on.to_string()),
            seen: text(&review.seen),
            saw: review.saw.as_ref().map(|lines| lines.iter().map(line).collect()),
            changed: differences.map(|differences| differences.into_iter().map(row).collect()),
        }
    }

    fn position(&self, question: QuestionId, position: &Position) -> PositionRow {
        let of = self.model.answers.question[position.named_by.index()];
        let mut claims: Vec<String> = position.answers.iter().map(|&answer| self.claim_of(answer)).collect();
        claims.sort();
        claims.dedup();
        let mut text = self.model.stance_in_words(position.named_by);
        if let Some(population) = self.model.question(of).population.filter(|_| of != question) {
            text = format!("{text} {}", self.model.populations[population].name);
        }
        PositionRow {
            claims,
            parties: self.actors(&position.parties),
            low: position.range.map_or(Json::Null, |range| self.end(of, range.low)),
            high: position.range.map_or(Json::Null, |range| self.end(of, range.high)),
            text,
            sources: position
                .sources
                .iter()
                .map(|&source| self.model.sources.name(source).to_string())
                .collect(),
            origins: position.origins,
        }
    }

    fn finding(&self, finding: &Finding, verdicts: &BTreeMap<QuestionId, ReviewStatus>) -> FindingRow {
        let evidence = finding.evidence.as_deref().cloned().unwrap_or_default();
        let names =
            |claims: &[ClaimId]| claims.iter().map(|&claim| self.model.claim_name(claim)).collect::<Vec<_>>();
        let mut claims = names(&evidence.claims);
        claims.sort();
        let first = evidence.questions.first();
        let reconcile =
            outline::repairs(&evidence, usize::MAX).into_iter().chain(finding.help.clone()).collect();
        let gap = evidence.gap.zip(first).map(|(gap, &question)| GapRow {
            absolute: self.end(question, gap.absolute),
            relative: gap.relative as f64 / 1_000_000.0,
        });
        FindingRow {
            id: evidence.id,
            rule: finding.rule,
            grade: finding.grade.name(),
            questions: evidence
                .questions
                .iter()
                .map(|&question| self.model.question_name(question))
                .collect(),
            claims,
            also: names(&evidence.also),
            further: evidence.further.iter().map(|set| names(set)).collect(),
            parties: self.actors(&evidence.parties),
            message: finding.message.clone(),
            steps: evidence.steps.into_iter().chain(finding.notes.iter().cloned()).collect(),
            reconcile,
            gap,
            rests_on: evidence.rests_on,
            verdict: first.and_then(|question| verdicts.get(question)).unwrap_or(&ReviewStatus::Open).name(),
        }
    }

    /// A claim with the question it answers. If it answers several, they are listed and its own fields
    /// are those of the first.
    fn claim(&self, id: ClaimId, answers: &[AnswerId]) -> ClaimRow {
        let model = self.model;
        let claim = model.claim(id);
        let file = &self.report.files[claim.location.file];
        let first = answers.first().copied();
        let question = first.map(|answer| model.answers.question[answer.index()]);
        let asked = question.map(|question| model.question(question));
        let ranges = first.and_then(|answer| model.answers.value[answer.index()].ranges());
        let end = |pick: fn((Range, Range)) -> i64| match (ranges, question) {
            (Some(ranges), Some(question)) => self.end(question, pick(ranges)),
            _ => Json::Null,
        };
        let mut subjects: Vec<&str> = Vec::new();
        for &answer in answers {
            let subject = model.question(model.answers.question[answer.index()]).subject;
            // Answers are in the order of questions, which are in the order of subjects.
            let name = model.subjects.name(subject).as_str();
            if subjects.last() != Some(&name) {
                subjects.push(name);
            }
        }
        ClaimRow {
            source: model.sources.name(claim.source).to_string(),
            at: claim.at.map(|at| at.to_string()),
            part: claim.part.word(),
            by: self.actor(claim.by),
            party: self.actor(claim.party),
            via: self.actors(&claim.via),
            about: match subjects.as_slice() {
                [] => Json::Null,
                [one] => Json::from(*one),
                several => Json::from(several.to_vec()),
            },
            measure: asked.map(|asked| model.measures.name(asked.measure).to_string()),
            of: asked
                .and_then(|asked| asked.population)
                .map(|population| model.populations.name(population).to_string()),
            during: asked.and_then(|asked| asked.period).map(|period| period.to_string()),
            value: first.and_then(|answer| {
                let origin = model.answers.origin[answer.index()];
                let written = &model.claim(origin).written;
                // A long list is only written at the claim that gives it.
                let is_long = origin != id && written.len() > LONG_VALUE;
                let words = if is_long { model.answer_in_words(answer) } else { written.to_string() };
                (!words.is_empty()).then_some(words)
            }),
            low: end(|(hard, _)| hard.low),
            high: end(|(hard, _)| hard.high),
            usual_low: end(|(_, usual)| usual.low),
            usual_high: end(|(_, usual)| usual.high),
            stance: first.map(|answer| model.answers.stance[answer.index()].word()),
            certainty: claim.certainty.word(),
            said: claim.said.to_string(),
            as_of: claim.as_of.to_string(),
            questions: answers
                .iter()
                .map(|&answer| model.question_name(model.answers.question[answer.index()]))
                .collect(),
            file: file.path().to_owned(),
            line: file.line(claim.location.span.start),
        }
    }

    fn sources(&self) -> BTreeMap<String, SourceRow> {
        let row = |source: &gainsay_analysis::model::Source| SourceRow {
            publisher: self.actor(source.publisher),
            published: source.published.to_string(),
            title: source.title.as_ref().map(ToString::to_string),
            url: source.url.as_ref().map(ToString::to_string),
            text: source.text.as_ref().map(|text| text.value.to_string()),
        };
        self.model
            .sources
            .iter()
            .map(|(id, source)| (self.model.sources.name(id).to_string(), row(source)))
            .collect()
    }

    /// One end of a range as a JSON value.
    fn end(&self, question: QuestionId, end: i64) -> Json {
        if end == OPEN || end == i64::MIN {
            return Json::Null;
        }
        match self.model.measure_of(question).kind {
            MeasureType::Count | MeasureType::Amount if end % ONE == 0 => Json::from(end / ONE),
            MeasureType::Count | MeasureType::Amount => {
                Number::from_f64(end as f64 / ONE as f64).map_or(Json::Null, Json::Number)
            }
            MeasureType::Date => {
                i32::try_from(end).map_or(Json::Null, |day| Json::from(Day::from_number(day).to_string()))
            }
            MeasureType::Scale | MeasureType::YesNo | MeasureType::Choice => Json::from(end),
        }
    }

    fn claim_of(&self, answer: AnswerId) -> String {
        self.model.claim_name(self.model.answers.claim[answer.index()])
    }

    fn actor(&self, actor: ActorId) -> String {
        self.model.actors.name(actor).to_string()
    }

    fn actors(&self, actors: &[ActorId]) -> Vec<String> {
        actors.iter().map(|&actor| self.actor(actor)).collect()
    }
}
