//! A source: facts about it, and its claims in the order of its text.

use super::{FactLine, ShowPage};
use crate::report::wording::{answer_in_full, answers_of, mark, speaker};
use gainsay_analysis::id::{AnswerId, ClaimId, Id as _, SourceId};

impl ShowPage<'_> {
    pub(super) fn source(&mut self, id: SourceId) {
        let facts = self.source_facts(id);
        self.sheet.facts(facts);
        let run = &self.model.sources[id].claims;
        let mut claims: Vec<ClaimId> = (run.start as usize..run.end as usize).map(ClaimId::new).collect();
        claims.retain(|&claim| !self.model.claim(claim).later);
        claims.sort_by_key(|&claim| {
            let row = self.model.claim(claim);
            (row.at.is_none(), row.at, row.location)
        });
        if !claims.is_empty() {
            self.sheet.heading("Its claims, in the order of its text");
            let lines: Vec<_> = claims.iter().flat_map(|&claim| self.claim_lines(claim)).collect();
            self.sheet.facts_at(2, lines);
        }
        self.findings(&claims.into_iter().collect(), false);
    }

    pub(super) fn source_facts(&self, id: SourceId) -> Vec<FactLine> {
        let mut facts = self.document(id);
        facts.extend(self.defined(&self.model.sources[id].defined));
        facts
    }

    fn document(&self, id: SourceId) -> Vec<FactLine> {
        let source = &self.model.sources[id];
        let names =
            |ids: &[SourceId]| self.listed(ids.iter().map(|&id| self.model.sources.name(id).to_string()));
        let citing = self.model.sources.iter().filter(|(_, other)| other.cites.contains(&id) && !other.later);
        let citing: Vec<SourceId> = citing.map(|(other, _)| other).collect();
        let text =
            |text: &Option<smol_str::SmolStr>| text.as_ref().map(ToString::to_string).unwrap_or_default();
        vec![
            ("publisher", self.model.actors[source.publisher].name.to_string()),
            ("published", source.published.in_words()),
            ("title", text(&source.title)),
            ("url", text(&source.url)),
            ("reliability", text(&source.reliability)),
            ("cites", names(&source.cites)),
            ("cited by", names(&citing)),
            ("text", source.text.as_ref().map(|name| name.value.to_string()).unwrap_or_default()),
        ]
    }

    /// A line for each answer of a claim, with its place in the text.
    fn claim_lines(&self, claim: ClaimId) -> Vec<(String, String)> {
        let row = self.model.claim(claim);
        let at = row.at.map_or("-".to_owned(), |at| at.to_string());
        let who = speaker(self.model, row);
        let line = |answer: AnswerId| {
            let question = self.question_of(answer);
            let asked = self.model.question_in_words(question);
            let words = answer_in_full(self.model, question, answer);
            let mark = self.dispute(question).map(|dispute| format!("{} ", mark(dispute.grade)));
            (at.clone(), format!("{}{asked}: {words} — {who}; {}", mark.unwrap_or_default(), row.name))
        };
        let lines: Vec<_> = answers_of(self.analysis, claim).into_iter().map(line).collect();
        if lines.is_empty() {
            vec![(at.clone(), format!("{} — {who}; {}", row.written, row.name))]
        } else {
            lines
        }
    }
}
