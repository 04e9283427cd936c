//! Reports: every way in which an analysis, or a selected part of it, is shown.
//!
//! Each format is a module of its own with its own output structures. Reports select and phrase what the analysis
//! found. They do not reason about claims themselves.

pub mod csv;
pub mod explain;
pub mod graph;
mod hidden;
pub mod html;
pub mod json;
pub mod json_text;
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
pub use wording::answers_of;

use gainsay_analysis::dispute::summary::Counts;
use gainsay_analysis::dispute::{Dispute, ReviewStatus};
use gainsay_analysis::finding::{Finding, Grade, Omitted};
use gainsay_analysis::id::{ActorId, ClaimId, Id as _, SourceId, SubjectId};
use gainsay_analysis::source::Files;
use gainsay_analysis::workspace::Analysis;

/// The part of an analysis to show. An empty list does not restrict anything.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only disputes on one of these subjects, or on a part of one.
    pub events: Vec<SubjectId>,
    /// Only disputes with a claim by one of these actors, or by an actor that speaks for one of them.
    pub actors: Vec<ActorId>,
    /// Only disputes with a claim from one of these sources.
    pub sources: Vec<SourceId>,
    /// Only findings of one of these rules.
    pub rules: Vec<String>,
    /// Only findings of one of these grades.
    pub grades: Vec<Grade>,
    /// Only disputes with one of these review statuses.
    pub verdicts: Vec<ReviewStatus>,
}

/// An analysis with the disputes and findings that a selection picks.
#[derive(Debug)]
pub struct Report<'a> {
    /// The texts of the claim files, for paths and line numbers.
    pub files: &'a Files,
    /// The complete analysis.
    pub analysis: &'a Analysis,
    /// Counts over the complete analysis, regardless of the selection.
    pub counts: Counts,
    /// The selected disputes, most serious first, each with its selected findings.
    pub disputes: Vec<(&'a Dispute, Vec<&'a Finding>)>,
    /// Whether the selection leaves anything out.
    pub selected: bool,
    /// The selection.
    pub selection: Selection,
}

impl<'a> Report<'a> {
    /// Applies a selection to an analysis.
    pub fn new(files: &'a Files, analysis: &'a Analysis, selection: &Selection) -> Self {
        let counts = Counts::of(&analysis.model, &analysis.findings, &analysis.omitted, &analysis.disputes);
        let chosen = analysis.disputes.iter().filter(|dispute| selection.matches(analysis, dispute));
        let disputes: Vec<_> = chosen
            .map(|dispute| {
                let findings = dispute.findings.iter().map(|&at| &analysis.findings[at]);
                (dispute, findings.filter(|finding| selection.matches_finding(finding)).collect::<Vec<_>>())
            })
            .filter(|(_, findings)| !findings.is_empty())
            .collect();
        let shown = disputes.iter().all(|(dispute, findings)| findings.len() == dispute.findings.len());
        let selected = !shown || disputes.len() < analysis.disputes.len() || !selection.rules.is_empty();
        Self { files, analysis, counts, disputes, selected, selection: selection.clone() }
    }

    /// The findings shown, most serious first, each once.
    pub fn findings(&self) -> impl Iterator<Item = &'a Finding> {
        let shown: Vec<*const Finding> = self
            .disputes
            .iter()
            .flat_map(|(_, findings)| findings.iter().map(|&finding| std::ptr::from_ref(finding)))
            .collect();
        let shown: rustc_hash::FxHashSet<_> = shown.into_iter().collect();
        self.analysis.on_claims().filter(move |finding| shown.contains(&std::ptr::from_ref(*finding)))
    }

    /// The findings on the files, by place: all of them, or those of the selected rules. They do not belong to any
    /// dispute, so there are none if the selection restricts disputes.
    pub fn on_files(&self) -> impl Iterator<Item = &'a Finding> {
        let restricts_disputes = self.selection.restricts_disputes();
        let selection = &self.selection;
        self.analysis
            .on_files()
            .filter(move |finding| !restricts_disputes && selection.matches_finding(finding))
    }

    /// The findings that [`Self::on_files`] lacks because they were only counted.
    pub fn omitted(&self) -> impl Iterator<Item = &'a Omitted> {
        let restricts_disputes = self.selection.restricts_disputes();
        let selection = &self.selection;
        let omitted = self.analysis.omitted.iter();
        omitted
            .filter(move |omitted| !restricts_disputes && selection.matches_rule(omitted.rule, omitted.grade))
    }
}

impl Selection {
    /// Whether the selection restricts disputes.
    fn restricts_disputes(&self) -> bool {
        !(self.events.is_empty()
            && self.actors.is_empty()
            && self.sources.is_empty()
            && self.verdicts.is_empty())
    }

    fn matches_finding(&self, finding: &Finding) -> bool {
        self.matches_rule(finding.rule, finding.grade)
    }

    fn matches_rule(&self, rule: &str, grade: Grade) -> bool {
        (self.rules.is_empty() || self.rules.iter().any(|asked| asked == rule))
            && (self.grades.is_empty() || self.grades.contains(&grade))
    }

    fn matches(&self, analysis: &Analysis, dispute: &Dispute) -> bool {
        let subject = analysis.model.question(dispute.question).subject;
        let on_event = |event: &SubjectId| analysis.graph.events.is_within(subject, *event);
        let claims = || claims_of(analysis, dispute);
        (self.verdicts.is_empty() || self.verdicts.contains(&dispute.standing))
            && (self.events.is_empty() || self.events.iter().any(on_event))
            && (self.sources.is_empty()
                || claims().any(|claim| self.sources.contains(&analysis.model.claim(claim).source)))
            && (self.actors.is_empty() || claims().any(|claim| self.has_speaker(analysis, claim)))
    }

    /// Whether one of the selected actors makes a claim, or is spoken for by its speaker.
    fn has_speaker(&self, analysis: &Analysis, claim: ClaimId) -> bool {
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

/// The claims of a dispute: those of its positions and those that its findings name.
pub(crate) fn claims_of<'a>(
    analysis: &'a Analysis,
    dispute: &'a Dispute,
) -> impl Iterator<Item = ClaimId> + 'a {
    let answers = dispute.positions.iter().flat_map(|position| &position.answers).chain(&dispute.aside);
    let stated = answers.map(|answer| analysis.model.answers.claim[answer.index()]);
    stated.chain(dispute.findings.iter().flat_map(|&at| analysis.findings[at].claims().iter().copied()))
}
