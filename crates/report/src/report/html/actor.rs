//! The page of an actor: its answers, their changes, and the actors from whom it differs.

mod changes;
mod list;
mod positions;

use maud::{Markup, html};
use rustc_hash::{FxHashMap, FxHashSet};

use super::components::{crumbs, facts, nearest_crumbs, spaced_list, tally, text};
use super::pager::Pager;
use super::relations::Tally;
use super::text::{plain, said};
use super::{DeskSection, Page, PageContext};
use crate::report::wording::counted;
use gainsay_analysis::dispute::summary::{self, Opposition};
use gainsay_analysis::id::{ActorId, AnswerId, ClaimId, QuestionId, SourceId, SubjectId};

/// The rows of each list on one page.
const ROWS_PER_PAGE: usize = 200;

/// An actor with everyone who speaks for it, and their claims.
struct ActorStatements {
    id: ActorId,
    speakers: Vec<ActorId>,
    claims: Vec<ClaimId>,
    /// The same claims, as a set.
    own: FxHashSet<ClaimId>,
    answers: Vec<AnswerId>,
    /// The questions it answers, in order.
    questions: Vec<QuestionId>,
    /// Indexes of findings in which one of its claims takes part in the clash.
    findings: Vec<usize>,
}

impl PageContext<'_> {
    /// The page of an actor; long lists are paged.
    pub fn actor(&self, id: ActorId, number: usize) -> Page {
        let voice = self.voice_with_speakers(id);
        let pager = Pager::new(self.links, number, ROWS_PER_PAGE);
        let actor = &self.model().actors[id];
        let published = self.index.relations.published(id);
        let silences = self.index.relations.silences(id);
        let tracks = self.tracks(&voice);
        let asking = self.index.relations.asking(id).len();
        let lengths = [
            voice.questions.len(),
            voice.speakers.len() - 1,
            published.len(),
            tracks.len(),
            silences.len(),
            asking,
        ];
        let longest = lengths.into_iter().max().unwrap_or(0);
        let body = html! {
            (crumbs(self.actor_crumbs(id)))
            h1 { (self.own_name(id)) }
            p .lede { (self.actor_lede(&voice)) }
            (self.actor_facts(&voice))
            (self.changes(&tracks, &pager))
            (self.positions_of(&voice, &pager))
            (self.opponents_of(&voice, &pager))
            (self.silences_of(&voice, silences, &pager))
            (self.speakers_of(&voice, &pager))
            (self.published_by(published, &pager))
            (pager.page_links(&self.actor_url(id), longest))
        };
        Page { title: plain(&actor.name), part: DeskSection::Actors, body }
    }

    fn voice_with_speakers(&self, id: ActorId) -> ActorStatements {
        let speakers = self.index.relations.with_speakers(id);
        let claims = speakers.iter().flat_map(|&speaker| self.index.relations.claims(speaker));
        let claims: Vec<ClaimId> = claims.copied().collect();
        let mut answers: Vec<AnswerId> =
            claims.iter().flat_map(|&claim| self.index.answers(claim)).copied().collect();
        answers.sort_unstable();
        let mut questions: Vec<QuestionId> = answers.iter().map(|&answer| self.question_of(answer)).collect();
        questions.dedup();
        let named = claims.iter().flat_map(|&claim| self.index.named(claim)).copied();
        let named: FxHashSet<usize> = named.collect();
        let own: FxHashSet<ClaimId> = claims.iter().copied().collect();
        let mut findings: Vec<usize> = named.into_iter().collect();
        findings.sort_unstable();
        ActorStatements { id, speakers, claims, own, answers, questions, findings }
    }

    /// Its name in its colour, without a link.
    fn own_name(&self, id: ActorId) -> Markup {
        let actor = &self.model().actors[id];
        let hue = format!("c{}", self.index.hue(id));
        let is_outlet = actor.publishes && self.index.hue(id) == 0;
        html! { span .party .(hue) .own[is_outlet] { (said(&actor.name)) } }
    }

    fn actor_crumbs(&self, id: ActorId) -> Vec<Markup> {
        let actors = &self.model().actors;
        let list = html! { a href=(self.links.list("actors")) { "Actors" } };
        let name = said(&actors[id].name);
        nearest_crumbs(list, id, name, |id| actors[id].speaks_for, |whose| self.actor_link(whose))
    }

    fn actor_lede(&self, voice: &ActorStatements) -> Markup {
        let actor = &self.model().actors[voice.id];
        let shown = voice.speakers.len() - 1;
        let speakers = self.index.relations.speakers_behind(voice.id);
        let published = self.index.relations.published(voice.id).len();
        html! {
            @if actor.party != voice.id { "Speaks for " (self.who(actor.party)) ". Its statements count as the position of that party. " }
            @if speakers > 0 {
                (counted(speakers, "speaker")) @if speakers == 1 { " speaks" } @else { " speak" }
                " for it in this folder. Its position is the latest statement that it or one of them made. "
            }
            @if shown < speakers {
                "This page shows the " (shown) " nearest of " (counted(speakers, "speaker")) " and their statements. The other speakers are on the pages of these and in the "
                a href=(self.links.list("actors")) { "list of actors" } ". "
            }
            @if published > 0 {
                (counted(published, "source")) " published by it " @if published == 1 { "is" } @else { "are" }
                " read here. A square marks what it states as fact there. "
            }
            @if voice.claims.is_empty() { "It makes no claim in this folder." }
        }
    }

    fn actor_facts(&self, voice: &ActorStatements) -> Markup {
        let actor = &self.model().actors[voice.id];
        let disputed = voice.questions.iter().filter_map(|&question| self.dispute(question));
        let tally = Tally::count(disputed.map(|dispute| dispute.grade));
        let statements = (!voice.claims.is_empty()).then(|| {
            html! { (counted(voice.claims.len(), "statement")) " on " (counted(voice.questions.len(), "question")) }
        });
        let asking = self.index.relations.asking(voice.id).len();
        let unanswered = self.unanswered(voice).len();
        let asked = (asking > 0).then(|| {
            html! { (counted(asking, "subject")) ", " @if unanswered == 0 { "all answered" } @else { "no statement on " (unanswered) " of them" } }
        });
        let place = actor.defined.location().map(|location| self.place_of(location));
        facts([
            ("Kind", text(actor.kind.as_ref())),
            ("Role", text(actor.role.as_ref())),
            ("Speaks for", actor.speaks_for.map(|whose| self.who(whose))),
            ("In this folder", statements),
            ("Disputes it takes part in", (tally.all() > 0).then(|| said(&tally.in_words()))),
            ("Differs from", self.differs_from(voice)),
            ("Asked for a position on", asked),
            ("Defined in", place),
        ])
    }

    /// The parties from which it differs in findings, most often first, with itself as `one`.
    fn oppositions_of(&self, voice: &ActorStatements) -> Vec<Opposition> {
        let party = self.model().actors[voice.id].party;
        let findings = voice.findings.iter().map(|&at| &self.analysis.findings[at]);
        summary::oppositions_of(party, findings)
    }

    fn differs_from(&self, voice: &ActorStatements) -> Option<Markup> {
        let rows = self.oppositions_of(voice);
        spaced_list(&rows, |row| {
            let times = row.contradictions + row.tensions;
            html! {
                @if row.one == row.other { "itself" } @else { (self.who(row.other)) }
                " " span .num { (times) }
            }
        })
    }

    /// The section on the parties it differs from, and on which questions.
    fn opponents_of(&self, voice: &ActorStatements, pager: &Pager) -> Markup {
        const MAX_QUESTIONS_PER_PARTY: usize = 4;
        let rows = self.oppositions_of(voice);
        let party = self.model().actors[voice.id].party;
        let on = self.opposed_on(voice, party);
        html! {
            @if !rows.is_empty() {
                section {
                    h2 { "Who contradicts it, and whom it contradicts" }
                    p .note { "Findings on which its statements differ from those of another party. The counts show how often two parties differ, not how often either is wrong." }
                    div .scroll role="region" aria-label="Parties it differs from" tabindex="0" {
                        table .stack {
                            thead { tr { th scope="col" { "Party" } th scope="col" { "Findings" } th scope="col" { "On" } } }
                            tbody {
                                @for row in &rows[pager.rows(rows.len())] {
                                    @let questions = on.get(&row.other).map_or(&[][..], Vec::as_slice);
                                    tr {
                                        th scope="row" { @if row.one == row.other { "Itself" } @else { (self.who(row.other)) } }
                                        td { (tally(Tally([row.contradictions, row.tensions, 0]))) }
                                        td {
                                            ul .given {
                                                @for &question in questions.iter().take(MAX_QUESTIONS_PER_PARTY) { li { (self.asked_of(question)) } }
                                                @if questions.len() > MAX_QUESTIONS_PER_PARTY {
                                                    li { a href=(self.pair_url(party, row.other)) { "and " (questions.len() - MAX_QUESTIONS_PER_PARTY) " more" } }
                                                }
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                    (pager.range_note(rows.len(), "party"))
                }
            }
        }
    }

    /// The questions on which its statements differ from those of each party, most serious first.
    fn opposed_on(&self, voice: &ActorStatements, party: ActorId) -> FxHashMap<ActorId, Vec<QuestionId>> {
        let mut seen: FxHashSet<(ActorId, QuestionId)> = FxHashSet::default();
        let mut on: FxHashMap<ActorId, Vec<QuestionId>> = FxHashMap::default();
        for finding in voice.findings.iter().map(|&at| &self.analysis.findings[at]) {
            let Some(&question) = finding.questions().first() else { continue };
            for other in summary::opponents(party, finding) {
                if seen.insert((other, question)) {
                    on.entry(other).or_default().push(question);
                }
            }
        }
        on
    }

    /// The subjects that ask for its position and on which it has no claim.
    fn unanswered(&self, voice: &ActorStatements) -> Vec<SubjectId> {
        let spoken: FxHashSet<SubjectId> =
            voice.questions.iter().map(|&question| self.model().question(question).subject).collect();
        let asking = self.index.relations.asking(voice.id).iter().copied();
        asking.filter(|subject| !spoken.contains(subject)).collect()
    }

    fn silences_of(&self, voice: &ActorStatements, silences: &[usize], pager: &Pager) -> Markup {
        let shown = &silences[pager.rows(silences.len())];
        let unanswered = self.unanswered(voice);
        let rest = &unanswered[pager.rows(unanswered.len())];
        html! {
            @if !silences.is_empty() || !unanswered.is_empty() {
                section {
                    h2 { "Asked for a position, none on record" }
                    p .note { "These subjects list it as a party whose position a reader would ask for." }
                    (self.dispute_list(shown.iter().map(|&at| &self.analysis.disputes[at])))
                    (pager.range_note(silences.len(), "dispute"))
                    @if !rest.is_empty() {
                        h3 .mt { "No statement at all on" }
                        ul .dash .columns { @for &subject in rest { li { (self.subject(subject)) } } }
                        (pager.range_note(unanswered.len(), "subject"))
                    }
                }
            }
        }
    }

    fn speakers_of(&self, voice: &ActorStatements, pager: &Pager) -> Markup {
        let mut speakers: Vec<(ActorId, usize)> = voice.speakers[1..]
            .iter()
            .map(|&speaker| (speaker, self.index.relations.claims(speaker).len()))
            .collect();
        speakers.sort_by_key(|&(speaker, claims)| (std::cmp::Reverse(claims), speaker));
        let shown = &speakers[pager.rows(speakers.len())];
        html! {
            @if !speakers.is_empty() {
                section {
                    h2 { "Who speaks for it" }
                    div .scroll role="region" aria-label="Speakers" tabindex="0" {
                        table .stack {
                            caption { "Speakers, by number of statements" }
                            thead { tr { th scope="col" { "Speaker" } th scope="col" { "Role" } th .r scope="col" { "Statements" } th .r scope="col" { "In findings" } } }
                            tbody {
                                @for &(speaker, claims) in shown {
                                    tr {
                                        th scope="row" { (self.actor_link(speaker)) }
                                        td { @if let Some(role) = text(self.model().actors[speaker].role.as_ref()) { (role) } }
                                        td .r .num data-l="Statements" { (claims) }
                                        td .r .num data-l="In findings" { (self.named_of(self.index.relations.claims(speaker))) }
                                    }
                                }
                            }
                        }
                    }
                    (pager.range_note(speakers.len(), "speaker"))
                }
            }
        }
    }

    /// How many of the claims are in findings.
    pub(super) fn named_of(&self, claims: &[ClaimId]) -> usize {
        claims.iter().filter(|&&claim| !self.index.findings(claim).is_empty()).count()
    }

    fn published_by(&self, published: &[SourceId], pager: &Pager) -> Markup {
        let shown = &published[pager.rows(published.len())];
        html! {
            @if !published.is_empty() {
                section {
                    h2 { "Its sources" }
                    (self.source_table(shown, false))
                    (pager.range_note(published.len(), "source"))
                }
            }
        }
    }
}
