//! Generated claims about families of events, with planted and known clashes.
//!
//! A family is an event with five disjoint parts. People, civilians and combatants are counted by four measures, two of
//! which grow. The eighteen questions of a family and a measure are a *group*: constraints connect their figures with
//! each other and with no others. Claims are distributed over questions by Zipf's law, and nearly each has its own
//! actor. The shape is that of `gen.py` of the peer harness, so both can get the same claims.

pub(crate) mod found;
pub(crate) mod tables;
pub(crate) mod text;
mod plan;
mod truth;

pub(crate) use plan::make;

use crate::random::Random;

/// The number of events in a family: a whole and its parts.
pub(crate) const EVENTS: usize = 6;
/// The number of populations: all, civilians, combatants.
pub(crate) const POPULATIONS: usize = 3;
/// The number of questions in a group.
pub(crate) const GROUP: usize = EVENTS * POPULATIONS;
/// The measures; the first two grow.
pub(crate) const MEASURES: [&str; 4] = ["killed", "injured", "detained", "evacuated"];
/// An open end of a range.
pub(crate) const OPEN: i64 = i64::MAX;

/// The kind of planted clashes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// One question in ten is disputed. One group in twenty has a clash of three to six claims, no two of which clash,
    /// and one in a hundred has a clash of two. A quarter of the groups has no clash at all.
    Mixed,
    /// The same, reported day by day before the tolls are settled.
    Growing,
    /// All figures can hold together.
    Clean,
    /// The claims of `Clean`, on events and measures that are unrelated.
    Flat,
    /// A clash of three to six claims in each group, among other claims with very wide ranges.
    Broken,
    /// The same claims, with the last figure of each clash raised by one, so that all can hold.
    Held,
}

impl Kind {
    pub(crate) const ALL: [(Self, &str); 6] = [
        (Self::Mixed, "mixed"),
        (Self::Growing, "growing"),
        (Self::Clean, "clean"),
        (Self::Flat, "flat"),
        (Self::Broken, "broken"),
        (Self::Held, "held"),
    ];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }
}

/// The position of a question: family, measure, event and population in one number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct QuestionKey {
    pub(crate) family: usize,
    pub(crate) measure: usize,
    /// 0 is the whole.
    pub(crate) event: usize,
    /// 0 is all people.
    pub(crate) population: usize,
}

impl QuestionKey {
    pub(crate) fn of(question: usize) -> Self {
        let (group, within) = (question / GROUP, question % GROUP);
        Self {
            family: group / MEASURES.len(),
            measure: group % MEASURES.len(),
            event: within / POPULATIONS,
            population: within % POPULATIONS,
        }
    }

    pub(crate) fn number(self) -> usize {
        let group = self.family * MEASURES.len() + self.measure;
        group * GROUP + self.event * POPULATIONS + self.population
    }

    /// The name of the event; families have seven digits, parts a letter.
    pub(crate) fn event_name(self) -> String {
        let Self { family, event, .. } = self;
        match event {
            0 => format!("ev-{family:07}"),
            part => format!("ev-{family:07}-{}", char::from(b'a' + part as u8 - 1)),
        }
    }
}

/// One claim: a range for a question.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claim {
    pub(crate) question: u32,
    pub(crate) actor: u32,
    pub(crate) low: i64,
    pub(crate) high: i64,
    /// The day of the claim, in days since 1970.
    pub(crate) day: i64,
    /// The planted clash that it belongs to.
    clash: Option<u32>,
}

/// Claims, and the known truth about them.
pub(crate) struct GeneratedFamilies {
    pub(crate) kind: Kind,
    pub(crate) claims: Vec<Claim>,
    pub(crate) families: usize,
    pub(crate) actors: usize,
    /// The number of positions on each question; more than one is a dispute.
    pub(crate) positions: Vec<u8>,
    /// The clashes of claims on several questions, each as numbers of claims.
    pub(crate) clashes: Vec<Vec<usize>>,
}

impl GeneratedFamilies {
    /// The questions whose claims cannot all hold.
    pub(crate) fn disputed(&self) -> impl Iterator<Item = usize> {
        self.positions.iter().enumerate().filter(|(_, positions)| **positions > 1).map(|(at, _)| at)
    }

    /// Frees the claims after they are written.
    pub(crate) fn forget_claims(&mut self) {
        self.claims = Vec::new();
    }

    pub(crate) fn groups(&self) -> usize {
        self.families * MEASURES.len()
    }
}

/// The id of a claim.
pub(crate) fn claim_name(number: usize) -> String {
    format!("c{number:09}")
}

/// The first day of a family's events.
fn day_of(family: usize) -> i64 {
    FIRST_DAY + (crate::random::hash(&[family as u64, 1]) % 600) as i64
}

const FIRST_DAY: i64 = 16_436; // 2015-01-01, in days since 1970
/// The first day for claims made long after all events.
const AFTERWARDS: i64 = FIRST_DAY + 800;

/// Shuffles things in an order that depends only on the seed.
fn shuffle<T>(things: &mut [T], random: &mut Random) {
    for at in (1..things.len()).rev() {
        things.swap(at, random.below(at + 1));
    }
}
