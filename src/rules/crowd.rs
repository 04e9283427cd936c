//! Things of which so many are alike that they are told at once: pair by pair they would be as many findings as there
//! are pairs. Which are alike is for the rules on names.

use rustc_hash::FxHashMap;

use super::Rule;
use crate::finding::Finding;
use crate::names::Together;
use crate::source::Location;

/// So many things that hang together are still told pair by pair.
pub(super) const FEW: usize = 8;
/// How many of more are marked in the text; the finding says how many it leaves out.
const SHOWN: usize = 8;

/// What is told at once.
pub(super) enum Set<'a, P> {
    /// A pair of which no more than [`FEW`] things hang together.
    Few(&'a P),
    /// All pairs of one larger set, the first found first.
    Many(Vec<&'a P>),
}

/// Pairs by what is told at once: in their order, those of a larger set where the first of them stands.
pub(super) fn sets<P>(things: usize, pairs: &[P], ends: impl Fn(&P) -> [usize; 2]) -> Vec<Set<'_, P>> {
    let mut together = Together::new(things);
    for [one, other] in pairs.iter().map(&ends) {
        together.join(one, other);
    }
    let mut sets = Vec::new();
    let mut large: FxHashMap<usize, usize> = FxHashMap::default();
    for pair in pairs {
        let [one, _] = ends(pair);
        if together.size(one) <= FEW {
            sets.push(Set::Few(pair));
            continue;
        }
        let at = *large.entry(together.set_of(one)).or_insert_with(|| {
            sets.push(Set::Many(Vec::new()));
            sets.len() - 1
        });
        if let Set::Many(many) = &mut sets[at] {
            many.push(pair);
        }
    }
    sets
}

/// One of many that are alike.
pub(super) struct Member<'a> {
    /// Where its name stands.
    pub(super) at: Location,
    /// Its id.
    pub(super) id: &'a str,
    /// What is to be seen there.
    pub(super) label: String,
}

/// Things each of which may be one with another of them; `alike` says why the first two that were found may.
pub(super) fn tell(rule: &Rule, word: &str, mut members: Vec<Member<'_>>, alike: &str) -> Finding {
    members.sort_by_key(|member| (member.at, member.id));
    let many = members.len();
    let message = format!("{many} {word}s may be one or a few: {alike}");
    let mut finding = Finding::new(rule.id, rule.grade, message);
    let ids = [members[0].id, members[many - 1].id].map(str::to_owned);
    for Member { at, label, .. } in members.into_iter().take(SHOWN) {
        finding = finding.at(at, label);
    }
    let [first, last] = ids;
    finding = finding.note(format!("each of them, from `{first}` to `{last}`, is like another of them"));
    if let Some(more) = many.checked_sub(SHOWN).filter(|&more| more > 0) {
        finding = finding.note(format!("{more} more are not shown"));
    }
    finding
}
