//! What several questions cannot hold together.

#[cfg_attr(not(test), expect(dead_code, reason = "not yet asked by anything but its tests"))]
mod simplex;
