//! Names of random syllables and misspellings of them, as in published benchmarks. The benchmark of names in
//! this repository makes the same ones.

use std::collections::BTreeSet;

/// Draws a number below a bound.
type Dice<'d> = &'d mut dyn FnMut(usize) -> usize;

const HEADS: [&str; 18] =
    ["b", "d", "f", "g", "h", "k", "l", "m", "n", "r", "s", "t", "z", "kh", "sh", "br", "al", "dj"];
const TAILS: [&str; 7] = ["a", "e", "i", "o", "u", "aa", "ou"];
const OFFICES: [&str; 8] = [
    "Ministry of Health",
    "Civil Defence",
    "Press Office",
    "Brigade",
    "Police Department",
    "Monitoring Group",
    "Hospital",
    "Red Crescent",
];
const LETTERS: [&str; 10] = ["a", "e", "i", "o", "u", "l", "n", "r", "s", "t"];

/// Names of which one in five misspells another, and the pairs that are spellings of one name.
pub(crate) fn with_slips(count: usize, dice: Dice<'_>) -> (Vec<String>, Vec<(usize, usize)>) {
    let mut seen = BTreeSet::new();
    let mut names: Vec<String> = Vec::new();
    while names.len() < count * 4 / 5 {
        names.extend(Some(made_up(dice)).filter(|name| seen.insert(name.clone())));
    }
    let mut families: Vec<Vec<usize>> = (0..names.len()).map(|nth| vec![nth]).collect();
    while names.len() < count {
        let base = dice(families.len());
        let slipped = slip(&names[base], dice);
        if seen.insert(slipped.clone()) {
            families[base].push(names.len());
            names.push(slipped);
        }
    }
    let mut planted = Vec::new();
    for family in families {
        for (nth, &one) in family.iter().enumerate() {
            planted.extend(family[nth + 1..].iter().map(|&other| (one, other)));
        }
    }
    (names, planted)
}

fn one_of(all: &[&'static str], dice: Dice<'_>) -> &'static str {
    all[dice(all.len())]
}

fn word(dice: Dice<'_>) -> String {
    let syllables = [2, 2, 3][dice(3)];
    (0..syllables).map(|_| one_of(&HEADS, dice).to_owned() + one_of(&TAILS, dice)).collect()
}

fn made_up(dice: Dice<'_>) -> String {
    let first = word(dice);
    let second = if dice(10) < 6 { word(dice) } else { one_of(&OFFICES, dice).to_owned() };
    format!("{first} {second}")
}

/// One letter dropped, changed, swapped with the next or doubled.
fn slip(name: &str, dice: Dice<'_>) -> String {
    let at = 1 + dice(name.len() - 2);
    let (head, tail) = name.split_at(at);
    match dice(10) {
        0..3 => format!("{head}{}", &tail[1..]),
        3..6 => format!("{head}{}{}", one_of(&LETTERS, dice), &tail[1..]),
        6..8 => format!("{head}{}{}{}", &tail[1..2], &tail[..1], &tail[2..]),
        _ => format!("{head}{}{tail}", &tail[..1]),
    }
}
