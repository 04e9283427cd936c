//! Why a request has no result.

/// The reason why a request has no result.
#[derive(Debug)]
pub(super) enum RequestError {
    /// The request cannot be done. The text is shown to the user.
    Failed(String),
    /// The request needs the result of an analysis that still runs.
    StillAnalysing,
}

impl From<String> for RequestError {
    fn from(why: String) -> Self {
        Self::Failed(why)
    }
}

impl From<&str> for RequestError {
    fn from(why: &str) -> Self {
        Self::Failed(why.to_owned())
    }
}
