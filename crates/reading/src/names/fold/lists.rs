//! Lists written by hand: words that are removed and words that count as the same, each list with its origin.
//! None is copied. `fold` uses them.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::respell;

/// Ranks, offices and honorifics, removed at the start of a name with at least two more words. The English
/// ones follow the `rigour` library of `OpenSanctions` (prefixes of person names), and the religious and
/// customary ones the usage of Pakistani and Afghan papers. `amir`, `khawaja` and `malik` are not listed,
/// because they are given names as often as titles.
const RANKS: &str = "
    mr mrs ms dr prof professor sir engr ambassador senator minister president
    gen general lt lieutenant maj brig brigadier col colonel capt captain adm admiral marshal retd
    maulvi molvi mawlawi mawlavi maulana mullah mulla mufti qari hafiz ayatollah haji hajji
    sheikh shaikh sheik shaykh syed sayed sayyed sayyid";

/// Words that are removed together with a rank that follows them: Field Marshal, Major General, Deputy Prime
/// Minister. Otherwise they remain.
const BEFORE_RANKS: &str = "
    field major vice rear air chief deputy prime federal foreign defence defense interior finance information";

/// Words that follow a rank that is not a person's: General Staff, Minister of Defence, General Hospital.
const NOT_A_PERSON: &str = "
    of for in and staff hospital assembly directorate council command secretariat election elections strike
    security intelligence headquarters union office post court";

/// Spellings of one word, one line each; the first is the standard form. Names of the region as
/// English-language papers, think tanks and sanctions lists print them, then British and American English.
/// Spellings that [`respell`] changes by rule are not listed.
pub(super) const SPELLINGS: &str = "
    muhammad muhammed mohammad mohammed mohamad mohamed muhamed mohd
    hussain hussein husayn husein hossein hossain
    ahmed ahmad
    khalid khaled
    yusuf yousef yousaf yusef
    usman osman uthman othman
    umar omar
    osama usama
    mahmud mehmood mahmood mehmud
    rahman rehman rahmane
    sulaiman suleiman sulayman suleman soleiman
    shehbaz shahbaz
    chaudhry chaudhary chaudhri chaudry choudhry choudhury chowdhury
    noor nur nour
    din deen
    taliban taleban
    tehrik tahrik
    jihad jehad
    mujahidin mujahedin mojahedin
    hizb hezb
    qaeda qaida
    daesh daish
    khorasan khurasan
    baloch baluch
    balochistan baluchistan
    pashtun pushtun
    pakhtunkhwa pukhtunkhwa
    gaddafi qaddafi gadhafi qadhafi kadhafi
    defence defense
    centre center
    labour labor
    programme program
    organisation organization";

/// Articles and connectives in forms that are never another word inside a name: Zia ur Rehman,
/// Khadija-tul-Kubra.
pub(super) const LINKS: [&str; 5] = ["ul", "ur", "ud", "uz", "tul"];

/// `abd` joined with its article, alone or at the start of the word that it belongs to: Abdul Basit,
/// Abdelkader, Abdurrahim.
pub(super) const ABD: [&str; 9] =
    ["abdul", "abdel", "abdal", "abdoul", "abdur", "abder", "abdus", "abdun", "abduz"];

/// Second halves that are joined to the first: Sirajuddin, Zabihullah, Hezbollah.
pub(super) const DIN: [&str; 4] = ["uddin", "uddeen", "eddine", "eddin"];
pub(super) const ULLAH: [&str; 4] = ["ullah", "ollah", "allah", "ulla"];

type WordSet = LazyLock<FxHashSet<&'static str>>;
pub(super) static RANK: WordSet = LazyLock::new(|| RANKS.split_whitespace().collect());
pub(super) static BEFORE_RANK: WordSet = LazyLock::new(|| BEFORE_RANKS.split_whitespace().collect());
pub(super) static NOT_A_PERSON_WORDS: WordSet = LazyLock::new(|| NOT_A_PERSON.split_whitespace().collect());
pub(super) static STANDARD: LazyLock<FxHashMap<String, String>> = LazyLock::new(|| {
    let respelt = |word: &str| {
        let mut text = String::new();
        respell(&mut text, word);
        text
    };
    let pair = |line: &'static str| {
        let standard = respelt(line.split_whitespace().next().unwrap_or_default());
        line.split_whitespace().skip(1).map(move |other| (respelt(other), standard.clone()))
    };
    SPELLINGS.lines().flat_map(pair).collect()
});
