//! Attributed answers that appear elsewhere in an outlet's own voice, and headlines that attribute more to a speaker than
//! the text does.

mod authors;

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use self::authors::{
    AttributedAnswers, admissions, changes, is_admitted, is_nested, publication_order, same_population,
};
use super::message::listed;
use super::{Facts, Findings, Rule, Scope, Weight};
use crate::document::{Locator, MeasureType, Part, Stance};
use crate::finding::{Finding, Grade};
use crate::id::{ActorId, AnswerId, Id as _, MeasureId, QuestionId};
use crate::model::{Claim, Question, Value};
use gainsay_reading::figure::{Counting, Unit};

pub(super) static RULE: Rule = Rule {
    id: "attribution-lost",
    grade: Grade::Note,
    summary: "an answer that one source attributes to somebody, and an outlet gives in its own voice",
    weight: Weight::Attribution,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
A source attributes an answer to somebody. Elsewhere in the same source, or in a source published on the same
day or later, an outlet gives the same answer in its own voice. The answer now reads like an established fact,
although it is still the word of one party. The rule also reports a headline or bullet that attributes more to
a speaker than the text does.

The finding is a note. It is a tension if something changed on the way: the population, the qualifier, the
certainty, the step or the speaker.

The rule reports only what was certainly published later. If a date of publication is open or approximate, the
order must still be beyond doubt, or one source must cite the other. Dates, spans of time, ranks and the place
of an event are left out, because such facts need no author. The rule also leaves out an answer if everyone
whom it names has admitted it.

Bad:

```yaml
# one.yaml
actors: { north: {}, paper: {}, radio: {} }
events: { raid: { date: 2024-12-24 } }
source: { id: paper-1, publisher: paper, published: 2025-03-20 }
claims:
  toll: { by: north, about: raid, measure: killed, of: civilians, value: 46 }
# two.yaml
source: { id: radio-1, publisher: radio, published: 2026-02-24 }
claims:
  toll: { about: raid, measure: killed, value: at least 46 }
```

Good:

```yaml
# one.yaml
actors: { north: {}, paper: {}, radio: {} }
events: { raid: { date: 2024-12-24 } }
source: { id: paper-1, publisher: paper, published: 2025-03-20 }
claims:
  toll: { by: north, about: raid, measure: killed, of: civilians, value: 46 }
# two.yaml
source: { id: radio-1, publisher: radio, published: 2026-02-24 }
claims:
  toll: { by: north, about: raid, measure: killed, of: civilians, value: 46 }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    let mut at = 0;
    while at < facts.model.questions.len() {
        let Question { subject, measure, .. } = facts.model.questions[at];
        let family = facts.model.family(subject, measure);
        if needs_author(facts, measure) {
            check_family(facts, family.clone(), findings);
        }
        at = family.end;
    }
}

/// Whether answers to a measure need an author. Dates, spans of time, ranks and the place of an event do not. Another
/// measure that names places, such as where attackers trained, is as contested as any.
fn needs_author(facts: &Facts<'_>, id: MeasureId) -> bool {
    let measure = &facts.model.measures[id];
    match measure.kind {
        MeasureType::Date => false,
        MeasureType::Choice => facts.model.measures.name(id) != "place",
        MeasureType::Amount => matches!(measure.counting, Counting::Amount { unit: Some(Unit::Named(_)) }),
        _ => true,
    }
}

/// Checks the questions of one subject and measure together.
fn check_family(facts: &Facts<'_>, family: std::ops::Range<usize>, findings: &mut Findings<'_>) {
    let (mut attributed, mut own_voice, mut prominent) = (Vec::new(), Vec::new(), Vec::new());
    for answer in family.map(QuestionId::new).flat_map(|question| facts.model.answers_to(question)) {
        let claim = facts.claim(facts.claim_of(answer));
        let asserts = facts.model.answers.stance[answer.index()] == Stance::Asserts;
        if !asserts || facts.is_conditional(facts.claim_of(answer)) {
            continue;
        }
        if !facts.model.is_own_voice(facts.claim_of(answer)) {
            attributed.push(answer);
            if is_prominent(claim) {
                prominent.push(answer);
            }
        } else if claim.via.is_empty() && claim.attributes_to.is_none() {
            own_voice.push(answer);
        }
    }
    report_lost(facts, &AttributedAnswers::new(facts, &attributed), &attributed, &own_voice, findings);
    if !prominent.is_empty() {
        attributed.extend(&own_voice);
        report_prominent(facts, &AttributedAnswers::new(facts, &attributed), &prominent, findings);
    }
}

/// One finding for each question and author: an answer of the author, and the same answer in an outlet's own voice. It
/// names an answer that changed on the way if there is one, else the one nearest to the author; the others are listed as
/// further claims.
fn report_lost(
    facts: &Facts<'_>,
    authors: &AttributedAnswers,
    attributed: &[AnswerId],
    own_voice: &[AnswerId],
    findings: &mut Findings<'_>,
) {
    let admissions = admissions(facts, attributed);
    let mut by_author: BTreeMap<(QuestionId, ActorId), Vec<(AnswerId, AnswerId)>> = BTreeMap::new();
    for &answer in own_voice {
        if let Some(author) =
            author(facts, authors, answer).filter(|_| !is_admitted(facts, &admissions, answer))
        {
            let question = facts.model.answers.question[answer.index()];
            let party = facts.claim(facts.claim_of(author)).party;
            by_author.entry((question, party)).or_default().push((author, answer));
        }
    }
    for mut pairs in by_author.into_values() {
        pairs.sort_by_key(|&(author, answer)| {
            let changed = !changes(facts, author, answer).is_empty();
            let elsewhere =
                facts.claim(facts.claim_of(author)).source != facts.claim(facts.claim_of(answer)).source;
            (!changed, elsewhere, publication_order(facts, answer))
        });
        let (author, answer) = pairs[0];
        let mut finding = lost_finding(facts, author, answer);
        if let Some(evidence) = &mut finding.evidence {
            evidence.also = pairs[1..].iter().map(|&(_, answer)| facts.claim_of(answer)).collect();
            evidence.also.sort_unstable();
        }
        findings.push(finding);
    }
}

/// The answer of an author that an outlet's own answer comes from: preferably one in the same source, with the fewest
/// changes, published first. It must certainly be earlier: approximate or open dates of publication count only if every
/// day that they can mean gives the same order. A citation also shows the order.
fn author(facts: &Facts<'_>, authors: &AttributedAnswers, answer: AnswerId) -> Option<AnswerId> {
    let claim = facts.claim(facts.claim_of(answer));
    let source = &facts.model.sources[claim.source];
    let near = std::iter::once(claim.source).chain(source.cites.iter().copied());
    let elsewhere =
        authors.first_published(facts, answer).filter(|_| may_come_from_other_source(facts, authors, answer));
    let known = near.flat_map(|source| authors.in_source(facts, answer, source)).copied().chain(elsewhere);
    let earlier = known.filter(|&author| {
        let other = facts.claim(facts.claim_of(author));
        let is_earlier = || facts.model.sources[other.source].published.surely_by(&source.published);
        let only_above = other.source == claim.source && is_prominent(other) && !is_prominent(claim);
        other.party != claim.party
            && !only_above
            && (other.source == claim.source || source.cites.contains(&other.source) || is_earlier())
            && is_nested(facts, author, answer)
    });
    earlier.min_by_key(|&author| {
        let other = facts.claim(facts.claim_of(author));
        let distance = distance(other, claim);
        (
            other.source != claim.source,
            changes(facts, author, answer).len(),
            distance,
            publication_order(facts, author),
        )
    })
}

/// Whether an answer is specific enough to come from an author in another source: a figure, or a choice that only one
/// party is quoted with. Many outlets can say for themselves that something is so, or how far.
fn may_come_from_other_source(facts: &Facts<'_>, authors: &AttributedAnswers, answer: AnswerId) -> bool {
    match &facts.model.answers.value[answer.index()] {
        Value::Figure(_) | Value::Share(..) | Value::Change(..) => true,
        Value::Choice(_) => authors.is_of_one_party(facts, answer),
        Value::YesNo(_) | Value::Step(..) | Value::Days(_) | Value::Unstated => false,
    }
}

/// Whether a claim is in a headline or a bullet.
fn is_prominent(claim: &Claim) -> bool {
    matches!(claim.part, Part::Headline | Part::Bullet)
}

/// The distance between two claims of a source, in paragraphs; 0 if a locator is missing.
fn distance(a: &Claim, b: &Claim) -> u32 {
    match (a.at, b.at) {
        (Some(Locator::Paragraphs(a, _)), Some(Locator::Paragraphs(b, _))) => a.abs_diff(b),
        _ => 0,
    }
}

/// Reports headlines and bullets that attribute more to a speaker than the text of the same source does.
fn report_prominent(
    facts: &Facts<'_>,
    authors: &AttributedAnswers,
    prominent: &[AnswerId],
    findings: &mut Findings<'_>,
) {
    let mut reported: FxHashSet<(QuestionId, ActorId)> = FxHashSet::default();
    for &answer in prominent {
        let claim = facts.claim(facts.claim_of(answer));
        let in_body = authors.in_same_source(facts, answer).iter().copied().filter(|&other| {
            let body = facts.claim(facts.claim_of(other));
            body.source == claim.source && body.part == Part::Body && is_nested(facts, other, answer)
        });
        let differs = |other: AnswerId| {
            let mut changes = changes(facts, other, answer);
            if is_other_speaker(facts.claim(facts.claim_of(other)), claim) {
                changes.push("speaker");
            }
            changes
        };
        let Some(body) = in_body.min_by_key(|&other| (differs(other).len(), publication_order(facts, other)))
        else {
            continue;
        };
        let changes = differs(body);
        if changes.is_empty() || !says_more(facts, body, answer) && !changes.contains(&"speaker") {
            continue;
        }
        if reported.insert((facts.model.answers.question[answer.index()], claim.by)) {
            findings.push(prominent_finding(facts, body, answer, &changes));
        }
    }
}

/// Whether two claims have different speakers. A party and its spokesperson count as one speaker.
fn is_other_speaker(a: &Claim, b: &Claim) -> bool {
    a.by != b.by && a.by != b.party && b.by != a.party
}

/// Whether a headline says more than the text: with more certainty, another population or a narrower range.
fn says_more(facts: &Facts<'_>, body: AnswerId, headline: AnswerId) -> bool {
    let ranges = |answer: AnswerId| facts.model.answers.value[answer.index()].ranges();
    let certainty = |answer: AnswerId| facts.claim(facts.claim_of(answer)).certainty;
    let narrower = match (ranges(body), ranges(headline)) {
        (Some((body, _)), Some((headline, _))) => !headline.contains(&body),
        _ => false,
    };
    narrower || certainty(headline) < certainty(body) || !same_population(facts, body, headline)
}

fn lost_finding(facts: &Facts<'_>, author: AnswerId, repeated: AnswerId) -> Finding {
    let model = facts.model;
    let claim = facts.claim(facts.claim_of(repeated));
    let where_to = if facts.claim(facts.claim_of(author)).source == claim.source {
        "elsewhere in the same source".to_owned()
    } else {
        format!("in {}", model.sources.name(claim.source))
    };
    let outlet = &model.actors[claim.by].name;
    let question = model.question_in_words(model.answers.question[author.index()]);
    let message = if let Value::YesNo(yes) = model.answers.value[repeated.index()] {
        let speaker = &model.actors[facts.claim(facts.claim_of(author)).by].name;
        let verb = if yes { "said" } else { "denied" };
        format!("{question}: {verb} by {speaker}, and by {outlet} in its own voice {where_to}")
    } else {
        let quoted = describe_answer(facts, author, repeated, true);
        let bare = describe_answer(facts, repeated, author, false);
        let is_same = bare == describe_answer(facts, author, repeated, false);
        let answer = if is_same { "the same".to_owned() } else { bare };
        format!("{question}: {quoted}, and {answer} from {outlet} in its own voice {where_to}")
    };
    finding(facts, message, author, repeated, &changes(facts, author, repeated))
        .help("who gave the answer, by name")
}

/// An answer in the words of its source, with its population if `other` has another one, and with its speaker on request:
/// `` `46` civilians (north) ``.
fn describe_answer(facts: &Facts<'_>, answer: AnswerId, other: AnswerId, with_speaker: bool) -> String {
    let model = facts.model;
    let mut words = format!("`{}`", model.answer_in_words(answer));
    if let Some(population) = model.question(model.answers.question[answer.index()]).population
        && !same_population(facts, answer, other)
    {
        words = format!("{words} {}", model.populations[population].name);
    }
    if with_speaker {
        words = format!("{words} ({})", model.actors[facts.claim(facts.claim_of(answer)).by].name);
    }
    words
}

fn prominent_finding(
    facts: &Facts<'_>,
    body: AnswerId,
    headline: AnswerId,
    changes: &[&'static str],
) -> Finding {
    let model = facts.model;
    let claim = facts.claim(facts.claim_of(headline));
    let part = if claim.part == Part::Headline { "headline" } else { "bullet" };
    let question = model.question_in_words(model.answers.question[headline.index()]);
    let message = if matches!(model.answers.value[headline.index()], Value::YesNo(_)) {
        let of_text = facts.claim(facts.claim_of(body)).by;
        let [of_part, of_text] = [claim.by, of_text].map(|speaker| &model.actors[speaker].name);
        format!("{question}: the {part} attributes it to {of_part}, the text to {of_text}")
    } else {
        let of_part = describe_answer(facts, headline, body, true);
        format!(
            "{question}: the {part} says {of_part}, the text {}",
            describe_answer(facts, body, headline, true)
        )
    };
    finding(facts, message, body, headline, changes)
}

/// The finding on an answer `from` an author that appears as `to`.
fn finding(
    facts: &Facts<'_>,
    message: String,
    from: AnswerId,
    to: AnswerId,
    changes: &[&'static str],
) -> Finding {
    let grade = if changes.is_empty() { RULE.grade } else { Grade::Tension };
    let mut finding = Finding::new(RULE.id, grade, message);
    for answer in [to, from] {
        finding = finding.at(facts.value_location(facts.claim_of(answer)), facts.label(answer));
    }
    let questions = [to, from].map(|answer| facts.model.answers.question[answer.index()]);
    let questions = if questions[0] == questions[1] { &questions[..1] } else { &questions[..] };
    let mut evidence = facts.evidence(questions, &[from, to]);
    if !changes.is_empty() {
        evidence.steps.push(format!(
            "the two differ in {}",
            listed(&changes.iter().map(|&change| change.to_owned()).collect::<Vec<_>>())
        ));
    }
    finding.on(evidence)
}
