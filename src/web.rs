//! The live review desk: pages over HTTP from this machine, reviews written into the folder, pages that follow
//! the files. It has no opinion that the command line lacks; it is the one place where anything is
//! asynchronous.
