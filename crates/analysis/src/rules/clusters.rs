//! Clusters of entries that are all alike. A large cluster is one finding, because one finding for each pair would be too
//! many. The rules on names decide which entries are alike.

use rustc_hash::FxHashMap;

use super::Rule;
use crate::finding::Finding;
use crate::source::Location;
use gainsay_reading::names::UnionFind;

/// A cluster of at most this many entries is reported pair by pair.
pub(super) const MAX_PAIRWISE: usize = 8;
/// How many members of a larger cluster get a label; the finding says how many more there are.
const MAX_LABELS: usize = 8;

/// Pairs that are reported in one finding.
pub(super) enum Cluster<'a, P> {
    /// One pair of a cluster of at most [`MAX_PAIRWISE`] entries.
    Pair(&'a P),
    /// All pairs of a larger cluster, in the order in which they were found.
    Large(Vec<&'a P>),
}

/// Groups pairs of `entries` entries into clusters, in the order of the pairs; a large cluster takes the place of its first
/// pair. `ends` gives the two entries of a pair.
pub(super) fn clusters<P>(
    entries: usize,
    pairs: &[P],
    ends: impl Fn(&P) -> [usize; 2],
) -> Vec<Cluster<'_, P>> {
    let mut together = UnionFind::new(entries);
    for [one, other] in pairs.iter().map(&ends) {
        together.join(one, other);
    }
    let mut clusters = Vec::new();
    let mut large: FxHashMap<usize, usize> = FxHashMap::default();
    for pair in pairs {
        let [one, _] = ends(pair);
        if together.size(one) <= MAX_PAIRWISE {
            clusters.push(Cluster::Pair(pair));
            continue;
        }
        let at = *large.entry(together.set_of(one)).or_insert_with(|| {
            clusters.push(Cluster::Large(Vec::new()));
            clusters.len() - 1
        });
        if let Cluster::Large(large) = &mut clusters[at] {
            large.push(pair);
        }
    }
    clusters
}

/// One entry of a large cluster.
pub(super) struct ClusterMember<'a> {
    /// The location of its name.
    pub(super) at: Location,
    /// Its id.
    pub(super) id: &'a str,
    /// The text of the label at that location.
    pub(super) label: String,
}

/// A finding on a large cluster. `example` names the first two entries that were found and says why they are alike.
pub(super) fn finding(
    rule: &Rule,
    word: &str,
    mut members: Vec<ClusterMember<'_>>,
    example: &str,
) -> Finding {
    members.sort_by_key(|member| (member.at, member.id));
    let count = members.len();
    let message = format!("{count} {word}s may include duplicates: {example}");
    let mut finding = Finding::new(rule.id, rule.grade, message);
    let ids = [members[0].id, members[count - 1].id].map(str::to_owned);
    for ClusterMember { at, label, .. } in members.into_iter().take(MAX_LABELS) {
        finding = finding.at(at, label);
    }
    let [first, last] = ids;
    finding = finding
        .note(format!("each of them, from `{first}` to `{last}`, has a name like that of another one"));
    if let Some(more) = count.checked_sub(MAX_LABELS).filter(|&more| more > 0) {
        finding = finding.note(format!("{more} more are not shown"));
    }
    finding
}
