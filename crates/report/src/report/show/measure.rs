//! A measure: the thing that it counts or states, and how its values are read.

use super::{FactLine, ShowPage};
use crate::report::wording::values_in_words;
use gainsay_analysis::document::Word as _;
use gainsay_analysis::id::MeasureId;

impl ShowPage<'_> {
    pub(super) fn measure_facts(&self, id: MeasureId) -> Vec<FactLine> {
        let measure = &self.model.measures[id];
        let summands = measure.sum_of.iter().map(|&part| self.model.measures[part].name.to_string());
        let yes = |is: bool, words: &str| if is { words.to_owned() } else { String::new() };
        let mut facts = vec![
            ("name", measure.name.to_string()),
            ("asks", measure.asks.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("type", measure.kind.word().to_owned()),
            ("takes", values_in_words(measure)),
            ("sum of", self.listed(summands)),
            ("grows", yes(measure.grows, "it can only rise while it is counted")),
            ("varies", yes(measure.varies, "it rises and falls: only figures of one day are compared")),
            ("single", yes(measure.single, "it has one answer only")),
        ];
        facts.extend(self.defined(&measure.defined));
        facts
    }
}
