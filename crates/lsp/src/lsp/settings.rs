//! The settings of the server.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use gainsay_folder::folder::Access;

/// The settings of the server. The command line sets them first, then the editor.
#[derive(Clone, Debug, Default)]
pub struct LspSettings {
    /// The folder of claim files; by default `claims/` in the folder of the editor, or that folder itself.
    pub path: Option<PathBuf>,
    /// A folder of archived texts.
    pub texts: Option<PathBuf>,
    /// How files may be read: for example, whether symbolic links out of the folder are followed.
    pub access: Access,
    /// Whether inlay hints show parties, questions and ranges; by default they do.
    pub hints: Option<bool>,
    /// The name of the reviewer, for reviews that are written from the editor.
    pub reviewer: Option<String>,
    /// How long a request waits for a running analysis before it is answered without it; by default 100
    /// milliseconds.
    pub grace: Option<Duration>,
    /// Called before each analysis.
    pub before_analysis: Option<AnalysisHook>,
}

/// A function that is called before each analysis, on the analysis thread. Tests use it to delay an analysis.
#[derive(Clone)]
pub struct AnalysisHook(Arc<dyn Fn() + Send + Sync>);

impl AnalysisHook {
    /// Calls a function before each analysis.
    pub fn new(call: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Arc::new(call))
    }

    /// Calls the function.
    pub(super) fn call(&self) {
        (self.0)();
    }
}

impl fmt::Debug for AnalysisHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnalysisHook")
    }
}
