//! Generated claim files for benchmarks: the same for the same seed, and shaped like real workspaces.
//!
//! Definitions are in a few shared files, and each source has its own file. Claims are distributed over events and
//! questions by Zipf's law. One question in ten is disputed. All other answers can hold together, in their hard and
//! usual ranges and in any wording: each contains the planted value.

mod claim;
mod random;

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use claim::{QuestionSpec, Speech};
use random::{Random, Zipf, hash};

/// What to generate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// The number of claims.
    pub(crate) claims: usize,
    /// The number of claims in one file.
    pub(crate) in_file: usize,
    /// The questions of the claims.
    pub(crate) spread: Spread,
}

/// The distribution of claims over questions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Spread {
    /// Skewed over many questions, one in ten of them disputed.
    Skewed,
    /// All on one question, and all can hold together.
    OneAgreed,
    /// All on one question, in three positions.
    OneDisputed,
    /// All on one question, with pairwise different figures that do not grow.
    OneScattered,
    /// All on one question, each for a day within ten years.
    OneOverYears,
}

/// The number of definitions of each kind.
struct World {
    size: Size,
    events: usize,
    actors: usize,
    outlets: usize,
}

const FIRST_DAY: i64 = 16_436; // 2015-01-01, in days since 1970
const DAYS: u64 = 3650;
const CHILDREN: usize = 5;
const EPISODES: usize = CHILDREN + 1;
const SPEAKERS: usize = 4;

/// Writes a workspace into a folder; returns the size of all files in bytes.
///
/// # Errors
/// Returns the error of the file system.
pub(crate) fn write(folder: &Path, size: Size) -> io::Result<u64> {
    let sources = folder.join("sources");
    fs::create_dir_all(&sources)?;
    let mut bytes = 0;
    let mut save = |path: &Path, text: &str| {
        bytes += text.len() as u64;
        fs::write(path, text)
    };
    let world = World::new(size);
    for (name, text) in world.definitions() {
        save(&folder.join(name), &text)?;
    }
    let zipf = Zipf::new(world.events, 0.8);
    let files = size.claims.div_ceil(size.in_file);
    for at in 0..files {
        let claims = size.in_file.min(size.claims - at * size.in_file);
        save(&sources.join(format!("{at:05}.yaml")), &world.source(at, claims, &zipf))?;
    }
    Ok(bytes)
}

impl World {
    fn new(size: Size) -> Self {
        let root = size.claims.isqrt();
        let events = match size.spread {
            Spread::Skewed => (size.claims / 40).max(EPISODES).next_multiple_of(EPISODES),
            _ => EPISODES,
        };
        let actors = (2 * root).clamp(20, 2000).next_multiple_of(SPEAKERS + 1);
        Self { size, events, actors, outlets: (root / 3).max(5) }
    }

    // --- definitions ------------------------------------------------------------------------------------

    fn definitions(&self) -> Vec<(String, String)> {
        let mut files = vec![
            ("actors.yaml".to_owned(), self.actors()),
            ("vocabulary.yaml".to_owned(), self.vocabulary()),
        ];
        let a_file = 1200;
        let chunks = (0..self.events).collect::<Vec<_>>();
        files.extend(chunks.chunks(a_file).enumerate().map(|(at, events)| {
            let mut text = String::from("events:\n");
            for &event in events {
                self.event(&mut text, event);
            }
            (format!("events-{at:03}.yaml"), text)
        }));
        files
    }

    fn actors(&self) -> String {
        let mut text =
            String::from("# Who speaks: parties, the people who speak for them, outlets.\nactors:\n");
        for at in 0..self.actors {
            let (party, is_party) = (at - at % (SPEAKERS + 1), at % (SPEAKERS + 1) == 0);
            let kind = if is_party { "state" } else { "person" };
            put(&mut text, format_args!("  {}:\n    name: {}\n    kind: {kind}\n", actor(at), title(at, 3)));
            if !is_party {
                put(&mut text, format_args!("    role: spokesperson\n    speaks-for: {}\n", actor(party)));
            }
        }
        for at in 0..self.outlets {
            let name = title(at + 700_000, 2);
            put(&mut text, format_args!("  {}:\n    name: The {name} Post\n    kind: media\n", outlet(at)));
        }
        text
    }

    fn vocabulary(&self) -> String {
        let mut text = String::from(
            "populations:\n  worshippers:\n    name: worshippers\n    part-of: civilians\n    inferred: true\n\
             measures:\n  backing:\n    name: how far it backs them\n    type: scale\n    \
             steps: [uninvolved, tolerates, shelters, supports, directs]\nplaces:\n",
        );
        for at in 0..self.places() {
            put(&mut text, format_args!("  {}:\n    name: {}\n", place(at), title(at + 40_000, 2)));
            if at >= 10 {
                put(&mut text, format_args!("    part-of: {}\n", place(at % 10)));
            }
        }
        text
    }

    fn event(&self, text: &mut String, event: usize) {
        let parent = event - event % EPISODES;
        put(text, format_args!("  {}:\n", name_of_event(event)));
        put(text, format_args!("    name: Raid on {}\n    kind: attack\n", title(event + 90_000, 3)));
        put(
            text,
            format_args!("    date: {}\n    place: {}\n", date(day_of(event)), place(self.place_of(event))),
        );
        if event != parent {
            put(text, format_args!("    part-of: {}\n", name_of_event(parent)));
        }
        let parties =
            [self.speaker_of(event, 0), self.speaker_of(event, 1)].map(|at| at - at % (SPEAKERS + 1));
        if parties[0] != parties[1] {
            put(text, format_args!("    parties: [{}, {}]\n", actor(parties[0]), actor(parties[1])));
        }
    }

    fn places(&self) -> usize {
        (self.events / 20).clamp(20, 2000)
    }

    fn place_of(&self, event: usize) -> usize {
        10 + hash(&[event as u64, 3]) as usize % (self.places() - 10)
    }

    /// One of the few actors who make most claims about an event.
    fn speaker_of(&self, event: usize, which: u64) -> usize {
        hash(&[event as u64, which, 7]) as usize % self.actors
    }

    // --- sources ----------------------------------------------------------------------------------------

    fn source(&self, at: usize, claims: usize, zipf: &Zipf) -> String {
        let mut random = Random::new(hash(&[at as u64, self.size.claims as u64]));
        let lead = zipf.draw(&mut random);
        let published = match self.size.spread {
            Spread::OneOverYears => FIRST_DAY + DAYS as i64 + random.below(DAYS as usize) as i64,
            _ => day_of(lead) + 1 + random.skewed(120) as i64,
        };
        let outlet_of = random.below(self.outlets);
        let mut text = String::with_capacity(claims * 280);
        put(
            &mut text,
            format_args!(
                "# What stands in one article, claim by claim.\nsource:\n  id: {}\n",
                source_name(at)
            ),
        );
        put(
            &mut text,
            format_args!("  publisher: {}\n  published: {}\n", outlet(outlet_of), date(published)),
        );
        put(
            &mut text,
            format_args!("  title: \"{}: what is known\"\n  language: en\n", title(at + 5_000_000, 4)),
        );
        if at > 10 && random.chance(15) {
            put(&mut text, format_args!("  cites: [{}]\n", source_name(random.below(at))));
        }
        text.push_str("\nclaims:\n");
        let mut speech = Speech::new(self.size.spread, at, published);
        for number in 0..claims {
            let asked = match self.size.spread {
                Spread::Skewed => {
                    let event =
                        (0..20).map(|_| zipf.draw(&mut random)).find(|&event| day_of(event) <= published);
                    QuestionSpec::draw(event.unwrap_or(lead), &mut random)
                }
                Spread::OneOverYears => QuestionSpec::of_missing(0),
                Spread::OneScattered => QuestionSpec::of_things(0),
                Spread::OneAgreed | Spread::OneDisputed => QuestionSpec::of_people(0),
            };
            let by = if random.chance(80) {
                self.speaker_of(asked.event, random.skewed(6))
            } else {
                random.below(self.actors)
            };
            speech.claim(&mut text, &mut random, number, asked, &actor(by), || {
                let suspect = self.speaker_of(asked.event, 11);
                claim::Ids {
                    place: place(self.place_of(asked.event)),
                    actor: actor(suspect - suspect % (SPEAKERS + 1)),
                }
            });
        }
        text
    }
}

fn put(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    text.write_fmt(arguments).expect("a string takes all that is written");
}

fn actor(at: usize) -> String {
    format!("{}-{at:04}", if at.is_multiple_of(SPEAKERS + 1) { "state" } else { "speaker" })
}

fn outlet(at: usize) -> String {
    format!("outlet-{at:03}")
}

fn place(at: usize) -> String {
    format!("{}-{at:04}", if at < 10 { "province" } else { "town" })
}

fn source_name(at: usize) -> String {
    format!("article-{at:05}")
}

fn name_of_event(event: usize) -> String {
    let (family, child) = (event / EPISODES, event % EPISODES);
    if child == 0 { format!("raids-{family:05}") } else { format!("raids-{family:05}-strike-{child}") }
}

/// The day of an event; a part happens within a week of its whole.
fn day_of(event: usize) -> i64 {
    let family = (event / EPISODES) as u64;
    let begin = FIRST_DAY + (hash(&[family, 1]) % DAYS) as i64;
    begin + if event.is_multiple_of(EPISODES) { 0 } else { (hash(&[event as u64, 2]) % 7) as i64 }
}

fn date(day: i64) -> String {
    let number = i32::try_from(day).expect("days are near ours");
    let (year, month, day) = gainsay::period::Day::from_number(number).ymd();
    format!("{year:04}-{month:02}-{day:02}")
}

/// A generated name of a few syllables, different for each number.
fn title(seed: usize, syllables: usize) -> String {
    const PARTS: [&str; 24] = [
        "kan", "dar", "mir", "sho", "bel", "tor", "gul", "ram", "zan", "pesh", "lah", "nur", "qal", "wer",
        "hil", "mand", "jal", "bad", "khu", "rin", "sal", "vek", "oru", "zgan",
    ];
    let mut rest = hash(&[seed as u64, 9]);
    let mut name = String::new();
    for _ in 0..=syllables {
        name.push_str(PARTS[(rest % 24) as usize]);
        rest /= 24;
    }
    name[..1].to_uppercase() + &name[1..]
}
