//! Which events have names alike, found without comparing all with all.
//!
//! Names fall into groups that fold alike, groups into pairs that are spellings of one name or the same words;
//! within those, a sweep over days meets only events whose dates can be one. Events of one day, place and kind
//! are a block, in which names may differ by what one of them leaves out.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::document::SubjectKind;
use crate::id::{Id as _, PlaceId, SubjectId};
use crate::model::{Model, Subject};
use crate::names::{self, Named, Reason, Sieve, Together, fold, near_duplicates};
use crate::period::Day;
use crate::rules::crowd::FEW;
use crate::source::Location;

/// With how many events of one name and one time each is compared.
const NEIGHBOURS: usize = 256;

/// Words that tell no event from another.
const SMALL: [&str; 14] =
    ["a", "an", "and", "at", "by", "during", "for", "from", "in", "near", "of", "on", "to", "with"];

/// Words by which one of two like events is told from the other.
const TELLING: [&str; 12] = [
    "first", "second", "third", "fourth", "fifth", "another", "earlier", "later", "other", "previous",
    "next", "last",
];

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A name or an alias of an event, and where it stands; the id, for a name that is made of it.
#[derive(Clone, Copy)]
pub(super) struct Name<'a> {
    pub(super) event: SubjectId,
    pub(super) text: &'a str,
    pub(super) at: Location,
}

/// How two names are alike, surest first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// Spellings of one name.
    Spelling,
    /// The same words, in another order or with other small words.
    Words,
    /// One says all that the other says, of one day, place and kind.
    Within,
}

/// Two events that may be one, by these names.
pub(super) struct Pair<'a> {
    pub(super) names: [Name<'a>; 2],
    pub(super) likeness: Likeness,
}

/// Events that were compared with some of the others only.
pub(super) struct Crowd<'a> {
    /// A name of the first of them.
    pub(super) name: Name<'a>,
    /// How many names stand in it.
    pub(super) size: usize,
    /// With how many others each was compared.
    pub(super) compared: usize,
}

/// What was found and what was not looked at.
#[derive(Default)]
pub(super) struct Found<'a> {
    /// All pairs of events where no more than [`FEW`] hang together; of others as many as hold them together.
    pub(super) pairs: Vec<Pair<'a>>,
    pub(super) crowds: Vec<Crowd<'a>>,
    /// Names that were compared as a whole only.
    pub(super) long: Vec<Name<'a>>,
}

/// The pairs of events whose names are alike and that can be one, the surest likenesses first.
pub(super) fn find(model: &Model, can_be_one: impl Fn(SubjectId, SubjectId) -> bool) -> Found<'_> {
    let names = names(model);
    let seen = FxHashSet::default();
    let together = Together::new(model.subjects.len());
    let mut search = Search { model, can_be_one, names: &names, seen, together, found: Found::default() };
    let groups = groups(&names);
    for group in &groups {
        search.sweep(group, None, Likeness::Spelling);
    }
    search.compare_spellings(&groups);
    search.compare_words(&groups);
    search.compare_blocks();
    search.found
}

/// The names of all events, written or made of the id.
fn names(model: &Model) -> Vec<Name<'_>> {
    let mut names = Vec::new();
    for (event, row) in model.subjects.iter().filter(|(_, row)| row.kind == SubjectKind::Event) {
        let Some(at) = row.defined.location() else { continue };
        let span = row.defined.name.as_ref().map_or(at.span, |name| name.span);
        names.push(Name { event, text: &row.name, at: Location { span, ..at } });
        let aliases = row.defined.aliases.iter();
        names.extend(aliases.map(|alias| Name {
            event,
            text: &alias.value,
            at: Location { span: alias.span, ..at },
        }));
    }
    names
}

/// Names that fold alike, one of each event, in the order of names.
fn groups(names: &[Name<'_>]) -> Vec<Vec<usize>> {
    let mut by_form: FxHashMap<String, usize> = FxHashMap::default();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let form = fold(name.text);
        if form.is_empty() {
            continue;
        }
        let group = *by_form.entry(form).or_insert(groups.len());
        if group == groups.len() {
            groups.push(Vec::new());
        }
        let is_new = groups[group].last().is_none_or(|&last| names[last].event != name.event);
        groups[group].extend(is_new.then_some(at));
    }
    groups
}

struct Search<'a, 'n, F> {
    model: &'a Model,
    can_be_one: F,
    names: &'n [Name<'a>],
    seen: FxHashSet<(SubjectId, SubjectId)>,
    /// Events by what was found.
    together: Together,
    found: Found<'a>,
}

impl<'a, F: Fn(SubjectId, SubjectId) -> bool> Search<'a, '_, F> {
    fn event(&self, name: usize) -> &'a Subject {
        &self.model.subjects[self.names[name].event]
    }

    /// Compares groups with others that are spellings of the same name.
    fn compare_spellings(&mut self, groups: &[Vec<usize>]) {
        let name = |group: usize| self.names[groups[group][0]];
        let spellings: Vec<Named<'_>> =
            (0..groups.len()).map(|group| Named { owner: group as u32, name: name(group).text }).collect();
        let outcome = near_duplicates(&spellings, Sieve::Strict);
        let crowd = |crowd: &names::Crowd| Crowd {
            name: name(crowd.first),
            size: crowd.names,
            compared: names::NEIGHBOURS,
        };
        self.found.crowds.extend(outcome.crowds.first().map(crowd));
        self.found.long.extend(outcome.long.iter().map(|&group| name(group)));
        for alike in outcome.likenesses {
            let is_order = alike.reason == Reason::WordOrder;
            let likeness = if is_order { Likeness::Words } else { Likeness::Spelling };
            self.sweep(&groups[alike.left], Some(&groups[alike.right]), likeness);
        }
    }

    /// Compares events whose names are the same words in any order. `A raids B` and `B raids A` are as well, so
    /// this takes a date and a place of both.
    fn compare_words(&mut self, groups: &[Vec<usize>]) {
        let mut by_words: FxHashMap<Vec<String>, Vec<usize>> = FxHashMap::default();
        for group in groups {
            let words = words(self.names[group[0]].text);
            if words.len() > 1 {
                let framed = |name: &usize| {
                    let event = self.event(*name);
                    event.date.is_some() && !event.place.is_empty()
                };
                by_words.entry(words).or_default().extend(group.iter().copied().filter(framed));
            }
        }
        let mut classes: Vec<Vec<usize>> = by_words.into_values().filter(|class| class.len() > 1).collect();
        classes.sort_unstable();
        for class in classes {
            self.sweep(&class, None, Likeness::Words);
        }
    }

    /// Compares events of one group, or of one with the other, whose dates can be one: a sweep over their days.
    fn sweep(&mut self, group: &[usize], other: Option<&[usize]>, likeness: Likeness) {
        if other.is_none() && group.len() < 2 {
            return;
        }
        let first_day = |name: usize| self.event(name).date.map_or(Day::MIN, |date| date.value.earliest());
        let left = group.iter().map(|&name| (first_day(name), name, true));
        let right = other.unwrap_or_default().iter().map(|&name| (first_day(name), name, false));
        let mut all: Vec<(Day, usize, bool)> = left.chain(right).collect();
        all.sort_unstable();
        let mut is_cut = false;
        for (at, &(_, name, side)) in all.iter().enumerate() {
            let last = self.event(name).date.map_or(Day::MAX, |date| date.value.latest());
            let met = all[at + 1..].iter().take_while(|(first, ..)| *first <= last);
            for &(_, next, next_side) in met.clone().take(NEIGHBOURS) {
                if other.is_none() || side != next_side {
                    self.compare(name, next, likeness);
                }
            }
            is_cut |= met.take(NEIGHBOURS + 1).count() > NEIGHBOURS;
        }
        if is_cut {
            self.crowded(all[0].1, all.len());
        }
    }

    fn crowded(&mut self, first: usize, size: usize) {
        let name = self.names[first];
        self.found.crowds.push(Crowd { name, size, compared: NEIGHBOURS });
    }

    fn compare(&mut self, a: usize, b: usize, likeness: Likeness) {
        let (a, b) = (self.names[a], self.names[b]);
        let pair = (a.event.min(b.event), a.event.max(b.event));
        if a.event == b.event || self.is_of_one_crowd(a.event, b.event) {
            return;
        }
        if self.seen.contains(&pair) || !(self.can_be_one)(a.event, b.event) {
            return;
        }
        self.seen.insert(pair);
        self.together.join(a.event.index(), b.event.index());
        let names = if a.at <= b.at { [a, b] } else { [b, a] };
        self.found.pairs.push(Pair { names, likeness });
    }

    /// Whether two events are among many that are told at once, so that one pair more says nothing new.
    fn is_of_one_crowd(&mut self, a: SubjectId, b: SubjectId) -> bool {
        let (a, b) = (a.index(), b.index());
        self.together.set_of(a) == self.together.set_of(b) && self.together.size(a) > FEW
    }

    /// Compares the events of one day, place and kind by the words of their names.
    fn compare_blocks(&mut self) {
        let mut blocks: FxHashMap<(Day, PlaceId, &str), Vec<usize>> = FxHashMap::default();
        for (at, name) in self.names.iter().enumerate() {
            let row = &self.model.subjects[name.event];
            if let (Some(day), Some(nature)) = (only_day(row), &row.nature) {
                for &place in &row.place {
                    blocks.entry((day, place, nature.as_str())).or_default().push(at);
                }
            }
        }
        let mut blocks: Vec<_> = blocks.into_iter().filter(|(_, block)| block.len() > 1).collect();
        blocks.sort_unstable();
        for ((day, ..), block) in blocks {
            self.compare_block(day, &block);
        }
    }

    fn compare_block(&mut self, day: Day, block: &[usize]) {
        let words: Vec<Vec<String>> =
            block.iter().map(|&name| without_date(words(self.names[name].text), day)).collect();
        for (at, &name) in block.iter().enumerate() {
            for (next, &other) in block.iter().enumerate().skip(at + 1).take(NEIGHBOURS) {
                if says_all(&words[at], &words[next]) {
                    self.compare(name, other, Likeness::Within);
                }
            }
        }
        if block.len() > NEIGHBOURS + 1 {
            self.crowded(block[0], block.len());
        }
    }
}

/// The day of an event that is dated to one.
fn only_day(event: &Subject) -> Option<Day> {
    let date = event.date?.value;
    date.first.filter(|_| date.first == date.last)
}

/// The words of a folded name that tell something, sorted, each once.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> =
        fold(name).split(' ').filter(|word| !SMALL.contains(word)).map(str::to_owned).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Words without those that only tell the day.
fn without_date(mut words: Vec<String>, day: Day) -> Vec<String> {
    let (year, month, day) = day.ymd();
    let month =
        usize::try_from(month).ok().and_then(|month| MONTHS.get(month - 1)).copied().unwrap_or_default();
    words.retain(|word| {
        let is_number = word.parse::<i16>().is_ok_and(|number| number == year || number == i16::from(day));
        !is_number && word != month
    });
    words
}

/// Whether one of two names says all that the other says, and nothing that would tell a like event from it.
fn says_all(a: &[String], b: &[String]) -> bool {
    let (less, more) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let tells =
        |word: &String| TELLING.contains(&word.as_str()) || word.contains(|c: char| c.is_ascii_digit());
    less.len() > 1
        && less.iter().all(|word| more.binary_search(word).is_ok())
        && !more.iter().any(|word| tells(word) && less.binary_search(word).is_err())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_alike(a: &str, b: &str) -> bool {
        let day = Day::from_ymd(2025, 10, 9).unwrap();
        let [a, b] = [a, b].map(|name| without_date(words(name), day));
        says_all(&a, &b) && says_all(&b, &a)
    }

    #[test]
    fn a_name_may_leave_out_words_and_the_day() {
        assert!(is_alike("Explosions in Kabul", "Kabul explosions, night of 9 October 2025"));
        assert!(is_alike("Bombing of a mosque in Islamabad", "Islamabad mosque bombing"));
        assert!(is_alike("Bombing of a Shia mosque in Islamabad", "Islamabad mosque bombing"));
    }

    #[test]
    fn a_number_or_an_ordinal_tells_events_apart() {
        assert!(!is_alike("Raid on Kunar", "Second raid on Kunar"));
        assert!(!is_alike("Raid on Sector 7", "Raid on Sector 7 and Sector 8"));
        assert!(!is_alike("Raid on Kunar", "Raid on Khost"));
        assert!(!is_alike("Raid", "Raid on Kunar"));
    }
}
