//! What an entry has to do with what it mentions.

use smol_str::SmolStr;

use crate::document::Document;
use crate::document::mention::{IN_FIGURES, ITEMS, Kind, Mention};
use crate::id::NameId;

/// A kind and a name; without a kind what a value may name, of whatever kind.
pub(super) type Key = (Option<Kind>, SmolStr);

/// A mention of a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tie {
    pub(super) name: NameId,
    pub(super) role: Role,
}

/// What the one who mentions a thing has to do with it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Role {
    /// What is found of the one may hang on claims about the other, both ways.
    Bound,
    /// The one is part of the other: as bound, where anything is told of the other or of what that is part of.
    Part,
    /// The one is read and told by what the other is.
    Needs,
    /// The other is only named with it, and has to be there.
    Beside,
    /// The other is only named.
    Named,
}

/// The names that an entry mentions, with its role: those of its mentions, of the source a claim is made in, and of
/// what a response may decline to answer.
pub(super) fn of(
    kind: Kind,
    mentions: &[Mention],
    document: &Document,
    source: Option<&SmolStr>,
    at: usize,
) -> Vec<(Key, Role)> {
    let mut ties: Vec<(Key, Role)> = Vec::with_capacity(mentions.len() + 1);
    for mention in mentions {
        if mention.kinds == ITEMS {
            ties.push(((None, mention.name.clone()), Role::Needs));
            continue;
        }
        for &of in mention.kinds {
            ties.push(((Some(of), mention.name.clone()), role(kind, mention, of)));
        }
    }
    if kind == Kind::Claim {
        ties.extend(source.map(|source| ((Some(Kind::Source), source.clone()), Role::Needs)));
        let first = document.first_claim();
        if let Some((_, targets)) = &document.claims[at - first].body.response {
            // `A/B` is a claim or a question, which only the other files tell.
            for target in targets {
                claim(&target.value, source, &mut ties);
                if target.value.contains(['/', '@']) {
                    question(&target.value, &mut ties);
                }
            }
        }
    }
    ties.sort_unstable();
    ties.dedup();
    ties
}

fn role(of: Kind, mention: &Mention, kind: Kind) -> Role {
    match (of, mention.key, kind) {
        (_, "saw", _) => Role::Named,
        (Kind::Claim | Kind::Review, _, Kind::Subject | Kind::Claim)
            if mention.key != "value" || mention.kinds == IN_FIGURES =>
        {
            Role::Bound
        }
        (Kind::Subject, "part-of", _) => Role::Part,
        (Kind::Subject, "overlaps" | "after" | "beside", _) => Role::Bound,
        (Kind::Subject, "place" | "apart-from", _) => Role::Beside,
        _ => Role::Needs,
    }
}

/// A claim by its name within the source, or by its full name.
fn claim(name: &str, own: Option<&SmolStr>, ties: &mut Vec<(Key, Role)>) {
    let full = match (name.split_once('/'), own) {
        (Some((source, _)), _) => {
            ties.push(((Some(Kind::Source), source.into()), Role::Needs));
            name.into()
        }
        (None, Some(own)) => format!("{own}/{name}").into(),
        (None, None) => return,
    };
    ties.push(((Some(Kind::Claim), full), Role::Bound));
}

/// The parts of a name of a question.
fn question(name: &str, ties: &mut Vec<(Key, Role)>) {
    let parts = [(Kind::Subject, Role::Bound), (Kind::Measure, Role::Needs), (Kind::Population, Role::Needs)];
    let asked = name.split('@').next().unwrap_or_default();
    for (id, (kind, role)) in asked.split('/').zip(parts) {
        ties.push(((Some(kind), id.into()), role));
    }
}
