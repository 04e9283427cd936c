//! The references of an entry to names, each with its role.

use smol_str::SmolStr;

use crate::document::Document;
use crate::document::mention::{IN_FIGURES, ITEMS, Kind, Mention};
use crate::id::NameId;

/// A kind and a name. The kind is none for an id in a value, which may name things of several kinds.
pub(super) type NameKey = (Option<Kind>, SmolStr);

/// A reference of an entry to a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reference {
    pub(super) name: NameId,
    pub(super) role: Role,
}

/// How an entry depends on a thing that it mentions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Role {
    /// Findings on either one may depend on claims about the other.
    Coupled,
    /// The entry is a part of the thing. They are coupled if the thing, or a whole that it is part of, has claims.
    Part,
    /// The definition of the thing is needed to read the entry and to word findings on it.
    Requires,
    /// The thing only has to exist: an event's place, or an event that the entry differs from (`apart-from`).
    Sibling,
    /// The thing is only mentioned.
    MentionOnly,
}

/// The names that an entry refers to: by its mentions, through its source if it is a claim, and as the target of a
/// response that may be a claim or a question.
pub(super) fn references_of(
    kind: Kind,
    mentions: &[Mention],
    document: &Document,
    source: Option<&SmolStr>,
    at: usize,
) -> Vec<(NameKey, Role)> {
    let mut references: Vec<(NameKey, Role)> = Vec::with_capacity(mentions.len() + 1);
    for mention in mentions {
        if mention.kinds == ITEMS {
            references.push(((None, mention.name.clone()), Role::Requires));
            continue;
        }
        for &mentioned in mention.kinds {
            references.push(((Some(mentioned), mention.name.clone()), role(kind, mention, mentioned)));
        }
    }
    if kind == Kind::Claim {
        references.extend(source.map(|source| ((Some(Kind::Source), source.clone()), Role::Requires)));
        let first = document.first_claim();
        if let Some((_, targets)) = &document.claims[at - first].body.response {
            // `A/B` is a claim or a question; only the other files show which.
            for target in targets {
                add_claim(&target.value, source, &mut references);
                if target.value.contains(['/', '@']) {
                    add_question(&target.value, &mut references);
                }
            }
        }
    }
    references.sort_unstable();
    references.dedup();
    references
}

/// The role of a mention of a thing of kind `mentioned`, in an entry of kind `entry`.
fn role(entry: Kind, mention: &Mention, mentioned: Kind) -> Role {
    match (entry, mention.key, mentioned) {
        (_, "saw", _) => Role::MentionOnly,
        (Kind::Claim | Kind::Review, _, Kind::Subject | Kind::Claim)
            if mention.key != "value" || mention.kinds == IN_FIGURES =>
        {
            Role::Coupled
        }
        (Kind::Subject, "part-of", _) => Role::Part,
        (Kind::Subject, "overlaps" | "after" | "beside", _) => Role::Coupled,
        (Kind::Subject, "place" | "apart-from", _) => Role::Sibling,
        _ => Role::Requires,
    }
}

/// Adds a claim, given by its name within the source `own` or by its full name.
fn add_claim(name: &str, own: Option<&SmolStr>, references: &mut Vec<(NameKey, Role)>) {
    let full = match (name.split_once('/'), own) {
        (Some((source, _)), _) => {
            references.push(((Some(Kind::Source), source.into()), Role::Requires));
            name.into()
        }
        (None, Some(own)) => format!("{own}/{name}").into(),
        (None, None) => return,
    };
    references.push(((Some(Kind::Claim), full), Role::Coupled));
}

/// Adds the subject, measure and population in the name of a question.
fn add_question(name: &str, references: &mut Vec<(NameKey, Role)>) {
    let parts =
        [(Kind::Subject, Role::Coupled), (Kind::Measure, Role::Requires), (Kind::Population, Role::Requires)];
    let question = name.split('@').next().unwrap_or_default();
    for (id, (kind, role)) in question.split('/').zip(parts) {
        references.push(((Some(kind), id.into()), role));
    }
}
