//! Decides which questions are disputed, which claims clash, and how many claims each question has.

use std::ops::RangeInclusive;

use super::truth::Truth;
use super::{
    AFTERWARDS, Claim, GROUP, GeneratedFamilies, Kind, MEASURES, OPEN, POPULATIONS, QuestionKey, day_of,
    shuffle,
};
use crate::random::{Random, Zipf, hash};

/// The planted content of a group.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PlantedGroup {
    /// Claims that clash together, among other claims with very wide ranges.
    Clash,
    /// No clash: one assignment of figures satisfies all claims.
    Nothing,
    /// Disputes within questions; sums hold for every choice of positions.
    Disputes,
}

/// The first day after an event on which its tolls are reported, if they are reported before they are settled.
pub(super) const FIRST_REPORT: i64 = 7;
/// The number of days after that on which they are reported.
pub(super) const REPORT_DAYS: i64 = 18;

/// Generates a number of claims. The claims of `Clean` and `Flat` are the same; those of `Broken` and `Held` differ in
/// one figure per group.
pub(crate) fn make(kind: Kind, claims: usize) -> GeneratedFamilies {
    let families = (claims / 360).max(4);
    let mut random = Random::new(hash(&[claims as u64, 17]));
    let plants = plants(kind, families * MEASURES.len(), &mut random);
    let mut made = GeneratedFamilies {
        kind,
        claims: Vec::with_capacity(claims),
        families,
        actors: (claims / 10).max(1000),
        positions: Vec::new(),
        clashes: Vec::new(),
    };
    for (group, _) in plants.iter().enumerate().filter(|(_, plant)| **plant == PlantedGroup::Clash) {
        made.plant(group, &mut random);
    }
    let spread = spread(claims.saturating_sub(made.claims.len()), plants.len() * GROUP, &mut random);
    made.positions = positions(&plants, &spread, &mut random);
    for (group, &plant) in plants.iter().enumerate() {
        made.group(group, plant, &spread[group * GROUP..][..GROUP], &mut random);
    }
    shuffle(&mut made.claims, &mut random);
    for (at, claim) in made.claims.iter().enumerate() {
        if let Some(clash) = claim.clash {
            made.clashes[clash as usize].push(at);
        }
    }
    made
}

fn plants(kind: Kind, groups: usize, random: &mut Random) -> Vec<PlantedGroup> {
    let (clash, nothing) = match kind {
        Kind::Mixed | Kind::Growing => ((groups * 6 / 100).max(SHAPES.len()), groups / 4),
        Kind::Clean | Kind::Flat => (0, groups),
        Kind::Broken | Kind::Held => (groups, 0),
    };
    let mut plants = vec![PlantedGroup::Disputes; groups];
    plants[..clash].fill(PlantedGroup::Clash);
    plants[clash..clash + nothing].fill(PlantedGroup::Nothing);
    shuffle(&mut plants, random);
    plants
}

/// The number of claims on each question, skewed.
fn spread(claims: usize, questions: usize, random: &mut Random) -> Vec<u32> {
    let mut by_rank: Vec<usize> = (0..questions).collect();
    shuffle(&mut by_rank, random);
    let zipf = Zipf::new(questions, 0.8);
    let mut spread = vec![0; questions];
    for _ in 0..claims {
        spread[by_rank[zipf.draw(random)]] += 1;
    }
    spread
}

/// The number of positions on each question: one question in ten is disputed.
fn positions(plants: &[PlantedGroup], spread: &[u32], random: &mut Random) -> Vec<u8> {
    let may = |question: usize| plants[question / GROUP] == PlantedGroup::Disputes && spread[question] > 1;
    let claimed = spread.iter().filter(|&&claims| claims > 0).count();
    let able = (0..spread.len()).filter(|&question| may(question)).count();
    let of_a_thousand = (100 * claimed).checked_div(able).unwrap_or(0);
    let mut one = |(question, &claims): (usize, &u32)| {
        if !may(question) || random.below(1000) >= of_a_thousand {
            return 1;
        }
        let wanted = match random.below(10) {
            0..7 => 2,
            7..9 => 3,
            _ => 4,
        };
        wanted.min(claims.min(4) as u8)
    };
    spread.iter().enumerate().map(&mut one).collect()
}

/// An event and a population: a question of a group.
type Place = (usize, usize);

/// The shapes of clashes: questions of a group whose lower bounds add up to more than the upper bound of another.
/// Except in the last shape, no two of the claims clash.
const SHAPES: [(&[Place], Place); 6] = [
    (&[(2, 1), (2, 2)], (2, 0)),
    (&[(1, 0), (3, 0), (4, 0)], (0, 0)),
    (&[(5, 1), (5, 2)], (0, 0)),
    (&[(1, 0), (2, 0), (3, 0), (4, 0), (5, 0)], (0, 0)),
    (&[(1, 1), (2, 2), (3, 0), (4, 1)], (0, 0)),
    (&[(4, 1)], (0, 1)),
];

impl GeneratedFamilies {
    /// Plants a clash. One in twenty is by a single party. The shape with two claims is used in mixed data only.
    fn plant(&mut self, group: usize, random: &mut Random) {
        let number = self.clashes.len();
        let mixed = matches!(self.kind, Kind::Mixed | Kind::Growing);
        let (parts, whole) = SHAPES[number % if mixed { SHAPES.len() } else { SHAPES.len() - 1 }];
        let one_party = number % 20 == 19;
        let actor = |made: &Self, nth: usize| made.actor(made.claims.len() - if one_party { nth } else { 0 });
        let mut sum = 0;
        for (nth, &part) in parts.iter().enumerate() {
            let low = random.between(20, 60);
            sum += low;
            let (actor, high) = (actor(self, nth), low + random.between(0, 3));
            self.claim(
                NewClaim { question: question(group, part), actor, low, high },
                0..=8,
                Some(number),
                random,
            );
        }
        // A claim about a part holds from its day on, a claim about the whole up to its day.
        let high = if self.kind == Kind::Held { sum } else { sum - 1 };
        let said =
            NewClaim { question: question(group, whole), actor: actor(self, parts.len()), low: 0, high };
        self.claim(said, 9..=REPORT_DAYS, Some(number), random);
        self.clashes.push(Vec::new());
    }

    /// Makes all claims on the questions of a group.
    fn group(&mut self, group: usize, plant: PlantedGroup, spread: &[u32], random: &mut Random) {
        let grows = self.kind == Kind::Growing && group % MEASURES.len() < 2;
        let truth = Truth::new(&self.positions[group * GROUP..][..GROUP], grows, random);
        for (at, &claims) in spread.iter().enumerate() {
            let question = group * GROUP + at;
            let disputed = self.positions[question] > 1;
            let one_party = disputed && claims == 2 && question.is_multiple_of(20);
            for nth in 0..claims as usize {
                // The first two claims of a disputed toll clash: the lower figure is the later one.
                let reported = match nth {
                    0 if disputed => REPORT_DAYS..=REPORT_DAYS,
                    1 if disputed => 0..=0,
                    _ => 0..=REPORT_DAYS,
                };
                let actor = self.actor(self.claims.len() - usize::from(one_party && nth == 1));
                let passed = self.passed(reported, random);
                let (low, high) = match plant {
                    PlantedGroup::Clash => (1, OPEN),
                    PlantedGroup::Nothing | PlantedGroup::Disputes => {
                        truth.range_of_claim(at, nth, passed, random)
                    }
                };
                self.push(NewClaim { question, actor, low, high }, passed, None);
            }
        }
    }

    fn claim(
        &mut self,
        said: NewClaim,
        reported: RangeInclusive<i64>,
        clash: Option<usize>,
        random: &mut Random,
    ) {
        let passed = self.passed(reported, random);
        self.push(said, passed, clash);
    }

    fn push(&mut self, said: NewClaim, passed: i64, clash: Option<usize>) {
        let NewClaim { question, actor, low, high } = said;
        let first = match self.kind {
            Kind::Growing => day_of(QuestionKey::of(question).family) + FIRST_REPORT,
            _ => AFTERWARDS,
        };
        let (question, clash) = (question as u32, clash.map(|clash| clash as u32));
        self.claims.push(Claim { question, actor, low, high, day: first + passed, clash });
    }

    /// The days between the event and the claim: years or, where tolls are reported day by day, a day of the given
    /// range.
    fn passed(&self, reported: RangeInclusive<i64>, random: &mut Random) -> i64 {
        match self.kind {
            Kind::Growing => random.between(*reported.start(), *reported.end()),
            _ => random.skewed(2000) as i64,
        }
    }

    /// The actor of a claim: its own, as long as there are enough actors.
    fn actor(&self, claim: usize) -> u32 {
        (claim % self.actors) as u32
    }
}

/// The content of one claim, and its actor.
#[derive(Clone, Copy)]
struct NewClaim {
    question: usize,
    actor: u32,
    low: i64,
    high: i64,
}

fn question(group: usize, (event, population): Place) -> usize {
    group * GROUP + event * POPULATIONS + population
}
