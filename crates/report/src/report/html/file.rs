//! The list of files with their problems, and the page of one file.

use maud::{Markup, html};
use rustc_hash::FxHashMap;

use super::components::grouped;
use super::components::{crumbs, facts};
use super::pager::Pager;
use super::rule::grade_word;
use super::text::{plain, prose, said};
use super::{DeskSection, Page, PageContext};
use crate::report::omitted;
use crate::report::snippets::{self, Style};
use crate::report::wording::counted;
use gainsay_analysis::finding::{Finding, Grade, Omitted};
use gainsay_analysis::id::FileId;

/// The files, the findings with their lines, and the lines of a file on one page.
const FILES_PER_PAGE: usize = 200;
const LINTS_PER_PAGE: usize = 50;
const LINES_PER_PAGE: usize = 2_000;

/// The most characters of a snippet, because a label may be very long.
const MAX_SNIPPET_CHARS: usize = 12_000;

impl PageContext<'_> {
    /// The page of all files and their problems.
    pub fn files(&self, number: usize) -> Page {
        let mut lints: Vec<&Finding> = self.analysis.on_files().collect();
        lints.sort_by_key(|lint| lint.grade);
        let (files, snippets) =
            (Pager::new(self.links, number, FILES_PER_PAGE), Pager::new(self.links, number, LINTS_PER_PAGE));
        let ids: Vec<FileId> = self.files.iter().map(|(id, _)| id).collect();
        let is_longer = ids.len().div_ceil(FILES_PER_PAGE) > lints.len().div_ceil(LINTS_PER_PAGE);
        let way = self.links.list("files");
        let body = html! {
            h1 { "Files" }
            p .lede { (counted(ids.len(), "file")) ". " (self.lints_in_words(&ids)) }
            div .mt { (self.file_table(&ids[files.rows(ids.len())])) }
            (files.range_note(ids.len(), "file"))
            @if !lints.is_empty() || !self.index.relations.omitted().is_empty() {
                section {
                    h2 { "Problems in the files" }
                    p .note { "Most serious first. Entries that cannot be read are left out; everything else is on these pages." }
                    @for lint in &lints[snippets.rows(lints.len())] { (self.lint(lint)) }
                    (snippets.range_note(lints.len(), "lint"))
                    (self.omitted(self.index.relations.omitted()))
                }
            }
            @if is_longer { (files.page_links(&way, ids.len())) } @else { (snippets.page_links(&way, lints.len())) }
        };
        Page { title: "Files".to_owned(), part: DeskSection::Files, body }
    }

    fn file_table(&self, ids: &[FileId]) -> Markup {
        html! {
            div .scroll role="region" aria-label="Files" tabindex="0" {
                table .stack {
                    thead {
                        tr {
                            th scope="col" { "File" } th .r scope="col" { "Claims" } th .r scope="col" { "Errors" }
                            th .r scope="col" { "Warnings" }
                        }
                    }
                    tbody { @for &id in ids { (self.file_row(id)) } }
                }
            }
        }
    }

    fn file_row(&self, id: FileId) -> Markup {
        let path = self.files[id].path();
        let graded = |grade| self.index.relations.graded(id, grade);
        let some = |count: usize| html! { @if count > 0 { (count) } @else { span .muted { "–" } } };
        html! {
            tr {
                th scope="row" { a href=(self.links.to("file", path)) { code { (said(path)) } } }
                td .r .num data-l="Claims" { (some(self.index.relations.claims_in(id).len())) }
                td .r .num data-l="Errors" { (some(graded(Grade::Error))) }
                td .r .num data-l="Warnings" { (some(graded(Grade::Warning))) }
            }
        }
    }

    fn lints_of(&self, id: FileId) -> impl Iterator<Item = &Finding> {
        self.index.relations.lints(id).iter().map(|&at| &self.analysis.findings[at])
    }

    /// A finding with the lines it is about, a caret under each place, and help on fixing it.
    fn lint(&self, lint: &Finding) -> Markup {
        let drawn = snippets::render(self.files, lint, Style { color: false, width: 100 });
        let (drawn, rest) = match drawn.char_indices().nth(MAX_SNIPPET_CHARS) {
            Some((at, _)) => (&drawn[..at], drawn[at..].chars().count()),
            None => (drawn.as_str(), 0),
        };
        html! {
            article .lintbox {
                p .metaline .tight {
                    (grade_word(lint.grade)) (self.rule_link(lint.rule))
                    @if let Some(label) = lint.labels.first() { (self.place_of(label.location)) }
                }
                pre dir="ltr" tabindex="0" { (drawn) @if rest > 0 { " … (" (rest) " characters more)" } }
            }
        }
    }

    /// The page of a file: the part that contains `line`, or else the part with this number.
    pub fn file(&self, id: FileId, number: usize, line: Option<usize>) -> Page {
        let file = &self.files[id];
        let lines = file.line_count();
        let wanted = line.filter(|line| (1..=lines).contains(line));
        let pager = match wanted {
            Some(line) => Pager::holding(self.links, line - 1, LINES_PER_PAGE),
            None => Pager::new(self.links, number, LINES_PER_PAGE),
        };
        let rows = pager.rows(lines);
        let marks = self.marked_lines(id);
        let claims = self.index.relations.claims_in(id).len();
        let counts = html! { (counted(lines, "line")) };
        let body = html! {
            (crumbs([html! { a href=(self.links.list("files")) { "Files" } }, said(file.path())]))
            h1 .path { (said(file.path())) }
            p .lede { (self.lints_in_words(&[id])) }
            (self.omitted(self.index.relations.omitted_in(id)))
            (facts([("Length", Some(counts)), ("Claims", (claims > 0).then(|| html! { (claims) }))]))
            pre .lines .mt dir="ltr" tabindex="0" aria-label="Lines" {
                @for at in rows { (self.file_line(at + 1, file.line_text(at + 1), marks.get(&(at + 1)), wanted == Some(at + 1))) }
            }
            (pager.range_note(lines, "line"))
            (pager.page_links(&self.links.to("file", file.path()), lines))
        };
        Page { title: plain(file.path()), part: DeskSection::Files, body }
    }

    /// The findings on a file, by line.
    fn marked_lines(&self, id: FileId) -> FxHashMap<usize, Vec<&Finding>> {
        let mut marks: FxHashMap<usize, Vec<&Finding>> = FxHashMap::default();
        for lint in self.lints_of(id) {
            if let Some(label) = lint.labels.first() {
                marks.entry(self.files[id].line(label.location.span.start)).or_default().push(lint);
            }
        }
        marks
    }

    fn file_line(&self, number: usize, text: &str, lints: Option<&Vec<&Finding>>, wanted: bool) -> Markup {
        html! {
            span .line .wanted[wanted] id=(format!("L{number}")) {
                a .ln href=(format!("#L{number}")) { (number) }
                span .txt { (said(text)) "\n" }
            }
            @for lint in lints.into_iter().flatten() {
                span .line .remark {
                    span .txt { (grade_word(lint.grade)) " " (self.rule_link(lint.rule)) ": " (prose(&lint.message)) "\n" }
                }
            }
        }
    }

    /// The findings that are only counted, by file.
    fn omitted(&self, omitted: &[Omitted]) -> Markup {
        let shown = &omitted[..omitted.len().min(FILES_PER_PAGE)];
        let rest = &omitted[shown.len()..];
        html! {
            @if !omitted.is_empty() {
                p .note { "Too many of one kind to list here (" code { "gainsay check --all" } " lists them all):" }
                ul .small {
                    @for one in shown {
                        li {
                            (grade_word(one.grade)) " " (self.rule_link(one.rule)) ": " (grouped(one.count)) " more in "
                            a href=(self.links.to("file", self.files[one.file].path())) {
                                code { (said(self.files[one.file].path())) }
                            }
                        }
                    }
                    @for line in omitted::by_rule(rest) { li { "In other files: " (line) } }
                }
            }
        }
    }

    /// The number of errors and warnings in some files, in words.
    fn lints_in_words(&self, files: &[FileId]) -> String {
        let graded =
            |grade| files.iter().map(|&file| self.index.relations.graded(file, grade)).sum::<usize>();
        match (graded(Grade::Error), graded(Grade::Warning)) {
            (0, 0) => "No problems found.".to_owned(),
            (0, warnings) => format!("{}.", counted(warnings, "warning")),
            (errors, 0) => format!("{}. Entries that cannot be read are left out.", counted(errors, "error")),
            (errors, warnings) => {
                let both = [counted(errors, "error"), counted(warnings, "warning")].join(", ");
                format!("{both}. Entries that cannot be read are left out.")
            }
        }
    }
}
