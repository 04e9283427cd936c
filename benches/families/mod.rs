//! Claims about families of events, with what cannot hold of them planted and known.
//!
//! A family is one event and five that share nothing and are part of it; people, civilians and combatants are
//! counted by four measures, two of which grow. The eighteen questions of a family and a measure are a
//! *group*: their figures bind one another and no others. Claims are skewed over questions as by Zipf's law,
//! nearly each by an actor of its own. The shape is that of `gen.py` of the peer harness, so that both can be
//! given the same claims.

pub(crate) mod found;
pub(crate) mod tables;
pub(crate) mod text;
mod plan;
mod truth;

pub(crate) use plan::make;

use crate::random::Random;

/// How many events a family has: a whole and its parts.
pub(crate) const EVENTS: usize = 6;
/// Who is counted: all, civilians, combatants.
pub(crate) const POPULATIONS: usize = 3;
/// How many questions a group has.
pub(crate) const GROUP: usize = EVENTS * POPULATIONS;
/// What is counted; the first two grow while they are counted.
pub(crate) const MEASURES: [&str; 4] = ["killed", "injured", "detained", "evacuated"];
/// An end that is open.
pub(crate) const OPEN: i64 = i64::MAX;

/// What is planted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// One question in ten disputed, one group in twenty with a clash of three to six claims no two of which
    /// clash, one in a hundred with a clash of two; a quarter of the groups holds nothing at all.
    Mixed,
    /// The same, told day by day before the tolls are settled.
    Growing,
    /// All figures can hold together.
    Clean,
    /// The claims of `Clean`, on events and measures that have nothing to do with one another.
    Flat,
    /// A clash of three to six claims in each group, among others who say next to nothing.
    Broken,
    /// The same claims, with the last figure of each clash one higher, so that all can hold.
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

    pub(crate) fn called(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }
}

/// Where a question stands: family, measure, event and population in one number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Asked {
    pub(crate) family: usize,
    pub(crate) measure: usize,
    /// 0 is the whole.
    pub(crate) event: usize,
    /// 0 is all people.
    pub(crate) population: usize,
}

impl Asked {
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
    /// When it was said, in days since 1970.
    pub(crate) day: i64,
    /// The planted clash it belongs to.
    clash: Option<u32>,
}

/// Claims, and what is known of them.
pub(crate) struct Made {
    pub(crate) kind: Kind,
    pub(crate) claims: Vec<Claim>,
    pub(crate) families: usize,
    pub(crate) actors: usize,
    /// For each question in how many positions its claims stand; more than one is a dispute.
    pub(crate) positions: Vec<u8>,
    /// The clashes of claims on several questions, each with its claims by number.
    pub(crate) clashes: Vec<Vec<usize>>,
}

impl Made {
    /// The questions whose claims cannot all hold.
    pub(crate) fn disputed(&self) -> impl Iterator<Item = usize> {
        self.positions.iter().enumerate().filter(|(_, positions)| **positions > 1).map(|(at, _)| at)
    }

    /// Lets go of the claims, once they are written.
    pub(crate) fn forget_claims(&mut self) {
        self.claims = Vec::new();
    }

    pub(crate) fn groups(&self) -> usize {
        self.families * MEASURES.len()
    }
}

/// What a claim is called.
pub(crate) fn claim_name(number: usize) -> String {
    format!("c{number:09}")
}

/// The first day of a family's events.
fn day_of(family: usize) -> i64 {
    FIRST_DAY + (crate::random::hash(&[family as u64, 1]) % 600) as i64
}

const FIRST_DAY: i64 = 16_436; // 2015-01-01, in days since 1970
/// The first day on which something is said long after all events.
const AFTERWARDS: i64 = FIRST_DAY + 800;

/// Puts things in an order that is the same for the same seed.
fn shuffle<T>(things: &mut [T], random: &mut Random) {
    for at in (1..things.len()).rev() {
        things.swap(at, random.below(at + 1));
    }
}
