//! stub
/// stub
pub fn did_you_mean<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known.into_iter().filter(|k| strsim::osa_distance(given, k) <= 2).min_by_key(|k| strsim::osa_distance(given, k))
}
