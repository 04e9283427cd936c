//! `gainsay explain`: what a rule means.

use anyhow::bail;

use super::{Color, Outcome, meant, print, style};
use crate::report::explain;
use crate::rules;
use crate::workspace::{Options, Workspace};

/// Explain a rule or a lint, with its examples; without a name, list all. `words` lists the wordings of figures,
/// `measures` what is built in.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The name that stands in brackets behind the grade of a finding; or `words`, or `measures`.
    #[arg(value_name = "RULE")]
    rule: Option<String>,
}

pub(super) fn run(args: &Args, color: Color) -> anyhow::Result<Outcome> {
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
            None => bail!("no rule is called `{name}`{}", meant(name, rules::names())),
        },
    };
    print(&text)?;
    Ok(Outcome::Fine)
}
