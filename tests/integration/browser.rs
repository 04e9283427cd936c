//! The desk in a real browser: by keyboard, on a small screen, in dark colours, without script, and checked by an
//! accessibility engine.

mod driver;
mod entering;
mod hostile;
mod looks;
mod reading;
mod reviewing;

/// Two governments on one raid: the second denies the claim of the first.
const RAID: &str = "\
actors:
  islamabad: { name: Government of Pakistan, kind: state }
  kabul: { name: Taliban government, kind: state }
  the-paper: { name: The Paper, kind: media }

events:
  raid:
    name: Air raid on the border
    date: 2026-02-22
    parties: [islamabad, kabul]

source:
  id: the-paper-2026-04-02
  publisher: the-paper
  published: 2026-04-02

claims:
  militants:
    by: islamabad
    about: raid
    measure: killed
    of: militants
    value: at least 80   # as the paper has it
    at: p2
  no-militants:
    by: kabul
    denies: [militants]
    at: p4
";

/// The address of the only dispute of [`RAID`].
const DISPUTE: &str = "/question/raid/killed/militants";
