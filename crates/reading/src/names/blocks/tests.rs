//! Tests of the pairs that are found and of the number of comparisons.

mod made_up;

use rustc_hash::FxHashSet;

use super::*;
use crate::names::form::NameForms;
use AlikeReason::*;
use made_up::with_slips;

/// The reason why two names are alike, which must be the same in both orders.
fn judged(left: &str, right: &str, sieve: Strictness) -> Option<AlikeReason> {
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
fn strict_comparison_finds_spellings_of_one_name() {
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
        assert_eq!(judged(left, right, Strictness::Strict), Some(reason), "{left} / {right}");
        assert!(judged(left, right, Strictness::Loose).is_some(), "{left} / {right}: strict but not loose");
    }
}

#[test]
fn strict_comparison_ignores_other_names() {
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
        assert_eq!(judged(left, right, Strictness::Strict), None, "{left} / {right}");
    }
}

#[test]
fn loose_comparison_goes_further_but_keeps_numbers_apart() {
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
        assert_eq!(judged(left, right, Strictness::Loose), reason, "{left} / {right}");
    }
}

#[test]
fn near_duplicates_does_not_compare_names_of_one_owner() {
    let names =
        ["Tehrik-i-Taliban", "Tehreek-e-Taliban", "TEHRIK-I-TALIBAN"].map(|name| Named { owner: 7, name });
    assert_eq!(near_duplicates(&names, Strictness::Loose), BlockingOutcome::default());
    assert_eq!(near_duplicates(&[], Strictness::Loose), BlockingOutcome::default());
}

/// A small random number generator that is the same on every machine (Knuth's MMIX constants).
struct Dice(u64);

impl Dice {
    fn below(&mut self, faces: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % faces
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        (1..items.len()).rev().for_each(|at| items.swap(at, self.below(at + 1)));
    }
}

fn owned(names: &[String]) -> Vec<Named<'_>> {
    names.iter().zip(0..).map(|(name, owner)| Named { owner, name }).collect()
}

#[test]
fn near_duplicates_does_not_depend_on_the_order_of_names() {
    let mut dice = Dice(1);
    let (mut names, _) = with_slips(800, &mut |faces| dice.below(faces));
    names.extend(std::iter::repeat_n("Tehreek-e-Taliban".to_owned(), 40));
    let mut names = owned(&names);
    for sieve in [Strictness::Strict, Strictness::Loose] {
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
fn blocks_find_all_pairs_of_a_full_comparison() {
    let mut dice = Dice(5);
    let (names, _) = with_slips(400, &mut |faces| dice.below(faces));
    let forms = NameForms::new(names.iter().map(String::as_str));
    for sieve in [Strictness::Strict, Strictness::Loose] {
        let found = near_duplicates(&owned(&names), sieve);
        let found: FxHashSet<_> = found.likenesses.iter().map(|found| (found.left, found.right)).collect();
        for left in 0..names.len() {
            for right in left + 1..names.len() {
                let alike = alike(forms.get(left), forms.get(right), sieve, 1).is_some();
                assert!(!alike || found.contains(&(left, right)), "{} / {}", names[left], names[right]);
            }
        }
    }
}

#[test]
fn comparisons_are_few_for_a_hundred_thousand_names() {
    let mut dice = Dice(3);
    let (names, planted) = with_slips(100_000, &mut |faces| dice.below(faces));
    let found = near_duplicates(&owned(&names), Strictness::Loose);
    let pairs: FxHashSet<_> = found.likenesses.iter().map(|found| (found.left, found.right)).collect();
    let met = planted.iter().filter(|pair| pairs.contains(pair)).count();
    assert!(met * 100 >= planted.len() * 96, "{met} of {}", planted.len());
    assert!(found.comparisons < 200_000 && pairs.len() < 150_000, "{} {}", found.comparisons, pairs.len());
    assert!(near_duplicates(&owned(&names), Strictness::Strict).comparisons < 200_000);
}

#[test]
fn comparisons_of_skewed_names_are_limited_and_reported() {
    let two_letters = |nth: usize| format!("{nth:012b}").replace('0', "a").replace('1', "b");
    let repeats = |nth: usize| format!("Police {}", "abcdefghij".repeat(nth % 3 + 1));
    for (what, sieve, names) in [
        ("equal", Strictness::Strict, vec!["Tehrik-i-Taliban".to_owned(); 100_000]),
        ("repeats", Strictness::Loose, (0..20_000).map(repeats).collect()),
        ("two letters", Strictness::Strict, (0..4_096).map(two_letters).collect()),
        ("two letters", Strictness::Loose, (0..4_096).map(two_letters).collect()),
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
fn blocks_separate_names_with_different_numbers() {
    let names: Vec<String> = (0..20_000).map(|nth| format!("raid {nth} in Kabul")).collect();
    let found = near_duplicates(&owned(&names), Strictness::Strict);
    assert_eq!((found.comparisons, found.crowds.len()), (0, 0));
}

#[test]
fn near_duplicates_takes_any_text() {
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
    let names: Vec<Named<'_>> = strange.iter().zip(0..).map(|(name, owner)| Named { owner, name }).collect();
    let found = near_duplicates(&names, Strictness::Loose);
    assert_eq!(found.long, [11, 12]);
    assert_eq!(found.likenesses.len(), 1);
}
