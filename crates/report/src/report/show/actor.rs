//! An actor: who it is, for whom it speaks, what it says, and who contradicts it.

use rustc_hash::FxHashSet;

use super::{FactLine, ShowPage, naming};
use crate::report::outline;
use gainsay_analysis::dispute::summary;
use gainsay_analysis::id::{ActorId, ClaimId};

impl ShowPage<'_> {
    pub(super) fn actor(&mut self, id: ActorId) {
        let facts = self.actor_facts(id);
        self.sheet.facts(facts);
        let answers = self.answers_of(|answer| self.speaks(id, self.model.claim(self.claim_of(answer)).by));
        self.by_question("What it says", &answers);
        let claims: FxHashSet<ClaimId> = answers.iter().map(|&answer| self.claim_of(answer)).collect();
        self.opponents(id, &claims);
        self.findings(&claims, false);
    }

    /// Who it is, and for whom it speaks.
    pub(super) fn actor_facts(&self, id: ActorId) -> Vec<FactLine> {
        let actor = &self.model.actors[id];
        let name = |actor: ActorId| self.model.actors[actor].name.to_string();
        let text =
            |text: &Option<smol_str::SmolStr>| text.as_ref().map(ToString::to_string).unwrap_or_default();
        let party = if actor.party == id { String::new() } else { name(actor.party) };
        let speakers = self.model.actors.iter().filter(|(_, other)| other.speaks_for == Some(id));
        let mut facts = vec![
            ("name", name(id)),
            ("kind", text(&actor.kind)),
            ("role", text(&actor.role)),
            ("speaks for", self.listed(actor.speaks_for.map(name))),
            ("party", party),
            ("spoken for by", self.listed(speakers.map(|(speaker, _)| name(speaker)))),
        ];
        facts.extend(self.defined(&actor.defined));
        facts
    }

    /// Whether an actor is this one, or speaks for it.
    fn speaks(&self, id: ActorId, speaker: ActorId) -> bool {
        let actors = &self.model.actors;
        let chain = std::iter::successors(Some(speaker), |&at| actors[at].speaks_for);
        chain.take(actors.len() + 1).any(|at| at == id)
    }

    /// The parties that contradict it, and how often.
    fn opponents(&mut self, id: ActorId, claims: &FxHashSet<ClaimId>) {
        let party = self.model.actors[id].party;
        let findings = naming(self.analysis, claims).into_iter();
        let own = findings.filter(|finding| finding.claims().iter().any(|claim| claims.contains(claim)));
        let (mut rows, _) = summary::oppositions(own);
        rows.retain(|row| row.one == party || row.other == party);
        for row in &mut rows {
            if row.one != party {
                std::mem::swap(&mut row.one, &mut row.other);
            }
        }
        if !rows.is_empty() {
            self.sheet.heading("Who contradicts it");
            let cells = outline::oppositions(self.model, &rows).map(|[_, who, a, b]| [who, a, b]);
            self.sheet.table(&["who", "contradictions", "tensions"], cells);
        }
    }
}
