// The keys of the desk, and pages that follow the files. Everything else works without script.
