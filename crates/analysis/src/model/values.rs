//! The column of answer values. A value that many responses repeat is stored once.

use std::ops::Index;
use std::sync::Arc;

use super::Value;

/// A column of values.
#[derive(Clone, Debug, Default)]
pub struct Values(Vec<Arc<Value>>);

impl Values {
    /// The values in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.0.iter().map(|value| &**value)
    }

    /// Adds a value.
    pub(super) fn push(&mut self, value: Arc<Value>) {
        self.0.push(value);
    }

    /// Reserves space for exactly `count` more values.
    pub(super) fn reserve_exact(&mut self, count: usize) {
        self.0.reserve_exact(count);
    }
}

impl Index<usize> for Values {
    type Output = Value;

    fn index(&self, at: usize) -> &Value {
        &self.0[at]
    }
}
