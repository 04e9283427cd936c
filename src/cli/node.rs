//! What an id on the command line names.

use anyhow::bail;

use crate::graph::{self, Node};
use crate::model::Model;
use crate::period::Day;

/// The one thing an id names; `as_of` is the day looked at, where that is not today.
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
            bail!("`{id}` names several things: write {}", ids.join(" or "))
        }
    }
}
