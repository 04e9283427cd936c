//! What is otherwise on disk than when a page was made, as the lines of a unified diff.

use std::time::Duration;

use similar::{Algorithm, TextDiff};

use crate::source::Files;

/// So many lines are shown; the diff says how many more there are.
const LINES: usize = 200;
/// A difference that takes longer is told in larger pieces.
const PATIENCE: Duration = Duration::from_millis(500);

/// The difference between two versions of the texts.
pub(super) fn between(before: &Files, now: &Files) -> String {
    let mut diff = String::new();
    for (_, file) in now.iter() {
        let old = before.find(file.path()).map_or("", |id| before[id].text());
        diff += &of_text(file.path(), old, file.text());
    }
    for (_, file) in before.iter().filter(|(_, file)| now.find(file.path()).is_none()) {
        diff += &of_text(file.path(), file.text(), "");
    }
    cut(&diff)
}

/// The difference between two texts of a file; empty where there is none.
fn of_text(path: &str, before: &str, now: &str) -> String {
    if before == now {
        return String::new();
    }
    let diff = TextDiff::configure().algorithm(Algorithm::Myers).timeout(PATIENCE).diff_lines(before, now);
    diff.unified_diff().context_radius(2).header(path, path).to_string()
}

fn cut(diff: &str) -> String {
    let count = diff.lines().count();
    if count <= LINES {
        return diff.to_owned();
    }
    let shown: Vec<&str> = diff.lines().take(LINES).collect();
    format!("{}\n… and {} more lines\n", shown.join("\n"), count - LINES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceFile;

    fn files(texts: &[(&str, &str)]) -> Files {
        Files::new(texts.iter().map(|(path, text)| SourceFile::new(*path, *text)).collect())
    }

    #[test]
    fn files_that_came_changed_and_went_are_told() {
        let before = files(&[("a", "1\n2\n"), ("b", "x\n"), ("c", "same\n")]);
        let now = files(&[("a", "1\n3\n"), ("c", "same\n"), ("d", "new\n")]);
        let diff = between(&before, &now);
        for line in ["-2", "+3", "-x", "+new"] {
            assert!(diff.lines().any(|found| found == line), "{line} in {diff}");
        }
        assert!(!diff.contains("same"));
        assert_eq!(between(&now, &now), "");
    }

    #[test]
    fn a_long_difference_says_how_much_is_left_out() {
        let many: String = (0..1000).map(|at| format!("{at}\n")).collect();
        let diff = between(&files(&[]), &files(&[("a", &many)]));
        assert!(diff.lines().count() == LINES + 1 && diff.ends_with("more lines\n"), "{diff}");
    }
}
