//! Limits the work for one component, in counted steps.
//!
//! One step looks at one number: a term of a row, or a bound of a claim. Steps are counted instead of time, so that
//! the result is the same on every machine.

use std::sync::atomic::{AtomicU64, Ordering};

/// The steps for a component of any size.
const BASE_STEPS: u64 = 1_000_000;

/// The steps for each of the first claims of a component. With all of them, a component of [`FIRST_CLAIMS`] claims
/// can nearly always be searched completely. A search that ends early needs far fewer.
const STEPS_PER_FIRST_CLAIM: u64 = 1_000_000;

/// The number of claims that count as the first ones.
const FIRST_CLAIMS: usize = 32;

/// The steps for each further claim. They take a fraction of a millisecond.
const STEPS_PER_CLAIM: u64 = 20_000;

/// The remaining steps of one component. Only one thread at a time works on a component, so the count does not depend
/// on other threads. It is atomic because threads share the list of components.
#[derive(Debug)]
pub(super) struct WorkBudget {
    /// The steps of a full budget.
    all: u64,
    left: AtomicU64,
    /// The steps that must not be spent at the moment.
    reserved: AtomicU64,
}

impl WorkBudget {
    /// The budget of a component with some number of claims.
    pub(super) fn new(claims: usize) -> Self {
        let first = claims.min(FIRST_CLAIMS);
        let further = STEPS_PER_CLAIM.saturating_mul((claims - first) as u64);
        Self::with_steps(further.saturating_add(STEPS_PER_FIRST_CLAIM * first as u64 + BASE_STEPS))
    }

    /// A budget of some number of steps.
    pub(super) fn with_steps(steps: u64) -> Self {
        Self { all: steps, left: AtomicU64::new(steps), reserved: AtomicU64::new(0) }
    }

    /// Restores all steps, for the next stage.
    pub(super) fn refill(&self) {
        self.left.store(self.all, Ordering::Relaxed);
    }

    /// Spends some steps. If there are not enough, spends all of them and returns `None`.
    pub(super) fn spend(&self, steps: usize) -> Option<()> {
        let left = self.left.load(Ordering::Relaxed);
        let reserved = self.reserved.load(Ordering::Relaxed);
        let rest = left.checked_sub(steps as u64).filter(|rest| *rest >= reserved);
        self.left.store(rest.unwrap_or(reserved.min(left)), Ordering::Relaxed);
        rest.map(|_| ())
    }

    /// Whether all steps that are not reserved are spent.
    pub(super) fn is_spent(&self) -> bool {
        self.left.load(Ordering::Relaxed) <= self.reserved.load(Ordering::Relaxed)
    }

    /// The number of spent steps.
    #[cfg(test)]
    pub(super) fn spent(&self) -> u64 {
        self.all - self.left.load(Ordering::Relaxed)
    }

    /// Runs a function that can spend at most half of the remaining steps.
    pub(super) fn with_half<T>(&self, run: impl FnOnce() -> T) -> T {
        let before = self.reserved.load(Ordering::Relaxed);
        let spendable = self.left.load(Ordering::Relaxed).saturating_sub(before);
        self.reserved.store(before + spendable / 2, Ordering::Relaxed);
        let done = run();
        self.reserved.store(before, Ordering::Relaxed);
        done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_spent_once_the_steps_are_used() {
        let work = WorkBudget::with_steps(10);
        assert_eq!(work.spend(10), Some(()));
        assert!(work.is_spent());
        assert_eq!(work.spend(1), None);
    }

    #[test]
    fn work_that_is_too_much_leaves_no_steps() {
        let work = WorkBudget::with_steps(10);
        assert_eq!(work.spend(11), None);
        assert_eq!(work.spend(1), None);
    }

    #[test]
    fn work_with_half_of_the_steps_leaves_the_other_half() {
        let work = WorkBudget::with_steps(10);
        assert!(work.with_half(|| work.spend(6).is_none() && work.is_spent()));
        assert_eq!(work.spend(5), Some(()));
        assert_eq!(work.spend(1), None);
    }
}
