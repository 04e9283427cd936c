//! The same files read by `serde` alone, without places, findings or dates, as a baseline for gainsay.

use std::fmt;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde::de::{self, Deserializer, SeqAccess, Visitor};

/// A claim file as typed records.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct File {
    settings: Option<serde_yaml::Value>,
    actors: FxHashMap<String, Option<Actor>>,
    events: FxHashMap<String, Option<Event>>,
    propositions: FxHashMap<String, Option<serde_yaml::Value>>,
    series: FxHashMap<String, Option<serde_yaml::Value>>,
    places: FxHashMap<String, Option<Term>>,
    terms: FxHashMap<String, Option<Term>>,
    populations: FxHashMap<String, Option<Population>>,
    measures: FxHashMap<String, Option<Measure>>,
    source: Option<Source>,
    claims: FxHashMap<String, Claim>,
    reviews: FxHashMap<String, Review>,
}

macro_rules! records {
    ($($name:ident { $($text:ident)* } [ $($list:ident)* ])*) => {$(
        #[derive(Debug, Default, Deserialize)]
        #[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
        struct $name {
            $($text: Option<String>,)*
            $($list: Texts,)*
        }
    )*};
}

records! {
    Actor { name kind role speaks_for note } [ aliases ]
    Event { name kind date parts_complete note } [ aliases place part_of overlaps after parties apart_from ]
    Term { name note } [ aliases part_of excludes ]
    Population { name inferred note } [ part_of excludes ]
    Measure { name r#type unit counts grows varies settles single note } [ names steps sum_of ]
    Source { id publisher published title url language accessed reliability text note } [ author cites ]
    Claim { by measure of during said as_of at part form words certainty stance attributes_to note }
        [ via about value allow denies confirms declines ]
    Review { question verdict because figure note by on seen } []
}

/// One text or a list of them.
#[derive(Debug, Default)]
struct Texts(#[expect(dead_code, reason = "held, so that reading has to make it")] Vec<String>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMany;
        impl<'de> Visitor<'de> for OneOrMany {
            type Value = Texts;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("one text or a list of them")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Texts, E> {
                Ok(Texts(vec![text.to_owned()]))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Texts, E> {
                Ok(Texts(vec![number.to_string()]))
            }
            fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Texts, E> {
                Ok(Texts(vec![flag.to_string()]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Texts, A::Error> {
                let mut texts = Vec::with_capacity(items.size_hint().unwrap_or(0));
                while let Some(text) = items.next_element()? {
                    texts.push(text);
                }
                Ok(Texts(texts))
            }
        }
        deserializer.deserialize_any(OneOrMany)
    }
}

impl File {
    /// The number of claims in the file.
    pub(crate) fn claims(&self) -> usize {
        self.claims.len()
    }
}

/// Reads every file of a folder into typed records.
pub(crate) fn read_typed(folder: &Path) -> Vec<File> {
    all(folder, |text| serde_yaml::from_str(text).expect("the files made up are claim files"))
}

/// Reads every file of a folder into untyped values.
pub(crate) fn read_untyped(folder: &Path) -> Vec<serde_yaml::Value> {
    all(folder, |text| serde_yaml::from_str(text).expect("the files made up are YAML"))
}

fn all<T: Send>(folder: &Path, read: impl Fn(&str) -> T + Sync) -> Vec<T> {
    let mut paths = Vec::new();
    list(folder, &mut paths);
    let one = |path: &PathBuf| read(&std::fs::read_to_string(path).expect("the files made up can be read"));
    paths.par_iter().map(one).collect()
}

fn list(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder made up can be read") {
        let path = entry.expect("the folder made up can be read").path();
        if path.is_dir() { list(&path, paths) } else { paths.push(path) }
    }
}
