//! Collects the findings of rules. Rules that the settings turn off, findings that a claim silences, and lints above the
//! limit are left out. A silenced finding is neither collected nor counted.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::Rule;
use crate::document::Name;
use crate::finding::{Collector, Finding, Limit};
use crate::id::{ClaimId, FileId};
use crate::model::Model;
use crate::source::Location;

/// The silences of all claims: which claim turns off which rule.
pub(super) struct Silences<'a> {
    model: &'a Model,
    /// The claims with a silence, in the order of their places in the files.
    claims: Vec<ClaimId>,
    allowed: FxHashSet<(ClaimId, SmolStr)>,
}

impl<'a> Silences<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        let mut claims: Vec<ClaimId> =
            model.claim_ids().filter(|&claim| !model.claim(claim).allow.is_empty()).collect();
        claims.sort_by_key(|&claim| start(model, claim));
        let names =
            |&claim: &ClaimId| model.claim(claim).allow.iter().map(move |name| (claim, name.value.clone()));
        let allowed = claims.iter().flat_map(names).collect();
        Self { model, claims, allowed }
    }

    /// The claim with a silence that contains a location.
    fn claim_around(&self, at: Location) -> Option<ClaimId> {
        let (model, claims) = (self.model, &self.claims);
        let behind = claims.partition_point(|&claim| start(model, claim) <= (at.file, at.span.start));
        let claim = *claims[..behind].last()?;
        let row = model.claim(claim);
        (row.location.file == at.file && at.span.end <= row.span.end).then_some(claim)
    }

    /// The silences that are not among `used`, in the order of claims.
    pub(super) fn unused(&self, used: &FxHashSet<(ClaimId, SmolStr)>) -> Vec<(ClaimId, Name)> {
        let names = |&claim: &ClaimId| self.model.claim(claim).allow.iter().map(move |name| (claim, name));
        let all = self.claims.iter().flat_map(names);
        let mut unused: Vec<(ClaimId, Name)> = all
            .filter(|(claim, name)| !used.contains(&(*claim, name.value.clone())))
            .map(|(claim, name)| (claim, name.clone()))
            .collect();
        unused.sort_by_key(|(claim, name)| (*claim, name.span));
        unused
    }
}

/// The file and byte where a claim begins. The texts of two claims never overlap.
fn start(model: &Model, claim: ClaimId) -> (FileId, u32) {
    let row = model.claim(claim);
    (row.location.file, row.span.start)
}

/// The findings of rules, without silenced ones.
pub struct Findings<'a> {
    silences: &'a Silences<'a>,
    /// The rules that the settings turn off.
    off: &'a FxHashSet<&'static str>,
    pub(super) collector: Collector,
    /// The silences that have silenced a finding.
    pub(super) used: FxHashSet<(ClaimId, SmolStr)>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(silences: &'a Silences<'a>, off: &'a FxHashSet<&'static str>, limit: Limit) -> Self {
        Self { silences, off, collector: Collector::new(limit), used: FxHashSet::default() }
    }

    /// An empty collection with the same silences and limit.
    pub(super) fn empty_copy(&self) -> Self {
        Self {
            silences: self.silences,
            off: self.off,
            collector: self.collector.like(),
            used: FxHashSet::default(),
        }
    }

    /// Adds the findings and used silences of another collection.
    pub(super) fn merge(&mut self, other: Self) {
        self.collector.merge(other.collector);
        self.used.extend(other.used);
    }

    /// Adds a finding, unless its rule is turned off or one of its claims silences it.
    pub fn push(&mut self, finding: Finding) {
        if self.off.contains(finding.rule) {
            return;
        }
        let is_silenced = match finding.claims() {
            [] => {
                finding.labels.first().is_some_and(|label| self.is_silenced_at(finding.rule, label.location))
            }
            claims => {
                // All of them are marked as used, not only the first.
                let silenced = claims.iter().filter(|&&claim| self.is_silenced_by(finding.rule, claim));
                silenced.count() > 0
            }
        };
        if !is_silenced {
            self.collector.push(finding);
        }
    }

    /// Adds a lint whose first label is at `at`. `make` runs only if the lint is kept.
    pub(super) fn push_lint(&mut self, rule: &Rule, at: Location, make: impl FnOnce() -> Finding) {
        if !self.off.contains(rule.id) && !self.is_silenced_at(rule.id, at) {
            self.collector.push_with(rule.id, at, make);
        }
    }

    fn is_silenced_at(&mut self, rule: &'static str, at: Location) -> bool {
        self.silences.claim_around(at).is_some_and(|claim| self.is_silenced_by(rule, claim))
    }

    /// Whether a claim silences a rule. If so, the silence is marked as used.
    fn is_silenced_by(&mut self, rule: &'static str, claim: ClaimId) -> bool {
        if self.silences.claims.is_empty() {
            return false;
        }
        let silence = (claim, SmolStr::new_static(rule));
        let is_silenced = self.silences.allowed.contains(&silence);
        if is_silenced {
            self.used.insert(silence);
        }
        is_silenced
    }
}

impl Extend<Finding> for Findings<'_> {
    fn extend<I: IntoIterator<Item = Finding>>(&mut self, findings: I) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }
}
