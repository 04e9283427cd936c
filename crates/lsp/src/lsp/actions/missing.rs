//! Actions that add a definition for an unknown id, such as an actor, an event or a source.

use std::path::Path;

use gen_lsp_types::CodeActionKind;

use super::Menu;
use gainsay_analysis::document::mention::{Kind, Mention};
use gainsay_analysis::document::{Claim, Document, MeasureType, Name, SubjectKind, Word as _};
use gainsay_edit::edit::{self, FieldValue, NewEntry, Refusal};
use gainsay_folder::folder::shown_path;
use gainsay_reading::figure::{self, Conventions, Counting};
use gainsay_reading::period::Period;

/// The rules that report an unknown id. The second reports one in a value that can name several kinds of things.
const RULES: [&str; 2] = ["unknown-id", "unreadable-value"];

impl Menu<'_> {
    /// Adds an action for each thing that is named here but not defined.
    pub(super) fn offer_missing_entries(&mut self) {
        let unknown = self.findings.iter().filter(|finding| RULES.contains(&finding.rule));
        let places = unknown.filter_map(|finding| Some(finding.labels.first()?.location));
        let places: Vec<_> = places.filter(|at| at.file == self.file).collect();
        let mentions = self.session.incremental().index().of(self.file).mentions.iter();
        let is_there = |mention: &&Mention| {
            mention.span.touches(self.span) && places.iter().any(|at| at.span.holds(mention.span))
        };
        let mentions: Vec<Mention> = mentions.filter(is_there).cloned().collect();
        for mention in mentions {
            for kind in self.session.kinds_of_mention(self.file, &mention) {
                if !self.session.is_known(kind, &mention.name) {
                    self.create(kind, &mention);
                }
            }
        }
    }

    /// The rule of [`RULES`] that has a finding here.
    fn rule_here(&self) -> Option<&'static str> {
        RULES.into_iter().find(|rule| self.findings.iter().any(|finding| finding.rule == *rule))
    }

    fn create(&mut self, kind: Kind, mention: &Mention) {
        let section = match kind {
            Kind::Actor => "actors",
            Kind::Place => "places",
            Kind::Term => "terms",
            Kind::Population => "populations",
            Kind::Subject => self.section_of_subject(mention),
            Kind::Source => return self.create_source(&mention.name),
            Kind::Measure if self.is_counted(mention) => "measures",
            // Other measures and claims need values that only the user knows.
            Kind::Measure | Kind::Claim | Kind::Review => return,
        };
        let path = self.home_of(section);
        let what = match section {
            "events" => "event",
            "propositions" => "proposition",
            "series" => "series",
            _ => kind.name(),
        };
        let counted = [("type".to_owned(), FieldValue::One(MeasureType::Count.word().to_owned()))];
        let fields = if section == "measures" { &counted[..] } else { &[] };
        let entry = NewEntry { section, id: &mention.name, fields };
        let change = edit::new_entry(self.session.incremental().workspace(), &entry, &path);
        let file = Path::new(&path).file_name().unwrap_or_default().to_string_lossy().into_owned();
        let title = format!("add the {what} `{}` to {file}", mention.name);
        let rule = self.rule_here();
        self.offer_changes(title, CodeActionKind::QuickFix, rule, change.map(|change| vec![change]));
    }

    /// Whether the value of the claim with an unknown measure is a figure.
    fn is_counted(&self, mention: &Mention) -> bool {
        let claim = self.session.claim_around(self.file, mention);
        let value = claim.and_then(|claim| claim.body.value.as_ref());
        let conventions = Conventions::default();
        let reads = |figure: &Name| figure::read(&figure.value, &Counting::Whole, &conventions).is_ok();
        value.is_some_and(|value| matches!(value.items(), [figure] if reads(figure)))
    }

    /// The section for an unknown subject, guessed from the claim that names it.
    fn section_of_subject(&self, mention: &Mention) -> &'static str {
        let claim: Option<&Claim> = self.session.claim_around(self.file, mention).map(|entry| &entry.body);
        let measure = claim.and_then(|claim| claim.measure.as_ref());
        if mention.key == "beside" || claim.is_some_and(|claim| claim.during.is_some()) {
            "series"
        } else if mention.key == "about" && measure.is_some_and(|measure| measure.value == "holds") {
            "propositions"
        } else {
            "events"
        }
    }

    /// The path of the first file with the most entries of a section; the current file if no file has any.
    fn home_of(&self, section: &str) -> String {
        let workspace = self.session.incremental().workspace();
        let files = workspace.files().iter().map(|(_, file)| file.path()).zip(workspace.documents());
        let counted = files.map(|(path, document)| (count(document, section), path));
        let most = counted.filter(|(count, _)| *count > 0).max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(a.1)));
        most.map_or_else(|| self.session.source(self.file).path(), |(_, path)| path).to_owned()
    }

    /// Adds an action for an unknown source. Its id must contain the publisher and the date, which a source requires.
    fn create_source(&mut self, id: &str) {
        let fields = self.publisher_and_day(id).ok_or_else(|| {
            let why = format!(
                "`{id}` does not contain a publisher and a date, as `ACTOR-2026-02-22` does; add the source with \
                 `gainsay new source`"
            );
            Refusal::Undecided(why)
        });
        let here = Path::new(self.session.source(self.file).path());
        let path = if self.session.root() == here {
            self.session.new_file("")
        } else {
            shown_path(&here.with_file_name(format!("{id}.yaml")))
        };
        let workspace = self.session.incremental().workspace();
        let change = fields.and_then(|fields| edit::new_source(workspace, id, &fields, &path));
        let title = format!("add the source `{id}` in a new file");
        let rule = self.rule_here();
        self.offer_changes(title, CodeActionKind::QuickFix, rule, change.map(|change| vec![change]));
    }

    fn publisher_and_day(&self, id: &str) -> Option<Vec<(String, FieldValue)>> {
        let hyphens = id.match_indices('-').map(|(at, _)| at);
        let mut parts = hyphens.map(|at| (&id[..at], &id[at + 1..]));
        let is_day =
            |text: &str| text.starts_with(|c: char| c.is_ascii_digit()) && Period::read(text).is_ok();
        let (publisher, day) =
            parts.find(|(actor, day)| is_day(day) && self.session.is_known(Kind::Actor, actor))?;
        let field = |key: &str, text: &str| (key.to_owned(), FieldValue::One(text.to_owned()));
        Some(vec![field("publisher", publisher), field("published", day)])
    }
}

/// The number of entries that a file has in a section.
fn count(document: &Document, section: &str) -> usize {
    let subjects =
        |kind: SubjectKind| document.subjects.iter().filter(|subject| subject.body.kind == kind).count();
    match section {
        "actors" => document.actors.len(),
        "places" => document.places.len(),
        "terms" => document.terms.len(),
        "populations" => document.populations.len(),
        "events" => subjects(SubjectKind::Event),
        "propositions" => subjects(SubjectKind::Proposition),
        "series" => subjects(SubjectKind::Series),
        _ => 0,
    }
}
