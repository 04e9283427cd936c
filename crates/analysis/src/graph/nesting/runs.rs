//! Sets of places, stored as sorted runs that do not overlap or touch.

/// The places from `from` up to but not including `to`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct PlaceRun {
    pub(super) from: u32,
    pub(super) to: u32,
}

/// Whether a place is in one of some merged runs.
pub(super) fn holds(runs: &[PlaceRun], place: u32) -> bool {
    let after = runs.partition_point(|run| run.from <= place);
    after > 0 && place < runs[after - 1].to
}

/// Runs that are being collected. They are merged when their number has doubled, so that runs that are added
/// repeatedly take no memory.
#[derive(Clone, Default, Debug)]
pub(super) struct PlaceRuns {
    runs: Vec<PlaceRun>,
    /// The number of runs after the last merge.
    merged: usize,
}

/// Fewer runs than this are not merged.
const MIN_MERGED: usize = 16;

impl From<PlaceRun> for PlaceRuns {
    fn from(run: PlaceRun) -> Self {
        Self { runs: vec![run], merged: 1 }
    }
}

impl FromIterator<PlaceRun> for PlaceRuns {
    fn from_iter<T: IntoIterator<Item = PlaceRun>>(runs: T) -> Self {
        let mut gathered = Self::default();
        gathered.extend(runs);
        gathered
    }
}

impl PlaceRuns {
    pub(super) fn extend(&mut self, runs: impl IntoIterator<Item = PlaceRun>) {
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

    /// The runs, sorted; runs that overlap or touch are merged.
    pub(super) fn merged(mut self) -> Vec<PlaceRun> {
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
