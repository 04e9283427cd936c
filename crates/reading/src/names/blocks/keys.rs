//! The keys of names. A key is a hash; if two keys are equal by chance, that only costs one comparison.

use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use super::NEIGHBOURS;
use super::rows::NameRow;
use crate::names::alike::{Strictness, abbreviations, omissions};

/// The number of names whose keys are made by one task.
const NAMES_PER_TASK: usize = 4096;
/// The approximate number of keys of one shard, which fit in the cache of the processor.
const KEYS_PER_SHARD: usize = 1 << 15;
/// The largest number of shards. With more, each task would have only a few keys for each shard.
const MAX_SHARDS: usize = 256;

/// Hashed keys, each with the rank of its name in the low bits. When keys are sorted, a block is a contiguous
/// run, and the names in it are in order. The high bits distribute keys to shards, so that no block is in two
/// shards.
pub(super) struct Keys {
    shards: Vec<KeyShards>,
    parts: usize,
    rank_bits: u32,
}

impl Keys {
    /// The keys of every row: its forms, its forms without one letter, and, if they equal some whole name,
    /// its forms without one word and its initials. The numbers in a name are part of every key, because
    /// names with different numbers are never alike. Among equal names, only the first few get all keys.
    pub(super) fn new(rows: &[NameRow<'_>], sieve: Strictness) -> Self {
        let letters: usize = rows.par_iter().map(|row| row.form.plain.len()).sum();
        let parts = (letters / KEYS_PER_SHARD + 1).min(MAX_SHARDS);
        let rank_bits = rows.len().next_power_of_two().trailing_zeros();
        let whole: FxHashSet<u64> = rows.iter().map(|row| hash(row.form.folded, row.form.numbers)).collect();
        let shards = (0..rows.len().div_ceil(NAMES_PER_TASK)).into_par_iter().map(|nth| {
            let ranks = nth * NAMES_PER_TASK..rows.len().min((nth + 1) * NAMES_PER_TASK);
            let room = ranks.len() * 24 / parts;
            let mut shards = KeyShards { parts: vec![Vec::with_capacity(room); parts], rank_bits };
            shards.add_all(rows, ranks, &whole, sieve);
            shards
        });
        Self { shards: shards.collect(), parts, rank_bits }
    }

    pub(super) fn parts(&self) -> Range<usize> {
        0..self.parts
    }

    /// The keys of a shard that at least two names have, sorted and without duplicates. A few keys of only
    /// one name may be included.
    pub(super) fn shared(&self, part: usize) -> Vec<u64> {
        let some = || self.shards.iter().map(|shards| &shards.parts[part]);
        let length: usize = some().map(Vec::len).sum();
        // Most keys belong to one name only. Counting finds them, so they do not have to be sorted.
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

    /// Whether two keys belong to the same block.
    pub(super) fn is_one_block(&self, a: u64, b: u64) -> bool {
        a >> self.rank_bits == b >> self.rank_bits
    }

    /// The rank of the name that a key belongs to.
    pub(super) fn rank(&self, key: u64) -> usize {
        (key & ((1 << self.rank_bits) - 1)) as usize
    }
}

/// The keys of some names, by shard.
struct KeyShards {
    parts: Vec<Vec<u64>>,
    rank_bits: u32,
}

impl KeyShards {
    fn add_all(
        &mut self,
        rows: &[NameRow<'_>],
        ranks: Range<usize>,
        whole: &FxHashSet<u64>,
        sieve: Strictness,
    ) {
        let strict = sieve == Strictness::Strict;
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

    /// Adds the keys of a text without each one of its letters.
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
            // Leaving out this letter instead of the one before puts that one in its place.
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
    // Gives the same sum without decoding; most names are ASCII.
    if text.is_ascii() {
        polynomial(text.bytes().map(u64::from), seed)
    } else {
        polynomial(text.chars().map(u64::from), seed)
    }
}

/// A polynomial sum over the letters, from which a single letter can be removed.
fn polynomial(letters: impl Iterator<Item = u64>, seed: u64) -> u64 {
    // The seed is spread first; otherwise a digit at the start could cancel its own part of the numbers.
    let (mut sum, mut power) = (spread(seed), 1u64);
    for letter in letters {
        sum = sum.wrapping_add((letter + 1).wrapping_mul(power));
        power = power.wrapping_mul(BASE);
    }
    sum
}

/// Mixes all bits into the high bits, which distinguish keys.
fn spread(hash: u64) -> u64 {
    (hash ^ (hash >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93)
}
