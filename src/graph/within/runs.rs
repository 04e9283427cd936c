//! Sets of places as sorted runs that neither overlap nor touch.

/// The places from `from` up to, without, `to`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Run {
    pub(super) from: u32,
    pub(super) to: u32,
}

/// Whether a place is in one of some merged runs.
pub(super) fn holds(runs: &[Run], place: u32) -> bool {
    let after = runs.partition_point(|run| run.from <= place);
    after > 0 && place < runs[after - 1].to
}

/// Runs that are being gathered. They are merged whenever their number has doubled, so that what is added again
/// and again takes no memory.
#[derive(Clone, Default, Debug)]
pub(super) struct Runs {
    runs: Vec<Run>,
    /// How many were left when they were last merged.
    merged: usize,
}

/// Fewer runs are not worth merging.
const MIN_MERGED: usize = 16;

impl From<Run> for Runs {
    fn from(run: Run) -> Self {
        Self { runs: vec![run], merged: 1 }
    }
}

impl FromIterator<Run> for Runs {
    fn from_iter<T: IntoIterator<Item = Run>>(runs: T) -> Self {
        let mut gathered = Self::default();
        gathered.extend(runs);
        gathered
    }
}

impl Runs {
    pub(super) fn extend(&mut self, runs: impl IntoIterator<Item = Run>) {
        for run in runs {
            if self.runs.last().is_some_and(|last| last.from <= run.from && run.to <= last.to) {
                continue;
            }
            self.runs.push(run);
            if self.runs.len() > 2 * self.merged.max(MIN_MERGED) {
                self.merge();
            }
        }
    }

    /// The runs in order, those that overlap or touch as one.
    pub(super) fn merged(mut self) -> Vec<Run> {
        self.merge();
        self.runs
    }

    fn merge(&mut self) {
        self.runs.sort_unstable();
        self.runs.dedup_by(|next, run| {
            let joins = next.from <= run.to;
            if joins {
                run.to = run.to.max(next.to);
            }
            joins
        });
        self.merged = self.runs.len();
    }
}
