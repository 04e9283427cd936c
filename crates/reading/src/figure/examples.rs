//! An example of every kind of wording with its reading, for completion and the documentation. A test checks
//! each against the reader.

/// Wordings of counts, shares and changes, with their readings under the default conventions as
/// [`super::Reading`] prints them, in the order of the table in the claim-file format.
#[must_use]
pub const fn wordings() -> &'static [(&'static str, &'static str)] {
    &WORDINGS
}

const WORDINGS: [(&str, &str); 59] = [
    ("36", "36"),
    ("1,034", "1,034"),
    ("1 034", "1,034"),
    ("1.5 million", "1,500,000"),
    ("thirty-six", "36"),
    ("two dozen", "24"),
    ("half a million", "500,000"),
    ("at least 36", "36 and up, usually 36-72"),
    ("no fewer than 36", "36 and up, usually 36-72"),
    ("36 or more", "36 and up, usually 36-72"),
    ("36+", "36 and up, usually 36-72"),
    ("more than 1000", "1,001 and up, usually 1,001-2,000"),
    ("over 1000", "1,001 and up, usually 1,001-2,000"),
    ("up to 40", "0-40, usually 20-40"),
    ("at most 40", "0-40, usually 20-40"),
    ("fewer than 40", "0-39, usually 20-39"),
    ("less than 40", "0-39, usually 20-39"),
    ("under 40", "0-39, usually 20-39"),
    ("about 169", "85-338, usually 153-185"),
    ("around 169", "85-338, usually 153-185"),
    ("some 169", "85-338, usually 153-185"),
    ("roughly 169", "85-338, usually 153-185"),
    ("~169", "85-338, usually 153-185"),
    ("nearly 200", "100-200, usually 180-200"),
    ("almost 200", "100-200, usually 180-200"),
    ("17-20", "17-20"),
    ("17 to 20", "17-20"),
    ("between 17 and 20", "17-20"),
    ("17..20", "17-20"),
    ("3 or 4", "3-4"),
    ("a couple", "2-3, usually 2"),
    ("a few", "2 and up, usually 3-9"),
    ("several", "2 and up, usually 3-9"),
    ("a handful", "2 and up, usually 3-9"),
    ("tens", "10 and up, usually 20-99"),
    ("dozens", "12 and up, usually 24-99"),
    ("scores", "20 and up, usually 40-199"),
    ("hundreds", "100 and up, usually 200-999"),
    ("thousands", "1,000 and up, usually 2,000-9,999"),
    ("tens of thousands", "10,000 and up, usually 20,000-99,999"),
    ("several hundred", "200 and up, usually 300-999"),
    ("none", "0"),
    ("no", "0"),
    ("0", "0"),
    ("some", "1 and up"),
    ("at least dozens", "12 and up, usually 24-198"),
    ("more than two dozen", "25 and up, usually 25-48"),
    ("at least 3 or 4", "3 and up, usually 3-8"),
    ("nearly two dozen", "12-24, usually 22-24"),
    ("up to several hundred", "0 and up, usually 150-999"),
    ("most of people", "more than 50% of people"),
    ("half of people", "45%-55% of people"),
    ("a third of people", "30%-37% of people"),
    ("45% of civilians", "44.5%-45.5% of civilians"),
    ("+21% on 2024", "1.205-1.215 times 2024"),
    ("-5% on terrorism-2023", "0.945-0.955 times terrorism-2023"),
    ("double 2023", "1.75-2.5 times 2023"),
    ("triple 2023", "2.5-3.5 times 2023"),
    ("half 2023", "0.45-0.55 times 2023"),
];

#[cfg(test)]
mod tests {
    use super::super::{Conventions, Counting, read};
    use super::*;

    #[test]
    fn wordings_read_as_listed() {
        for (wording, wanted) in wordings() {
            let found = read(wording, &Counting::Whole, &Conventions::default());
            assert_eq!(found.map(|reading| reading.to_string()).as_deref(), Ok(*wanted), "{wording}");
        }
    }
}
