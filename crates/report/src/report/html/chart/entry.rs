//! The entries of a chart: one for each statement, grouped by party, earliest first.

use rustc_hash::{FxHashMap, FxHashSet};

use super::label::{FontWeight, fit, said, width};
use super::reading::AxisReading;
use crate::report::html::PageContext;
use gainsay_analysis::document::{Certainty, Stance};
use gainsay_analysis::id::{ActorId, AnswerId, ClaimId, Id as _, QuestionId};
use gainsay_analysis::model::{Claim, Value};
use gainsay_reading::figure::Range;
use gainsay_reading::period::Day;

/// How an entry relates to the question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum EntryRole {
    /// It answers it.
    Answers,
    /// It answers it, but a later answer of its party replaced it.
    Replaced,
    /// It answers a related question.
    Related,
}

/// One statement with its labels.
#[derive(Clone, Debug)]
pub(super) struct ChartEntry {
    pub(super) answer: AnswerId,
    pub(super) party: ActorId,
    pub(super) kind: EntryRole,
    /// Whether an outlet speaks in its own voice.
    pub(super) own: bool,
    /// Its reading on the axis. None if it does not state a number.
    pub(super) reading: Option<AxisReading>,
    /// The answer as worded.
    pub(super) wording: String,
    /// A remark after the wording, in lighter type.
    pub(super) remark: &'static str,
    /// The speaker. Empty if the party speaks for itself.
    pub(super) speaker: String,
    /// When.
    pub(super) when: String,
    /// The source, or for a related question, how that question differs.
    pub(super) about: String,
    /// The place in the source, and how many more claims say the same. Never shortened.
    pub(super) place: String,
    /// When it was said.
    pub(super) said: Day,
    /// The claims of all its witnesses.
    pub(super) claims: Vec<ClaimId>,
}

/// The entries of one party.
#[derive(Clone, Debug)]
pub(super) struct PartyGroup {
    pub(super) party: ActorId,
    pub(super) own: bool,
    pub(super) entries: Vec<ChartEntry>,
    /// How many more statements of the party are in the table only.
    pub(super) more: usize,
}

/// The groups of a chart, and how many more parties and statements are in the table only.
#[derive(Clone, Debug, Default)]
pub(super) struct PartyGroups {
    pub(super) groups: Vec<PartyGroup>,
    pub(super) more: (usize, usize),
}

/// Up to this many lanes are all drawn.
const MAX_UNCUT_LANES: usize = 24;

/// If there are more, at most this many per party are drawn,
const MAX_LANES_PER_PARTY: usize = 8;

/// and at most this many in total.
const MAX_CUT_LANES: usize = 48;

impl PartyGroups {
    pub(super) fn entries(&self) -> impl Iterator<Item = &ChartEntry> + Clone {
        self.groups.iter().flat_map(|group| &group.entries)
    }

    pub(super) fn readings(&self) -> impl Iterator<Item = &AxisReading> + Clone {
        self.entries().filter_map(|entry| entry.reading.as_ref())
    }

    /// If there are too many lanes, keeps the first ones per party.
    fn cut(&mut self) {
        if self.entries().count() <= MAX_UNCUT_LANES {
            return;
        }
        let mut drawn = 0;
        for group in &mut self.groups {
            group.more = group.entries.len().saturating_sub(MAX_LANES_PER_PARTY);
            group.entries.truncate(MAX_LANES_PER_PARTY);
        }
        let fits = self.groups.iter().take_while(|group| {
            drawn += group.entries.len();
            drawn <= MAX_CUT_LANES
        });
        let fits = fits.count();
        let rest = self.groups.split_off(fits);
        self.more = (rest.len(), rest.iter().map(|group| group.entries.len() + group.more).sum());
    }
}

impl PageContext<'_> {
    /// The statements on a question, with or without a number.
    pub(super) fn answers_in_lanes(&self, question: QuestionId) -> PartyGroups {
        let statements = self.analysis.reasoning.statements(self.model(), &self.analysis.graph, question);
        let stated: FxHashSet<AnswerId> = statements.iter().flat_map(|one| &one.answers).copied().collect();
        let mut entries: Vec<ChartEntry> = statements
            .iter()
            .map(|one| {
                let kind = if one.current { EntryRole::Answers } else { EntryRole::Replaced };
                self.entry(one.main_answer(), &one.answers, kind, question)
            })
            .collect();
        // Answers that decline or depend on a condition are not statements.
        let mut aside: FxHashMap<(ActorId, String), Vec<AnswerId>> = FxHashMap::default();
        for answer in self.model().answers_to(question).filter(|answer| !stated.contains(answer)) {
            let party = self.model().answers.party[answer.index()];
            aside.entry((party, self.model().stance_in_words(answer))).or_default().push(answer);
        }
        entries.extend(aside.values().map(|answers| {
            let claim = |answer: &AnswerId| self.model().answers.claim[answer.index()];
            let first = answers
                .iter()
                .copied()
                .min_by_key(|answer| (self.model().claim(claim(answer)).said_on(), *answer));
            self.entry(first.unwrap_or(answers[0]), answers, EntryRole::Answers, question)
        }));
        self.grouped(entries)
    }

    /// Groups entries by party, earliest first, then by name.
    pub(super) fn grouped(&self, mut entries: Vec<ChartEntry>) -> PartyGroups {
        entries.sort_by_key(|entry| (entry.said, entry.answer));
        let mut at: FxHashMap<(ActorId, bool), usize> = FxHashMap::default();
        let mut groups: Vec<PartyGroup> = Vec::new();
        for entry in entries {
            let next = groups.len();
            let place = *at.entry((entry.party, entry.own)).or_insert(next);
            if place == next {
                groups.push(PartyGroup { party: entry.party, own: entry.own, entries: Vec::new(), more: 0 });
            }
            groups[place].entries.push(entry);
        }
        groups.sort_by_key(|group| {
            (group.entries[0].said, self.model().actors[group.party].name.clone(), group.party)
        });
        let mut groups = PartyGroups { groups, more: (0, 0) };
        groups.cut();
        groups
    }

    /// An entry for a statement: its main answer, and `all` answers that say the same.
    pub(super) fn entry(
        &self,
        answer: AnswerId,
        all: &[AnswerId],
        kind: EntryRole,
        asked: QuestionId,
    ) -> ChartEntry {
        let model = self.model();
        let id = model.answers.claim[answer.index()];
        let claim = model.claim(id);
        let own = model.is_own_voice(id);
        let (speaker, when) = (self.entry_speaker(claim, own), when(claim, own));
        let place = claim.at.map(|at| at.to_string()).unwrap_or_default();
        let outlet = said(&model.actors[model.sources[claim.source].publisher].name);
        let about = match kind {
            EntryRole::Related => self.difference(model.answers.question[answer.index()], asked),
            _ if own => String::new(),
            _ => outlet,
        };
        let joint = if kind == EntryRole::Related { " · " } else { ", " };
        let place = if place.is_empty() { place } else { format!("{joint}{place}") };
        let mut claims: Vec<ClaimId> = all.iter().map(|answer| model.answers.claim[answer.index()]).collect();
        claims.sort_unstable();
        claims.dedup();
        let more = if claims.len() > 1 { format!(" and {} more", claims.len() - 1) } else { String::new() };
        let reading = AxisReading::for_answer(model, answer);
        ChartEntry {
            answer,
            party: claim.party,
            kind,
            own,
            wording: self.wording(answer),
            remark: if kind == EntryRole::Replaced { "(replaced by a later answer)" } else { "" },
            speaker,
            when,
            about,
            place: place + &more,
            said: claim.said_on(),
            claims,
            reading,
        }
    }

    fn entry_speaker(&self, claim: &Claim, own: bool) -> String {
        match own {
            true => "stated as fact".to_owned(),
            false if claim.by == claim.party => String::new(),
            false => said(&self.model().actors[claim.by].name),
        }
    }

    /// The wording of an answer, in quotation marks if it is denied.
    fn wording(&self, answer: AnswerId) -> String {
        let model = self.model();
        let words = said(&model.answer_in_words(answer));
        let value = &model.answers.value[answer.index()];
        let words = match (model.answers.stance[answer.index()], value) {
            (Stance::Asserts, _) => words,
            (Stance::Denies, Value::Figure(_)) if model.is_any(answer) => {
                "denies any, gives no figure".to_owned()
            }
            (Stance::Denies, Value::Figure(_)) => format!("denies “{words}”, gives no figure"),
            (Stance::Denies, _) => format!("denies “{words}”"),
            (Stance::Declines, Value::Unstated) => "declines to answer".to_owned(),
            (Stance::Declines, _) => format!("neither confirms nor denies “{words}”"),
        };
        match model.answers.certainty[answer.index()] {
            Certainty::Certain => words,
            Certainty::Probable => format!("{words} (probably)"),
            Certainty::Possible => format!("{words} (possibly)"),
            Certainty::Conditional => format!("{words} (on a condition)"),
        }
    }

    /// How a related question differs from the asked one.
    fn difference(&self, other: QuestionId, asked: QuestionId) -> String {
        let model = self.model();
        let (other, asked) = (model.question(other), model.question(asked));
        let mut words = vec![said(&model.measures[other.measure].name)];
        if let Some(population) = other.population {
            let is_all = model.populations.find("people") == Some(population);
            words.push(if is_all {
                "all people".to_owned()
            } else {
                said(&model.populations[population].name)
            });
        }
        if other.period != asked.period {
            words.extend(other.period.map(|period| period.in_brief()));
        }
        if other.subject != asked.subject {
            words.push(said(&model.subjects[other.subject].name));
        }
        words.join(", ")
    }

    /// The range of a reading in words.
    pub(super) fn read_as(&self, question: QuestionId, range: Range) -> String {
        self.model().range_in_words(question, range).replace('-', "–")
    }
}

/// The date of a claim, with `by` if only the day of publication is known.
fn when(claim: &Claim, own: bool) -> String {
    let by = if claim.said_span.is_some() || own { "" } else { "by " };
    format!("{by}{}", claim.said.in_brief())
}

impl ChartEntry {
    /// The second label of a lane whose first label is the name of the party.
    pub(super) fn second_label(&self, room: f64) -> String {
        let place = width(&self.place, FontWeight::Regular);
        fit(&self.about, FontWeight::Regular, (room - place).max(0.0)) + &self.place
    }

    /// The two labels of a lane, cut to fit: speaker, date and source. The date moves up next to the
    /// speaker if it does not fit below.
    pub(super) fn labels(&self, room: f64) -> [String; 2] {
        let joined = |parts: [&str; 2]| {
            let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            parts.join(" · ")
        };
        let regular = |text: &str| width(text, FontWeight::Regular);
        let when = if self.kind == EntryRole::Related && !self.speaker.is_empty() { "" } else { &self.when };
        let below = joined([when, &self.about]) + &self.place;
        let above = joined([&self.speaker, when]);
        let moves_up = self.speaker.is_empty() || (regular(&below) > room && regular(&above) <= room);
        let (above, below) = if moves_up {
            (above, self.about.clone())
        } else {
            (self.speaker.clone(), joined([when, &self.about]))
        };
        let place =
            if below.is_empty() { self.place.trim_start_matches([',', ' ', '·']) } else { &self.place };
        let below = fit(&below, FontWeight::Regular, (room - regular(place)).max(0.0));
        [fit(&above, FontWeight::Regular, room), below + place]
    }
}

impl PageContext<'_> {
    /// The party of an entry by name. For an outlet, adds that it speaks in its own voice.
    pub(super) fn entry_voice(&self, entry: &ChartEntry) -> String {
        let name = said(&self.model().actors[entry.party].name);
        if entry.own { format!("{name}, as fact") } else { name }
    }

    /// The complete content of an entry in words, for screen readers.
    pub(super) fn in_a_sentence(&self, entry: &ChartEntry) -> String {
        let party = said(&self.model().actors[entry.party].name);
        let question = self.model().answers.question[entry.answer.index()];
        let read = match &entry.reading {
            Some(reading) if !reading.denied => {
                let hard = self.read_as(question, reading.hard);
                let usual = match reading.usual {
                    usual if usual == reading.hard => String::new(),
                    usual => format!(", usually {}", self.read_as(question, usual)),
                };
                if hard == entry.wording { usual } else { format!(", read as {hard}{usual}") }
            }
            _ => String::new(),
        };
        let remark = if entry.remark.is_empty() { String::new() } else { format!(" {}", entry.remark) };
        let labels = [party, entry.speaker.clone(), entry.when.clone(), entry.about.clone()];
        let labels: Vec<String> = labels.into_iter().filter(|label| !label.is_empty()).collect();
        format!("{}{}: {}{remark}{read}", labels.join(", "), entry.place, entry.wording)
    }
}
