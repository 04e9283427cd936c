//! The rules: one file each, and one list that every surface reads.
//!
//! A rule is a record and a plain function over the facts. This module does the rest for all rules: it grades their
//! findings by the settings, leaves out silenced ones, sorts them and gives them ids that stay the same. Adding a rule
//! takes its file and one line in the list.

mod clusters;
mod findings;
mod message;
mod ranking;

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::document::Name;
use crate::finding::{CollectedFindings, Collector, Finding, Grade, Limit, by_place, fingerprint};
use crate::graph::Graph;
use crate::id::{QuestionId, SourceId};
use crate::lint::{self, Lint};
use crate::model::{GlobalFacts, Model};
use crate::reason::Reasoning;
use crate::source::{Files, Location};
use findings::Silences;
use gainsay_reading::names::DidYouMean;

/// The record of a rule: its id, its texts and its check.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its name in claim files and reports. It names the problem and reads well after "allow".
    pub id: &'static str,
    /// The grade of its findings, unless the settings or the evidence change it.
    pub grade: Grade,
    /// A description of its findings, in one line without a full stop.
    pub summary: &'static str,
    /// Its rank among findings of the same grade.
    pub weight: Weight,
    /// Which part of a workspace it looks at.
    pub scope: Scope,
    /// The version that introduced it.
    pub since: &'static str,
    /// What it means and why it matters, with a bad and a good example as YAML.
    pub doc: &'static str,
    /// Adds what it finds to the findings.
    pub check: fn(&Facts<'_>, &mut Findings<'_>),
}

/// What a rule is about, most serious first: who was hit and denials come before numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Weight {
    /// Who was hit.
    WhoWasHit,
    /// Answers that one party gives and another denies.
    Denial,
    /// Figures, dates and other answers that differ.
    Answer,
    /// Positions that change, and speakers that contradict themselves.
    Position,
    /// Who an answer comes from.
    Attribution,
    /// How the claim files are written.
    File,
}

/// The part of a workspace that a rule looks at; only edits there can change its findings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// Related claims and the definitions that they use.
    Claims,
    /// All definitions of the workspace, but no claims.
    Names,
    /// Definitions and every use of them.
    Uses,
    /// Silences and every finding that they turn off.
    Silences,
}

/// The input of a rule.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The texts of the workspace.
    pub files: &'a Files,
    /// The claims and definitions, with names resolved.
    pub model: &'a Model,
    /// How parts, wholes, sources and origins are linked.
    pub graph: &'a Graph,
    /// The clashes, and which answers are current.
    pub reasoning: &'a Reasoning,
    /// The archived texts of those sources that have one.
    pub archive: &'a FxHashMap<SourceId, &'a str>,
    /// Answers questions about the whole workspace if the model is only a part of it.
    pub elsewhere: &'a dyn GlobalFacts,
    /// Whether all files were read without an error. If not, an id that looks unused may be used in an unread entry.
    pub complete: bool,
    /// Questions with so many answers that some rule did not compare all of them.
    pub unsearched: &'a Mutex<Vec<QuestionId>>,
}

/// A rule compares at most this many pairs of answers to one question, or to the questions of one family. Then it stops
/// and records the question: see [`Facts::note_unsearched`].
const MAX_PAIRS: usize = 1 << 20;

impl Facts<'_> {
    /// Records that not all answers to a question were compared.
    fn note_unsearched(&self, question: QuestionId) {
        self.unsearched.lock().unwrap_or_else(PoisonError::into_inner).push(question);
    }
}

pub(crate) use similar_events::{PossibleEvents, alike_events};
pub(crate) use similar_names::alike_in_words;

/// Declares the module of each rule and lists its record.
macro_rules! rules {
    ($($module:ident)*) => {
        $(mod $module;)*

        /// All rules. Rules on claims come before rules on files.
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
// Rules whose findings an editor, a page or a prompt treats in its own way.
pub use idle_silence::RULE as IDLE_SILENCE;
pub use no_locator::RULE as NO_LOCATOR;
pub use position_changes::RULE as POSITION_CHANGES;
pub use silence_without_reason::RULE as SILENCE_WITHOUT_REASON;
pub use unused_id::RULE as UNUSED_ID;
pub use unused_id::{EntityRef, uses};
pub use words_not_found::{find_words, paragraphs};

/// The rule with this name.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

/// The names of all rules and lints.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|rule| rule.id).chain(lint::ALL.iter().map(|lint| lint.id))
}

/// With fewer claims than this, all rules run on one thread.
const MIN_PARALLEL_CLAIMS: usize = 2_000;

/// Runs the rules that `is_wanted` accepts. The findings are graded and have ids, and silenced ones are left out; they are
/// not sorted yet (see [`sort`]). Each lint is reported only as often as `limit` allows.
pub fn run(facts: &Facts<'_>, limit: Limit, is_wanted: impl Fn(&Rule) -> bool + Sync) -> CollectedFindings {
    let (silences, off) = (Silences::new(facts.model), turned_off(facts.model));
    // The rules run in parallel; their findings stay in the order of the rules.
    let findings_of = |rule: &&Rule| {
        let mut findings = Findings::new(&silences, &off, limit);
        (rule.check)(facts, &mut findings);
        findings
    };
    let rules_per_thread = if facts.model.claims.len() < MIN_PARALLEL_CLAIMS { ALL.len() } else { 1 };
    let rules = ALL.par_iter().with_min_len(rules_per_thread).filter(|rule| is_wanted(rule));
    let by_rule: Vec<Findings<'_>> = rules.map(findings_of).collect();
    let (mut all, mut used) = (Collector::new(limit), FxHashSet::default());
    for findings in by_rule {
        all.merge(findings.collector);
        used.extend(findings.used);
    }
    for (claim, name) in silences.unused(&used) {
        if facts.complete && !facts.model.claim(claim).broken {
            all.push(idle_silence::finding(facts, claim, &name));
        }
    }
    for finding in invalid_grades(facts.model) {
        all.push(finding);
    }
    let mut found = all.finish();
    apply_grades(facts.model, &mut found.findings);
    set_finding_ids(facts.model, &mut found.findings);
    found
}

/// Sorts findings: those on claims first, the most serious at the head; then those on files, by location.
pub fn sort(findings: &mut Vec<Finding>, model: &Model) {
    let (mut lints, mut others): (Vec<_>, Vec<_>) =
        std::mem::take(findings).into_iter().partition(|finding| finding.grade.is_lint());
    others.sort_by_cached_key(|finding| ranking::sort_key(model, finding, weight(finding.rule)));
    lints.sort_by(by_place);
    lints.dedup();
    findings.append(&mut others);
    findings.append(&mut lints);
}

fn weight(rule: &str) -> Weight {
    find(rule).map_or(Weight::File, |rule| rule.weight)
}

/// A setting under `grades`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RuleSetting {
    Off,
    Grade(Grade),
}

impl RuleSetting {
    fn from_name(name: &str) -> Option<Self> {
        match name {
            "off" => Some(Self::Off),
            "note" => Some(Self::Grade(Grade::Note)),
            "tension" => Some(Self::Grade(Grade::Tension)),
            "contradiction" => Some(Self::Grade(Grade::Contradiction)),
            _ => None,
        }
    }
}

/// The rules that are turned off in the settings.
fn turned_off(model: &Model) -> FxHashSet<&'static str> {
    let grades = model.settings.file.iter().flat_map(|_| &model.settings.grades);
    let off = grades.filter(|(_, grade)| RuleSetting::from_name(&grade.value) == Some(RuleSetting::Off));
    off.filter_map(|(rule, _)| find(&rule.value)).map(|rule| rule.id).collect()
}

/// Applies the grades of the settings to findings on claims.
fn apply_grades(model: &Model, findings: &mut [Finding]) {
    if model.settings.file.is_none() {
        return;
    }
    for (rule, grade) in &model.settings.grades {
        let Some(RuleSetting::Grade(grade)) = RuleSetting::from_name(&grade.value) else { continue };
        for finding in findings.iter_mut().filter(|finding| finding.rule == rule.value) {
            if !finding.grade.is_lint() {
                finding.grade = grade;
            }
        }
    }
}

/// Findings on the `grades` of the settings: unknown rules, unknown grades, and grades for rules on files.
fn invalid_grades(model: &Model) -> Vec<Finding> {
    let Some(file) = model.settings.file else { return Vec::new() };
    let at = |name: &Name| Location { file, span: name.span };
    let invalid = |(rule, grade): &(Name, Name)| {
        let Some(known) = find(&rule.value) else { return Some(unknown_rule(at(rule), &rule.value)) };
        match RuleSetting::from_name(&grade.value) {
            None => {
                let message = format!("`{}` is not a grade", grade.value);
                let help = "write `off`, `note`, `tension` or `contradiction`";
                Some(lint::INVALID_SETTING.at(at(grade), message, "").help(help))
            }
            Some(RuleSetting::Grade(_)) if known.grade.is_lint() => {
                let message = format!("`{}` is about files, so it can only be turned off", rule.value);
                Some(lint::INVALID_SETTING.at(at(grade), message, "").help("write `off`"))
            }
            Some(_) => None,
        }
    };
    model.settings.grades.iter().filter_map(invalid).collect()
}

fn unknown_rule(at: Location, name: &str) -> Finding {
    let near = DidYouMean::of(name, ALL.iter().map(|rule| rule.id));
    lint::INVALID_SETTING.at(at, format!("no rule is called `{name}`"), "").meant(at, &near)
}

/// Gives each finding an id made of its rule and its claims, which stays the same when lines move.
fn set_finding_ids(model: &Model, findings: &mut [Finding]) {
    findings.par_iter_mut().with_min_len(MIN_PARALLEL_CLAIMS / 4).for_each(|finding| {
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
    /// A finding of this rule at a place in a file.
    fn lint(&self, at: Location, message: impl Into<String>, label: impl Into<String>) -> Finding {
        Finding::new(self.id, self.grade, message).at(at, label)
    }
}

/// A rule or a lint.
#[derive(Clone, Copy, Debug)]
pub enum RuleOrLint {
    /// A rule.
    Rule(&'static Rule),
    /// A lint.
    Lint(&'static Lint),
}

/// The rule or lint with this name.
pub fn known(id: &str) -> Option<RuleOrLint> {
    let lint = || lint::ALL.iter().find(|lint| lint.id == id).map(RuleOrLint::Lint);
    find(id).map(RuleOrLint::Rule).or_else(lint)
}
