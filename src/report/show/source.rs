//! A source: what it is, and its claims in the order of its text.

use super::{Fact, Page, listed};
use crate::id::{ClaimId, Id as _, SourceId};
use crate::report::wording::{answer_in_full, answers_of, speaker};

impl Page<'_> {
    pub(super) fn source(&mut self, id: SourceId) {
        let mut facts = self.document(id);
        facts.extend(self.defined(&self.model.sources[id].defined));
        self.sheet.facts(facts);
        let run = &self.model.sources[id].claims;
        let mut claims: Vec<ClaimId> = (run.start as usize..run.end as usize).map(ClaimId::new).collect();
        claims.sort_by_key(|&claim| {
            let row = self.model.claim(claim);
            (row.at.is_none(), row.at, row.location)
        });
        if !claims.is_empty() {
            self.sheet.heading("Its claims, in the order of its text");
            let rows: Vec<_> = claims.iter().flat_map(|&claim| self.in_text(claim)).collect();
            self.sheet.table(["at", "", "claim", "who", "question", "answer"], rows);
        }
        self.findings(&claims.into_iter().collect(), false);
    }

    fn document(&self, id: SourceId) -> Vec<Fact> {
        let source = &self.model.sources[id];
        let names = |ids: &[SourceId]| listed(ids.iter().map(|&id| self.model.sources.name(id).to_string()));
        let citing = self.model.sources.iter().filter(|(_, other)| other.cites.contains(&id));
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

    /// A row for each answer of a claim; its name stands in the first alone.
    fn in_text(&self, claim: ClaimId) -> Vec<[String; 6]> {
        let row = self.model.claim(claim);
        let at = row.at.map(|at| at.to_string()).unwrap_or_default();
        let head = [at, String::new(), row.name.to_string(), speaker(self.model, row)];
        let answers = answers_of(self.analysis, claim);
        let mut rows: Vec<[String; 6]> = Vec::new();
        for answer in answers {
            let question = self.model.answers.question[answer.index()];
            let [at, _, name, who] = if rows.is_empty() { head.clone() } else { Default::default() };
            let (asked, answer) =
                (self.model.question_in_words(question), answer_in_full(self.model, question, answer));
            rows.push([at, self.mark(question), name, who, asked, answer]);
        }
        if rows.is_empty() {
            let [at, mark, name, who] = head;
            rows.push([at, mark, name, who, String::new(), row.written.to_string()]);
        }
        rows
    }
}
