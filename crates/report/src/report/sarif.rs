//! The report as SARIF 2.1.0 for code scanning and editors: the rules with their pages, the files, and every finding
//! with its places, its fix and a stable fingerprint.
//!
//! The findings of an explained or settled dispute are suppressed results, with the review as justification. The
//! selection works as in other reports. Findings on files are left out only if the selection restricts events, actors,
//! sources, grades or verdicts, which they do not have.

mod log;
mod messages;

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rustc_hash::FxHashMap;

use super::{Report, json_text, omitted, outline};
use gainsay_analysis::dispute::{Dispute, ReviewStatus};
use gainsay_analysis::finding::{Edit, Finding, Fix, Grade, Label, fingerprint};
use gainsay_analysis::id::{ClaimId, FileId, Id as _, QuestionId};
use gainsay_analysis::rules::{self, RuleOrLint};
use gainsay_analysis::source::{self, Span, Unit};
use log::{
    Artifact, ArtifactChange, ArtifactLocation, Configuration, Descriptor, Driver, Invocation, Physical,
    Properties, Region, RuleProperties, SarifFix, SarifLocation, SarifLog, SarifNotification,
    SarifReplacement, SarifResult, SarifRun, Suppression, Tool, UriBase,
};

/// The schema URL in the log.
pub const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The base of relative file URIs. GitHub takes this name for the root of the repository.
const ROOT: &str = "%SRCROOT%";

/// Characters that are not encoded in paths. A colon is, because in the first part it would end a scheme.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');

/// The whole report.
///
/// # Errors
/// Never in practice, because everything in it can be written as JSON.
pub fn render(report: &Report<'_>) -> serde_json::Result<String> {
    json_text::pretty(&SarifWriter::new(report).log())
}

struct SarifWriter<'a> {
    report: &'a Report<'a>,
    places: Vec<ArtifactLocation>,
    disputes: FxHashMap<QuestionId, &'a Dispute>,
    ranks: FxHashMap<&'static str, usize>,
    /// Claims by their start.
    claims: Vec<(FileId, Span, ClaimId)>,
}

impl<'a> SarifWriter<'a> {
    fn new(report: &'a Report<'a>) -> Self {
        let analysis = report.analysis;
        let place = |(id, file): (FileId, &source::SourceFile)| artifact_location(file.path(), id.index());
        let model = &analysis.model;
        let mut claims: Vec<_> =
            model.claim_ids().map(|id| (model.claim(id).location.file, model.claim(id).span, id)).collect();
        claims.sort_unstable();
        Self {
            report,
            places: report.files.iter().map(place).collect(),
            disputes: analysis.disputes.iter().map(|dispute| (dispute.question, dispute)).collect(),
            ranks: rules::names().enumerate().map(|(at, id)| (id, at)).collect(),
            claims,
        }
    }

    fn log(&self) -> SarifLog {
        let base = UriBase { description: "the folder in which gainsay was run".to_owned().into() };
        let run = SarifRun {
            tool: Tool { driver: driver() },
            invocations: [self.invocation()],
            column_kind: "utf16CodeUnits",
            original_uri_base_ids: BTreeMap::from([(ROOT, base)]),
            artifacts: self.places.iter().cloned().map(artifact).collect(),
            results: self.results(),
        };
        SarifLog { schema: SCHEMA, version: "2.1.0", runs: [run] }
    }

    /// Notifications if the search was incomplete or findings are not listed, so that this does not look like no
    /// findings.
    fn invocation(&self) -> Invocation {
        let notification =
            |text: String| SarifNotification { level: "warning", message: messages::plain(&text).into() };
        let unsearched = outline::unsearched(self.report.analysis);
        let omitted = omitted::by_rule(self.report.omitted());
        let omitted = omitted.into_iter().map(|omitted| {
            format!(
                "not listed here because of the limit for each rule: {omitted}; `gainsay check --all` lists all"
            )
        });
        Invocation {
            execution_successful: true,
            tool_execution_notifications: unsearched.into_iter().chain(omitted).map(notification).collect(),
        }
    }

    fn results(&self) -> Vec<SarifResult> {
        let mut seen: FxHashMap<String, usize> = FxHashMap::default();
        let on_files = self.report.on_files();
        let findings = self.report.findings().chain(on_files);
        findings.map(|finding| self.result(finding, &mut seen)).collect()
    }

    fn result(&self, finding: &Finding, seen: &mut FxHashMap<String, usize>) -> SarifResult {
        let dispute = finding.questions().first().and_then(|question| self.disputes.get(question)).copied();
        let model = &self.report.analysis.model;
        let labels = finding.labels.split_first();
        SarifResult {
            rule_id: finding.rule,
            rule_index: self.ranks.get(finding.rule).copied().unwrap_or_default(),
            level: level(finding.grade),
            message: messages::message(self.report, finding),
            locations: labels.iter().map(|(first, _)| self.location(first, None)).collect(),
            related_locations: labels.iter().flat_map(|(_, rest)| self.related(rest)).collect(),
            partial_fingerprints: self.fingerprints(finding, seen),
            suppressions: dispute.and_then(|dispute| self.suppression(dispute)).into_iter().collect(),
            fixes: finding.fix.iter().map(|fix| self.fix(fix)).collect(),
            properties: Properties {
                grade: finding.grade.name(),
                questions: finding.questions().iter().map(|&id| model.question_name(id)).collect(),
                claims: finding.claims().iter().map(|&id| model.claim_name(id)).collect(),
                verdict: dispute.map(|dispute| dispute.standing.name()),
            },
        }
    }

    /// Further places, with the ids that links in the message use.
    fn related<'l>(&'l self, labels: &'l [Label]) -> impl Iterator<Item = SarifLocation> + 'l {
        labels.iter().enumerate().map(|(at, label)| self.location(label, Some(at + 1)))
    }

    fn location(&self, label: &Label, id: Option<usize>) -> SarifLocation {
        let text = (!label.text.is_empty()).then(|| messages::plain(&label.text).into());
        let at = label.location;
        let physical =
            Physical { artifact_location: self.place(at.file), region: self.region(at.file, at.span) };
        SarifLocation { id, physical, message: text }
    }

    fn place(&self, file: FileId) -> ArtifactLocation {
        self.places[file.index()].clone()
    }

    /// A region with lines and columns from 1, in UTF-16 units, which viewers assume if they ignore `columnKind`.
    fn region(&self, file: FileId, span: Span) -> Region {
        let position = |byte: u32| {
            let (line, before) = self.report.files[file].position(byte, Unit::Utf16);
            (line as u32 + 1, before as u32 + 1)
        };
        let ((start_line, start_column), (end_line, end_column)) = (position(span.start), position(span.end));
        Region { start_line, start_column, end_line, end_column }
    }

    /// Fingerprints that do not change when lines move. Findings on claims have an id; a lint gets one from its rule,
    /// file, claim and message, with a number if all of these are equal. GitHub reads only the first of the two.
    fn fingerprints(
        &self,
        finding: &Finding,
        seen: &mut FxHashMap<String, usize>,
    ) -> BTreeMap<&'static str, String> {
        let id = match &finding.evidence {
            Some(evidence) => evidence.id.clone(),
            None => self.lint_id(finding),
        };
        let count = seen.entry(id.clone()).or_default();
        *count += 1;
        let name = format!("{id}:{count}");
        BTreeMap::from([("primaryLocationLineHash", name.clone()), ("gainsayFinding/v1", name)])
    }

    fn lint_id(&self, finding: &Finding) -> String {
        let place = finding.labels.first().map(|label| label.location);
        let path = place.map_or("", |place| self.report.files[place.file].path());
        let claim = place.and_then(|place| self.claim_around(place));
        let claim = claim.map(|claim| self.report.analysis.model.claim_name(claim)).unwrap_or_default();
        format!("{:012x}", fingerprint([finding.rule, path, &claim, &finding.message]) >> 16)
    }

    /// The claim that contains a place.
    fn claim_around(&self, place: source::Location) -> Option<ClaimId> {
        let begins =
            |&(file, span, _): &(FileId, Span, ClaimId)| (file, span.start) <= (place.file, place.span.start);
        let &(file, span, claim) = self.claims[..self.claims.partition_point(begins)].last()?;
        (file == place.file && place.span.end <= span.end).then_some(claim)
    }

    /// The suppression of an explained or settled dispute. An irreconcilable one
    /// is not suppressed.
    fn suppression(&self, dispute: &Dispute) -> Option<Suppression> {
        let is_done = matches!(dispute.standing, ReviewStatus::Explained | ReviewStatus::Settled);
        let review = dispute.reviews.first().filter(|_| is_done)?;
        let review = &self.report.analysis.model.reviews[*review];
        let justification = messages::plain(&outline::review_in_words(review));
        Some(Suppression { kind: "external", status: "accepted", justification })
    }

    fn fix(&self, fix: &Fix) -> SarifFix {
        let mut edits: Vec<&Edit> = fix.edits.iter().collect();
        edits.sort_by_key(|edit| edit.location);
        let replacement = |edit: &&Edit| SarifReplacement {
            deleted_region: self.region(edit.location.file, edit.location.span),
            inserted_content: edit.text.clone().into(),
        };
        let of_file = edits.chunk_by(|a, b| a.location.file == b.location.file);
        let artifact_changes = of_file.map(|edits| ArtifactChange {
            artifact_location: self.place(edits[0].location.file),
            replacements: edits.iter().map(replacement).collect(),
        });
        SarifFix {
            description: messages::plain(&fix.title).into(),
            artifact_changes: artifact_changes.collect(),
        }
    }
}

fn driver() -> Driver {
    Driver {
        name: "gainsay",
        semantic_version: env!("CARGO_PKG_VERSION"),
        short_description: env!("CARGO_PKG_DESCRIPTION").to_owned().into(),
        rules: rules::names().filter_map(rules::known).map(descriptor).collect(),
    }
}

fn descriptor(known: RuleOrLint) -> Descriptor {
    let (id, grade, summary, doc) = match known {
        RuleOrLint::Rule(rule) => (rule.id, rule.grade, rule.summary, rule.doc),
        RuleOrLint::Lint(lint) => (lint.id, lint.grade, lint.summary, lint.doc),
    };
    let first = doc.trim().split("\n\n").next().unwrap_or(summary).replace('\n', " ");
    Descriptor {
        id,
        short_description: summary.to_owned().into(),
        full_description: first.into(),
        help: messages::help(known),
        default_configuration: Configuration { level: level(grade) },
        properties: RuleProperties { tags: tags(known), severity: severity(grade) },
    }
}

fn tags(known: RuleOrLint) -> Vec<&'static str> {
    match known {
        RuleOrLint::Rule(rule) if !rule.grade.is_lint() => vec!["claims", rule.grade.name()],
        RuleOrLint::Rule(_) | RuleOrLint::Lint(_) => vec!["claim-files"],
    }
}

fn level(grade: Grade) -> &'static str {
    match grade {
        Grade::Error | Grade::Contradiction => "error",
        Grade::Warning | Grade::Tension => "warning",
        Grade::Note => "note",
    }
}

fn severity(grade: Grade) -> &'static str {
    match level(grade) {
        "note" => "recommendation",
        level => level,
    }
}

fn artifact(location: ArtifactLocation) -> Artifact {
    Artifact {
        location,
        mime_type: "application/yaml",
        source_language: "yaml",
        encoding: "UTF-8",
        roles: ["analysisTarget"],
    }
}

/// A path as a URI: relative to the working folder, or absolute if the path is absolute.
fn artifact_location(path: &str, index: usize) -> ArtifactLocation {
    let encoded = utf8_percent_encode(path, PLAIN).to_string();
    // On Windows, an absolute path begins with its drive.
    let drive = matches!(path.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic());
    if path.starts_with('/') || drive {
        let slash = if drive { "/" } else { "" };
        return ArtifactLocation { uri: format!("file://{slash}{encoded}"), uri_base_id: None, index };
    }
    ArtifactLocation { uri: encoded, uri_base_id: Some(ROOT), index }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn artifact_location_encodes_paths() {
        for (path, uri, is_relative) in [
            ("claims/raid.yaml", "claims/raid.yaml", true),
            ("a b/ü:#?.yaml", "a%20b/%C3%BC%3A%23%3F.yaml", true),
            ("../other/a.yaml", "../other/a.yaml", true),
            ("/srv/desk/a.yaml", "file:///srv/desk/a.yaml", false),
            ("C:/desk/a.yaml", "file:///C%3A/desk/a.yaml", false),
        ] {
            let place = artifact_location(path, 0);
            assert_eq!((place.uri.as_str(), place.uri_base_id.is_some()), (uri, is_relative));
        }
    }
}
