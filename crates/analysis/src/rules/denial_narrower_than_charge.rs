//! A party that answers a charge by denying something narrower, which leaves the charge possible.

mod charges;

use std::collections::BTreeMap;

use super::{Facts, Findings, Rule, Scope, Weight};
use crate::document::{Stance, SubjectKind};
use crate::finding::{Finding, Grade};
use crate::id::{ActorId, AnswerId, Id as _, QuestionId, SubjectId};
use crate::model::{ChoiceItem, Question, Value};
use crate::reason::{Content, Statement};
use charges::{Charge, Charges, by_prominence, is_within, party_of};

pub(super) static RULE: Rule = Rule {
    id: "denial-narrower-than-charge",
    grade: Grade::Tension,
    summary: "a party answers a charge by denying less than the charge says, which leaves the charge possible",
    weight: Weight::Denial,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
A party is accused of a bombing. It denies that it targeted civilians. That leaves the bombing possible, but a
reader may take it for a denial of the bombing.

The charge is an answer to `responsible` that names the party. It is about the event of the denial, or else
about an event around it or inside it. If nobody is named at all, the charge is what another party of the
event asserts about it: that it occurred, a target, a toll. Then only a denial of harm to civilians counts,
because the side that was hit denies other things.

The denial is one of three: that something was a `target`; that anybody but fighters was killed or otherwise
counted; or that the party had a part in a smaller event. If the party also denies the charge itself, the
finding says so.

The rule stays silent if the party admits the charge, or if it denies the charge and nothing else.

Bad:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
  blames: { by: south, about: raid, measure: responsible, value: north }
  no-civilians: { by: north, about: raid, measure: target, value: civilians, stance: denies }
```

Good:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { raid: { date: 2026-02-22 } }
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
  blames: { by: south, about: raid, measure: responsible, value: north }
  not-us: { by: north, denies: blames }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    let denials = denials(facts);
    if denials.is_empty() {
        return;
    }
    let charges = Charges::read(facts);
    let mut answered: BTreeMap<(QuestionId, ActorId), (Charge<'_>, Vec<NarrowDenial>)> = BTreeMap::new();
    for denial in denials {
        if let Some(charge) = charges.answered_by(facts, &denial) {
            let key = (charge.question(facts), denial.party);
            answered.entry(key).or_insert_with(|| (charge, Vec::new())).1.push(denial);
        }
    }
    for (charge, mut denials) in answered.into_values() {
        denials.sort_by_key(|denial| {
            (denial.event != charge.event, by_prominence(facts, denial.quoted_answer()))
        });
        findings.push(finding(facts, &charges, &charge, &denials));
    }
}

/// A denial of something that can only be true if an event happened.
struct NarrowDenial {
    party: ActorId,
    /// The answers that deny, starting with the one that the finding quotes.
    answers: Vec<AnswerId>,
    event: SubjectId,
    kind: DenialKind,
    /// Whether it denies harm to civilians.
    civilians: bool,
}

/// The part of an event that is denied.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DenialKind {
    /// That something was a target.
    Target,
    /// That any people of some sort were killed or otherwise counted.
    Count,
    /// That the party itself is responsible.
    Responsible,
}

/// The current denials of all parties, in the order of questions.
fn denials(facts: &Facts<'_>) -> Vec<NarrowDenial> {
    let model = facts.model;
    let asked = model.question_ids().filter(|&question| {
        let Question { subject, measure, .. } = *model.question(question);
        let is_asked = model.measures[measure].of_people
            || ["target", "responsible"].contains(&model.measures.name(measure).as_str());
        is_asked
            && model.subjects[subject].kind == SubjectKind::Event
            && model.answers_to(question).any(|answer| may_deny(facts, answer))
    });
    let denials_of = |question| {
        let statements = facts.reasoning.statements(model, facts.graph, question).into_iter();
        statements
            .filter(|statement| statement.current)
            .filter_map(move |statement| denial(facts, question, statement))
    };
    asked.flat_map(denials_of).collect()
}

/// Whether an answer is a denial or a zero.
fn may_deny(facts: &Facts<'_>, answer: AnswerId) -> bool {
    let is_zero =
        matches!(&facts.model.answers.value[answer.index()], Value::Figure(figure) if figure.hard.high == 0);
    is_zero || facts.model.answers.stance[answer.index()] == Stance::Denies
}

/// A statement as a denial, if what it denies can only be true if the event happened.
fn denial(facts: &Facts<'_>, question: QuestionId, statement: Statement) -> Option<NarrowDenial> {
    let Question { subject, measure, population, .. } = *facts.model.question(question);
    let (kind, civilians) = match &statement.content {
        Content::NotChoice(items) if facts.model.measures.name(measure) == "target" => {
            let is_civilian = |item: &ChoiceItem| matches!(item, ChoiceItem::Population(population) if is_within(facts, *population, "civilians"));
            (DenialKind::Target, items.iter().any(is_civilian))
        }
        Content::NotChoice(items) => {
            let mut named = items.iter().filter_map(|&item| party_of(facts, item));
            named.any(|party| party == statement.party).then_some((DenialKind::Responsible, false))?
        }
        Content::Interval { hard: left, .. } if statement.is_denial && left.high == 0 => {
            // A denial that fighters were killed is as often about a party's own losses as about the charge.
            let population = population.filter(|&population| !is_within(facts, population, "combatants"))?;
            (DenialKind::Count, is_within(facts, population, "civilians"))
        }
        _ => return None,
    };
    let quoted = statement.main_answer();
    let others = statement.answers.into_iter().filter(|&answer| answer != quoted);
    let answers = std::iter::once(quoted).chain(others).collect();
    Some(NarrowDenial { party: statement.party, answers, event: subject, kind, civilians })
}

fn finding(facts: &Facts<'_>, charges: &Charges, charge: &Charge<'_>, denials: &[NarrowDenial]) -> Finding {
    let model = facts.model;
    let denial = &denials[0];
    let sides = [charge.answers[0], denial.quoted_answer()];
    let outright = charges.outright_denials(charge, denial.party);
    let asked = charge.question(facts);
    let message = format!(
        "{}: {}, answered with {}, which leaves the charge possible{}",
        model.question_in_words(asked),
        facts.quote_answer(sides[0]),
        denial.in_words(facts),
        if outright.is_empty() { "" } else { "; the charge itself is also denied" },
    );
    let mut finding = Finding::new(RULE.id, RULE.grade, message);
    for answer in sides {
        finding = finding.at(facts.value_location(facts.claim_of(answer)), facts.label(answer));
    }
    let mut questions = vec![asked, model.answers.question[sides[1].index()]];
    questions.dedup();
    let mut evidence = facts.evidence(&questions, &sides);
    let denied = denials.iter().flat_map(|denial| &denial.answers);
    let all = charge.answers.iter().chain(denied).chain(outright);
    evidence.also = all.map(|&answer| facts.claim_of(answer)).collect();
    evidence.also.sort_unstable();
    evidence.also.dedup();
    evidence.also.retain(|claim| !evidence.claims.contains(claim));
    evidence.steps = denial.steps(facts, charge.event);
    let accused = &model.actors[denial.party].name;
    let verb = if outright.is_empty() { "denies" } else { "still denies" };
    finding.on(evidence).help(format!("whether {accused} {verb} the charge itself"))
}

impl NarrowDenial {
    /// The answer that the finding quotes.
    fn quoted_answer(&self) -> AnswerId {
        self.answers[0]
    }

    /// The denial in the words of its source, with its speaker.
    fn in_words(&self, facts: &Facts<'_>) -> String {
        let model = facts.model;
        let answer = self.quoted_answer();
        let question = model.question(model.answers.question[answer.index()]);
        let speaker = &model.actors[facts.claim(facts.claim_of(answer)).by].name;
        let words = match model.answers.stance[answer.index()] {
            Stance::Denies if model.is_any(answer) => "a denial of any".to_owned(),
            Stance::Denies => format!("a denial of `{}`", model.answer_in_words(answer)),
            _ => format!("`{}`", model.answer_in_words(answer)),
        };
        match (self.kind, question.population) {
            (DenialKind::Target, _) => format!("{words} as target ({speaker})"),
            (DenialKind::Count, Some(population)) => {
                let measure = &model.measures[question.measure].name;
                format!("{words} {} {measure} ({speaker})", model.populations[population].name)
            }
            _ => format!("{words} for {} ({speaker})", model.subject_in_words(self.event)),
        }
    }

    /// The harm that is denied, in words: `hitting civilians`.
    fn denied_harm(&self, facts: &Facts<'_>) -> String {
        let model = facts.model;
        let question = model.question(model.answers.question[self.quoted_answer().index()]);
        let people = question.population.filter(|&id| model.populations.name(id) != "people");
        let people = people.map(|id| &model.populations[id].name);
        let is_hit =
            ["killed", "injured", "casualties"].contains(&model.measures.name(question.measure).as_str());
        match (is_hit, people) {
            (true, Some(people)) => format!("hitting {people}"),
            (true, None) => "hitting anybody".to_owned(),
            (false, Some(people)) => format!("any {people} {}", model.measures[question.measure].name),
            (false, None) => format!("anybody {}", model.measures[question.measure].name),
        }
    }

    /// Why the denial does not answer the charge, step by step.
    fn steps(&self, facts: &Facts<'_>, charged: SubjectId) -> Vec<String> {
        let [denied, charge] = [self.event, charged].map(|event| facts.model.subject_in_words(event));
        let is_part = facts.graph.events.is_within(self.event, charged);
        let nesting = if is_part {
            format!("{denied} is part of {charge}")
        } else {
            format!("{charge} is part of {denied}")
        };
        let mut steps: Vec<String> = Some(nesting).filter(|_| self.event != charged).into_iter().collect();
        let nature = facts.model.subjects[charged].nature.as_deref().unwrap_or("event").replace('-', " ");
        let step = match self.kind {
            DenialKind::Target => format!("a denial of a target is not a denial of the {nature}"),
            DenialKind::Count => {
                format!("a denial of {} is not a denial of the {nature}", self.denied_harm(facts))
            }
            DenialKind::Responsible => {
                "a party with no part in the smaller event may have had a part in the larger one".to_owned()
            }
        };
        steps.push(step);
        steps
    }
}
