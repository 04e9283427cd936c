//! The disputes as a table for spreadsheets: one row for each claim in each dispute (for each of its answers,
//! if a response gives several).
//!
//! Figures are plain numbers, durations are in seconds, days are ISO dates; an empty end is open. `low` to
//! `usual_high` are the ranges of the value, or of the denied value. A claim in two positions names both. A claim
//! without a position was superseded, declines to answer, or answers another question.

use rustc_hash::{FxHashMap, FxHashSet};
use unicode_normalization::UnicodeNormalization as _;

use gainsay_analysis::dispute::Dispute;
use gainsay_analysis::document::{MeasureType, Word as _};
use gainsay_analysis::finding::Finding;
use gainsay_analysis::id::{AnswerId, ClaimId, Id as _, QuestionId};
use gainsay_analysis::model::Measure;
use gainsay_reading::figure::{Counting, ONE, OPEN, Range, Unit};
use gainsay_reading::period::Day;

use super::hidden::is_invisible;
use super::snippets::one_line;
use super::{Report, wording};

const HEADER: [&str; 26] = [
    "question",
    "grade",
    "verdict",
    "position",
    "claim",
    "answers",
    "party",
    "speaker",
    "value",
    "unit",
    "low",
    "high",
    "usual_low",
    "usual_high",
    "stance",
    "certainty",
    "said",
    "as_of",
    "source",
    "published",
    "at",
    "words",
    "note",
    "file",
    "line",
    "findings",
];

/// The whole table.
///
/// # Errors
/// Never in practice, because it writes to memory.
pub fn render(report: &Report<'_>) -> anyhow::Result<String> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(HEADER.map(|name| harmless("", name)))?;
    for (dispute, findings) in &report.disputes {
        let named = DisputeIndex::new(dispute, findings);
        for (claim, answer) in rows(report, dispute, &named) {
            let row = CsvRow { report, dispute, named: &named, claim, answer };
            table
                .write_record(HEADER.iter().zip(row.cells()).map(|(column, cell)| harmless(column, &cell)))?;
        }
    }
    Ok(String::from_utf8(table.into_inner()?)?)
}

/// The positions and findings of a dispute, by answer and by claim.
struct DisputeIndex {
    /// The numbers of the positions with an answer.
    positions: FxHashMap<AnswerId, Vec<String>>,
    /// The rules of the findings that name a claim, most serious first.
    rules: FxHashMap<ClaimId, Vec<&'static str>>,
}

impl DisputeIndex {
    fn new(dispute: &Dispute, findings: &[&Finding]) -> Self {
        let mut named = Self { positions: FxHashMap::default(), rules: FxHashMap::default() };
        for (at, position) in dispute.positions.iter().enumerate() {
            for &answer in &position.answers {
                named.positions.entry(answer).or_default().push((at + 1).to_string());
            }
        }
        for finding in findings {
            let Some(evidence) = &finding.evidence else { continue };
            for &claim in evidence.claims.iter().chain(&evidence.also) {
                let rules = named.rules.entry(claim).or_default();
                if !rules.contains(&finding.rule) {
                    rules.push(finding.rule);
                }
            }
        }
        named
    }
}

/// The rows of a dispute: the answers of its positions, each once, the other answers to its question, and
/// the other claims that its findings name, with their first answer.
fn rows(report: &Report<'_>, dispute: &Dispute, named: &DisputeIndex) -> Vec<(ClaimId, Option<AnswerId>)> {
    let model = &report.analysis.model;
    let held = dispute.positions.iter().flat_map(|position| position.answers.iter().copied());
    let mut seen = FxHashSet::default();
    let answers = held.chain(model.answers_to(dispute.question)).filter(|&answer| seen.insert(answer));
    let mut rows: Vec<_> =
        answers.map(|answer| (model.answers.claim[answer.index()], Some(answer))).collect();
    let seen: FxHashSet<ClaimId> = rows.iter().map(|(claim, _)| *claim).collect();
    let mut others: Vec<ClaimId> =
        named.rules.keys().copied().filter(|claim| !seen.contains(claim)).collect();
    others.sort_unstable();
    rows.extend(
        others.into_iter().map(|claim| (claim, wording::answers_of(report.analysis, claim).first().copied())),
    );
    rows
}

/// One answer in one dispute.
struct CsvRow<'a> {
    report: &'a Report<'a>,
    dispute: &'a Dispute,
    named: &'a DisputeIndex,
    claim: ClaimId,
    answer: Option<AnswerId>,
}

impl CsvRow<'_> {
    fn cells(&self) -> [String; HEADER.len()] {
        let model = &self.report.analysis.model;
        let claim = model.claim(self.claim);
        let source = &model.sources[claim.source];
        let [low, high, usual_low, usual_high] = self.ranges();
        let file = &self.report.files[claim.location.file];
        [
            model.question_name(self.dispute.question),
            self.dispute.grade.name().to_owned(),
            self.dispute.standing.name().to_owned(),
            self.answer
                .and_then(|answer| self.named.positions.get(&answer))
                .map(|at| at.join("; "))
                .unwrap_or_default(),
            model.claim_name(self.claim),
            self.answer.map(|answer| model.question_name(self.question_of(answer))).unwrap_or_default(),
            model.actors[claim.party].name.to_string(),
            model.actors[claim.by].name.to_string(),
            self.answer.map_or_else(|| claim.written.to_string(), |answer| model.answer_in_words(answer)),
            self.answer.map(|answer| unit(self.measure(answer)).to_owned()).unwrap_or_default(),
            low,
            high,
            usual_low,
            usual_high,
            self.answer
                .map(|answer| model.answers.stance[answer.index()].word().to_owned())
                .unwrap_or_default(),
            claim.certainty.word().to_owned(),
            claim.said.to_string(),
            claim.as_of.to_string(),
            model.sources.name(claim.source).to_string(),
            source.published.to_string(),
            claim.at.map(|at| at.to_string()).unwrap_or_default(),
            claim.words.as_ref().map(|words| words.value.to_string()).unwrap_or_default(),
            claim.note.as_ref().map(ToString::to_string).unwrap_or_default(),
            file.path().to_owned(),
            file.line(claim.location.span.start).to_string(),
            self.named.rules.get(&self.claim).map(|rules| rules.join("; ")).unwrap_or_default(),
        ]
    }

    fn question_of(&self, answer: AnswerId) -> QuestionId {
        self.report.analysis.model.answers.question[answer.index()]
    }

    fn measure(&self, answer: AnswerId) -> &Measure {
        self.report.analysis.model.measure_of(self.question_of(answer))
    }

    /// The ends of the hard and the usual range. Empty if the answer has none.
    fn ranges(&self) -> [String; 4] {
        let Some(answer) = self.answer else { return Default::default() };
        let model = &self.report.analysis.model;
        let Some((hard, usual)) = model.answers.value[answer.index()].ranges() else {
            return Default::default();
        };
        let [low, high] = ends(self.measure(answer), hard);
        let [usual_low, usual_high] = ends(self.measure(answer), usual);
        [low, high, usual_low, usual_high]
    }
}

/// The unit of the figures of a measure. Empty if there is none.
fn unit(measure: &Measure) -> &str {
    match &measure.counting {
        Counting::Amount { unit: Some(Unit::Time) } if measure.kind == MeasureType::Amount => "seconds",
        Counting::Amount { unit: Some(Unit::Named(name)) } => name,
        _ => "",
    }
}

/// The two ends of a range of answers to a measure.
fn ends(measure: &Measure, range: Range) -> [String; 2] {
    [range.low, range.high].map(|end| match measure.kind {
        _ if end == OPEN || end == i64::MIN => String::new(),
        MeasureType::Date => {
            i32::try_from(end).map(|day| Day::from_number(day).to_string()).unwrap_or_default()
        }
        MeasureType::YesNo => if end >= 1 { "yes" } else { "no" }.to_owned(),
        MeasureType::Scale => {
            let step = usize::try_from(end - 1).ok().and_then(|at| measure.steps.get(at));
            step.map_or("none of it", |step| step.as_str()).to_owned()
        }
        MeasureType::Count | MeasureType::Amount | MeasureType::Choice => plain(end),
    })
}

/// Formats thousandths as a number for spreadsheets: without thousands separators, with a point before decimals.
fn plain(thousandths: i64) -> String {
    let sign = if thousandths < 0 { "-" } else { "" };
    let (whole, rest) = (thousandths.unsigned_abs() / ONE as u64, thousandths.unsigned_abs() % ONE as u64);
    let decimals = format!(".{rest:03}");
    let decimals = decimals.trim_end_matches('0').trim_end_matches('.');
    format!("{sign}{whole}{decimals}")
}

/// The columns with plain numbers written by this module. They may also contain words and days.
const NUMBER_COLUMNS: [&str; 5] = ["low", "high", "usual_low", "usual_high", "line"];

/// Makes a cell that a spreadsheet does not run: a formula gets a leading apostrophe. Numbers of [`NUMBER_COLUMNS`]
/// do not.
fn harmless(column: &str, cell: &str) -> String {
    if NUMBER_COLUMNS.contains(&column) && is_number(cell) {
        return cell.to_owned();
    }
    // Spreadsheets in countries with decimal commas take a semicolon for the end of a cell.
    let guarded = cell.split(';').map(|part| {
        let guard = if may_be_formula(part) { "'" } else { "" };
        format!("{guard}{}", one_line(part))
    });
    guarded.collect::<Vec<_>>().join(";")
}

fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// Whether a spreadsheet may take a text for a formula. Its first character after spaces, invisible characters and
/// quotation marks then begins one, in any width.
fn may_be_formula(text: &str) -> bool {
    let is_blank = |c: char| c.is_whitespace() || is_invisible(c) || c == '"';
    let first = text.chars().find(|&c| !is_blank(c)).and_then(|c| std::iter::once(c).nfkc().next());
    text.starts_with(['\t', '\r', '\n']) || matches!(first, Some('=' | '+' | '-' | '@' | '\u{2212}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harmless_cells_are_never_formulas() {
        for (cell, shown) in [
            ("=1+1", "'=1+1"),
            ("+21% on 2024", "'+21% on 2024"),
            ("-5%", "'-5%"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "' =1"),
            ("\r=1", "'?=1"),
            ("\r\n=1", "'  =1"),
            ("＝1", "'＝1"),
            (" =1", "' =1"),
            ("   -1", "'   -1"),
            ("\u{a0}=1", "'\u{a0}=1"),
            ("\u{3000}+1", "'\u{3000}+1"),
            ("\u{2003}\u{202f}@x", "'\u{2003}\u{202f}@x"),
            ("\u{feff}=1", "'???=1"),
            (" \u{200b} =1", "' ??? =1"),
            ("\u{ad}\u{2060}＋1", "'?????＋1"),
            ("\"=1\"", "'\"=1\""),
            ("\u{fe66}1", "'\u{fe66}1"),
            ("\u{2212}1", "'\u{2212}1"),
            ("36;=1", "36;'=1"),
            ("36; \"=1\";b", "36;' \"=1\";b"),
            ("1; 2", "1; 2"),
            ("at least 36", "at least 36"),
            ("a - b = c", "a - b = c"),
            ("a\nb", "a b"),
            ("", ""),
        ] {
            assert_eq!(harmless("value", cell), shown, "{cell:?}");
        }
        assert_eq!(harmless("value", "-5"), "'-5");
    }

    #[test]
    fn harmless_keeps_negative_numbers() {
        for cell in ["-5", "-0.5", "36", "1034.125"] {
            assert_eq!(harmless("low", cell), cell);
        }
        for cell in ["-5+1", "-0044-03-15", "-", "--1", "=1", "-1;=1"] {
            assert!(harmless("usual_high", cell).starts_with('\''), "{cell}");
        }
    }

    #[test]
    fn plain_writes_numbers_without_separators() {
        for (thousandths, text) in
            [(36_000, "36"), (1_500, "1.5"), (1, "0.001"), (0, "0"), (1_034_000, "1034")]
        {
            assert_eq!(plain(thousandths), text);
        }
    }
}
