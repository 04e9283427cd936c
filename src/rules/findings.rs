//! Where rules put what they find: without what the settings turn off and what claims silence, and of each lint no more
//! than a limit allows. A silenced finding is neither collected nor counted.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::Rule;
use crate::document::Name;
use crate::finding::{Collector, Finding, Limit};
use crate::id::{ClaimId, FileId};
use crate::model::Model;
use crate::source::Location;

/// The rules that claims silence.
pub(super) struct Silences<'a> {
    model: &'a Model,
    /// The claims that silence something, in the order of their texts.
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

    /// The one of these claims in whose text a place lies.
    fn around(&self, at: Location) -> Option<ClaimId> {
        let (model, claims) = (self.model, &self.claims);
        let behind = claims.partition_point(|&claim| start(model, claim) <= (at.file, at.span.start));
        let claim = *claims[..behind].last()?;
        let row = model.claim(claim);
        (row.location.file == at.file && at.span.end <= row.span.end).then_some(claim)
    }

    /// The silences that silence nothing, given those that do, in the order of claims.
    pub(super) fn idle(&self, used: &FxHashSet<(ClaimId, SmolStr)>) -> Vec<(ClaimId, Name)> {
        let names = |&claim: &ClaimId| self.model.claim(claim).allow.iter().map(move |name| (claim, name));
        let all = self.claims.iter().flat_map(names);
        let mut idle: Vec<(ClaimId, Name)> = all
            .filter(|(claim, name)| !used.contains(&(*claim, name.value.clone())))
            .map(|(claim, name)| (claim, name.clone()))
            .collect();
        idle.sort_by_key(|(claim, name)| (*claim, name.span));
        idle
    }
}

/// Where the text of a claim begins; the texts of two claims share nothing.
fn start(model: &Model, claim: ClaimId) -> (FileId, u32) {
    let row = model.claim(claim);
    (row.location.file, row.span.start)
}

/// What rules find.
pub struct Findings<'a> {
    silences: &'a Silences<'a>,
    /// The rules that the settings turn off.
    off: &'a FxHashSet<&'static str>,
    pub(super) collector: Collector,
    /// The silences that silenced something.
    pub(super) used: FxHashSet<(ClaimId, SmolStr)>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(silences: &'a Silences<'a>, off: &'a FxHashSet<&'static str>, limit: Limit) -> Self {
        Self { silences, off, collector: Collector::new(limit), used: FxHashSet::default() }
    }

    /// The same without anything in it.
    pub(super) fn like(&self) -> Self {
        Self {
            silences: self.silences,
            off: self.off,
            collector: self.collector.like(),
            used: FxHashSet::default(),
        }
    }

    /// Takes over what was found elsewhere.
    pub(super) fn merge(&mut self, other: Self) {
        self.collector.merge(other.collector);
        self.used.extend(other.used);
    }

    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) {
        if self.off.contains(finding.rule) {
            return;
        }
        let is_silenced = match finding.claims() {
            [] => {
                finding.labels.first().is_some_and(|label| self.is_silenced_at(finding.rule, label.location))
            }
            claims => {
                // Each of them is used.
                let silenced = claims.iter().filter(|&&claim| self.is_silenced_by(finding.rule, claim));
                silenced.count() > 0
            }
        };
        if !is_silenced {
            self.collector.push(finding);
        }
    }

    /// Adds a lint of a rule whose first label is at a place; it is made only to be collected.
    pub(super) fn push_lint(&mut self, rule: &Rule, at: Location, make: impl FnOnce() -> Finding) {
        if !self.off.contains(rule.id) && !self.is_silenced_at(rule.id, at) {
            self.collector.push_with(rule.id, at, make);
        }
    }

    fn is_silenced_at(&mut self, rule: &'static str, at: Location) -> bool {
        self.silences.around(at).is_some_and(|claim| self.is_silenced_by(rule, claim))
    }

    /// Whether a claim silences a rule, which is noted.
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
