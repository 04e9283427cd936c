//! Completions for the values of keys.

use gen_lsp_types::CompletionItemKind as Kind;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{CompletionOffer, CompletionOffers, CompletionQuery, MeasureInfo};
use gainsay_analysis::document::mention::Kind as ThingKind;
use gainsay_analysis::document::shape::{Key, Takes, meaning};
use gainsay_analysis::document::{MeasureType, Name, Names, SubjectKind};
use gainsay_analysis::lint;
use gainsay_analysis::rules::{self, RuleOrLint};
use gainsay_reading::period::Period;

/// Common words for the kind of an actor.
const ACTOR_KINDS: [&str; 9] =
    ["person", "state", "government-body", "military", "armed-group", "media", "ngo", "igo", "researcher"];
/// Common words for the kind of an event.
const EVENT_KINDS: [&str; 6] = ["attack", "air-strike", "battle", "talks", "ceasefire", "visit"];

/// The measures that are asked first about an event.
const TOLL_MEASURES: [&str; 3] = ["killed", "injured", "casualties"];

/// Moves likely offers before others that match equally well.
fn put_first(offers: &mut CompletionOffers, likely: &FxHashSet<&str>) {
    let is_likely = |offer: &CompletionOffer| likely.contains(offer.label.as_str());
    for offer in offers.all.iter_mut().filter(|offer| is_likely(offer)) {
        // An odd rank means that it is defined in another file; that does not matter here.
        offer.rank &= !1;
    }
    offers.all.sort_by_key(|offer| (offer.rank, !is_likely(offer)));
}

impl CompletionQuery<'_> {
    /// The values that a key can have.
    pub(super) fn values(&self, key: &'static Key) -> CompletionOffers {
        let typed = self.cursor.typed();
        match key.takes {
            Takes::Id(kind) | Takes::Ids(kind) => self.things_of(kind, key.name, typed),
            Takes::Word(words) | Takes::Words(words) => {
                let offer = |word: &&'static str| {
                    CompletionOffer::new(*word, Kind::EnumMember)
                        .doc(meaning(words, word).unwrap_or_default())
                };
                complete_list(words.iter().map(offer))
            }
            Takes::Flag => {
                complete_list(["true", "false"].map(|word| CompletionOffer::new(word, Kind::EnumMember)))
            }
            Takes::Date => complete_list(self.dates()),
            Takes::Value => self.value(),
            Takes::Texts if key.name == "allow" => complete_list(silences()),
            Takes::Text => self.text(key.name, typed),
            Takes::Texts
            | Takes::Locator
            | Takes::Entries(_)
            | Takes::One(_)
            | Takes::Grades(_)
            | Takes::Lines(_) => CompletionOffers::default(),
        }
    }

    fn things_of(&self, kind: &str, key: &str, typed: &str) -> CompletionOffers {
        let section = self.cursor.path.first().map_or("", String::as_str);
        let all = |kind| self.things.offers(&[kind], typed, false);
        let mut offers = match kind {
            "actors" => all(ThingKind::Actor),
            "subjects" => all(ThingKind::Subject),
            "events" => self.things.subjects(SubjectKind::Event, typed),
            "series" => self.things.subjects(SubjectKind::Series, typed),
            "terms" if section == "places" => all(ThingKind::Place),
            "places" => all(ThingKind::Place),
            "terms" => all(ThingKind::Term),
            "populations" => all(ThingKind::Population),
            "measures" => self.measures(typed),
            "sources" => all(ThingKind::Source),
            "claims" => all(ThingKind::Claim),
            _ => CompletionOffers::default(),
        };
        if key == "declines" {
            let questions = self.things.questions(typed);
            offers.all.extend(questions.all);
            offers.is_incomplete |= questions.is_incomplete;
        }
        match key {
            "by" | "about" => put_first(&mut offers, &self.used(key)),
            "publisher" => put_first(&mut offers, &self.media()),
            _ => {}
        }
        // An entry cannot be part of itself or speak for itself.
        let own = self.cursor.path.get(1).filter(|_| section != "claims" && section != "reviews");
        offers.all.retain(|offer| Some(&offer.label) != own);
        offers
    }

    /// The names that other claims of the file have as the value of a key.
    fn used(&self, key: &str) -> FxHashSet<&str> {
        let own = self.cursor.path.get(1);
        let claims = self.things.document().into_iter().flat_map(|document| &document.claims);
        let claims = claims.filter(|entry| Some(entry.id.value.as_str()) != own.map(String::as_str));
        let names = claims.flat_map(|entry| {
            let (by, about) = (entry.body.by.as_slice(), entry.body.about.as_slice());
            if key == "by" { by } else { about }
        });
        names.map(|name| name.value.as_str()).collect()
    }

    /// The actors that publish: publishers of sources, and media.
    fn media(&self) -> FxHashSet<&str> {
        let documents = || self.things.documents().map(|(_, document)| document);
        let sources = documents().filter_map(|document| document.source.as_ref()?.body.publisher.as_ref());
        let actors = documents().flat_map(|document| &document.actors);
        let is_media = |kind: &Name| kind.value.eq_ignore_ascii_case("media");
        let media = actors.filter(|actor| actor.body.kind.as_ref().is_some_and(is_media));
        sources.map(|name| name.value.as_str()).chain(media.map(|actor| actor.id.value.as_str())).collect()
    }

    /// The likely measures for an event: its toll, and the measures of other claims about it.
    fn likely_measures(&self, subject: &str) -> FxHashSet<&str> {
        let claims = self.things.documents().flat_map(|(_, document)| &document.claims);
        let on_it = claims.filter(|entry| entry.body.about.iter().any(|about| about.value == subject));
        let measures = on_it.filter_map(|entry| entry.body.measure.as_ref());
        measures.map(|measure| measure.value.as_str()).chain(TOLL_MEASURES).collect()
    }

    /// The measures that match the typed text. Those that fit the subject of the claim come first.
    fn measures(&self, typed: &str) -> CompletionOffers {
        let mut offers = self.things.offers(&[ThingKind::Measure], typed, false);
        let subject = self.subject().map(|subject| subject.kind);
        for offer in &mut offers.all {
            let Some(measure) = self.things.measure(&offer.label) else { continue };
            let fits = match subject {
                Some(SubjectKind::Proposition) => {
                    measure.kind == MeasureType::YesNo && offer.label != "occurred"
                }
                Some(SubjectKind::Series) => matches!(measure.kind, MeasureType::Count | MeasureType::Amount),
                Some(SubjectKind::Event) => offer.label != "holds",
                None => true,
            };
            let counts = !self.cursor.has("of") || measure.of_people;
            offer.rank += if fits && counts { 0 } else { 4 };
        }
        offers.all.sort_by_key(|offer| offer.rank);
        if let Some(about) = self.cursor.field("about").filter(|_| subject == Some(SubjectKind::Event)) {
            put_first(&mut offers, &self.likely_measures(about));
        }
        offers
    }

    /// The subject of the claim, if it is written already.
    pub(super) fn subject(&self) -> Option<&gainsay_analysis::document::Subject> {
        let id = self.cursor.field("about")?;
        let subjects = self.things.documents().flat_map(|(_, document)| &document.subjects);
        subjects.into_iter().find(|subject| subject.id.value == id).map(|subject| &subject.body)
    }

    /// The dates that are known here, such as that of the publication and that of the event.
    fn dates(&self) -> Vec<CompletionOffer> {
        let mut dates: Vec<(String, String)> = Vec::new();
        let source = self.things.document().and_then(|document| document.source.as_ref());
        let published = source.and_then(|source| source.body.published.as_ref());
        let own = self.cursor.field("published").and_then(|text| Period::read(text).ok());
        if let Some(published) = own.or(published.map(|published| published.value)) {
            dates.push((published.to_string(), "the day of publication".to_owned()));
        }
        if let Some(date) = self.subject().and_then(|subject| subject.date.as_ref()) {
            let event = self.cursor.field("about").unwrap_or_default();
            dates.push((date.value.to_string(), format!("the date of {event}")));
        }
        for key in ["said", "as-of", "date"] {
            let said = self.cursor.field(key).and_then(|text| Period::read(text).ok());
            dates.extend(said.map(|said| (said.to_string(), format!("same as `{key}`"))));
        }
        let years: Vec<String> =
            dates.iter().filter_map(|(date, _)| Some(date.get(..4)?.to_owned())).collect();
        for year in years.iter().filter(|year| year.bytes().all(|byte| byte.is_ascii_digit())) {
            dates.push((year.clone(), "the year".to_owned()));
        }
        let mut offers: Vec<CompletionOffer> = Vec::new();
        for (date, what) in dates {
            if !offers.iter().any(|offer| offer.label == date) {
                offers.push(CompletionOffer::new(date, Kind::Constant).detail(what));
            }
        }
        offers
    }

    /// The values that fit the measure of the claim.
    fn value(&self) -> CompletionOffers {
        let Some(measure) = self.cursor.field("measure").and_then(|id| self.things.measure(id)) else {
            let count = MeasureInfo::figure();
            return self.figures(&count);
        };
        let typed = self.cursor.typed();
        match measure.kind {
            MeasureType::Count | MeasureType::Amount => self.figures(&measure),
            MeasureType::YesNo => {
                complete_list(["yes", "no"].map(|word| CompletionOffer::new(word, Kind::EnumMember)))
            }
            MeasureType::Date => complete_list(self.dates()),
            MeasureType::Scale => {
                let steps = measure.steps.iter().enumerate().map(|(at, step)| {
                    CompletionOffer::new(step, Kind::EnumMember).detail(format!(
                        "step {} of {}",
                        at + 1,
                        measure.steps.len()
                    ))
                });
                let bounds = measure.steps.iter().flat_map(|step| {
                    ["at least", "at most"].map(|bound| {
                        CompletionOffer::new(format!("{bound} {step}"), Kind::EnumMember).rank(1)
                    })
                });
                complete_list(steps.chain(bounds))
            }
            MeasureType::Choice => self.choices(&measure, typed),
        }
    }

    /// The ids that a choice can name. If two kinds have the same id, it is offered with the kind before it.
    fn choices(&self, measure: &MeasureInfo, typed: &str) -> CompletionOffers {
        let mut all = Vec::new();
        let mut is_incomplete = false;
        let mut count: FxHashMap<String, usize> = FxHashMap::default();
        for &names in &measure.names {
            let (kind, word) = match names {
                Names::Actors => (ThingKind::Actor, "actors"),
                Names::Places => (ThingKind::Place, "places"),
                Names::Events => (ThingKind::Subject, "events"),
                Names::Terms => (ThingKind::Term, "terms"),
                Names::Populations => (ThingKind::Population, "populations"),
            };
            let typed = typed.strip_prefix(word).and_then(|rest| rest.strip_prefix('/')).unwrap_or(typed);
            let offers = match kind {
                ThingKind::Subject => self.things.subjects(SubjectKind::Event, typed),
                kind => self.things.offers(&[kind], typed, false),
            };
            is_incomplete |= offers.is_incomplete;
            for offer in &offers.all {
                *count.entry(offer.label.clone()).or_default() += 1;
            }
            all.extend(offers.all.into_iter().map(|offer| (word, offer)));
        }
        let named = all.into_iter().map(|(kind, offer)| {
            if count[&offer.label] == 1 {
                return offer;
            }
            let insert = format!("{kind}/{}", offer.label);
            let found_by = offer.found_by.map(|names| format!("{names} {insert}"));
            CompletionOffer { found_by, label: insert, ..offer }
        });
        CompletionOffers { all: named.collect(), is_incomplete }
    }

    /// The values of keys that take a text from a list of common ones.
    fn text(&self, key: &str, typed: &str) -> CompletionOffers {
        let section = self.cursor.path.first().map_or("", String::as_str);
        match key {
            "question" => self.things.questions(typed),
            "kind" => {
                let known = if section == "actors" { &ACTOR_KINDS[..] } else { &EVENT_KINDS[..] };
                let mut used: FxHashMap<&str, usize> = known.iter().map(|&word| (word, 0)).collect();
                for (_, document) in self.things.documents() {
                    let actors = document.actors.iter().filter_map(|actor| actor.body.kind.as_ref());
                    let events = document.subjects.iter().filter_map(|subject| subject.body.nature.as_ref());
                    let is_actor = section == "actors";
                    let words: Vec<_> = if is_actor { actors.collect() } else { events.collect() };
                    for word in words {
                        *used.entry(&word.value).or_default() += 1;
                    }
                }
                let mut used: Vec<(&str, usize)> = used.into_iter().collect();
                used.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
                let offer = |(word, uses): (&str, usize)| {
                    let times = if uses == 1 { "" } else { "s" };
                    let detail = if uses == 0 { String::new() } else { format!("used {uses} time{times}") };
                    CompletionOffer::new(word, Kind::Text).detail(detail)
                };
                complete_list(used.into_iter().filter(|(word, _)| *word != self.cursor.text()).map(offer))
            }
            "unit" => complete_list(
                ["time", "days", "hours", "km", "%"].map(|word| CompletionOffer::new(word, Kind::Unit)),
            ),
            "figure" => self.figures(&MeasureInfo::figure()),
            _ => CompletionOffers::default(),
        }
    }
}

impl MeasureInfo {
    /// A measure that takes a figure, for a measure that is not known.
    pub(in crate::lsp) fn figure() -> Self {
        Self {
            kind: MeasureType::Count,
            counting: gainsay_reading::figure::Counting::Whole,
            of_people: true,
            names: Vec::new(),
            steps: Vec::new(),
        }
    }
}

/// The rules and lints that can be silenced on a claim.
fn silences() -> impl Iterator<Item = CompletionOffer> {
    let rules = rules::ALL.iter().map(|rule| RuleOrLint::Rule(rule));
    let lints = lint::ALL
        .iter()
        .filter(|lint| lint.grade == gainsay_analysis::finding::Grade::Warning)
        .map(RuleOrLint::Lint);
    rules.chain(lints).map(|known| {
        let (id, grade, summary) = match known {
            RuleOrLint::Rule(rule) => (rule.id, rule.grade, rule.summary),
            RuleOrLint::Lint(lint) => (lint.id, lint.grade, lint.summary),
        };
        CompletionOffer::new(id, Kind::Function).detail(grade.name()).doc(summary)
    })
}

/// A complete list of offers.
fn complete_list(all: impl IntoIterator<Item = CompletionOffer>) -> CompletionOffers {
    CompletionOffers { all: all.into_iter().collect(), is_incomplete: false }
}
