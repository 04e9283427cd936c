//! Clashes across questions, held against a reference that shares nothing with the tool.
//!
//! `drawn` is a small workspace and how it is written as claim files, `strategies` makes them up,
//! `worlds` decides from the definitions alone which of their claims can all hold, `worked` holds that
//! reference against examples worked by hand, `findings` holds the tool against the reference.

mod drawn;
mod vocabularies;
mod strategies;
mod worlds;
mod worked;
mod findings;
