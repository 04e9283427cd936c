//! Compares a workspace before and after a renaming: definitions, mentions, questions and answers must be the same
//! except for the name.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::{Kind, Renaming};
use crate::edit::{Refusal, verify};
use gainsay_analysis::dispute::ReviewStatus;
use gainsay_analysis::document::mention::Mention;
use gainsay_analysis::finding::{Edit, Finding, Grade};
use gainsay_analysis::id::{ActorId, AnswerId, FileId, Id as _};
use gainsay_analysis::model::{Base, ChoiceItem, Model, Value};
use gainsay_analysis::workspace::{Analysis, DefinitionIndex, Workspace};

/// Returns an error if the meaning of the files changes.
pub(super) fn check(
    renaming: &Renaming<'_>,
    (before, index, then): (&Workspace, &DefinitionIndex, &Analysis),
    (after, now): (&Workspace, &Analysis),
    edits: &[Edit],
) -> Result<(), Refusal> {
    if let Some(error) = first_new_error(then, now) {
        return Err(refusal(renaming, &error.message));
    }
    let indexed = DefinitionIndex::new(after);
    for (file, text) in before.files().iter() {
        let spans: Vec<_> = edits.iter().filter(|edit| edit.location.file == file).collect();
        if spans.is_empty() {
            continue;
        }
        let (read, again) = (verify::parse(text.text()), verify::parse(after.files()[file].text()));
        let is_meant =
            |span: gainsay_analysis::source::Span| spans.iter().any(|edit| span.holds(edit.location.span));
        if !verify::is_same_except(&read.tree, &again.tree, &is_meant)
            || !has_same_names(renaming, file, index, &indexed)
        {
            return Err(refusal(renaming, &format!("the meaning of `{}` would change", text.path())));
        }
    }
    let sorted = |mut said: Vec<String>| {
        said.sort_unstable();
        said
    };
    let was = SemanticDump { model: &then.model, renaming: Some(renaming) };
    let is = SemanticDump { model: &now.model, renaming: None };
    if sorted(was.all()) != sorted(is.all()) {
        return Err(refusal(renaming, "the answers of the claims would change"));
    }
    Ok(())
}

fn refusal(renaming: &Renaming<'_>, why: &str) -> Refusal {
    Refusal::Misread(format!("`{}` cannot be renamed to `{}`: {why}", renaming.from, renaming.to))
}

/// The first error that is new.
fn first_new_error<'f>(then: &Analysis, now: &'f Analysis) -> Option<&'f Finding> {
    fn errors(analysis: &Analysis) -> BTreeMap<&'static str, (Vec<&Finding>, usize)> {
        let mut by_rule: BTreeMap<&'static str, (Vec<&Finding>, usize)> = BTreeMap::new();
        for finding in analysis.findings.iter().filter(|finding| finding.grade == Grade::Error) {
            let (findings, count) = by_rule.entry(finding.rule).or_default();
            findings.push(finding);
            *count += 1;
        }
        for omitted in &analysis.omitted {
            if let Some((_, count)) = by_rule.get_mut(omitted.rule) {
                *count += omitted.count;
            }
        }
        by_rule
    }
    let before = errors(then);
    errors(now).into_iter().find_map(|(rule, (found, count))| {
        let (known, known_count) =
            before.get(rule).map_or((&[][..], 0), |(known, count)| (known.as_slice(), *count));
        let messages: FxHashSet<&str> = known.iter().map(|known| known.message.as_str()).collect();
        let is_new = |finding: &&Finding| !messages.contains(finding.message.as_str());
        (count > known_count).then(|| found.iter().copied().find(is_new).unwrap_or(found[0]))
    })
}

/// Whether a file defines and mentions the same things, except for the name.
fn has_same_names(
    renaming: &Renaming<'_>,
    file: FileId,
    before: &DefinitionIndex,
    after: &DefinitionIndex,
) -> bool {
    let (then, now) = (before.of(file), after.of(file));
    let same_mention = |(a, b): (&Mention, &Mention)| {
        let is_clear = a.is_sure() && !matches!(a.key, "value" | "figure");
        // If the file alone does not show what is meant, the answers are compared instead.
        let is_same_name = !is_clear || b.name == renaming.renamed(a.kinds[0], &a.name);
        is_same_name && a.kinds == b.kinds && (a.key, a.within) == (b.key, b.within)
    };
    then.definitions.len() == now.definitions.len()
        && then.mentions.len() == now.mentions.len()
        && then
            .definitions
            .iter()
            .zip(&now.definitions)
            .all(|(a, b)| a.kind == b.kind && renaming.renamed(a.kind, &a.name) == b.name)
        && then.mentions.iter().zip(&now.mentions).all(same_mention)
}

/// Writes the answers and reviews of a model as lines, with the names after the renaming.
struct SemanticDump<'a> {
    model: &'a Model,
    renaming: Option<&'a Renaming<'a>>,
}

impl SemanticDump<'_> {
    fn all(&self) -> Vec<String> {
        let model = self.model;
        let answers = (0..model.answers.len()).map(|at| self.answer(AnswerId::new(at)));
        let reviews = model.reviews.iter().map(|review| {
            let asked = review.question.map(|question| self.question(&model.question_name(question)));
            format!("{} {asked:?} {:?}", self.display_name(Kind::Review, &review.id), review.verdict)
        });
        answers.chain(reviews).collect()
    }

    fn display_name(&self, kind: Kind, name: &str) -> String {
        self.renaming.map_or_else(|| name.to_owned(), |renaming| renaming.renamed(kind, name).to_string())
    }

    fn question(&self, name: &str) -> String {
        self.renaming.map_or_else(|| name.to_owned(), |renaming| renaming.renamed_question(name))
    }

    fn actor(&self, actor: ActorId) -> String {
        self.display_name(Kind::Actor, self.model.actors.name(actor))
    }

    /// One answer: its claim, question, stance, value, origin and actors.
    fn answer(&self, answer: AnswerId) -> String {
        let (model, at) = (self.model, answer.index());
        let claim = model.answers.claim[at];
        let row = model.claim(claim);
        let claim = self.display_name(Kind::Claim, &model.claim_name(claim));
        let origin = self.display_name(Kind::Claim, &model.claim_name(model.answers.origin[at]));
        let question = self.question(&model.question_name(model.answers.question[at]));
        let (stance, value) = (model.answers.stance[at], self.value(&model.answers.value[at]));
        format!(
            "{claim} {question} {stance:?} {value} {origin} {} {} {:?}",
            self.actor(row.by),
            self.actor(row.party),
            row.via.iter().chain(&row.attributes_to).map(|&via| self.actor(via)).collect::<Vec<_>>()
        )
    }

    fn value(&self, value: &Value) -> String {
        match value {
            Value::Share(share, population) => {
                let of = self.display_name(Kind::Population, self.model.populations.name(*population));
                format!("share {} {} {} {of}", share.words, share.low, share.high)
            }
            Value::Change(change, base) => {
                let base = match base {
                    Base::Period(period) => period.to_string(),
                    Base::Subject(subject, period) => {
                        format!(
                            "{} {period:?}",
                            self.display_name(Kind::Subject, self.model.subjects.name(*subject))
                        )
                    }
                };
                format!("change {} {} {base}", change.low, change.high)
            }
            Value::Choice(items) => {
                let mut names: Vec<String> = items.iter().map(|item| self.item(*item)).collect();
                names.sort_unstable();
                names.join(" ")
            }
            other => format!("{other:?}"),
        }
    }

    fn item(&self, item: ChoiceItem) -> String {
        let model = self.model;
        let (kind, name) = match item {
            ChoiceItem::Actor(id) => (Kind::Actor, model.actors.name(id)),
            ChoiceItem::Place(id) => (Kind::Place, model.places.name(id)),
            ChoiceItem::Event(id) => (Kind::Subject, model.subjects.name(id)),
            ChoiceItem::Term(id) => (Kind::Term, model.terms.name(id)),
            ChoiceItem::Population(id) => (Kind::Population, model.populations.name(id)),
        };
        format!("{}/{}", kind.name(), self.display_name(kind, name))
    }
}

/// Returns an error if the review status of a dispute changes.
pub(super) fn check_review_statuses(
    renaming: &Renaming<'_>,
    then: &Analysis,
    now: &Analysis,
) -> Result<(), Refusal> {
    let statuses = |analysis: &Analysis, renaming: Option<&Renaming<'_>>| -> BTreeMap<String, ReviewStatus> {
        let statuses = SemanticDump { model: &analysis.model, renaming };
        let disputes = analysis.disputes.iter();
        let name = |question| statuses.question(&analysis.model.question_name(question));
        disputes.map(|dispute| (name(dispute.question), dispute.standing)).collect()
    };
    if statuses(then, Some(renaming)) == statuses(now, None) {
        return Ok(());
    }
    Err(refusal(renaming, "the status of a review would change"))
}
