//! A separate thread pool for analyses in the background.

/// The usual stack size of a main thread.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// Runs a function in a thread pool of its own, so that it does not occupy the threads of the shared pool. If no
/// threads can be started, runs it on the current thread.
pub fn in_own_threads<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    let builder = rayon::ThreadPoolBuilder::new().thread_name(|at| format!("analysis {at}"));
    match builder.stack_size(STACK_BYTES).build() {
        Ok(pool) => pool.install(run),
        // The result is the same, only slower.
        Err(_) => run(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::prelude::*;
    use std::sync::{Arc, Barrier};

    #[test]
    fn in_own_threads_works_while_all_shared_threads_are_busy() {
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
