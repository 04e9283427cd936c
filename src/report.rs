//! What every report shows: an analysis, and the part of it that was asked for.
//!
//! Each format is a module of its own with its own output structures. Reports choose and word; they find
//! nothing out.

pub mod csv;
pub mod explain;
pub mod graph;
mod hidden;
pub mod html;
pub mod json;
pub(crate) mod json_text;
pub mod markdown;
pub mod omitted;
mod outline;
pub mod sarif;
pub mod show;
pub mod snippets;
mod terminal;
pub mod suggestions;
pub mod text;
mod wording;

pub use outline::unsearched;
pub(crate) use wording::answers_of;

use crate::dispute::summary::Counts;
use crate::dispute::{Dispute, ReviewStatus};
use crate::finding::{Finding, Grade, Omitted};
use crate::id::{ActorId, ClaimId, Id as _, SourceId, SubjectId};
use crate::source::Files;
use crate::workspace::Analysis;

/// The part of an analysis to show; what is left empty restricts nothing.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only disputes on one of these subjects, or on a part of one.
    pub events: Vec<SubjectId>,
    /// Only disputes in which one of these actors speaks, or somebody who speaks for it.
    pub actors: Vec<ActorId>,
    /// Only disputes in which a claim of one of these sources stands.
    pub sources: Vec<SourceId>,
    /// Only findings of one of these rules.
    pub rules: Vec<String>,
    /// Only findings of one of these grades.
    pub grades: Vec<Grade>,
    /// Only disputes that stand so.
    pub verdicts: Vec<ReviewStatus>,
}

/// An analysis with the disputes and findings that were asked for.
#[derive(Debug)]
pub struct Report<'a> {
    /// The texts, for places.
    pub files: &'a Files,
    /// Everything.
    pub analysis: &'a Analysis,
    /// Counts of everything, whatever is selected.
    pub counts: Counts,
    /// The disputes asked for, gravest first, each with those of its findings that were asked for.
    pub disputes: Vec<(&'a Dispute, Vec<&'a Finding>)>,
    /// Whether some part was left out because it was not asked for.
    pub selected: bool,
    /// What was asked for.
    pub selection: Selection,
}

impl<'a> Report<'a> {
    /// The part of an analysis that a selection asks for.
    pub fn new(files: &'a Files, analysis: &'a Analysis, selection: &Selection) -> Self {
        let counts = Counts::of(&analysis.model, &analysis.findings, &analysis.omitted, &analysis.disputes);
        let chosen = analysis.disputes.iter().filter(|dispute| selection.takes(analysis, dispute));
        let disputes: Vec<_> = chosen
            .map(|dispute| {
                let findings = dispute.findings.iter().map(|&at| &analysis.findings[at]);
                (dispute, findings.filter(|finding| selection.takes_finding(finding)).collect::<Vec<_>>())
            })
            .filter(|(_, findings)| !findings.is_empty())
            .collect();
        let shown = disputes.iter().all(|(dispute, findings)| findings.len() == dispute.findings.len());
        let selected = !shown || disputes.len() < analysis.disputes.len() || !selection.rules.is_empty();
        Self { files, analysis, counts, disputes, selected, selection: selection.clone() }
    }

    /// The findings shown, gravest first, each once.
    pub fn findings(&self) -> impl Iterator<Item = &'a Finding> {
        let shown: Vec<*const Finding> = self
            .disputes
            .iter()
            .flat_map(|(_, findings)| findings.iter().map(|&finding| std::ptr::from_ref(finding)))
            .collect();
        let shown: rustc_hash::FxHashSet<_> = shown.into_iter().collect();
        self.analysis.on_claims().filter(move |finding| shown.contains(&std::ptr::from_ref(*finding)))
    }

    /// The findings on the files, by place: all of them, or those of the rules that were asked for. They belong to no
    /// dispute, so that there are none where disputes of some kind were asked for.
    pub fn on_files(&self) -> impl Iterator<Item = &'a Finding> {
        let of_disputes = self.selection.is_of_disputes();
        let selection = &self.selection;
        self.analysis.on_files().filter(move |finding| !of_disputes && selection.takes_finding(finding))
    }

    /// What [`Self::on_files`] would give as well, if it had been collected.
    pub fn omitted(&self) -> impl Iterator<Item = &'a Omitted> {
        let of_disputes = self.selection.is_of_disputes();
        let selection = &self.selection;
        let omitted = self.analysis.omitted.iter();
        omitted.filter(move |omitted| !of_disputes && selection.takes_rule(omitted.rule, omitted.grade))
    }
}

impl Selection {
    /// Whether disputes of some kind were asked for.
    fn is_of_disputes(&self) -> bool {
        !(self.events.is_empty()
            && self.actors.is_empty()
            && self.sources.is_empty()
            && self.verdicts.is_empty())
    }

    fn takes_finding(&self, finding: &Finding) -> bool {
        self.takes_rule(finding.rule, finding.grade)
    }

    fn takes_rule(&self, rule: &str, grade: Grade) -> bool {
        (self.rules.is_empty() || self.rules.iter().any(|asked| asked == rule))
            && (self.grades.is_empty() || self.grades.contains(&grade))
    }

    fn takes(&self, analysis: &Analysis, dispute: &Dispute) -> bool {
        let subject = analysis.model.question(dispute.question).subject;
        let on_event = |event: &SubjectId| analysis.graph.events.is_within(subject, *event);
        let claims = || claims_of(analysis, dispute);
        (self.verdicts.is_empty() || self.verdicts.contains(&dispute.standing))
            && (self.events.is_empty() || self.events.iter().any(on_event))
            && (self.sources.is_empty()
                || claims().any(|claim| self.sources.contains(&analysis.model.claim(claim).source)))
            && (self.actors.is_empty() || claims().any(|claim| self.speaks(analysis, claim)))
    }

    /// Whether one of the actors says a claim, or is the party for which it is said.
    fn speaks(&self, analysis: &Analysis, claim: ClaimId) -> bool {
        let claim = analysis.model.claim(claim);
        let mut speaker = Some(claim.by);
        for _ in 0..=analysis.model.actors.len() {
            let Some(actor) = speaker else { return false };
            if self.actors.contains(&actor) {
                return true;
            }
            speaker = analysis.model.actors[actor].speaks_for;
        }
        false
    }
}

/// The claims of a dispute: those of its positions, and those its findings name.
pub(crate) fn claims_of<'a>(
    analysis: &'a Analysis,
    dispute: &'a Dispute,
) -> impl Iterator<Item = ClaimId> + 'a {
    let answers = dispute.positions.iter().flat_map(|position| &position.answers).chain(&dispute.aside);
    let stated = answers.map(|answer| analysis.model.answers.claim[answer.index()]);
    stated.chain(dispute.findings.iter().flat_map(|&at| analysis.findings[at].claims().iter().copied()))
}
