//! `gainsay init`: a folder to start from.

use std::path::PathBuf;

use super::{Outcome, print};
use crate::folder;

/// Make a folder of claim files to start from, in which something clashes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder; it is made where it is missing, and may hold no claim files yet.
    #[arg(value_name = "PATH", default_value = "claims")]
    path: PathBuf,
}

/// The files, by name.
const STARTER: [(&str, &str); 2] = [
    ("actors-and-events.yaml", include_str!("starter/actors-and-events.yaml")),
    ("harbour-news-2026-03-03.yaml", include_str!("starter/harbour-news-2026-03-03.yaml")),
];

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    // What a checkout made of the line ends of the sources does not matter.
    let files = STARTER.map(|(name, text)| (name, text.replace("\r\n", "\n")));
    let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
    folder::start(&args.path, &files)?;
    let path = args.path.display();
    let names = STARTER.map(|(name, _)| format!("  {path}/{name}\n")).concat();
    print(&crate::report::snippets::clean(&format!(
        "Wrote\n{names}Look at them, then try\n  gainsay check {path}\n  gainsay report {path}\n"
    )))?;
    Ok(Outcome::Fine)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Grade;
    use crate::workspace::{Input, Options, Workspace};

    #[test]
    fn the_starter_has_no_lints_and_a_contradiction() {
        let input = |(path, text): (&str, &str)| Input { path: path.into(), content: Ok(text.into()) };
        let analysis = Workspace::read(STARTER.map(input).into()).analyse(&Options::default());
        assert_eq!(analysis.on_files().collect::<Vec<_>>(), Vec::<&crate::finding::Finding>::new());
        assert!(analysis.on_claims().any(|finding| finding.grade == Grade::Contradiction));
    }
}
