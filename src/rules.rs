//! The rules: one file each, listed once, read by every surface.
//!
//! A rule is a record and a plain function over the facts. What becomes of its findings (grades from the
//! settings, silences, order, names that stay the same) is decided here, once, for all. Adding a rule takes
//! its file and one line in the list.

mod crowd;
mod findings;
mod gravity;
mod telling;

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::document::Name;
use crate::finding::{Collector, Finding, Found, Grade, Limit, by_place, fingerprint};
use crate::graph::Graph;
use crate::id::{QuestionId, SourceId};
use crate::lint::{self, Lint};
use crate::model::{GlobalFacts, Model};
use crate::names::Meant;
use crate::reason::Reasoning;
use crate::source::{Files, Location};
use findings::Silences;

/// What is known of a rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its name, as people write it: names the problem, reads well after "allow".
    pub id: &'static str,
    /// The grade of its findings, where nothing lowers or changes it.
    pub grade: Grade,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// How grave among findings of one grade.
    pub weight: Weight,
    /// What it looks at.
    pub scope: Scope,
    /// The version that brought it.
    pub since: &'static str,
    /// What it means, with a bad and a good example as YAML.
    pub doc: &'static str,
    /// Finds.
    pub check: fn(&Facts<'_>, &mut Findings<'_>),
}

/// What a rule is about, gravest first: who was hit and denials before numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Weight {
    /// Who was hit.
    WhoWasHit,
    /// What one says and another denies.
    Denial,
    /// Figures, days and answers.
    Answer,
    /// How a position changed, or a speaker disagrees with itself.
    Position,
    /// On whose word something stands.
    Attribution,
    /// The files themselves.
    File,
}

/// What a rule looks at, and so which change of a workspace can change what it finds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// Claims that bear on each other, and what they name.
    Claims,
    /// All definitions beside each other, and no claims.
    Names,
}

/// Everything a rule may look at.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The texts of the workspace.
    pub files: &'a Files,
    /// What the claims say.
    pub model: &'a Model,
    /// How everything hangs together.
    pub graph: &'a Graph,
    /// What cannot hold together.
    pub reasoning: &'a Reasoning,
    /// Archived texts of sources, where they are at hand.
    pub archive: &'a FxHashMap<SourceId, &'a str>,
    /// What is known of the workspace beyond the model, where that is a part of it.
    pub elsewhere: &'a dyn GlobalFacts,
    /// Whether reading found no error: what nothing uses cannot be told from what could not be read.
    pub complete: bool,
    /// Questions on which some rule did not compare everything, because there is too much of it.
    pub unsearched: &'a Mutex<Vec<QuestionId>>,
}

/// So many pairs of answers to one question, or to questions of one family, are compared one by one. Beyond that a rule
/// stops and says so: see [`Facts::stop_at`].
const MAX_PAIRS: usize = 1 << 20;

impl Facts<'_> {
    /// Records that not everything on a question was compared.
    fn stop_at(&self, question: QuestionId) {
        self.unsearched.lock().unwrap_or_else(PoisonError::into_inner).push(question);
    }
}

pub(crate) use similar_events::{Possible as PossibleEvents, alike as alike_events};
pub(crate) use similar_names::in_words as alike_in_words;

/// Declares the module of each rule and lists its record.
macro_rules! rules {
    ($($module:ident)*) => {
        $(mod $module;)*

        /// All rules, those on what the claims say before those on the files.
        pub const ALL: &[&Rule] = &[$(&$module::RULE),*];
    };
}

rules! {
    said_too_early
    rival_characterisation
    denied
    denial_narrower_than_charge
    series_differ
    implied_figure_disagrees
    parts_exceed_whole
    part_exceeds_whole
    answers_disagree
    accounts_vary
    dates_disagree
    figures_disagree
    figures_diverge
    rounding
    toll_drops
    toll_unsettled
    toll_rising
    position_changes
    reports_differ
    self_contradiction
    attribution_lost
    one_origin
    words_not_found
    similar_names
    similar_events
    repeated_claim
    unused_id
    no_locator
    said_after_published
    outside_event_dates
    silence_without_reason
    idle_silence
}

pub use findings::Findings;
pub use unused_id::{Thing, uses};
pub(crate) use words_not_found::{paragraphs, places_of_words};

/// The rule with this name.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

/// The names of all rules and lints.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|rule| rule.id).chain(lint::ALL.iter().map(|lint| lint.id))
}

/// Fewer claims are gone through by all rules on one thread.
const FEW: usize = 2_000;

/// Runs some of the rules. The findings are graded, silenced and named, in no order yet (see [`sort`]); of each lint no
/// more than a limit allows.
pub fn run_some(facts: &Facts<'_>, limit: Limit, is_wanted: impl Fn(&Rule) -> bool + Sync) -> Found {
    let (silences, off) = (Silences::new(facts.model), turned_off(facts.model));
    // Side by side; what they find stays in the order of the rules.
    let found = |rule: &&Rule| {
        let mut findings = Findings::new(&silences, &off, limit);
        (rule.check)(facts, &mut findings);
        findings
    };
    let at_once = if facts.model.claims.len() < FEW { ALL.len() } else { 1 };
    let rules = ALL.par_iter().with_min_len(at_once).filter(|rule| is_wanted(rule));
    let by_rule: Vec<Findings<'_>> = rules.map(found).collect();
    let (mut all, mut used) = (Collector::new(limit), FxHashSet::default());
    for findings in by_rule {
        all.merge(findings.collector);
        used.extend(findings.used);
    }
    for (claim, name) in silences.idle(&used) {
        if facts.complete && !facts.model.claim(claim).broken {
            all.push(idle_silence::finding(facts, claim, &name));
        }
    }
    for finding in invalid_grades(facts.model) {
        all.push(finding);
    }
    let mut found = all.finish();
    grade(facts.model, &mut found.findings);
    name_findings(facts.model, &mut found.findings);
    found
}

/// Puts findings in order: claims before files, gravest first; files by place.
pub fn sort(findings: &mut Vec<Finding>, model: &Model) {
    let (mut lints, mut others): (Vec<_>, Vec<_>) =
        std::mem::take(findings).into_iter().partition(|finding| finding.grade.is_lint());
    others.sort_by_cached_key(|finding| gravity::order(model, finding, weight(finding.rule)));
    lints.sort_by(by_place);
    lints.dedup();
    findings.append(&mut others);
    findings.append(&mut lints);
}

fn weight(rule: &str) -> Weight {
    find(rule).map_or(Weight::File, |rule| rule.weight)
}

/// What the settings can make of a rule.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Setting {
    Off,
    Grade(Grade),
}

impl Setting {
    fn called(name: &str) -> Option<Self> {
        match name {
            "off" => Some(Self::Off),
            "note" => Some(Self::Grade(Grade::Note)),
            "tension" => Some(Self::Grade(Grade::Tension)),
            "contradiction" => Some(Self::Grade(Grade::Contradiction)),
            _ => None,
        }
    }
}

/// The rules that the settings turn off.
fn turned_off(model: &Model) -> FxHashSet<&'static str> {
    let grades = model.settings.file.iter().flat_map(|_| &model.settings.grades);
    let off = grades.filter(|(_, grade)| Setting::called(&grade.value) == Some(Setting::Off));
    off.filter_map(|(rule, _)| find(&rule.value)).map(|rule| rule.id).collect()
}

/// Applies the grades of the settings to findings on what the claims say.
fn grade(model: &Model, findings: &mut [Finding]) {
    if model.settings.file.is_none() {
        return;
    }
    for (rule, grade) in &model.settings.grades {
        let Some(Setting::Grade(grade)) = Setting::called(&grade.value) else { continue };
        for finding in findings.iter_mut().filter(|finding| finding.rule == rule.value) {
            if !finding.grade.is_lint() {
                finding.grade = grade;
            }
        }
    }
}

/// An unknown rule or grade in the settings, and a lint that gets another grade, are findings.
fn invalid_grades(model: &Model) -> Vec<Finding> {
    let Some(file) = model.settings.file else { return Vec::new() };
    let at = |name: &Name| Location { file, span: name.span };
    let invalid = |(rule, grade): &(Name, Name)| {
        let Some(known) = find(&rule.value) else { return Some(unknown_rule(at(rule), &rule.value)) };
        match Setting::called(&grade.value) {
            None => {
                let message = format!("`{}` is no grade", grade.value);
                let help = "write off, note, tension or contradiction";
                Some(lint::INVALID_SETTING.at(at(grade), message, "").help(help))
            }
            Some(Setting::Grade(_)) if known.grade.is_lint() => {
                let message = format!("`{}` is about the files: it can only be turned off", rule.value);
                Some(lint::INVALID_SETTING.at(at(grade), message, "").help("write off"))
            }
            Some(_) => None,
        }
    };
    model.settings.grades.iter().filter_map(invalid).collect()
}

fn unknown_rule(at: Location, name: &str) -> Finding {
    let near = Meant::of(name, ALL.iter().map(|rule| rule.id));
    lint::INVALID_SETTING.at(at, format!("no rule is called `{name}`"), "").meant(at, &near)
}

/// Gives each finding a name made of its rule and its claims, so that it stays the same when lines move.
fn name_findings(model: &Model, findings: &mut [Finding]) {
    findings.par_iter_mut().with_min_len(FEW / 4).for_each(|finding| {
        let rule = finding.rule;
        if let Some(evidence) = &mut finding.evidence {
            let mut claims = evidence.claims.clone();
            claims.sort_unstable();
            let mut texts = vec![rule.to_owned()];
            texts.extend(claims.iter().map(|&claim| model.claim_name(claim)));
            texts.extend(evidence.questions.first().map(|&question| model.question_name(question)));
            evidence.id = format!("{:012x}", fingerprint(texts.iter().map(String::as_str)) >> 16);
        }
    });
}

impl Rule {
    /// A lint of this rule at a place.
    fn lint(&self, at: Location, message: impl Into<String>, label: impl Into<String>) -> Finding {
        Finding::new(self.id, self.grade, message).at(at, label)
    }
}

/// What is known of a rule or a lint, under either name.
#[derive(Clone, Copy, Debug)]
pub enum Known {
    /// A rule.
    Rule(&'static Rule),
    /// A lint of reading.
    Lint(&'static Lint),
}

/// The rule or lint with this name.
pub fn known(id: &str) -> Option<Known> {
    let lint = || lint::ALL.iter().find(|lint| lint.id == id).map(Known::Lint);
    find(id).map(Known::Rule).or_else(lint)
}
