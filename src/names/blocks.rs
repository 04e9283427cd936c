//! Which pairs of names are worth a look, in time that grows with the names and not with their pairs.
//!
//! Every name gives keys: its forms, each form without one letter, and a few more. Names that share a key are
//! one *block*; only inside a block are names compared. Leaving out a letter on both sides finds one edit or
//! swap without listing what could have been typed: Mor and Fraenkel, "A hash code method for detecting and
//! correcting spelling errors" (CACM 1982), better known from Garbe's `SymSpell` (2012). A block in which
//! everybody stands is not compared all with all: it is in the order of the alphabet, and each name meets the
//! next [`NEIGHBOURS`] only (sorted neighbourhood: Hernández and Stolfo 1995), which is reported. So the work
//! is at most [`NEIGHBOURS`] comparisons a key.

use std::cmp::Reverse;
use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::alike::{Form, Reason, Sieve, abbreviations, alike, differing, omissions};

/// A name and whose it is; names of one owner are never compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named<'a> {
    /// Any number that stands for the actor, event or place.
    pub owner: u32,
    /// Its name or an alias, as written.
    pub name: &'a str,
}

/// Two names of different owners that may be one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// Index of the name with the smaller owner.
    pub left: usize,
    /// Index of the other.
    pub right: usize,
    /// 0..=1, 1 for names that differ in nothing that counts. For ordering; no probability.
    pub score: f64,
    /// Why they are thought alike: the surest of the reasons that hold.
    pub reason: Reason,
}

/// A block too large to compare all with all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crowd {
    /// Index of its first name in alphabetical order.
    pub first: usize,
    /// How many names share the key.
    pub names: usize,
    /// Pairs not compared for this key; some may have met in another block.
    pub left_out: usize,
}

/// What was found and what was not looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// By owner and index of `left`, then of `right`. Of names of one owner that differ in nothing that
    /// counts, only the first takes part, so a pair of owners may still stand here more than once, but never
    /// for the same two spellings.
    pub likenesses: Vec<Likeness>,
    /// Pairs compared.
    pub comparisons: usize,
    /// Blocks compared in part, largest first. Empty on anything written by hand.
    pub crowds: Vec<Crowd>,
    /// Indices of names of more than [`LONGEST`](super::LONGEST) letters, which are alike only where they
    /// fold alike.
    pub long: Vec<usize>,
}

/// How many of the names after it, in alphabetical order, a name meets in one block. Blocks of one more are
/// compared entirely.
pub const NEIGHBOURS: usize = 16;
/// So many names give their keys at once.
const AT_ONCE: usize = 4096;
/// Misspellings of one name that are few enough to be all compared.
const FEW: usize = 3;

/// Names of different owners so alike that they may be one thing.
///
/// The result depends on owners and names, not on their order. Time and memory grow with the letters of all
/// names together: 100,000 names of 16 letters take three tenths of a second of processor time, shared among
/// processors but for the search within blocks.
#[must_use]
pub fn near_duplicates(names: &[Named<'_>], sieve: Sieve) -> Outcome {
    let rows = rows(names);
    let mut search = Search::new(&rows, sieve);
    search.compare_blocks(Keys::of(&rows, sieve));
    if sieve == Sieve::Loose {
        search.compare_stars();
    }
    search.outcome(names)
}

/// A name that takes part, in alphabetical order of its form: the position is its *rank*.
struct Row {
    index: usize,
    owner: u32,
    /// The first letters of the plain form, which part most names.
    head: u64,
    form: Form,
}

/// One row for every owner and plain form, sorted by content so that the order of the input is forgotten.
fn rows(names: &[Named<'_>]) -> Vec<Row> {
    let row = |(index, named): (usize, &Named<'_>)| {
        let form = Form::of(named.name);
        Row { index, owner: named.owner, head: head(&form.plain), form }
    };
    let mut rows: Vec<Row> =
        names.par_iter().enumerate().map(row).filter(|row| !row.form.folded.is_empty()).collect();
    rows.par_sort_unstable_by(|a, b| {
        let content = |row: &Row| (row.owner, names[row.index].name, row.index);
        let form = || a.form.plain.cmp(&b.form.plain);
        a.head.cmp(&b.head).then_with(form).then_with(|| content(a).cmp(&content(b)))
    });
    rows.dedup_by(|b, a| a.owner == b.owner && a.form.plain == b.form.plain);
    rows
}

/// The first eight bytes of a text as a number that sorts as they do.
fn head(text: &str) -> u64 {
    text.bytes().chain(std::iter::repeat(0)).take(8).fold(0, |head, byte| head << 8 | u64::from(byte))
}

/// Hashed keys, each with the rank of its name in the low bits: sorted, a block is a run, and inside it names
/// are in order.
struct Keys {
    entries: Vec<u64>,
    rank_bits: u64,
    /// The letters of one text, each with the hash of what stands before it; kept for its memory.
    before: Vec<(u64, char)>,
}

impl Keys {
    fn new(rows: usize, some: usize) -> Self {
        Self {
            entries: Vec::with_capacity(some * 24),
            rank_bits: rows.next_power_of_two() as u64 - 1,
            before: Vec::new(),
        }
    }

    fn add(&mut self, rank: usize, hash: u64) {
        self.entries.push(spread(hash) & !self.rank_bits | rank as u64);
    }

    /// Keys of every row: its forms, its letters left out and, where some name is just that, its words left
    /// out and initials. The numbers are part of every key, since names that differ in them are never alike.
    /// Of equal names the first few speak for all.
    fn of(rows: &[Row], sieve: Sieve) -> Self {
        let whole: FxHashSet<u64> = rows.iter().map(|row| hash(&row.form.folded, row.form.numbers)).collect();
        let some = |nth: usize| {
            let ranks = nth * AT_ONCE..rows.len().min((nth + 1) * AT_ONCE);
            let mut keys = Self::new(rows.len(), ranks.len());
            keys.add_forms(rows, ranks, &whole, sieve);
            keys.entries
        };
        let entries: Vec<Vec<u64>> = (0..rows.len().div_ceil(AT_ONCE)).into_par_iter().map(some).collect();
        let mut entries = entries.concat();
        entries.par_sort_unstable();
        entries.dedup();
        Self { entries, ..Self::new(rows.len(), 0) }
    }

    fn add_forms(&mut self, rows: &[Row], ranks: Range<usize>, whole: &FxHashSet<u64>, sieve: Sieve) {
        let strict = sieve == Sieve::Strict;
        for rank in ranks {
            let form = &rows[rank].form;
            for text in [&form.plain, &form.folded, &form.sorted] {
                self.add(rank, hash(text, form.numbers));
            }
            let crowded = rank >= NEIGHBOURS && rows[rank - NEIGHBOURS].form.plain == form.plain;
            if crowded || form.is_long() {
                continue;
            }
            self.add_deletions(rank, if strict { &form.folded } else { &form.plain }, form.numbers);
            let shorter =
                omissions(&form.folded, strict).chain(abbreviations(&form.folded).filter(|_| !strict));
            for hash in shorter.map(|text| hash(&text, form.numbers)).filter(|hash| whole.contains(hash)) {
                self.add(rank, hash);
            }
        }
    }

    /// The text without each of its letters. From the back, the hash without a letter is that of what stands
    /// before it, moved on by the letters behind it, and theirs.
    fn add_deletions(&mut self, rank: usize, text: &str, seed: u64) {
        self.before.clear();
        let mut before = seed;
        for letter in text.chars() {
            self.before.push((before, letter));
            before = extend(before, letter);
        }
        let (mut behind, mut power) = (0u64, 1u64);
        while let Some((before, letter)) = self.before.pop() {
            self.add(rank, before.wrapping_mul(power).wrapping_add(behind));
            behind = behind.wrapping_add((u64::from(letter) + 1).wrapping_mul(power));
            power = power.wrapping_mul(BASE);
        }
    }
}

const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

/// A polynomial in the letters, so that one letter can be taken out of it. Collisions cost a comparison and
/// nothing else.
fn hash(text: &str, seed: u64) -> u64 {
    text.chars().fold(seed, extend)
}

fn extend(sum: u64, letter: char) -> u64 {
    sum.wrapping_mul(BASE).wrapping_add(u64::from(letter) + 1)
}

/// Brings every bit to the top, where keys are told apart.
fn spread(hash: u64) -> u64 {
    (hash ^ (hash >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93)
}

/// From a name to one that is an edit away.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    centre: usize,
    other_letter: bool,
    end: usize,
}

/// Pairs of ranks, each once however often they meet.
#[derive(Default)]
struct Pairs {
    pairs: Vec<(u32, u32)>,
    /// How many stood there when they were last sorted.
    sorted: usize,
}

impl Pairs {
    fn add(&mut self, left: usize, right: usize) {
        self.pairs.push((left as u32, right as u32));
        // Names that meet in every block do not fill the memory.
        if self.pairs.len() > 2 * self.sorted + (1 << 20) {
            self.sort();
        }
    }

    fn sort(&mut self) {
        self.pairs.par_sort_unstable();
        self.pairs.dedup();
        self.sorted = self.pairs.len();
    }

    fn all(mut self) -> Vec<(usize, usize)> {
        self.sort();
        self.pairs.into_iter().map(|(left, right)| (left as usize, right as usize)).collect()
    }
}

struct Search<'a> {
    rows: &'a [Row],
    sieve: Sieve,
    seen: FxHashSet<(u32, u32)>,
    comparisons: usize,
    /// By rank, the lower first.
    found: Vec<(usize, usize, Reason, f64)>,
    crowds: Vec<Crowd>,
}

impl<'a> Search<'a> {
    fn new(rows: &'a [Row], sieve: Sieve) -> Self {
        Self {
            rows,
            sieve,
            seen: FxHashSet::default(),
            comparisons: 0,
            found: Vec::new(),
            crowds: Vec::new(),
        }
    }

    /// Compares the names of every block, each with the next few.
    fn compare_blocks(&mut self, keys: Keys) {
        let mut pairs = Pairs::default();
        for block in keys.entries.chunk_by(|a, b| (a ^ b) <= keys.rank_bits) {
            let rank = |entry: &u64| (entry & keys.rank_bits) as usize;
            for (nth, left) in block.iter().enumerate() {
                for right in block[nth + 1..].iter().take(NEIGHBOURS) {
                    let (left, right) = (rank(left), rank(right));
                    if self.rows[left].owner != self.rows[right].owner {
                        pairs.add(left, right);
                    }
                }
            }
            self.note_crowd(rank(&block[0]), block.len());
        }
        drop(keys);
        let pairs = pairs.all();
        self.comparisons += pairs.len();
        let compared = pairs.into_par_iter().filter_map(|(left, right)| {
            let (reason, score) = alike(&self.rows[left].form, &self.rows[right].form, self.sieve, 1)?;
            Some((left, right, reason, score))
        });
        self.found = compared.collect();
    }

    fn compare(&mut self, left: usize, right: usize, edits: usize) {
        let (l, r) = (&self.rows[left], &self.rows[right]);
        if l.owner == r.owner || !self.seen.insert((left as u32, right as u32)) {
            return;
        }
        self.comparisons += 1;
        if let Some((reason, score)) = alike(&l.form, &r.form, self.sieve, edits) {
            self.found.push((left, right, reason, score));
        }
    }

    fn note_crowd(&mut self, first: usize, names: usize) {
        if let Some(beyond) = names.checked_sub(NEIGHBOURS + 1).filter(|&beyond| beyond > 0) {
            let first = self.rows[first].index;
            self.crowds.push(Crowd { first, names, left_out: beyond * (beyond + 1) / 2 });
        }
    }

    /// Compares the misspellings of one name, which may be two edits apart and share no key. A letter
    /// dropped, doubled or swapped is a slip; another letter in its place makes another name, so of those no
    /// two are compared where a name has many.
    fn compare_stars(&mut self) {
        self.seen = self.found.iter().map(|&(left, right, ..)| (left as u32, right as u32)).collect();
        for star in self.edges().chunk_by(|a, b| a.centre == b.centre) {
            let bases =
                if star.len() > FEW { star.partition_point(|edge| !edge.other_letter) } else { star.len() };
            for (nth, left) in star[..bases].iter().enumerate() {
                for right in star[nth + 1..].iter().take(NEIGHBOURS) {
                    self.compare(left.end.min(right.end), left.end.max(right.end), 2);
                }
            }
            if bases > 0 {
                self.note_crowd(star[0].centre, star.len());
            }
        }
    }

    /// What was found one edit apart, both ways, slips first.
    fn edges(&self) -> Vec<Edge> {
        let spelling = self.found.iter().filter(|(.., reason, _)| *reason == Reason::Spelling);
        let both_ways = spelling.flat_map(|&(left, right, ..)| {
            let (_, l, r) = differing(&self.rows[left].form.plain, &self.rows[right].form.plain);
            let edge = |centre, end| Edge { centre, other_letter: l.len() == 1 && r.len() == 1, end };
            [edge(left, right), edge(right, left)]
        });
        let mut edges: Vec<Edge> = both_ways.collect();
        edges.sort_unstable();
        edges
    }

    fn outcome(self, names: &[Named<'_>]) -> Outcome {
        let order = |&index: &usize| (names[index].owner, index);
        let likeness = |&(left, right, reason, score): &(usize, usize, Reason, f64)| {
            let (left, right) = (self.rows[left].index, self.rows[right].index);
            let (left, right) = if order(&left) < order(&right) { (left, right) } else { (right, left) };
            Likeness { left, right, score, reason }
        };
        let mut likenesses: Vec<Likeness> = self.found.iter().map(likeness).collect();
        likenesses.sort_unstable_by_key(|found| (order(&found.left), order(&found.right)));
        let mut crowds = self.crowds;
        crowds.sort_unstable_by_key(|crowd| (Reverse(crowd.names), crowd.first));
        let mut long: Vec<usize> =
            self.rows.iter().filter(|row| row.form.is_long()).map(|row| row.index).collect();
        long.sort_unstable();
        Outcome { likenesses, comparisons: self.comparisons, crowds, long }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Reason::*;

    /// What the sieve says of two names, asked both ways round.
    fn judged(left: &str, right: &str, sieve: Sieve) -> Option<Reason> {
        let ask = |names: [&str; 2]| {
            let names = [0, 1].map(|owner| Named { owner, name: names[owner as usize] });
            let found = near_duplicates(&names, sieve).likenesses;
            assert!(
                found
                    .iter()
                    .all(|found| (found.left, found.right) == (0, 1) && (0.0..=1.0).contains(&found.score))
            );
            found.first().map(|found| (found.reason, found.score))
        };
        let answer = ask([left, right]);
        assert_eq!(answer, ask([right, left]), "{left} / {right}: not symmetric");
        answer.map(|(reason, _)| reason)
    }

    #[test]
    fn the_lint_finds_spellings_of_one_name() {
        for (left, right, reason) in [
            ("Tehreek-e-Taliban Pakistan", "Tehrik-i-Taliban Pakistan", Transliteration),
            ("Tehreek-e-Taliban Pakistan", "Tehrik-e Taliban Pakistan", Transliteration),
            ("Tehrik-i-Taliban Pakistan", "Tehrik-e Taliban Pakistan", Transliteration),
            ("Türkiye", "Turkiye", SameFolded),
            ("The Taliban", "taliban", SameFolded),
            ("Lt Gen Ahmed Sharif Chaudhry", "Ahmed Sharif Chaudhry", SameFolded),
            ("Interior Minister Mohsin Naqvi", "Mohsin Naqvi", SameFolded),
            ("Khadijah al-Kubra", "Khadija-tul-Kubra", Transliteration),
            ("Muttaqi", "Mutaqi", Transliteration),
            ("Ministry of Defence", "Ministry of Defense", Transliteration),
            ("Al-Shabaab", "al Shabab", Transliteration),
            ("Mohsin Naqvi", "Naqvi Mohsin", WordOrder),
            ("Ahmed Sharif Chaudhry", "Chaudhry, Ahmad Sharif", WordOrder),
            ("Kabul University", "University of Kabul", WordOrder),
            ("Khawaja Asif", "Khawaja Muhammad Asif", ExtraWord),
            ("Nawaz Sharif", "Mohammad Nawaz Sharif", ExtraWord),
            ("Mohsin Naqvi", "Mohsin Naqwi", Spelling),
            ("Mohsin Naqvi", "Moshin Naqvi", Spelling),
            ("Afghanistan", "Afganistan", Spelling),
            ("Khyber Pakhtunkhwa", "Khyber Paktunkhwa", Spelling),
            ("Khyber Pakhtunkhwa", "Khyber Pakhtun Khwa", Spelling),
            ("Nimroz", "Nimruz", Spelling),
            ("Balochistan Post", "Balohcistan Post", Spelling),
        ] {
            assert_eq!(judged(left, right, Sieve::Strict), Some(reason), "{left} / {right}");
            assert!(judged(left, right, Sieve::Loose).is_some(), "{left} / {right}: strict but not loose");
        }
    }

    #[test]
    fn the_lint_is_silent_about_other_names() {
        for (left, right) in [
            ("Afghan Taliban", "Pakistan Taliban"),
            ("Ministry of Defence", "Ministry of Interior"),
            ("Minister of Defence", "Ministry of Defence"),
            ("India", "Indian army"),
            ("Pakistan", "Pakistani authorities"),
            ("Pakistan", "Pakistani"),
            ("Turkey", "Türkiye"),
            ("bombing 2025", "bombing 2026"),
            ("raid of 22 February", "raid of 23 February"),
            ("World War I", "World War II"),
            ("TTP", "TTA"),
            ("TTP", "Tehrik-i-Taliban Pakistan"),
            ("North Waziristan", "South Waziristan"),
            ("Northern Command", "Southern Command"),
            ("Eastern Command", "Western Command"),
            ("Upper Dir", "Lower Dir"),
            ("Iran", "Iraq"),
            ("Iranian army", "Iraqi army"),
            ("Mali", "Malawi"),
            ("Niger", "Nigeria"),
            ("Austria", "Australia"),
            ("Gambia", "Zambia"),
            ("Kunar", "Kunduz"),
            ("Paktia", "Paktika"),
            ("Governor of Paktia", "Governor of Paktika"),
            ("Baghlan", "Baghran"),
            ("killed", "willed"),
            ("Kabul attack", "Kabul attacks"),
            ("Antonio Silva", "Antonia Silva"),
            ("Gaza", "Giza"),
            ("Oman", "Omar"),
            ("Pakistan raids Afghanistan", "Afghanistan raids Pakistan"),
            ("Pakistan strikes on Afghanistan", "Afghanistan strikes on Pakistan"),
            ("Prime Minister of Pakistan", "President of Pakistan"),
            ("Ministry of Defence", "Ministry of National Defence"),
            ("Islamic State", "Islamic Khorasan State"),
            ("Sector E-7", "Sector I-7"),
            ("Camp A", "Camp B"),
            ("Jamaat-e-Islami", "Jamiat Ulema-e-Islam"),
            ("Pakistani military", "Pakistani militants"),
            ("", "-"),
        ] {
            assert_eq!(judged(left, right, Sieve::Strict), None, "{left} / {right}");
        }
    }

    #[test]
    fn suggestions_go_further_but_keep_numbers_apart() {
        for (left, right, reason) in [
            ("TTP", "Tehrik-i-Taliban Pakistan", Some(Abbreviation)),
            ("MoD", "Ministry of Defence", Some(Abbreviation)),
            ("Ahmed Sharif Chaudhry", "Sharif Ahmed Chaudhry", Some(WordOrder)),
            ("Amir Muttaqi", "Amir Khan Muttaqi", Some(ExtraWord)),
            ("Paktia", "Paktika", Some(Spelling)),
            ("bombing 2025", "bombing 2026", None),
            ("TTP", "TTA", None),
            ("Iran", "Iraq", None),
            ("Afghan Taliban", "Pakistan Taliban", None),
        ] {
            assert_eq!(judged(left, right, Sieve::Loose), reason, "{left} / {right}");
        }
    }

    #[test]
    fn names_of_one_owner_are_not_compared() {
        let names = ["Tehrik-i-Taliban", "Tehreek-e-Taliban", "TEHRIK-I-TALIBAN"]
            .map(|name| Named { owner: 7, name });
        assert_eq!(near_duplicates(&names, Sieve::Loose), Outcome::default());
        assert_eq!(near_duplicates(&[], Sieve::Loose), Outcome::default());
    }

    /// A small generator, the same on every machine (Knuth's MMIX constants).
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, faces: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as usize % faces
        }

        fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
            choices[self.below(choices.len())]
        }

        fn shuffle<T>(&mut self, items: &mut [T]) {
            (1..items.len()).rev().for_each(|at| items.swap(at, self.below(at + 1)));
        }
    }

    /// A name of made-up syllables, as in the benchmarks of the peers.
    fn made_up(dice: &mut Dice) -> String {
        let heads = "b d f g h k l m n r s t z kh sh br al dj".split(' ').collect::<Vec<_>>();
        let tails = "a e i o u aa ou".split(' ').collect::<Vec<_>>();
        let offices = [
            "Ministry of Health",
            "Civil Defence",
            "Press Office",
            "Brigade",
            "Police Department",
            "Monitoring Group",
            "Hospital",
            "Red Crescent",
        ];
        let word = |dice: &mut Dice| -> String {
            let syllables = [2, 2, 3][dice.below(3)];
            (0..syllables).map(|_| dice.of(&heads).to_owned() + dice.of(&tails)).collect()
        };
        let first = word(dice);
        let second = if dice.below(10) < 6 { word(dice) } else { dice.of(&offices).to_owned() };
        format!("{first} {second}")
    }

    /// One letter dropped, changed, swapped with the next or doubled.
    fn slip(name: &str, dice: &mut Dice) -> String {
        let at = 1 + dice.below(name.len() - 2);
        let (head, tail) = name.split_at(at);
        match dice.below(10) {
            0..3 => format!("{head}{}", &tail[1..]),
            3..6 => format!(
                "{head}{}{}",
                dice.of(&["a", "e", "i", "o", "u", "l", "n", "r", "s", "t"]),
                &tail[1..]
            ),
            6..8 => format!("{head}{}{}{}", &tail[1..2], &tail[..1], &tail[2..]),
            _ => format!("{head}{}{tail}", &tail[..1]),
        }
    }

    /// Names of which one in five misspells another, and the pairs that go back to one name.
    fn with_slips(count: usize, dice: &mut Dice) -> (Vec<String>, Vec<(usize, usize)>) {
        let mut seen = FxHashSet::default();
        let mut names: Vec<String> = Vec::new();
        while names.len() < count * 4 / 5 {
            names.extend(Some(made_up(dice)).filter(|name| seen.insert(name.clone())));
        }
        let mut families: Vec<Vec<usize>> = (0..names.len()).map(|nth| vec![nth]).collect();
        while names.len() < count {
            let base = dice.below(families.len());
            let slipped = slip(&names[base], dice);
            if seen.insert(slipped.clone()) {
                families[base].push(names.len());
                names.push(slipped);
            }
        }
        let pairs = |family: &Vec<usize>| {
            let family = family.clone();
            (0..family.len())
                .flat_map(move |l| family[l + 1..].iter().map(|&r| (family[l], r)).collect::<Vec<_>>())
                .collect::<Vec<_>>()
        };
        let planted = families.iter().flat_map(pairs).collect();
        (names, planted)
    }

    fn owned(names: &[String]) -> Vec<Named<'_>> {
        names.iter().zip(0..).map(|(name, owner)| Named { owner, name }).collect()
    }

    #[test]
    fn the_order_of_names_changes_nothing() {
        let mut dice = Dice(1);
        let (mut names, _) = with_slips(800, &mut dice);
        names.extend(std::iter::repeat_n("Tehreek-e-Taliban".to_owned(), 40));
        let mut names = owned(&names);
        for sieve in [Sieve::Strict, Sieve::Loose] {
            let pairs = |names: &[Named<'_>]| -> Vec<_> {
                let found = near_duplicates(names, sieve);
                let name = |index: usize| (names[index].owner, names[index].name.to_owned());
                let pairs = found
                    .likenesses
                    .iter()
                    .map(|found| (name(found.left), name(found.right), found.reason, found.score.to_bits()));
                pairs.collect()
            };
            let before = pairs(&names);
            assert!(before.len() > 100);
            for _ in 0..5 {
                dice.shuffle(&mut names);
                assert_eq!(pairs(&names), before);
            }
        }
    }

    #[test]
    fn blocks_lose_no_pair_that_all_with_all_would_find() {
        let (names, _) = with_slips(400, &mut Dice(5));
        let forms: Vec<Form> = names.iter().map(|name| Form::of(name)).collect();
        for sieve in [Sieve::Strict, Sieve::Loose] {
            let found = near_duplicates(&owned(&names), sieve);
            let found: FxHashSet<_> =
                found.likenesses.iter().map(|found| (found.left, found.right)).collect();
            for left in 0..names.len() {
                for right in left + 1..names.len() {
                    let alike = alike(&forms[left], &forms[right], sieve, 1).is_some();
                    assert!(!alike || found.contains(&(left, right)), "{} / {}", names[left], names[right]);
                }
            }
        }
    }

    #[test]
    fn a_hundred_thousand_names_take_few_comparisons() {
        let (names, planted) = with_slips(100_000, &mut Dice(3));
        let found = near_duplicates(&owned(&names), Sieve::Loose);
        let pairs: FxHashSet<_> = found.likenesses.iter().map(|found| (found.left, found.right)).collect();
        let met = planted.iter().filter(|pair| pairs.contains(pair)).count();
        assert!(met * 100 >= planted.len() * 96, "{met} of {}", planted.len());
        assert!(
            found.comparisons < 200_000 && pairs.len() < 150_000,
            "{} {}",
            found.comparisons,
            pairs.len()
        );
        assert!(near_duplicates(&owned(&names), Sieve::Strict).comparisons < 200_000);
    }

    #[test]
    fn skewed_names_stay_within_bounds_and_are_reported() {
        let two_letters = |nth: usize| format!("{nth:012b}").replace('0', "a").replace('1', "b");
        let repeats = |nth: usize| format!("Police {}", "abcdefghij".repeat(nth % 3 + 1));
        for (what, sieve, names) in [
            ("equal", Sieve::Strict, vec!["Tehrik-i-Taliban".to_owned(); 100_000]),
            ("repeats", Sieve::Loose, (0..20_000).map(repeats).collect()),
            ("two letters", Sieve::Strict, (0..4_096).map(two_letters).collect()),
            ("two letters", Sieve::Loose, (0..4_096).map(two_letters).collect()),
        ] {
            let keys: usize = names.iter().map(|name| name.len() + 8).sum();
            let found = near_duplicates(&owned(&names), sieve);
            assert!(found.comparisons < NEIGHBOURS * keys, "{what}: {}", found.comparisons);
            assert!(found.likenesses.len() >= names.len(), "{what}: {}", found.likenesses.len());
            let largest = found.crowds.first();
            assert!(largest.is_some_and(|crowd| crowd.names > NEIGHBOURS && crowd.left_out > 0));
        }
    }

    #[test]
    fn names_that_differ_in_numbers_are_not_even_compared() {
        let names: Vec<String> = (0..20_000).map(|nth| format!("raid {nth} in Kabul")).collect();
        let found = near_duplicates(&owned(&names), Sieve::Strict);
        assert_eq!((found.comparisons, found.crowds.len()), (0, 0));
    }

    #[test]
    fn no_text_is_too_long_or_too_strange() {
        let long = "x y ".repeat(20_000);
        let strange = [
            "\u{0}",
            "🜁🜂",
            "-e-",
            "al",
            "İ̇ß\u{200d}",
            "e.e.e",
            "&",
            "ul-ul-ul",
            "\u{e000}\u{e001}",
            "abdul",
            "mr mr mr mr",
            &long,
            &long,
        ];
        let names: Vec<Named<'_>> =
            strange.iter().zip(0..).map(|(name, owner)| Named { owner, name }).collect();
        let found = near_duplicates(&names, Sieve::Loose);
        assert_eq!(found.long, [11, 12]);
        assert_eq!(found.likenesses.len(), 1);
    }
}
