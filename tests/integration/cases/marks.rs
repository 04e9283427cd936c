//! Marks: findings written as comments under the line they point at.

use gainsay::finding::Grade;
use gainsay::rules::{self, RuleOrLint};

/// A finding, expected or actual.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark {
    pub(super) line: usize,
    pub(super) column: usize,
    /// None if the mark gives only a column.
    pub(super) width: Option<usize>,
    pub(super) rule: String,
    pub(super) grade: &'static str,
    pub(super) message: String,
}

impl Mark {
    /// Reads a mark under the line `below`: `# ^^^ rule[grade]: part of the message`.
    pub(super) fn parse(line: &str, below: usize) -> Option<Self> {
        let sign = line.find(|c| c != ' ').filter(|&at| line[at..].starts_with('#'))?;
        let after = line[sign + 1..].trim_start();
        let (column, width, rest) = if let Some(rest) = after.strip_prefix("<- ") {
            (sign, None, rest)
        } else {
            let rest = after.trim_start_matches('^');
            (line.len() - after.len(), Some(after.len() - rest.len()), rest.strip_prefix(' ')?)
        };
        let (name, message) = rest.split_once(": ").unwrap_or((rest, ""));
        let (rule, grade) = name.split_once('[').unwrap_or((name, ""));
        let own = own_grade(rule).unwrap_or_else(|| panic!("no rule or lint is called `{rule}`: {line}"));
        let grades = [Grade::Error, Grade::Warning, Grade::Contradiction, Grade::Tension, Grade::Note];
        let grade = grades.into_iter().find(|named| named.name() == grade.trim_end_matches(']'));
        let grade = grade.unwrap_or(own).name();
        (width != Some(0)).then(|| Self {
            line: below,
            column,
            width,
            rule: rule.to_owned(),
            grade,
            message: message.to_owned(),
        })
    }

    /// Whether this mark is about a finding, even if its columns or grade are wrong.
    pub(super) fn speaks_of(&self, found: &Self) -> bool {
        (self.line, &self.rule) == (found.line, &found.rule) && found.message.contains(&self.message)
    }

    /// Whether this mark matches a finding in every respect.
    pub(super) fn means(&self, found: &Self) -> bool {
        let is_there = self.column == found.column && (self.width.is_none() || self.width == found.width);
        self.speaks_of(found) && is_there && self.grade == found.grade
    }

    /// The comment for a finding, indented like its line where there is room.
    pub(super) fn comment(&self, line: &str) -> String {
        let grade = if own_grade(&self.rule).is_some_and(|own| own.name() == self.grade) {
            String::new()
        } else {
            format!("[{}]", self.grade)
        };
        let room = self.column.saturating_sub(1);
        let indent = (line.len() - line.trim_start().len()).min(room);
        let place = match (self.column, self.width) {
            (0, _) | (_, None) => format!("{}# <-", " ".repeat(self.column)),
            (_, Some(width)) => {
                format!("{}#{}{}", " ".repeat(indent), " ".repeat(room - indent), "^".repeat(width))
            }
        };
        let message = if self.message.is_empty() { String::new() } else { format!(": {}", self.message) };
        format!("{place} {}{grade}{message}", self.rule)
    }
}

fn own_grade(rule: &str) -> Option<Grade> {
    rules::known(rule).map(|known| match known {
        RuleOrLint::Rule(rule) => rule.grade,
        RuleOrLint::Lint(lint) => lint.grade,
    })
}
