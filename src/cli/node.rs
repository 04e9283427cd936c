//! What an id on the command line names.

use anyhow::bail;

use crate::graph::{self, Node};
use crate::model::Model;

/// The one thing an id names.
pub(super) fn find(model: &Model, id: &str) -> anyhow::Result<Node> {
    match graph::named(model, id).as_slice() {
        [node] => Ok(*node),
        [] => match graph::likely(model, id) {
            Some(near) => bail!("nothing is called `{id}`; did you mean `{near}`?"),
            None => bail!("nothing is called `{id}`"),
        },
        several => {
            let ids: Vec<String> =
                several.iter().map(|&node| format!("`{}`", graph::full_id(model, node))).collect();
            bail!("`{id}` names several things: write {}", ids.join(" or "))
        }
    }
}
