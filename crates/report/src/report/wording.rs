//! Phrases and table rows that several reports share.

use rustc_hash::{FxHashMap, FxHashSet};

use gainsay_analysis::dispute::{Dispute, Position};
use gainsay_analysis::document::{Certainty, MeasureType, Part, Stance, Word as _};
use gainsay_analysis::finding::Grade;
use gainsay_analysis::id::{AnswerId, ClaimId, Id as _, QuestionId, SourceId};
use gainsay_analysis::model::{Claim, Measure, Model};
use gainsay_analysis::workspace::Analysis;
use gainsay_reading::figure;

/// One row of the table of positions: the answer of one claim.
pub(super) struct AnswerRow {
    /// The numbers of the positions it belongs to, from 1. Empty if it does not belong to any.
    pub(super) position: String,
    /// The speaker, and the party it speaks for.
    pub(super) who: String,
    /// The answer as worded, with its stance, hedge and population.
    pub(super) answer: String,
    /// The day on which it was said.
    pub(super) said: String,
    /// The source, and the place in it.
    pub(super) source: String,
}

impl AnswerRow {
    /// The cells under [`HEADER`].
    pub(super) fn cells(self) -> [String; 5] {
        [self.position, self.who, self.answer, self.said, self.source]
    }
}

/// The column headings of the table of positions.
pub(super) const HEADER: [&str; 5] = ["", "who", "answer", "said", "source"];

/// The most claims of one position that a table lists. The report says how many more there are.
const MAX_ROWS_PER_POSITION: usize = 20;

/// The rows of a dispute: positions from low to high, each claim once, then claims without a position. Also returns
/// how many claims of the positions are left out.
pub(super) fn rows(analysis: &Analysis, dispute: &Dispute) -> (Vec<AnswerRow>, usize) {
    let mut places: FxHashMap<AnswerId, Vec<usize>> = FxHashMap::default();
    let mut shown: Vec<AnswerId> = Vec::new();
    let mut all: FxHashSet<AnswerId> = FxHashSet::default();
    for (at, position) in dispute.positions.iter().enumerate() {
        all.extend(&position.answers);
        for &answer in position.answers.iter().take(MAX_ROWS_PER_POSITION) {
            let places = places.entry(answer).or_default();
            if places.is_empty() {
                shown.push(answer);
            }
            places.push(at + 1);
        }
    }
    let left_out = all.len() - shown.len() + dispute.aside.len().saturating_sub(MAX_ROWS_PER_POSITION);
    let held = shown.iter().map(|answer| row(analysis, dispute, &places[answer], *answer));
    let aside =
        dispute.aside.iter().take(MAX_ROWS_PER_POSITION).map(|&answer| row(analysis, dispute, &[], answer));
    (held.chain(aside).collect(), left_out)
}

fn row(analysis: &Analysis, dispute: &Dispute, positions: &[usize], answer: AnswerId) -> AnswerRow {
    let model = &analysis.model;
    let claim = model.claim(model.answers.claim[answer.index()]);
    let mut words = answer_in_full(model, dispute.question, answer);
    let asserts = model.answers.stance[answer.index()] != Stance::Declines;
    if asserts && claim.certainty != Certainty::Conditional && !analysis.reasoning.current[answer.index()] {
        words = format!("{words} (replaced by a later answer)");
    }
    AnswerRow {
        position: positions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        who: speaker(model, claim),
        answer: words,
        said: date_said(claim),
        source: source_and_place(model, claim),
    }
}

/// The day of a claim, marked `published` if only the day of publication is known.
pub(super) fn date_said(claim: &Claim) -> String {
    match claim.said_span {
        Some(_) => claim.said.in_words(),
        None => format!("published {}", claim.said.in_words()),
    }
}

/// An answer with its stance and hedge, and with its population if that differs from the question's.
pub(super) fn answer_in_full(model: &Model, asked: QuestionId, answer: AnswerId) -> String {
    let mut words = model.stance_in_words(answer);
    let question = model.answers.question[answer.index()];
    if question != asked
        && let Some(population) = model.question(question).population
    {
        words = format!("{words} {}", model.populations[population].name);
        let measures = [question, asked].map(|question| model.question(question).measure);
        if measures[0] != measures[1] {
            words = format!("{words}, {}", model.measures[measures[0]].name);
        }
    }
    let claim = model.claim(model.answers.claim[answer.index()]);
    if let Some(actor) = claim.attributes_to {
        let (whose, reporter) = (&model.actors[actor].name, &model.actors[claim.by].name);
        words = format!("{words} (by {whose}, according to {reporter})");
    }
    hedged(model, answer, words)
}

fn hedged(model: &Model, answer: AnswerId, words: String) -> String {
    let claim = model.claim(model.answers.claim[answer.index()]);
    match claim.certainty {
        Certainty::Certain => words,
        Certainty::Probable => format!("{words} (probably)"),
        Certainty::Possible => format!("{words} (possibly)"),
        Certainty::Conditional => format!("{words} (on a condition)"),
    }
}

/// The source of a claim and the place in it, with the actors that relayed it (`via`).
pub(super) fn source_and_place(model: &Model, claim: &Claim) -> String {
    let mut words = model.sources.name(claim.source).to_string();
    if let Some(at) = claim.at {
        words = format!("{words} {at}");
    }
    if !claim.via.is_empty() {
        let via: Vec<_> = claim.via.iter().map(|&actor| model.actors[actor].name.to_string()).collect();
        words = format!("{words} (via {})", via.join(", "));
    }
    match claim.part {
        Part::Body => {}
        part => words = format!("{words} ({})", part.word()),
    }
    words
}

/// The message of a finding without the question at its beginning.
pub(super) fn without_question<'m>(model: &Model, question: QuestionId, message: &'m str) -> &'m str {
    let question = model.question_in_words(question);
    message.strip_prefix(question.as_str()).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(message)
}

/// A question without its subject: `killed, militants`.
pub(super) fn without_subject(model: &Model, question: QuestionId) -> String {
    let question = model.question(question);
    let population = question.population.filter(|&at| model.populations.find("people") != Some(at));
    let mut words = vec![model.measures[question.measure].name.to_string()];
    words.extend(population.map(|population| model.populations[population].name.to_string()));
    words.extend(question.period.map(|period| period.in_words()));
    words.join(", ")
}

/// `2 sources, 1 origin`.
pub(super) fn witnesses(position: &Position) -> String {
    format!("{}, {}", counted(position.sources.len(), "source"), counted(position.origins, "origin"))
}

/// The review status of a dispute, with the figure of a settled one: `settled at 80-100`.
pub(super) fn review_status(model: &Model, dispute: &Dispute) -> String {
    match dispute.stands_by(model) {
        Some(figure) => format!("{} at {figure}", dispute.standing.name()),
        None => dispute.standing.name().to_owned(),
    }
}

/// A number with its noun: `1 source`, `3 sources`.
pub(super) fn counted(number: usize, noun: &str) -> String {
    match (number, noun) {
        (1, noun) => format!("1 {noun}"),
        (number, noun) => format!("{number} {noun}s"),
    }
}

/// A number with thousands separators: `1,709`.
pub(super) fn grouped(number: usize) -> String {
    i64::try_from(number)
        .ok()
        .and_then(|number| number.checked_mul(figure::ONE))
        .map_or_else(|| number.to_string(), figure::number)
}

/// A character for a grade, so that grades can be told apart without colour.
pub(super) fn mark(grade: Grade) -> &'static str {
    match grade {
        Grade::Contradiction => "✗",
        Grade::Tension => "~",
        Grade::Note => "·",
        Grade::Error => "!",
        Grade::Warning => "?",
    }
}

/// The answers a claim gives, in the order of questions.
pub fn answers_of(analysis: &Analysis, claim: ClaimId) -> Vec<AnswerId> {
    let model = &analysis.model;
    let mut questions: Vec<QuestionId> = analysis.graph.questions_of(claim).collect();
    questions.sort_unstable();
    questions.dedup();
    // Within a question, answers are in the order of claims.
    let of_question = |question| {
        let run = &model.question(question).answers;
        let (from, to) = (run.start as usize, run.end as usize);
        let claims = &model.answers.claim[from..to];
        let first = claims.partition_point(|&other| other < claim);
        let last = claims.partition_point(|&other| other <= claim);
        (from + first..from + last).map(AnswerId::new)
    };
    questions.into_iter().flat_map(of_question).collect()
}

/// The speaker of a claim and its party: `Khawaja Asif, for Pakistan`, or `stated as fact by Al Jazeera`.
pub(super) fn speaker(model: &Model, claim: &Claim) -> String {
    let (speaker, party) = (&model.actors[claim.by].name, &model.actors[claim.party].name);
    if claim.by == model.sources[claim.source].publisher {
        format!("stated as fact by {speaker}")
    } else if claim.by == claim.party {
        party.to_string()
    } else {
        format!("{speaker}, for {party}")
    }
}

/// A source as people cite it: `Al Jazeera, 24 February 2026`.
pub(super) fn source_in_words(model: &Model, source: SourceId) -> String {
    let source = &model.sources[source];
    format!("{}, {}", model.actors[source.publisher].name, source.published.in_words())
}

/// The kind of values that a measure takes, in words.
pub(super) fn values_in_words(measure: &Measure) -> String {
    match measure.kind {
        MeasureType::Choice => measure.names.iter().map(|names| names.word()).collect::<Vec<_>>().join(", "),
        MeasureType::Count if measure.of_people => "a figure of a population".to_owned(),
        MeasureType::Count => "a figure of things".to_owned(),
        MeasureType::Amount => "a figure, with a unit or without".to_owned(),
        MeasureType::Scale => measure.steps.join(", "),
        MeasureType::YesNo => "yes or no".to_owned(),
        MeasureType::Date => "a date".to_owned(),
    }
}
