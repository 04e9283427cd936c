//! Search for disputes: each dispute has one folded text, made once, which must contain every word.

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::report::html::PageContext;
use gainsay_analysis::dispute::Dispute;
use gainsay_analysis::finding::Finding;
use gainsay_analysis::id::{ActorId, ClaimId, Id as _, SourceId};
use gainsay_analysis::workspace::Analysis;

impl PageContext<'_> {
    /// Whether the text of a dispute, given by its index, contains every word.
    pub(super) fn speaks_of(&self, dispute: usize, words: &[String]) -> bool {
        let texts = self.index.texts(|| {
            self.analysis.disputes.par_iter().map(|dispute| text(self.analysis, dispute)).collect()
        });
        words.iter().all(|word| texts[dispute].contains(word.as_str()))
    }
}

/// A text without case and diacritics.
pub(super) fn folded(text: &str) -> String {
    text.nfd().filter(|&letter| !is_combining_mark(letter)).flat_map(char::to_lowercase).collect()
}

/// The searchable text: the question, the findings, and speaker, source and words of each claim.
fn text(analysis: &Analysis, dispute: &Dispute) -> String {
    let model = &analysis.model;
    let findings = dispute.findings.iter().map(|&at| &analysis.findings[at]);
    let mut words = vec![
        model.question_in_words(dispute.question),
        model.question_asked(dispute.question),
        model.question_name(dispute.question),
    ];
    words.extend(findings.clone().map(|finding| finding.rule.to_owned()));
    let answers = model.answers_to(dispute.question).map(|answer| model.answers.claim[answer.index()]);
    let claims: FxHashSet<ClaimId> = answers.chain(findings.flat_map(Finding::claims).copied()).collect();
    let (mut actors, mut sources) = (FxHashSet::<ActorId>::default(), FxHashSet::<SourceId>::default());
    let mut claims: Vec<ClaimId> = claims.into_iter().collect();
    claims.sort_unstable();
    for claim in claims.into_iter().map(|claim| model.claim(claim)) {
        words.extend(claim.words.as_ref().map(|words| words.value.to_string()));
        words.push(claim.written.to_string());
        words.push(claim.name.to_string());
        let speakers = [claim.by, claim.party].into_iter().chain(claim.via.iter().copied());
        let speakers = speakers.filter(|&actor| actors.insert(actor));
        words.extend(speakers.map(|actor| model.actors[actor].name.to_string()));
        if sources.insert(claim.source) {
            let source = &model.sources[claim.source];
            words.push(model.sources.name(claim.source).to_string());
            words.push(model.actors[source.publisher].name.to_string());
            words.extend(source.title.as_ref().map(ToString::to_string));
        }
    }
    folded(&words.join("\n"))
}
