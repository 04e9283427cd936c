//! `gainsay init`: creates a folder with example claim files.

use std::path::PathBuf;

use super::{ExitStatus, print};
use gainsay_folder::folder;

/// Create a folder with example claim files that contain a clash.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder. It is created if it is missing, and must not have claim files yet.
    #[arg(value_name = "PATH", default_value = "claims")]
    path: PathBuf,
}

/// The example files: name and text.
const STARTER: [(&str, &str); 2] = [
    ("actors-and-events.yaml", include_str!("starter/actors-and-events.yaml")),
    ("harbour-news-2026-03-03.yaml", include_str!("starter/harbour-news-2026-03-03.yaml")),
];

pub(super) fn run(args: &Args) -> anyhow::Result<ExitStatus> {
    // A git checkout on Windows may have changed the line ends.
    let files = STARTER.map(|(name, text)| (name, text.replace("\r\n", "\n")));
    let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
    folder::start(&args.path, &files)?;
    let path = args.path.display();
    let names = STARTER.map(|(name, _)| format!("  {path}/{name}\n")).concat();
    print(&gainsay_report::report::snippets::clean(&format!(
        "Created\n{names}Have a look at them, then try\n  gainsay check {path}\n  gainsay report {path}\n"
    )))?;
    Ok(ExitStatus::Success)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gainsay_analysis::finding::Grade;
    use gainsay_analysis::workspace::{Input, Options, Workspace};

    #[test]
    fn starter_has_no_lints_and_a_contradiction() {
        let input = |(path, text): (&str, &str)| Input { path: path.into(), content: Ok(text.into()) };
        let analysis = Workspace::read(STARTER.map(input).into()).analyse(&Options::default());
        assert_eq!(
            analysis.on_files().collect::<Vec<_>>(),
            Vec::<&gainsay_analysis::finding::Finding>::new()
        );
        assert!(analysis.on_claims().any(|finding| finding.grade == Grade::Contradiction));
    }
}
