//! What an id names that nothing defines: an actor, an event, a place, a source, to begin with.

use super::Menu;

impl Menu<'_> {
    pub(super) fn create_what_is_missing(&mut self) {}
}
