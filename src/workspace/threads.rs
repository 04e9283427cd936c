//! Threads for an analysis in the background.

/// As much as the main thread of a program has.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// Runs a function with a thread pool of its own. However long it takes, other work in this process always finds
/// free threads in the pool that all share.
pub fn in_own_threads<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    let builder = rayon::ThreadPoolBuilder::new().thread_name(|at| format!("analysis {at}"));
    match builder.stack_size(STACK_BYTES).build() {
        Ok(pool) => pool.install(run),
        // Without threads to be had it is slower, and right.
        Err(_) => run(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::prelude::*;
    use std::sync::{Arc, Barrier};

    #[test]
    fn own_threads_work_while_all_shared_ones_are_busy() {
        let threads = rayon::current_num_threads();
        let (begun, done) = (Arc::new(Barrier::new(threads + 1)), Arc::new(Barrier::new(threads + 1)));
        rayon::spawn_broadcast({
            let (begun, done) = (Arc::clone(&begun), Arc::clone(&done));
            move |_| {
                begun.wait();
                done.wait();
            }
        });
        begun.wait();
        let sum: u64 = in_own_threads(|| (0..1000_u64).into_par_iter().sum());
        done.wait();
        assert_eq!(sum, 499_500);
    }
}
