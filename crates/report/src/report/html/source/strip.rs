//! A strip with a mark for each claim of a source at its place in the text. Marks at the same place are stacked.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::report::html::PageContext;
use gainsay_analysis::document::Locator;
use gainsay_analysis::id::{ActorId, ClaimId};

/// The width of a column of marks, and the most marks in it. The column says how many more there are.
const COLUMN_WIDTH: usize = 14;
const MAX_STACKED_MARKS: usize = 6;
const MARK_SIZE: usize = 11;

/// A strip and its width in pixels.
struct Strip {
    class: &'static str,
    width: usize,
}

/// Both are drawn without scaling, so that their text stays legible. The style sheet hides one.
const STRIPS: [Strip; 2] =
    [Strip { class: "chart wide", width: 700 }, Strip { class: "chart narrow", width: 328 }];

impl PageContext<'_> {
    /// The strip, if claims have locators.
    pub(super) fn strip(&self, claims: &[ClaimId]) -> Markup {
        let placed: Vec<(u32, ClaimId)> =
            claims.iter().filter_map(|&claim| Some((place(self.model().claim(claim).at?), claim))).collect();
        let Some(last) = placed.iter().map(|&(at, _)| at).max().filter(|_| placed.len() > 1) else {
            return html! {};
        };
        let is_time = matches!(self.model().claim(placed[0].1).at, Some(Locator::Time(_)));
        let unit = if is_time { "seconds" } else { "paragraphs" };
        html! {
            figure .fig .plain {
                figcaption { b { "Where the claims are in the text" } (self.strip_key(&placed)) }
                @for strip in &STRIPS { (self.draw(strip, &placed, last, unit)) }
            }
        }
    }

    /// The legend: parties with a colour first, then grey ones.
    fn strip_key(&self, placed: &[(u32, ClaimId)]) -> Markup {
        let own = placed.iter().any(|&(_, claim)| self.model().is_own_voice(claim));
        let voices = placed.iter().filter(|(_, claim)| !self.model().is_own_voice(*claim));
        let mut parties: Vec<ActorId> = voices.map(|&(_, claim)| self.model().claim(claim).party).collect();
        parties.sort_unstable();
        parties.dedup();
        let grey = parties.iter().any(|&party| self.index.hue(party) == 0);
        parties.retain(|&party| self.index.hue(party) > 0);
        parties.sort_by_key(|&party| self.index.hue(party));
        html! {
            ul .key {
                li { "filled: in findings" } li { "hollow: in no findings" }
                @for party in parties { li { (self.party(party)) } }
                @if grey { li { span .party .c0 { "other parties" } } }
                @if own { li { span .party .c0 .own { "the outlet itself" } } }
            }
        }
    }

    fn draw(&self, strip: &Strip, placed: &[(u32, ClaimId)], last: u32, unit: &str) -> Markup {
        let count = (strip.width / COLUMN_WIDTH).min(last as usize).max(1);
        let step = strip.width / count;
        let column =
            |at: u32| ((at.saturating_sub(1)) as usize * count / last.max(1) as usize).min(count - 1);
        let mut columns: BTreeMap<usize, Vec<ClaimId>> = BTreeMap::new();
        for &(at, claim) in placed {
            columns.entry(column(at)).or_default().push(claim);
        }
        let tallest = columns.values().map(Vec::len).max().unwrap_or(0).min(MAX_STACKED_MARKS);
        let floor = 20 + tallest * (MARK_SIZE + 4);
        let height = floor + 22;
        let name = format!("Where the claims are in {last} {unit}; the table below has the same content");
        html! {
            svg class=(strip.class) viewBox=(format!("0 0 {} {height}", strip.width)) width=(strip.width) height=(height) role="img" aria-label=(name) {
                @for (at, claims) in &columns {
                    @for (rank, &claim) in claims.iter().take(MAX_STACKED_MARKS).enumerate() {
                        (self.mark(claim, at * step + step / 2, floor - (rank + 1) * (MARK_SIZE + 4)))
                    }
                    @if claims.len() > MAX_STACKED_MARKS {
                        text .t2 x=(at * step + step / 2) y="14" text-anchor="middle" { "+" (claims.len() - MAX_STACKED_MARKS) }
                    }
                }
                path .axis d=(format!("M0 {floor}H{}", strip.width)) {}
                @for (x, words, anchor) in ends(strip.width, last, unit) {
                    text .t2 x=(x) y=(floor + 16) text-anchor=(anchor) { (words) }
                }
            }
        }
    }

    fn mark(&self, claim: ClaimId, middle: usize, top: usize) -> Markup {
        let own = self.model().is_own_voice(claim);
        let hue = if own { 0 } else { self.index.hue(self.model().claim(claim).party) };
        let kind = if self.index.findings(claim).is_empty() { "open" } else { "pc" };
        let left = middle.saturating_sub(MARK_SIZE / 2);
        let round = if own { 0.0 } else { MARK_SIZE as f32 / 2.0 };
        html! {
            g .(format!("c{hue}")) { rect .(kind) x=(left) y=(top) width=(MARK_SIZE) height=(MARK_SIZE) rx=(round) {} }
        }
    }
}

/// The labels at both ends of the axis.
fn ends(width: usize, last: u32, unit: &str) -> [(usize, String, &'static str); 2] {
    let name = |at: u32| {
        if unit == "seconds" {
            Locator::Time(at).to_string()
        } else {
            Locator::Paragraphs(at, at).to_string()
        }
    };
    let first = u32::from(unit != "seconds");
    [(0, name(first), "start"), (width, name(last), "end")]
}

/// The paragraph or the second at which a claim begins.
fn place(at: Locator) -> u32 {
    match at {
        Locator::Paragraphs(first, _) => first,
        Locator::Time(second) => second,
    }
}
