//! The keys under which names meet. A key is a hash; that two keys are equal by chance costs a comparison and
//! nothing else.

use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::NEIGHBOURS;
use super::rows::Row;
use crate::names::alike::{Sieve, abbreviations, omissions};

/// So many names give their keys at once.
const AT_ONCE: usize = 4096;
/// Keys of one part, about: so many can be looked through without leaving the processor's own memory.
const PART: usize = 1 << 15;
/// Most parts; with more of them there would be few keys of [`AT_ONCE`] names in each.
const PARTS: usize = 256;

/// Hashed keys, each with the rank of its name in the low bits: sorted, a block is a run, and inside it names
/// are in order. By their high bits they are dealt out to parts, which have no block in common.
pub(super) struct Keys {
    dealt: Vec<Dealt>,
    parts: usize,
    rank_bits: u32,
}

impl Keys {
    /// Keys of every row: its forms, its letters left out and, where some name is just that, its words left
    /// out and initials. The numbers are part of every key, since names that differ in them are never alike.
    /// Of equal names the first few speak for all.
    pub(super) fn of(rows: &[Row<'_>], sieve: Sieve) -> Self {
        let letters: usize = rows.par_iter().map(|row| row.form.plain.len()).sum();
        let parts = (letters / PART + 1).min(PARTS);
        let rank_bits = rows.len().next_power_of_two().trailing_zeros();
        let whole: FxHashSet<u64> = rows.iter().map(|row| hash(row.form.folded, row.form.numbers)).collect();
        let dealt = (0..rows.len().div_ceil(AT_ONCE)).into_par_iter().map(|nth| {
            let ranks = nth * AT_ONCE..rows.len().min((nth + 1) * AT_ONCE);
            let room = ranks.len() * 24 / parts;
            let mut dealt = Dealt { parts: vec![Vec::with_capacity(room); parts], rank_bits };
            dealt.add_all(rows, ranks, &whole, sieve);
            dealt
        });
        Self { dealt: dealt.collect(), parts, rank_bits }
    }

    pub(super) fn parts(&self) -> Range<usize> {
        0..self.parts
    }

    /// The keys of a part that two names have, or look as if: in order, each once.
    pub(super) fn shared(&self, part: usize) -> Vec<u64> {
        let some = || self.dealt.iter().map(|dealt| &dealt.parts[part]);
        let length: usize = some().map(Vec::len).sum();
        // Most keys have one name. They are known by a count and need not be sorted.
        let mut counts = vec![0u8; (4 * length).next_power_of_two()];
        let last = counts.len() - 1;
        let place = |key: u64| (key >> self.rank_bits) as usize & last;
        for &key in some().flatten() {
            let count = &mut counts[place(key)];
            *count = count.saturating_add(1);
        }
        let mut shared: Vec<u64> = some().flatten().copied().filter(|&key| counts[place(key)] > 1).collect();
        shared.sort_unstable();
        shared.dedup();
        shared
    }

    /// Whether two keys are of one block.
    pub(super) fn is_one_block(&self, a: u64, b: u64) -> bool {
        a >> self.rank_bits == b >> self.rank_bits
    }

    /// Whose key it is.
    pub(super) fn rank(&self, key: u64) -> usize {
        (key & ((1 << self.rank_bits) - 1)) as usize
    }
}

/// The keys of some names, by part.
struct Dealt {
    parts: Vec<Vec<u64>>,
    rank_bits: u32,
}

impl Dealt {
    fn add_all(&mut self, rows: &[Row<'_>], ranks: Range<usize>, whole: &FxHashSet<u64>, sieve: Sieve) {
        let strict = sieve == Sieve::Strict;
        for rank in ranks {
            let form = rows[rank].form;
            self.add(rank, hash(form.plain, form.numbers));
            if form.folded != form.plain {
                self.add(rank, hash(form.folded, form.numbers));
            }
            if form.sorted != form.folded {
                self.add(rank, hash(form.sorted, form.numbers));
            }
            let crowded = rank >= NEIGHBOURS && rows[rank - NEIGHBOURS].form.plain == form.plain;
            if crowded || form.is_long() {
                continue;
            }
            self.add_deletions(rank, if strict { form.folded } else { form.plain }, form.numbers);
            let without_word = omissions(form.folded, strict).map(|(before, behind)| {
                polynomial(before.chars().chain(behind.chars()).map(u64::from), form.numbers)
            });
            let initials = abbreviations(form.folded)
                .filter(|_| !strict)
                .map(|initials| polynomial(initials.map(u64::from), form.numbers));
            for hash in without_word.chain(initials).filter(|hash| whole.contains(hash)) {
                self.add(rank, hash);
            }
        }
    }

    /// The text without each of its letters.
    fn add_deletions(&mut self, rank: usize, text: &str, seed: u64) {
        if text.is_ascii() {
            self.add_without_each(rank, text.bytes().map(u64::from), seed);
        } else {
            self.add_without_each(rank, text.chars().map(u64::from), seed);
        }
    }

    fn add_without_each(&mut self, rank: usize, mut letters: impl Iterator<Item = u64> + Clone, seed: u64) {
        let Some(mut left_out) = letters.next() else { return };
        let mut sum = polynomial(letters.clone(), seed);
        self.add(rank, sum);
        let mut power = 1u64;
        for letter in letters {
            // To leave this letter out and not the one before puts that one into its place.
            if letter != left_out {
                sum = sum.wrapping_add(left_out.wrapping_sub(letter).wrapping_mul(power));
                self.add(rank, sum);
            }
            power = power.wrapping_mul(BASE);
            left_out = letter;
        }
    }

    fn add(&mut self, rank: usize, hash: u64) {
        let key = spread(hash) >> self.rank_bits << self.rank_bits | rank as u64;
        let part = ((key >> 32) * self.parts.len() as u64) >> 32;
        self.parts[part as usize].push(key);
    }
}

const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

fn hash(text: &str, seed: u64) -> u64 {
    // The same sum; most names need no decoding.
    if text.is_ascii() {
        polynomial(text.bytes().map(u64::from), seed)
    } else {
        polynomial(text.chars().map(u64::from), seed)
    }
}

/// A sum over the letters, so that one letter can be taken out of it.
fn polynomial(letters: impl Iterator<Item = u64>, seed: u64) -> u64 {
    // Spread first, or a digit in front could undo its own part of the numbers.
    let (mut sum, mut power) = (spread(seed), 1u64);
    for letter in letters {
        sum = sum.wrapping_add((letter + 1).wrapping_mul(power));
        power = power.wrapping_mul(BASE);
    }
    sum
}

/// Brings every bit to the top, where keys are told apart.
fn spread(hash: u64) -> u64 {
    (hash ^ (hash >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93)
}
