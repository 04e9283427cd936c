//! The `gainsay` program; all of its code is in the library.

fn main() -> std::process::ExitCode {
    gainsay::cli::run()
}
