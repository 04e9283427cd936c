//! Parties whose answers to a question with room for many answers have nothing in common.

use std::collections::BTreeMap;
use std::mem::{Discriminant, discriminant};

use rustc_hash::FxHashSet;

use super::{Facts, Findings, MAX_PAIRS, Rule, Scope, Weight};
use crate::document::{MeasureType, Stance};
use crate::finding::{Finding, Grade};
use crate::id::{ActorId, AnswerId, ClaimId, Id as _, QuestionId, SourceId};
use crate::model::{ChoiceItem, Claim, Value};
use crate::reason::{ChoiceAnswer, MarkedItems};

pub(super) static RULE: Rule = Rule {
    id: "accounts-vary",
    grade: Grade::Note,
    summary: "parties whose answers to one question have nothing in common, but can all be true",
    weight: Weight::Answer,
    scope: Scope::Claims,
    since: "0.1.0",
    doc: DOC,
    check,
};

const DOC: &str = r"
Some questions have room for many answers: who is responsible, what was hit, what came of the talks. One
answer does not exclude another. But if the answers of two parties have nothing in common, readers of one do
not learn what the other says.

An answer and a part of it have something in common, such as a province and a town in it. So do two actors who
speak for the same party.

The finding is a note. It is a tension if each of the two parties names the other.

The rule leaves answers that somebody denies to `denied`, and targets that exclude each other to
`rival-characterisation`. It does not compare things of different kinds, such as an armed group and a camp.
It also does not compare an outlet's own account with a speaker quoted in the same source, because that source
reports both.

Bad:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { talks: { date: 2026-02-22 } }
terms: { ceasefire: {}, failure: {} }
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
  north-outcome: { by: north, about: talks, measure: outcome, value: ceasefire }
  south-outcome: { by: south, about: talks, measure: outcome, value: failure }
```

Good:

```yaml
actors: { north: {}, south: {}, paper: {} }
events: { talks: { date: 2026-02-22 } }
terms: { ceasefire: {}, exchange: {} }
source: { id: paper-1, publisher: paper, published: 2026-02-24 }
claims:
  north-outcome: { by: north, about: talks, measure: outcome, value: ceasefire }
  south-outcome: { by: south, about: talks, measure: outcome, value: [ceasefire, exchange] }
```
";

fn check(facts: &Facts<'_>, findings: &mut Findings<'_>) {
    for question in facts.model.question_ids() {
        let measure = facts.model.measure_of(question);
        if measure.kind == MeasureType::Choice && !measure.single {
            findings.extend(without_overlap(facts, question));
        }
    }
}

/// All current answers of one party to one question.
struct PartyAccount {
    party: ActorId,
    /// The items that it names, sorted and without duplicates. An actor is replaced by the party it speaks for.
    items: Vec<ChoiceItem>,
    /// Its answers, sorted by date.
    answers: Vec<AnswerId>,
    /// The sources of its answers.
    sources: FxHashSet<SourceId>,
    /// Those of its sources in which an outlet speaks in its own voice.
    own_voice: FxHashSet<SourceId>,
}

impl PartyAccount {
    fn new(party: ActorId) -> Self {
        Self {
            party,
            items: Vec::new(),
            answers: Vec::new(),
            sources: FxHashSet::default(),
            own_voice: FxHashSet::default(),
        }
    }

    /// Whether one source contains both accounts, and one of them is the outlet's own. An outlet that reports both does
    /// not reject either.
    fn is_reported_together(&self, other: &Self) -> bool {
        let overlap = |a: &FxHashSet<SourceId>, b: &FxHashSet<SourceId>| {
            let (smaller, larger) = if a.len() < b.len() { (a, b) } else { (b, a) };
            smaller.iter().any(|source| larger.contains(source))
        };
        overlap(&self.own_voice, &other.sources) || overlap(&self.sources, &other.own_voice)
    }
}

/// The kind of an item, such as actor or place, without the item itself.
type ItemKind = Discriminant<ChoiceItem>;

/// The finding on a question, if two accounts have nothing in common.
fn without_overlap(facts: &Facts<'_>, question: QuestionId) -> Option<Finding> {
    let accounts = accounts(facts, question);
    if accounts.len() < 2 {
        return None;
    }
    let comparison = AccountComparison {
        facts,
        skips_rivals: facts.model.measures.name(facts.model.question(question).measure) == "target",
    };
    let mutual = comparison.naming_each_other(&accounts);
    let [one, other] = mutual.or_else(|| comparison.first_apart(question, &accounts))?;
    let from_one = comparison.apart_from(&accounts[one]);
    let from_other = comparison.apart_from(&accounts[other]);
    let also = accounts.iter().filter(|account| from_one(account) || from_other(account));
    let also = also.flat_map(|account| &account.answers).map(|&answer| facts.claim_of(answer)).collect();
    Some(finding(facts, question, [&accounts[one], &accounts[other]], mutual.is_some(), also))
}

/// The accounts of all parties, sorted by date, without those that somebody denies in part.
fn accounts(facts: &Facts<'_>, question: QuestionId) -> Vec<PartyAccount> {
    let answers = &facts.model.answers;
    let mut by_party: BTreeMap<ActorId, PartyAccount> = BTreeMap::new();
    let mut denied: FxHashSet<ChoiceItem> = FxHashSet::default();
    for answer in facts.model.answers_to(question) {
        let Value::Choice(items) = &answers.value[answer.index()] else { continue };
        if !facts.reasoning.current[answer.index()] {
            continue;
        }
        match answers.stance[answer.index()] {
            Stance::Denies => denied.extend(items.iter().map(|&item| as_party(facts, item))),
            Stance::Asserts => {
                let claim = facts.claim_of(answer);
                let Claim { party, source, .. } = *facts.claim(claim);
                let account = by_party.entry(party).or_insert_with(|| PartyAccount::new(party));
                account.sources.insert(source);
                if facts.model.is_own_voice(claim) {
                    account.own_voice.insert(source);
                }
                account.items.extend(items.iter().map(|&item| as_party(facts, item)));
                account.answers.push(answer);
            }
            Stance::Declines => {}
        }
    }
    let mut accounts: Vec<PartyAccount> = by_party.into_values().collect();
    for account in &mut accounts {
        account.items.sort_unstable();
        account.items.dedup();
        account.answers.sort_by_key(|&answer| by_date(facts, answer));
    }
    let denied = MarkedItems::new(facts.graph, denied.into_iter().map(|item| (item, ())));
    let is_denied = |&item: &ChoiceItem| denied.has_around(item);
    accounts.retain(|account| !account.items.iter().any(is_denied));
    accounts.sort_by_key(|account| by_date(facts, account.answers[0]));
    accounts
}

/// The key that sorts answers by date, then by claim.
fn by_date(facts: &Facts<'_>, answer: AnswerId) -> impl Ord + use<> {
    let claim = facts.claim_of(answer);
    (facts.claim(claim).said_on(), claim)
}

/// Replaces an actor by the party it speaks for; other items stay the same.
fn as_party(facts: &Facts<'_>, item: ChoiceItem) -> ChoiceItem {
    match item {
        ChoiceItem::Actor(actor) => ChoiceItem::Actor(facts.model.actors[actor].party),
        _ => item,
    }
}

/// Compares the accounts of one question.
struct AccountComparison<'a> {
    facts: &'a Facts<'a>,
    /// Whether another rule reports accounts that exclude each other.
    skips_rivals: bool,
}

impl AccountComparison<'_> {
    /// The first two accounts that have nothing in common, among the first [`MAX_PAIRS`] pairs. Of several accounts with the
    /// same items only the first is compared.
    fn first_apart(&self, question: QuestionId, accounts: &[PartyAccount]) -> Option<[usize; 2]> {
        let mut seen: FxHashSet<&[ChoiceItem]> = FxHashSet::default();
        let different = (0..accounts.len()).filter(|&at| seen.insert(&accounts[at].items));
        let mut left = MAX_PAIRS;
        for one in different {
            let is_apart = self.apart_from(&accounts[one]);
            if let Some(other) = accounts.iter().position(is_apart) {
                return Some([one.min(other), one.max(other)]);
            }
            left = left.saturating_sub(accounts.len());
            if left == 0 {
                self.facts.note_unsearched(question);
                return None;
            }
        }
        None
    }

    /// The first two accounts that have nothing in common and whose parties name each other.
    fn naming_each_other(&self, accounts: &[PartyAccount]) -> Option<[usize; 2]> {
        let index_by_party: BTreeMap<ActorId, usize> =
            accounts.iter().enumerate().map(|(at, account)| (account.party, at)).collect();
        accounts.iter().enumerate().find_map(|(at, one)| {
            let named = one.items.iter().filter_map(|item| match item {
                ChoiceItem::Actor(named) => index_by_party.get(named).copied().filter(|&other| other > at),
                _ => None,
            });
            let is_mutual =
                |other: &usize| accounts[*other].items.binary_search(&ChoiceItem::Actor(one.party)).is_ok();
            let mutual: Vec<usize> = named.filter(is_mutual).collect();
            let is_apart = Some(()).filter(|()| !mutual.is_empty()).map(|()| self.apart_from(one))?;
            mutual.into_iter().find(|&other| is_apart(&accounts[other])).map(|other| [at, other])
        })
    }

    /// A predicate: whether another account has nothing in common with `one`, although both name items of the same kind.
    fn apart_from<'s>(&'s self, one: &'s PartyAccount) -> impl Fn(&PartyAccount) -> bool + 's {
        let graph = self.facts.graph;
        let kinds: FxHashSet<ItemKind> = one.items.iter().map(discriminant).collect();
        let marked = MarkedItems::new(graph, one.items.iter().map(|&item| (item, ())));
        move |other| {
            let answer = ChoiceAnswer::new(graph, &one.items);
            let is_comparable = other.items.iter().any(|item| kinds.contains(&discriminant(item)));
            let is_left_to_other_rule =
                || self.skips_rivals && answer.is_rival(&ChoiceAnswer::new(graph, &other.items));
            let has_overlap =
                || other.items.iter().any(|&item| marked.has_nested(item)) || one.is_reported_together(other);
            is_comparable && !has_overlap() && !is_left_to_other_rule()
        }
    }
}

fn finding(
    facts: &Facts<'_>,
    question: QuestionId,
    sides: [&PartyAccount; 2],
    is_mutual: bool,
    also: Vec<ClaimId>,
) -> Finding {
    let answers = comparable(facts, sides);
    let [one, other] = answers.map(|answer| facts.quote_answer(answer));
    let asked = facts.model.question_in_words(question);
    let (grade, message) = if is_mutual {
        (Grade::Tension, format!("{asked}: {one}, against {other}: each names the other"))
    } else {
        (RULE.grade, format!("{asked}: {one} and {other} differ"))
    };
    let mut finding = Finding::new(RULE.id, grade, message);
    for answer in answers {
        finding = finding.at(facts.value_location(facts.claim_of(answer)), facts.label(answer));
    }
    let mut evidence = facts.evidence(&[question], &answers);
    evidence.also = also;
    evidence.also.sort_unstable();
    evidence.also.dedup();
    evidence.also.retain(|claim| !evidence.claims.contains(claim));
    evidence
        .steps
        .push("the question has room for many answers: both may hold, and nobody denies either".to_owned());
    finding.on(evidence).help("whether either party rejects the answer of the other")
}

/// The first answers that name items of the same kind, one from each account.
fn comparable(facts: &Facts<'_>, sides: [&PartyAccount; 2]) -> [AnswerId; 2] {
    let kinds_of = |answer: &AnswerId| -> Vec<ItemKind> {
        match &facts.model.answers.value[answer.index()] {
            Value::Choice(items) => items.iter().map(discriminant).collect(),
            _ => Vec::new(),
        }
    };
    let [one, other] = sides;
    let other_kinds: FxHashSet<ItemKind> = other.items.iter().map(discriminant).collect();
    let first_of_one = one.answers.iter().find_map(|answer| {
        let kind = kinds_of(answer).into_iter().find(|kind| other_kinds.contains(kind))?;
        Some((*answer, kind))
    });
    let (first, kind) = first_of_one.map_or((one.answers[0], None), |(answer, kind)| (answer, Some(kind)));
    let second =
        other.answers.iter().find(|answer| kind.is_some_and(|kind| kinds_of(answer).contains(&kind)));
    [first, second.copied().unwrap_or(other.answers[0])]
}
