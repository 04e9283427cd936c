//! The same claims as tables for the peer harness, with the truth in its own terms.
//!
//! The harness defines a dispute, or a part that exceeds its whole, as a highest lower bound above the lowest upper
//! bound. All questions of a group without either are the group's share in the search for clashes of several claims.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use super::text::{actor, date, source};
use super::{EVENTS, GROUP, GeneratedFamilies, MEASURES, OPEN, POPULATIONS, QuestionKey, claim_name};

/// The harness's value for an open end.
const NO_END: i64 = 1_000_000_000;
const PEOPLE: [&str; POPULATIONS] = ["total", "civilians", "combatants"];

impl GeneratedFamilies {
    /// Writes the tables into a folder.
    ///
    /// # Errors
    /// Returns the error of the file system.
    pub(crate) fn write_tables(&self, folder: &Path) -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let save = |name: &str, text: String| std::fs::write(folder.join(name), text);
        let disputed: Vec<usize> = self.disputed().collect();
        let exceeding = self.exceeding();
        let bad: BTreeSet<usize> = disputed
            .iter()
            .chain(exceeding.iter().map(|(part, _)| part))
            .map(|question| question / GROUP)
            .collect();
        save("claims.csv", self.claims_table())?;
        save("events.csv", self.events_table())?;
        let rows = disputed.iter().map(|&question| format!("{},{}", key(question), self.positions[question]));
        save("truth_disputed.csv", table("event,measure,population,npos", rows))?;
        let rows = exceeding.iter().map(|&(part, whole)| format!("{},{}", key(part), key(whole)));
        let head = "part_event,part_measure,part_population,whole_event,whole_measure,whole_population";
        save("truth_partwhole.csv", table(head, rows))?;
        let rows = (0..self.groups()).filter(|group| !bad.contains(group)).map(|group| {
            let asked = QuestionKey::of(group * GROUP);
            format!("{},{}", asked.event_name(), MEASURES[asked.measure])
        });
        save("joint_groups.csv", table("family,measure", rows))?;
        save("truth_joint.json", self.truth_joint())?;
        save("meta.json", format!("{{\"claims\": {}}}", self.claims.len()))
    }

    fn claims_table(&self) -> String {
        let rows = self.claims.iter().enumerate().map(|(at, claim)| {
            let high = if claim.high == OPEN { NO_END } else { claim.high };
            let (id, by, said) = (claim_name(at), actor(claim.actor), date(claim.day));
            format!("{id},{},{by},{},{},{high},{said}", source(at), key(claim.question as usize), claim.low)
        });
        table("id,source,actor,event,measure,population,low,high,date", rows)
    }

    fn events_table(&self) -> String {
        let families = (0..self.families).flat_map(|family| (0..EVENTS).map(move |event| (family, event)));
        let rows = families.map(|(family, event)| {
            let asked = QuestionKey { family, measure: 0, event, population: 0 };
            let whole = QuestionKey { event: 0, ..asked }.event_name();
            format!("{},{}", asked.event_name(), if event == 0 { "" } else { &whole })
        });
        table("event,parent", rows)
    }

    /// Parts and wholes where the part is claimed to be more than the whole.
    fn exceeding(&self) -> Vec<(usize, usize)> {
        let mut ends = vec![(i64::MIN, OPEN); self.positions.len()];
        for claim in &self.claims {
            let (low, high) = &mut ends[claim.question as usize];
            (*low, *high) = ((*low).max(claim.low), (*high).min(claim.high));
        }
        let wholes = |question: usize| {
            let asked = QuestionKey::of(question);
            let places = [(0, 0), (0, asked.population), (asked.event, 0)];
            let places: BTreeSet<_> =
                places.into_iter().filter(|&at| at != (asked.event, asked.population)).collect();
            places
                .into_iter()
                .map(move |(event, population)| QuestionKey { event, population, ..asked }.number())
        };
        let pairs = (0..ends.len()).flat_map(|part| wholes(part).map(move |whole| (part, whole)));
        pairs.filter(|&(part, whole)| ends[part].0 > ends[whole].1).collect()
    }

    /// The planted clashes of the groups that are searched.
    fn truth_joint(&self) -> String {
        let mut text = String::from("[");
        for claims in self.clashes.iter().filter(|claims| claims.len() > 2) {
            let asked = QuestionKey::of(self.claims[claims[0]].question as usize);
            let family = QuestionKey { event: 0, ..asked }.event_name();
            let names: Vec<_> = claims.iter().map(|&claim| format!("{:?}", claim_name(claim))).collect();
            let comma = if text.len() > 1 { ", " } else { "" };
            let measure = MEASURES[asked.measure];
            write!(
                text,
                "{comma}{{\"group\": [{family:?}, {measure:?}], \"claims\": [{}]}}",
                names.join(", ")
            )
            .expect("a string takes all that is written");
        }
        text + "]"
    }
}

/// The name of a question in the tables.
fn key(question: usize) -> String {
    let asked = QuestionKey::of(question);
    format!("{},{},{}", asked.event_name(), MEASURES[asked.measure], PEOPLE[asked.population])
}

fn table(head: &str, rows: impl Iterator<Item = String>) -> String {
    let mut text = format!("{head}\n");
    for row in rows {
        text.push_str(&row);
        text.push('\n');
    }
    text
}
