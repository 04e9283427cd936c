//! Resolves an id given on the command line.

use anyhow::bail;

use gainsay_analysis::graph::{self, Node};
use gainsay_analysis::model::Model;
use gainsay_reading::period::Day;

/// The node that `id` names. Returns an error if there is none, or more than one. `as_of` is the day of the report, if
/// the user gave one; it is named in the error.
pub(super) fn find(model: &Model, id: &str, as_of: Option<Day>) -> anyhow::Result<Node> {
    match graph::named(model, id).as_slice() {
        [node] => Ok(*node),
        [] => {
            let when = as_of.map(|day| format!("as of {day} ")).unwrap_or_default();
            match graph::likely(model, id) {
                Some(near) => bail!("{when}nothing is called `{id}`; did you mean `{near}`?"),
                None => bail!("{when}nothing is called `{id}`"),
            }
        }
        several => {
            let ids: Vec<String> =
                several.iter().map(|&node| format!("`{}`", graph::full_id(model, node))).collect();
            bail!("`{id}` is ambiguous: write {}", ids.join(" or "))
        }
    }
}
