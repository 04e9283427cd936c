//! Updates the record of seen claims in reviews. It contains ids, and would be outdated after a renaming.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::{Kind, Renaming};
use crate::edit::{Refusal, scalar};
use gainsay_analysis::dispute::{self, Dispute, is_same_line};
use gainsay_analysis::document::{self, Entry, Name};
use gainsay_analysis::finding::Edit;
use gainsay_analysis::id::{FileId, Id as _};
use gainsay_analysis::source::Location;
use gainsay_analysis::workspace::{Analysis, Workspace};

/// The edits that update the records of reviews, in a workspace where everything else has the new name; and the
/// reviews that change. Lines that were outdated before stay outdated.
pub(super) fn edits(
    renaming: &Renaming<'_>,
    then: &Analysis,
    after: &Workspace,
    now: &Analysis,
) -> Result<(Vec<SmolStr>, Vec<Edit>), Refusal> {
    let (mut reviews, mut edits) = (Vec::new(), Vec::new());
    for dispute in then.disputes.iter().filter(|dispute| !dispute.reviews.is_empty()) {
        let name = renaming.renamed_question(&then.model.question_name(dispute.question));
        let question = now.model.find_question(&name);
        let Some(same) = now.disputes.iter().find(|same| Some(same.question) == question) else {
            return Err(Refusal::Misread(format!("there would be no findings on `{name}` any more")));
        };
        let lines = ClaimLines::new(renaming, (then, dispute), (now, same));
        for &at in &dispute.reviews {
            let id = renaming.renamed(Kind::Review, &then.model.reviews[at].id);
            let Some((file, entry)) = find(after, &id) else { continue };
            let before = edits.len();
            lines.edit(after, file, entry, &mut edits)?;
            if edits.len() > before {
                reviews.push(id);
            }
        }
    }
    reviews.sort();
    Ok((reviews, edits))
}

fn find<'w>(workspace: &'w Workspace, id: &str) -> Option<(FileId, &'w Entry<document::Review>)> {
    workspace.documents().iter().enumerate().find_map(|(at, document)| {
        let entry = document.reviews.iter().find(|entry| entry.id.value == id)?;
        Some((FileId::new(at), entry))
    })
}

/// The lines of the claims on a question, before and after the renaming.
struct ClaimLines<'a> {
    /// The old and the new line of each changed claim, by its new full name.
    changed: FxHashMap<SmolStr, (String, String)>,
    seen: (&'a str, &'a str),
}

impl<'a> ClaimLines<'a> {
    fn new(
        renaming: &Renaming<'_>,
        (then, before): (&Analysis, &'a Dispute),
        (now, after): (&Analysis, &'a Dispute),
    ) -> Self {
        let mut lines: FxHashMap<String, String> =
            dispute::seen_lines(&now.model, after).into_iter().collect();
        let was = dispute::seen_lines(&then.model, before).into_iter();
        let changed = was.filter_map(|(claim, line)| {
            let claim = renaming.renamed(Kind::Claim, &claim);
            let now = lines.remove(claim.as_str())?;
            (now != line).then_some((claim, (line, now)))
        });
        Self { changed: changed.collect(), seen: (&before.seen, &after.seen) }
    }

    fn edit(
        &self,
        workspace: &Workspace,
        file: FileId,
        entry: &Entry<document::Review>,
        edits: &mut Vec<Edit>,
    ) -> Result<(), Refusal> {
        let mut write = |name: &Name, text: &str| {
            edits.push(replace_scalar(workspace, file, name, text)?);
            Ok(())
        };
        if let Some(seen) =
            entry.body.seen.as_ref().filter(|seen| seen.value == self.seen.0 && self.seen.0 != self.seen.1)
        {
            write(seen, self.seen.1)?;
        }
        for (claim, line) in entry.body.saw.iter().flatten() {
            match self.changed.get(&claim.value) {
                Some((then, now)) if is_same_line(&line.value, then) => write(line, now)?,
                _ => {}
            }
        }
        Ok(())
    }
}

/// Replaces a scalar by another text, in the same style of quotes.
fn replace_scalar(workspace: &Workspace, file: FileId, name: &Name, text: &str) -> Result<Edit, Refusal> {
    let source = &workspace.files()[file];
    let text = scalar::in_same_style(source.slice(name.span), text).ok_or_else(|| Refusal::Layout {
        path: source.path().to_owned(),
        line: source.line(name.span.start),
        why: "this line of a review is a block scalar; write it on one line, then try again".to_owned(),
    })?;
    Ok(Edit { location: Location { file, span: name.span }, text })
}
