//! Code lenses. Above a claim: the number of answers to its question, and of findings on it. Above an actor or event:
//! the number of claims by the actor or about the event. A click opens the review desk.

use std::collections::{BTreeMap, BTreeSet};

use gen_lsp_types::{CodeLens, CodeLensParams, Command};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::json;
use smol_str::SmolStr;

use super::error::RequestError;
use super::session::Session;
use gainsay_analysis::dispute::{Dispute, ReviewStatus};
use gainsay_analysis::document::mention::Kind;
use gainsay_analysis::finding::{Finding, Grade};
use gainsay_analysis::id::{ClaimId, FileId, Id as _, QuestionId};
use gainsay_analysis::model::AnswersByClaim;
use gainsay_analysis::source::Span;
use gainsay_analysis::workspace::{Analysis, ClaimGroup};

/// The lenses of a file.
pub(super) fn lenses(
    session: &mut Session,
    params: &CodeLensParams,
) -> Result<Option<Vec<CodeLens>>, RequestError> {
    let Some(file) = session.file(&params.text_document.uri) else { return Ok(None) };
    let mut lenses = session.claim_lenses(file)?;
    lenses.extend(session.actor_lenses(file));
    lenses.extend(session.subject_lenses(file));
    lenses.sort_by_key(|lens| lens.range.start);
    Ok(Some(lenses))
}

impl Session {
    /// The lenses above claims: one for each question with several answers or with findings, above the first claim of
    /// the file that answers it.
    fn claim_lenses(&mut self, file: FileId) -> Result<Vec<CodeLens>, RequestError> {
        let pieces = self.claim_groups(file)?;
        Ok(pieces.iter().flat_map(|piece| self.lenses_of_piece(file, piece)).collect())
    }

    fn lenses_of_piece(&self, file: FileId, piece: &ClaimGroup) -> Vec<CodeLens> {
        let (analysis, model) = (&*piece.analysis, &piece.analysis.model);
        let by_claim = AnswersByClaim::new(model);
        let disputes: FxHashMap<QuestionId, &Dispute> =
            analysis.disputes.iter().map(|dispute| (dispute.question, dispute)).collect();
        let mut shown_questions: FxHashSet<QuestionId> = FxHashSet::default();
        let mut lenses = Vec::new();
        for (id, claim) in self.claims_of(file, piece) {
            let answers = by_claim.of(claim);
            let is_one = answers.len() == 1;
            for question in answers.iter().map(|answer| model.answers.question[answer.index()]) {
                let dispute = disputes.get(&question).copied();
                let is_worth = dispute.is_some() || model.answers_to(question).len() > 1;
                if !is_worth || !shown_questions.insert(question) {
                    continue;
                }
                let name = model.question_name(question);
                let counted = question_title(analysis, question, dispute);
                let title = if is_one { counted } else { format!("{name}: {counted}") };
                lenses.push(self.lens(file, id, title, "question", &name));
            }
        }
        lenses
    }

    /// The claims of a piece, with the spans of their ids.
    fn claims_of(&self, file: FileId, ClaimGroup { claims, analysis }: &ClaimGroup) -> Vec<(Span, ClaimId)> {
        let model = &analysis.model;
        let Some(source) = &self.document(file).source else { return Vec::new() };
        let Some(source) = model.sources.find(&source.id.value) else { return Vec::new() };
        let claims = claims.iter().map(|&at| &self.document(file).claims[at]);
        claims
            .filter_map(|entry| Some((entry.id.span, model.find_claim_in(source, &entry.id.value)?)))
            .collect()
    }

    /// The lenses above actors: the number of claims by each.
    fn actor_lenses(&self, file: FileId) -> Vec<CodeLens> {
        let actors = &self.document(file).actors;
        let lens = |id: &gainsay_analysis::document::Name| {
            let by = self.incremental().index().mentions(Kind::Actor, &id.value);
            let by = by.filter(|(_, mention)| mention.key == "by").count();
            let count = by + self.claims_in_own_voice(&id.value).len();
            let title = counted(count, "claim", "claims");
            (count > 0).then(|| self.lens(file, id.span, title, "actor", &id.value))
        };
        actors.iter().filter_map(|entry| lens(&entry.id)).collect()
    }

    /// The lenses above subjects: the numbers of claims about each, and of findings on them.
    fn subject_lenses(&self, file: FileId) -> Vec<CodeLens> {
        let subjects: Vec<&SmolStr> =
            self.document(file).subjects.iter().map(|entry| &entry.id.value).collect();
        if subjects.is_empty() {
            return Vec::new();
        }
        let claims: Vec<Vec<(FileId, Span)>> =
            subjects.iter().map(|subject| self.claims_about(subject)).collect();
        let grades = self.findings_by_grade(&claims);
        let entries = self.document(file).subjects.iter().zip(claims).zip(grades);
        let with_claims = entries.filter(|((_, claims), _)| !claims.is_empty());
        with_claims
            .map(|((entry, claims), grades)| {
                let mut parts = vec![counted(claims.len(), "claim", "claims")];
                parts.extend(grades_in_words(&grades));
                self.lens(file, entry.id.span, parts.join(" · "), "event", &entry.id.value)
            })
            .collect()
    }

    /// The spans of the claims about a subject.
    fn claims_about(&self, subject: &str) -> Vec<(FileId, Span)> {
        let about = self.incremental().index().mentions(Kind::Subject, subject);
        about
            .filter(|(_, mention)| mention.key == "about")
            .filter_map(|(file, mention)| Some((file, self.definition_around(file, mention)?.span)))
            .collect()
    }

    /// For each set of claims, the number of findings whose first label is in one of them, by grade.
    fn findings_by_grade(&self, sets: &[Vec<(FileId, Span)>]) -> Vec<BTreeMap<Grade, usize>> {
        let mut of_file: BTreeMap<FileId, Vec<(Span, usize)>> = BTreeMap::new();
        for (set, claims) in sets.iter().enumerate() {
            for &(file, span) in claims {
                of_file.entry(file).or_default().push((span, set));
            }
        }
        let mut found = vec![BTreeMap::new(); sets.len()];
        for (file, mut claims) in of_file {
            claims.sort_unstable();
            let on_claims =
                self.incremental().findings(file).iter().filter(|finding| !finding.grade.is_lint());
            for (finding, label) in on_claims.filter_map(|finding| Some((finding, finding.labels.first()?))) {
                let at = label.location.span;
                let behind = claims.partition_point(|(span, _)| span.start <= at.start);
                // A claim that is about several subjects is in the list once for each.
                let last = claims[..behind].last().map(|(span, _)| *span);
                let around = claims[..behind].iter().rev().take_while(|(span, _)| Some(*span) == last);
                for (_, set) in around.filter(|(span, _)| at.end <= span.end) {
                    *found[*set].entry(finding.grade).or_default() += 1;
                }
            }
        }
        found
    }

    fn lens(&self, file: FileId, id: Span, title: String, kind: &str, name: &str) -> CodeLens {
        let arguments = vec![json!(self.uri(file)), json!(name), json!(kind)];
        let command = Command {
            title,
            tooltip: Some("open in the review desk".to_owned()),
            command: "gainsay.openDesk".to_owned(),
            arguments: Some(arguments),
        };
        CodeLens {
            range: self.range(file, self.without_quotes(file, id)),
            command: Some(command),
            data: None,
        }
    }
}

/// The title of a lens, such as `5 answers, 2 parties · 1 contradiction, 1 tension · reviewed: explained`.
fn question_title(analysis: &Analysis, question: QuestionId, dispute: Option<&Dispute>) -> String {
    let model = &analysis.model;
    let answers = model.answers_to(question);
    let count = answers.len();
    let parties: BTreeSet<_> = answers.map(|answer| model.answers.party[answer.index()]).collect();
    let (answers, parties) =
        (counted(count, "answer", "answers"), counted(parties.len(), "party", "parties"));
    let mut parts = vec![format!("{answers}, {parties}")];
    if let Some(dispute) = dispute {
        parts.extend(grades_in_words(&by_grade(analysis, dispute)));
        parts.extend(match dispute.standing {
            ReviewStatus::Open => None,
            ReviewStatus::Stale => Some("open again: the claims changed since the review".to_owned()),
            reviewed => Some(format!("reviewed: {}", reviewed.name())),
        });
    }
    parts.join(" · ")
}

fn by_grade(analysis: &Analysis, dispute: &Dispute) -> BTreeMap<Grade, usize> {
    let mut grades = BTreeMap::new();
    let found = dispute.findings.iter().chain(&dispute.named_in).map(|&at| &analysis.findings[at]);
    for grade in found.map(|finding: &Finding| finding.grade) {
        *grades.entry(grade).or_default() += 1;
    }
    grades
}

/// The counts in words, such as `1 contradiction, 2 tensions`; none if nothing is counted.
fn grades_in_words(grades: &BTreeMap<Grade, usize>) -> Option<String> {
    let parts: Vec<String> = grades
        .iter()
        .map(|(grade, &count)| counted(count, grade.name(), &format!("{}s", grade.name())))
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}
