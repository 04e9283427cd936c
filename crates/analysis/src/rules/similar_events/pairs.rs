//! Finds events with similar names, without comparing every event with every other.
//!
//! Names with the same folded form are one group, and groups whose names are spellings of the same name, or the same
//! words, are paired. Within these, a sweep over days meets only events whose dates can be the same. Events of the same
//! day, place and kind are one block; within it, one name may leave out words of the other.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::document::SubjectKind;
use crate::id::{Id as _, PlaceId, SubjectId};
use crate::model::{Model, Subject};
use crate::rules::clusters::MAX_PAIRWISE;
use crate::source::Location;
use gainsay_reading::names::{self, AlikeReason, Named, Strictness, UnionFind, fold, near_duplicates};
use gainsay_reading::period::Day;

/// Each event is compared with at most this many others of the same name and time.
const MAX_NEIGHBOURS: usize = 256;

/// Words that do not distinguish events.
const SMALL_WORDS: [&str; 14] =
    ["a", "an", "and", "at", "by", "during", "for", "from", "in", "near", "of", "on", "to", "with"];

/// Words that distinguish an event from another one with a similar name.
const ORDINALS: [&str; 12] = [
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

/// A name or alias of an event with its location. A name derived from the id has the location of the id.
#[derive(Clone, Copy)]
pub(super) struct EventName<'a> {
    pub(super) event: SubjectId,
    pub(super) text: &'a str,
    pub(super) at: Location,
}

/// How two names are alike, surest first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum EventLikeness {
    /// Spellings of one name.
    Spelling,
    /// The same words, in another order or with other small words.
    Words,
    /// One name says everything that the other says, and the events have the same day, place and kind.
    Within,
}

/// Two events that may be the same, with the names that are alike.
pub(super) struct EventPair<'a> {
    pub(super) names: [EventName<'a>; 2],
    pub(super) likeness: EventLikeness,
}

/// A group so large that each event was compared with some of the others only.
pub(super) struct TruncatedGroup<'a> {
    /// A name of the first event.
    pub(super) name: EventName<'a>,
    /// The number of names in the group.
    pub(super) size: usize,
    /// How many others each was compared with.
    pub(super) compared: usize,
}

/// The result of the search, and what it left out.
#[derive(Default)]
pub(super) struct SimilarEvents<'a> {
    /// All pairs of clusters with at most [`MAX_PAIRWISE`] events; of larger clusters, enough pairs to connect them.
    pub(super) pairs: Vec<EventPair<'a>>,
    pub(super) truncated: Vec<TruncatedGroup<'a>>,
    /// Names too long to look for misspellings.
    pub(super) long: Vec<EventName<'a>>,
}

/// The pairs of events that have similar names and can be the same, the surest first.
pub(super) fn find(model: &Model, can_be_one: impl Fn(SubjectId, SubjectId) -> bool) -> SimilarEvents<'_> {
    let names = names(model);
    let seen = FxHashSet::default();
    let together = UnionFind::new(model.subjects.len());
    let mut search =
        EventSearch { model, can_be_one, names: &names, seen, together, found: SimilarEvents::default() };
    let groups = groups(&names);
    for group in &groups {
        search.sweep(group, None, EventLikeness::Spelling);
    }
    search.compare_spellings(&groups);
    search.compare_words(&groups);
    search.compare_blocks();
    search.found
}

/// The names and aliases of all events. An event without a name has one derived from its id.
fn names(model: &Model) -> Vec<EventName<'_>> {
    let mut names = Vec::new();
    for (event, row) in model.subjects.iter().filter(|(_, row)| row.kind == SubjectKind::Event) {
        let Some(at) = row.defined.location() else { continue };
        let span = row.defined.name.as_ref().map_or(at.span, |name| name.span);
        names.push(EventName { event, text: &row.name, at: Location { span, ..at } });
        let aliases = row.defined.aliases.iter();
        names.extend(aliases.map(|alias| EventName {
            event,
            text: &alias.value,
            at: Location { span: alias.span, ..at },
        }));
    }
    names
}

/// Groups of names with the same folded form, in the order of names. An event is in a group only once.
fn groups(names: &[EventName<'_>]) -> Vec<Vec<usize>> {
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

struct EventSearch<'a, 'n, F> {
    model: &'a Model,
    can_be_one: F,
    names: &'n [EventName<'a>],
    seen: FxHashSet<(SubjectId, SubjectId)>,
    /// The clusters of events found so far.
    together: UnionFind,
    found: SimilarEvents<'a>,
}

impl<'a, F: Fn(SubjectId, SubjectId) -> bool> EventSearch<'a, '_, F> {
    fn event(&self, name: usize) -> &'a Subject {
        &self.model.subjects[self.names[name].event]
    }

    /// Compares groups whose names are spellings of the same name.
    fn compare_spellings(&mut self, groups: &[Vec<usize>]) {
        let name = |group: usize| self.names[groups[group][0]];
        let spellings: Vec<Named<'_>> =
            (0..groups.len()).map(|group| Named { owner: group as u32, name: name(group).text }).collect();
        let outcome = near_duplicates(&spellings, Strictness::Strict);
        let truncated = |crowd: &names::Crowd| TruncatedGroup {
            name: name(crowd.first),
            size: crowd.names,
            compared: names::NEIGHBOURS,
        };
        self.found.truncated.extend(outcome.crowds.first().map(truncated));
        self.found.long.extend(outcome.long.iter().map(|&group| name(group)));
        for alike in outcome.likenesses {
            let is_order = alike.reason == AlikeReason::WordOrder;
            let likeness = if is_order { EventLikeness::Words } else { EventLikeness::Spelling };
            self.sweep(&groups[alike.left], Some(&groups[alike.right]), likeness);
        }
    }

    /// Compares events whose names have the same words in any order. Because `A raids B` and `B raids A` also do, only events
    /// with a date and a place are compared.
    fn compare_words(&mut self, groups: &[Vec<usize>]) {
        let mut by_words: FxHashMap<Vec<String>, Vec<usize>> = FxHashMap::default();
        for group in groups {
            let words = words(self.names[group[0]].text);
            if words.len() > 1 {
                let has_date_and_place = |name: &usize| {
                    let event = self.event(*name);
                    event.date.is_some() && !event.place.is_empty()
                };
                by_words.entry(words).or_default().extend(group.iter().copied().filter(has_date_and_place));
            }
        }
        let mut classes: Vec<Vec<usize>> = by_words.into_values().filter(|class| class.len() > 1).collect();
        classes.sort_unstable();
        for class in classes {
            self.sweep(&class, None, EventLikeness::Words);
        }
    }

    /// Compares the events of a group, or of two groups, whose dates can be the same: a sweep over their days.
    fn sweep(&mut self, group: &[usize], other: Option<&[usize]>, likeness: EventLikeness) {
        if other.is_none() && group.len() < 2 {
            return;
        }
        let first_day = |name: usize| self.event(name).date.map_or(Day::MIN, |date| date.value.earliest());
        let left = group.iter().map(|&name| (first_day(name), name, true));
        let right = other.unwrap_or_default().iter().map(|&name| (first_day(name), name, false));
        let mut all: Vec<(Day, usize, bool)> = left.chain(right).collect();
        all.sort_unstable();
        let mut is_truncated = false;
        for (at, &(_, name, side)) in all.iter().enumerate() {
            let last = self.event(name).date.map_or(Day::MAX, |date| date.value.latest());
            let met = all[at + 1..].iter().take_while(|(first, ..)| *first <= last);
            for &(_, next, next_side) in met.clone().take(MAX_NEIGHBOURS) {
                if other.is_none() || side != next_side {
                    self.compare(name, next, likeness);
                }
            }
            is_truncated |= met.take(MAX_NEIGHBOURS + 1).count() > MAX_NEIGHBOURS;
        }
        if is_truncated {
            self.note_truncated(all[0].1, all.len());
        }
    }

    fn note_truncated(&mut self, first: usize, size: usize) {
        let name = self.names[first];
        self.found.truncated.push(TruncatedGroup { name, size, compared: MAX_NEIGHBOURS });
    }

    fn compare(&mut self, a: usize, b: usize, likeness: EventLikeness) {
        let (a, b) = (self.names[a], self.names[b]);
        let pair = (a.event.min(b.event), a.event.max(b.event));
        if a.event == b.event || self.is_in_one_large_cluster(a.event, b.event) {
            return;
        }
        if self.seen.contains(&pair) || !(self.can_be_one)(a.event, b.event) {
            return;
        }
        self.seen.insert(pair);
        self.together.join(a.event.index(), b.event.index());
        let names = if a.at <= b.at { [a, b] } else { [b, a] };
        self.found.pairs.push(EventPair { names, likeness });
    }

    /// Whether two events are already in the same large cluster, so that another pair adds nothing.
    fn is_in_one_large_cluster(&mut self, a: SubjectId, b: SubjectId) -> bool {
        let (a, b) = (a.index(), b.index());
        self.together.set_of(a) == self.together.set_of(b) && self.together.size(a) > MAX_PAIRWISE
    }

    /// Compares the events of the same day, place and kind by the words of their names.
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
            for (next, &other) in block.iter().enumerate().skip(at + 1).take(MAX_NEIGHBOURS) {
                if contains_other(&words[at], &words[next]) {
                    self.compare(name, other, EventLikeness::Within);
                }
            }
        }
        if block.len() > MAX_NEIGHBOURS + 1 {
            self.note_truncated(block[0], block.len());
        }
    }
}

/// The day of an event, if its date is a single day.
fn only_day(event: &Subject) -> Option<Day> {
    let date = event.date?.value;
    date.first.filter(|_| date.first == date.last)
}

/// The significant words of a folded name, sorted and without duplicates.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> =
        fold(name).split(' ').filter(|word| !SMALL_WORDS.contains(word)).map(str::to_owned).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Words without those that only give the date.
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

/// Whether the longer name contains all words of the shorter one, and no further word that marks a different event,
/// such as an ordinal or a number.
fn contains_other(a: &[String], b: &[String]) -> bool {
    let (less, more) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let marks_other =
        |word: &String| ORDINALS.contains(&word.as_str()) || word.contains(|c: char| c.is_ascii_digit());
    less.len() > 1
        && less.iter().all(|word| more.binary_search(word).is_ok())
        && !more.iter().any(|word| marks_other(word) && less.binary_search(word).is_err())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_alike(a: &str, b: &str) -> bool {
        let day = Day::from_ymd(2025, 10, 9).unwrap();
        let [a, b] = [a, b].map(|name| without_date(words(name), day));
        contains_other(&a, &b) && contains_other(&b, &a)
    }

    #[test]
    fn event_names_may_leave_out_words_and_the_day() {
        assert!(is_alike("Explosions in Kabul", "Kabul explosions, night of 9 October 2025"));
        assert!(is_alike("Bombing of a mosque in Islamabad", "Islamabad mosque bombing"));
        assert!(is_alike("Bombing of a Shia mosque in Islamabad", "Islamabad mosque bombing"));
    }

    #[test]
    fn event_names_with_other_numbers_or_ordinals_are_not_alike() {
        assert!(!is_alike("Raid on Kunar", "Second raid on Kunar"));
        assert!(!is_alike("Raid on Sector 7", "Raid on Sector 7 and Sector 8"));
        assert!(!is_alike("Raid on Kunar", "Raid on Khost"));
        assert!(!is_alike("Raid", "Raid on Kunar"));
    }
}
