//! The text of one claim: an actor and a wording that contains the figure planted for the question.

use super::random::{Random, hash};
use super::{Spread, date, day_of, name_of_event, put, source_name};

/// The question that a claim answers.
#[derive(Clone, Copy)]
pub(super) struct QuestionSpec {
    pub(super) event: usize,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Killed(Option<&'static str>),
    Injured,
    Missing,
    TargetsHit,
    Duration,
    Responsible,
    Place,
    Date,
    Occurred,
}

/// The kinds of questions, each with its frequency out of 32.
const ASKED: [(Kind, usize); 10] = [
    (Kind::Killed(None), 9),
    (Kind::Injured, 6),
    (Kind::Killed(Some("civilians")), 5),
    (Kind::Killed(Some("children")), 2),
    (Kind::Responsible, 2),
    (Kind::TargetsHit, 2),
    (Kind::Place, 2),
    (Kind::Occurred, 2),
    (Kind::Date, 1),
    (Kind::Duration, 1),
];

/// Ids for answers to questions with choices.
pub(super) struct Ids {
    pub(super) place: String,
    pub(super) actor: String,
}

/// The claims of one source.
pub(super) struct Speech {
    spread: Spread,
    source: usize,
    published: i64,
    /// The assertions so far, which later claims can respond to.
    asserted: Vec<(String, bool)>,
}

impl QuestionSpec {
    pub(super) fn draw(event: usize, random: &mut Random) -> Self {
        let mut at = random.below(32);
        for (kind, often) in ASKED {
            if at < often {
                return Self { event, kind };
            }
            at -= often;
        }
        Self::of_people(event)
    }

    pub(super) fn of_people(event: usize) -> Self {
        Self { event, kind: Kind::Killed(None) }
    }

    pub(super) fn of_missing(event: usize) -> Self {
        Self { event, kind: Kind::Missing }
    }

    pub(super) fn of_things(event: usize) -> Self {
        Self { event, kind: Kind::TargetsHit }
    }

    /// A number that belongs to the question.
    fn seed(self) -> u64 {
        let (measure, population) = self.names();
        hash(&[
            self.event as u64,
            measure.len() as u64,
            measure.as_bytes()[0].into(),
            population.map_or(0, str::len) as u64,
        ])
    }

    fn is_disputed(self) -> bool {
        self.seed().is_multiple_of(10)
    }

    /// Whether outlets give the answer in their own voice.
    fn in_own_voice(self) -> bool {
        (self.seed() / 10).is_multiple_of(5)
    }

    fn names(self) -> (&'static str, Option<&'static str>) {
        match self.kind {
            Kind::Killed(of) => ("killed", of),
            Kind::Injured => ("injured", None),
            Kind::Missing => ("missing", None),
            Kind::TargetsHit => ("targets-hit", None),
            Kind::Duration => ("duration", None),
            Kind::Responsible => ("responsible", None),
            Kind::Place => ("place", None),
            Kind::Date => ("date", None),
            Kind::Occurred => ("occurred", None),
        }
    }

    /// The figure planted for the question. A part has a lower figure than its whole: civilians and children than
    /// people, and the strikes of a raid together than the raid.
    fn figure(self) -> i64 {
        let of_event = |event: usize| 4 + (hash(&[event as u64, 5]) % 90) as i64;
        let people = if self.event.is_multiple_of(super::EPISODES) {
            (0..super::EPISODES).map(|part| of_event(self.event + part)).sum()
        } else {
            of_event(self.event)
        };
        match self.kind {
            Kind::Killed(None) => people,
            Kind::Killed(Some("civilians")) => (people / 2).max(1),
            Kind::Killed(_) => (people / 8).max(1),
            Kind::Injured => people * 3,
            Kind::TargetsHit => 1 + people / 12,
            _ => 2 + people % 20,
        }
    }

    /// The figure of a position. The first is the planted one; others are above it.
    fn position(self, at: i64) -> i64 {
        let first = self.figure();
        first + at * (6 + first / 2)
    }
}

impl Speech {
    pub(super) fn new(spread: Spread, source: usize, published: i64) -> Self {
        Self { spread, source, published, asserted: Vec::new() }
    }

    /// Writes a claim: sometimes a response to an earlier claim, otherwise an answer.
    pub(super) fn claim(
        &mut self,
        text: &mut String,
        random: &mut Random,
        number: usize,
        asked: QuestionSpec,
        by: &str,
        ids: impl Fn() -> Ids,
    ) {
        let (measure, population) = asked.names();
        let name = format!("{measure}-{}-{number:03}", population.unwrap_or("all"));
        put(text, format_args!("  {name}:\n"));
        if self.asserted.len() > 4 && random.chance(3) {
            self.response(text, random, by);
            return;
        }
        let disputed = match self.spread {
            Spread::Skewed => asked.is_disputed(),
            Spread::OneAgreed => false,
            Spread::OneDisputed | Spread::OneScattered | Spread::OneOverYears => true,
        };
        if !asked.in_own_voice() || disputed && random.chance(85) || self.spread != Spread::Skewed {
            put(text, format_args!("    by: {by}\n"));
        }
        if random.chance(4) {
            put(text, format_args!("    via: [{}]\n", ids().actor));
        }
        put(text, format_args!("    about: {}\n    measure: {measure}\n", name_of_event(asked.event)));
        if let Some(population) = population {
            put(text, format_args!("    of: {population}\n"));
        } else if matches!(asked.kind, Kind::Killed(_) | Kind::Injured) && random.chance(30) {
            text.push_str("    of: people\n");
        }
        let positions = if random.chance(70) { 2 } else { 3 };
        let at = if disputed { random.below(positions) as i64 } else { 0 };
        let said = self.value(text, random, number, asked, at, &ids());
        self.rest(text, random, asked, &said);
        self.asserted.push((name, disputed));
    }

    /// The value, and a few words of a source with it.
    fn value(
        &self,
        text: &mut String,
        random: &mut Random,
        number: usize,
        asked: QuestionSpec,
        at: i64,
        ids: &Ids,
    ) -> String {
        let value = match asked.kind {
            Kind::TargetsHit if self.spread == Spread::OneScattered => {
                (1000 + 7 * (self.source * 1000 + number)).to_string()
            }
            Kind::Killed(_) | Kind::Injured | Kind::Missing | Kind::TargetsHit => {
                wording(random, asked.position(at))
            }
            Kind::Duration if at == 0 => format!("{} days", asked.figure()),
            Kind::Duration => format!("at least {} days", asked.figure() * 3),
            Kind::Responsible | Kind::Occurred if at > 0 => {
                text.push_str("    stance: denies\n");
                if asked.kind == Kind::Occurred { "yes".to_owned() } else { ids.actor.clone() }
            }
            Kind::Responsible => ids.actor.clone(),
            Kind::Occurred => "yes".to_owned(),
            Kind::Place if at > 0 => "province-0003".to_owned(),
            Kind::Place => ids.place.clone(),
            Kind::Date => date(day_of(asked.event) + 2 * at),
        };
        put(text, format_args!("    value: {value}\n"));
        value
    }

    /// The time, place and manner of the claim.
    fn rest(&self, text: &mut String, random: &mut Random, asked: QuestionSpec, value: &str) {
        let begin = day_of(asked.event);
        let said = match self.spread {
            Spread::OneOverYears => random.between(begin, self.published),
            _ => begin + random.skewed((self.published - begin + 1) as u64) as i64,
        };
        put(text, format_args!("    said: {}\n", date(said)));
        if random.chance(60) {
            put(text, format_args!("    as-of: {}\n", date(random.between(begin, said))));
        }
        put(text, format_args!("    at: p{}\n", 1 + random.below(60)));
        if random.chance(8) {
            let part = ["headline", "bullet", "caption"][random.below(3)];
            put(text, format_args!("    part: {part}\n"));
        }
        if random.chance(25) {
            put(
                text,
                format_args!("    form: {}\n", if random.chance(90) { "quote" } else { "presupposed" }),
            );
        }
        put(text, format_args!("    words: {value}, {}\n", PHRASES[random.below(PHRASES.len())]));
        if random.chance(15) {
            let hedge = ["probable", "possible", "conditional", "certain"][random.below(4)];
            put(text, format_args!("    certainty: {hedge}\n"));
        }
        if random.chance(40) {
            put(text, format_args!("    note: {}\n", NOTES[random.below(NOTES.len())]));
        }
    }

    /// A denial of a disputed claim, otherwise a confirmation, which names the claim by its short or full name.
    fn response(&self, text: &mut String, random: &mut Random, by: &str) {
        let (target, disputed) = &self.asserted[random.below(self.asserted.len())];
        let full =
            if random.chance(50) { format!("{}/{target}", source_name(self.source)) } else { target.clone() };
        let how = match (disputed, random.below(3)) {
            (true, 0 | 1) => "denies",
            (_, 2) => "declines",
            _ => "confirms",
        };
        put(text, format_args!("    by: {by}\n    {how}: [{full}]\n    at: p{}\n", 1 + random.below(60)));
    }
}

const PHRASES: [&str; 6] = [
    "according to officials",
    "the ministry said on Sunday",
    "medics at the site told us",
    "in a statement carried by state media",
    "“as far as we know”",
    "the spokesperson said",
];

const NOTES: [&str; 5] = [
    "Read from the second paragraph; the headline rounds it.",
    "The article does not say whether the attackers are counted.",
    "Given again – in other words – further down.",
    "Translated by the desk.",
    "'\"Killed\" here may include those who died later of their wounds: the text is not clear.'",
];

/// A wording whose hard and usual ranges contain a figure.
fn wording(random: &mut Random, figure: i64) -> String {
    let half = (figure + 1) / 2;
    match random.below(100) {
        0..=17 => format!("at least {}", number(random, half.max(figure - 8), figure)),
        18..=23 if figure > 3 => format!("more than {}", number(random, half.max(figure - 4), figure - 1)),
        24..=28 => format!("up to {}", number(random, figure, figure + figure / 3)),
        29..=37 => format!("{} {}", ["about", "around", "roughly", "some"][random.below(4)], grouped(figure)),
        38..=41 if figure >= 20 => format!("nearly {}", grouped(figure + figure / 20)),
        42..=48 if figure >= 3 => {
            let (low, high) =
                (figure - random.between(0, figure / 8 + 1), figure + random.between(1, figure / 8 + 2));
            if random.chance(50) { format!("{low}-{high}") } else { format!("between {low} and {high}") }
        }
        49..=52 if (3..=9).contains(&figure) => "several".to_owned(),
        49..=52 if (24..=99).contains(&figure) => "dozens".to_owned(),
        49..=52 if (200..=999).contains(&figure) => "hundreds".to_owned(),
        53..=58 if figure < 100 => in_words(figure),
        _ => grouped(figure),
    }
}

fn number(random: &mut Random, low: i64, high: i64) -> String {
    grouped(random.between(low, high))
}

fn grouped(figure: i64) -> String {
    if figure < 1000 { figure.to_string() } else { format!("{},{:03}", figure / 1000, figure % 1000) }
}

fn in_words(figure: i64) -> String {
    const SMALL: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 10] =
        ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let (tens, ones) = ((figure / 10) as usize, (figure % 10) as usize);
    match (tens, ones) {
        (0 | 1, _) => SMALL[figure as usize].to_owned(),
        (_, 0) => TENS[tens].to_owned(),
        _ => format!("{}-{}", TENS[tens], SMALL[ones]),
    }
}
