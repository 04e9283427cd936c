//! What stands under the cursor: the way of keys that leads there, also in a half-written file.
