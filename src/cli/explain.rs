//! `gainsay explain`: explains rules, lints, wordings and measures.

use anyhow::bail;

use super::{Color, ExitStatus, did_you_mean_suffix, print, style};
use gainsay_analysis::rules;
use gainsay_analysis::workspace::{Options, Workspace};
use gainsay_report::report::explain;

/// Explain a rule or a lint, with examples.
///
/// Without a name, list all rules and lints. `words` lists the wordings that figures can have, `measures` the built-in
/// measures.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The name of a rule or lint, such as `denied` in `contradiction[denied]`; or `words`, or `measures`.
    #[arg(value_name = "RULE")]
    rule: Option<String>,
}

pub(super) fn run(args: &Args, color: Color) -> anyhow::Result<ExitStatus> {
    let style = style(color);
    let text = match &args.rule {
        None => explain::render_all(style),
        Some(name) if name == "words" => explain::render_words(style),
        Some(name) if name == "measures" => {
            let (built_in, _) = Workspace::read(Vec::new()).resolve(&Options::default());
            explain::render_measures(&built_in, style)
        }
        Some(name) => match rules::known(name) {
            Some(known) => explain::render(known, style),
            None => bail!("no rule or lint is called `{name}`{}", did_you_mean_suffix(name, rules::names())),
        },
    };
    print(&text)?;
    Ok(ExitStatus::Success)
}
