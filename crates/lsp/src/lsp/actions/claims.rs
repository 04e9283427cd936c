//! Actions on a claim: add its locator, and silence findings on it.

use std::collections::BTreeSet;

use gen_lsp_types::CodeActionKind;

use super::{Menu, with_placeholder};
use gainsay_analysis::document::{Claim, Entry};
use gainsay_analysis::rules;
use gainsay_edit::edit::{self, EntryAddition};

/// The largest number of locators that are offered.
const MAX_LOCATORS: usize = 5;
/// Rules that cannot be silenced, because they are about silences.
const NOT_SILENCEABLE: [&rules::Rule; 2] = [&rules::SILENCE_WITHOUT_REASON, &rules::IDLE_SILENCE];

impl Menu<'_> {
    /// Adds the actions on the claim here.
    pub(super) fn offer_for_claims(&mut self) {
        let claims = self.session.document(self.file).claims.iter();
        let claims: Vec<Entry<Claim>> =
            claims.filter(|claim| claim.span.to(claim.id.span).touches(self.span)).cloned().collect();
        // If several claims are selected, it is not clear which one is meant.
        if let [claim] = claims.as_slice() {
            self.locate(claim);
            self.silence(claim);
            self.review(claim);
        }
    }

    /// Adds the locator of a claim: the place of its words in the archived text, or a placeholder.
    fn locate(&mut self, claim: &Entry<Claim>) {
        let rule = rules::NO_LOCATOR.id;
        if !self.findings.iter().any(|finding| finding.rule == rule) || claim.body.at.is_some() {
            return;
        }
        let places = self.places(claim);
        for at in places.iter().take(MAX_LOCATORS) {
            let changes = self.add(claim, &[EntryAddition::Key("at", at)]);
            let offer = changes.and_then(|changes| self.session.workspace_edit(&[changes]));
            let title = format!("add `at: {at}`, the place of its words");
            self.offer(title, CodeActionKind::QuickFix, Some(rule), places.len() == 1, offer);
        }
        if places.is_empty() && self.session.editor.snippet_edits {
            let change = self.add(claim, &[EntryAddition::Key("at", "p1")]);
            let offer = change.and_then(|change| {
                let edit = self.session.workspace_edit(&[change])?;
                with_placeholder(edit, "at: p1", "at: p${1:1}")
                    .ok_or_else(|| "the locator cannot be added here".to_owned())
            });
            let title = "add a locator `at`".to_owned();
            self.offer(title, CodeActionKind::QuickFix, Some(rule), false, offer);
        }
    }

    /// The paragraphs of the archived text that contain the words of a claim, or its value.
    fn places(&self, claim: &Entry<Claim>) -> Vec<String> {
        let source = self.session.document(self.file).source.as_ref();
        let archive = &self.session.incremental().options().archive;
        let Some(archived) = source.and_then(|source| archive.get(&source.id.value)) else {
            return Vec::new();
        };
        let value =
            claim.body.value.as_ref().map(gainsay_analysis::document::Written::items).unwrap_or_default();
        let value = value.first().filter(|_| value.len() == 1);
        let words = [claim.body.words.as_ref(), value];
        let places = |words: &gainsay_analysis::document::Name| rules::find_words(archived, &words.value);
        let found = words.into_iter().flatten().map(places).find(|places| !places.is_empty());
        found.unwrap_or_default().iter().map(ToString::to_string).collect()
    }

    /// Adds an action that silences each rule with a finding here on this claim. The user has to give the reason.
    fn silence(&mut self, claim: &Entry<Claim>) {
        let rules: BTreeSet<&'static str> = self.findings.iter().map(|finding| finding.rule).collect();
        let is_open = |rule: &&str| {
            rules::find(rule).is_some() && !NOT_SILENCEABLE.iter().any(|other| other.id == *rule)
        };
        let is_new = |rule: &&str| claim.body.allow.iter().all(|name| name.value != *rule);
        for rule in rules.into_iter().filter(is_open).filter(is_new) {
            if !self.is_on(claim, rule) {
                continue;
            }
            let item = EntryAddition::Item("allow", rule);
            let has_reason = claim.body.note.is_some();
            let added = if has_reason { vec![item] } else { vec![item, EntryAddition::Key("note", "")] };
            let offer = self.add(claim, &added).and_then(|change| {
                let edit = self.session.workspace_edit(&[change])?;
                if has_reason || !self.session.editor.snippet_edits {
                    return Ok(edit);
                }
                let snippet = with_placeholder(edit.clone(), "note: \"\"", "note: \"${1:why}\"");
                Ok(snippet.unwrap_or(edit))
            });
            let reason = if has_reason { "its note gives the reason" } else { "give the reason in its note" };
            let title = format!("silence `{rule}` on this claim; {reason}");
            self.offer(title, CodeActionKind::QuickFix, Some(rule), false, offer);
        }
    }

    /// Whether a silence on this claim would apply to the findings of a rule here.
    fn is_on(&mut self, claim: &Entry<Claim>, rule: &str) -> bool {
        let span = claim.span.to(claim.id.span);
        let file = self.file;
        let mut of_rule = self.findings.iter().filter(|finding| finding.rule == rule);
        of_rule.any(|finding| {
            let mut labels = finding.labels.iter().map(|label| label.location);
            let first = labels.next();
            let is_within = |at: gainsay_analysis::source::Location| at.file == file && span.holds(at.span);
            match &finding.evidence {
                // A lint is silenced by the claim that contains it.
                None => first.is_some_and(is_within),
                Some(evidence) => {
                    let model = &self.around.model;
                    evidence.claims.iter().any(|&id| {
                        let row = model.claim(id);
                        row.location.file == file && row.location.span == claim.id.span
                    })
                }
            }
        })
    }

    fn add(&self, claim: &Entry<Claim>, added: &[EntryAddition<'_>]) -> Result<edit::FileChange, String> {
        let workspace = self.session.incremental().workspace();
        edit::add(workspace, self.file, "claims", claim.id.span, added).map_err(|why| why.to_string())
    }
}
