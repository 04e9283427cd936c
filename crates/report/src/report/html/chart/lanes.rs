//! The dot-and-whisker chart: a lane for each statement, labels on the left (above on narrow screens), marks on one
//! axis.

use maud::{Markup, html};

use super::entry::{ChartEntry, EntryRole, PartyGroup, PartyGroups};
use super::label::{FontWeight, fit, said, width};
use super::mark::{LANE, Px};
use super::scale::{Plot, Scale};
use crate::report::html::PageContext;
use gainsay_analysis::id::ActorId;

/// The layout of a chart, in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct ChartSheet {
    pub(super) class: &'static str,
    pub(super) width: f64,
    /// Start and end of the axis.
    from: f64,
    to: f64,
    /// The width for labels on the left.
    room: f64,
    /// The left edge of the title of the axis.
    title: f64,
    lane: f64,
    /// Base lines in a lane, from its top.
    speaker: f64,
    about: f64,
    wording: f64,
    marks: f64,
    /// About how many ticks an axis has.
    pub(super) ticks: usize,
}

pub(super) const WIDE: ChartSheet = ChartSheet {
    class: "chart wide",
    width: 780.0,
    from: 256.0,
    to: 770.0,
    room: 224.0,
    title: 256.0,
    lane: 45.0,
    speaker: 18.0,
    about: 34.0,
    wording: 18.0,
    marks: 31.0,
    ticks: 6,
};

pub(super) const NARROW: ChartSheet = ChartSheet {
    class: "chart narrow",
    width: 328.0,
    from: 8.0,
    to: 322.0,
    room: 312.0,
    title: 0.0,
    lane: 66.0,
    speaker: 13.0,
    about: 28.0,
    wording: 45.0,
    marks: 55.0,
    ticks: 5,
};

/// Where the plot begins, below the title of the axis.
const PLOT_TOP: f64 = 24.0;

/// The distance between two rows of names.
const NAME_ROW_HEIGHT: f64 = 16.0;

/// A chart under construction, drawn from top to bottom.
pub(super) struct Canvas<'a> {
    desk: &'a PageContext<'a>,
    sheet: ChartSheet,
    plot: Plot<'a>,
    /// The top of the plot.
    top: f64,
    y: f64,
    drawn: Vec<Markup>,
    /// The bottom of the last lane with marks.
    floor: f64,
}

impl<'a> Canvas<'a> {
    pub(super) fn new(desk: &'a PageContext<'a>, sheet: ChartSheet, scale: &'a Scale) -> Self {
        let plot = Plot { scale, from: sheet.from, to: sheet.to };
        let mut canvas =
            Self { desk, sheet, plot, top: PLOT_TOP, y: PLOT_TOP, drawn: Vec::new(), floor: PLOT_TOP };
        let (ticks, last) = (&scale.ticks, scale.ticks.len().saturating_sub(1));
        let too_wide = ticks.iter().enumerate().any(|(at, tick)| {
            width(&tick.label, FontWeight::Regular) > canvas.step_room(at == 0 || at == last, false)
        });
        if scale.is_steps() && too_wide {
            (canvas.top, canvas.y, canvas.floor) =
                (PLOT_TOP + NAME_ROW_HEIGHT, PLOT_TOP + NAME_ROW_HEIGHT, PLOT_TOP + NAME_ROW_HEIGHT);
        }
        canvas
    }

    /// Removes the title of the axis.
    pub(super) fn untitled(self) -> Self {
        Self { y: 0.0, ..self }
    }

    /// Draws all groups, each under the name of its party, and a line on the statements in the table only.
    pub(super) fn groups(&mut self, groups: &PartyGroups) {
        for group in &groups.groups {
            self.group(group);
        }
        if groups.more.0 > 0 {
            let (parties, statements) = groups.more;
            self.line(&format!("and {statements} more by {parties} other parties in the table"));
        }
    }

    fn group(&mut self, group: &PartyGroup) {
        let before = self.before();
        let name = said(&self.desk.model().actors[group.party].name);
        let hue = self.hue(group.party, group.own);
        let name = fit(&name, FontWeight::Bold, self.sheet.room);
        let heading = html! {
            g class={ "c" (hue) } {
                (bullet(self.y + before + 4.0, group.own))
                text .party x="16" y=(Px(self.y + before + 13.0)) { (name) }
            }
        };
        self.drawn.push(heading);
        self.y += before + 20.0;
        for entry in &group.entries {
            self.lane(entry, false);
        }
        if group.more > 0 {
            self.line(&format!("and {} more statements in the table", group.more));
        }
    }

    /// Draws a heading: the name of a part of an event.
    pub(super) fn heading(&mut self, name: &str) {
        let before = self.before();
        let name = fit(&said(name), FontWeight::Bold, self.sheet.width);
        self.drawn.push(html! { text .b x="0" y=(Px(self.y + before + 13.0)) { (name) } });
        self.y += before + 20.0;
    }

    /// The room above a heading.
    fn before(&self) -> f64 {
        if self.y > self.top { 8.0 } else { 2.0 }
    }

    /// A line of small type in place of lanes.
    pub(super) fn line(&mut self, text: &str) {
        let text = fit(text, FontWeight::Regular, self.sheet.room.max(self.sheet.width / 2.0));
        self.drawn.push(html! { text .t2 x="16" y=(Px(self.y + 16.0)) { (text) } });
        self.y += 24.0;
        self.floor = self.y;
    }

    /// Draws the lane of a statement, with the name of its party if `named`.
    pub(super) fn lane(&mut self, entry: &ChartEntry, named: bool) {
        let ChartSheet { room, speaker, about, lane, .. } = self.sheet;
        let [first, second] = if named {
            [fit(&self.desk.entry_voice(entry), FontWeight::Bold, room), entry.second_label(room)]
        } else {
            entry.labels(room)
        };
        let hue = self.hue(entry.party, entry.own);
        let kind = match entry.kind {
            EntryRole::Answers => "",
            EntryRole::Replaced => " late",
            EntryRole::Related => " bears",
        };
        let marks = entry
            .reading
            .as_ref()
            .map(|reading| LANE.draw(&self.plot, reading, self.y + self.sheet.marks, entry.own));
        let drawn = html! {
            g class={ "c" (hue) (kind) } {
                title { (self.desk.in_a_sentence(entry)) }
                @if named {
                    (bullet(self.y + speaker - 9.0, entry.own))
                    text .party x="16" y=(Px(self.y + speaker)) { (first) }
                } @else {
                    text x="16" y=(Px(self.y + speaker)) { (first) }
                }
                text .t2 x="16" y=(Px(self.y + about)) { (second) }
                (self.wording(entry))
                @if let Some(marks) = marks { (marks) }
            }
        };
        self.drawn.push(drawn);
        self.y += lane;
        self.floor = self.y;
    }

    /// The wording of an answer above its number. Aligned to the right if it would extend beyond the frame.
    fn wording(&self, entry: &ChartEntry) -> Markup {
        let plot = &self.plot;
        let start = match &entry.reading {
            None => plot.from,
            Some(reading) => match reading.number {
                Some(number) => plot.at(number as f64) - 4.0,
                None if reading.usual != reading.hard && !reading.denied => plot.low(reading.usual.low).at(),
                None => plot.low(reading.hard.low).at(),
            },
        };
        let room = plot.to - plot.from + 4.0;
        let words = fit(&entry.wording, FontWeight::Bold, room);
        let wide = width(&words, FontWeight::Bold);
        let remark = fit(entry.remark, FontWeight::Regular, room - wide - 4.0);
        let remark = if remark.len() < entry.remark.len() { "" } else { entry.remark };
        let wide = wide + if remark.is_empty() { 0.0 } else { 4.0 + width(remark, FontWeight::Regular) };
        let is_past = start + wide > plot.to;
        let (x, anchor) = if is_past { (plot.to, Some("end")) } else { (start, None) };
        html! {
            text .w x=(Px(x)) y=(Px(self.y + self.sheet.wording)) text-anchor=[anchor] {
                (words) @if !remark.is_empty() { " " tspan .n { (remark) } }
            }
        }
    }

    /// Draws a dotted line with a label for the section below it.
    pub(super) fn section(&mut self, label: &str) {
        let y = self.y + 12.0;
        let label = fit(label, FontWeight::Regular, self.sheet.width);
        self.drawn.push(html! {
            path .sep d=(format!("M0 {}H{}", Px(y), Px(self.sheet.width))) {}
            text .t2 x="0" y=(Px(y + 22.0)) { (label) }
        });
        self.y = y + 30.0;
    }

    /// Draws the axis below the last lane, and the gap between two hard ranges.
    pub(super) fn axis(&mut self, gap: Option<(i64, i64, String)>) {
        let y = self.floor + 4.0;
        if self.plot.scale.is_steps() {
            self.steps(y);
            self.y = y;
            return;
        }
        let plot = self.plot;
        let ticks = plot.ticks();
        self.drawn.push(html! {
            path .axis d=(line(&plot, y)) {}
            @for tick in &ticks {
                @let (x, anchor, _) = plot.name(tick.0, tick.1);
                text .t2 x=(Px(x)) y=(Px(y + 17.0)) text-anchor=(anchor) { (tick.1) }
            }
        });
        self.drawn.insert(0, grid(ticks.iter().map(|tick| tick.0), PLOT_TOP, y));
        self.y = y + 24.0;
        if let Some((low, high, label)) = gap {
            self.gap(y, plot.at(low as f64), plot.at(high as f64), &label);
        }
    }

    /// Draws the names of steps at the top, evenly spaced, in two rows if necessary.
    fn steps(&mut self, y: f64) {
        let (plot, last) = (self.plot, self.plot.scale.ticks.len().saturating_sub(1));
        let steps: Vec<(f64, String)> = plot
            .scale
            .ticks
            .iter()
            .enumerate()
            .map(|(at, tick)| {
                let room = self.step_room(at == 0 || at == last, self.top > PLOT_TOP);
                (plot.at(tick.value), fit(&tick.label, FontWeight::Regular, room))
            })
            .collect();
        let place = |x: f64, label: &str| {
            let half = (width(label, FontWeight::Regular) / 2.0).min(self.sheet.width / 2.0);
            x.clamp(half, self.sheet.width - half)
        };
        let row = |at: usize| if self.top > PLOT_TOP && at % 2 == 1 { 14.0 + NAME_ROW_HEIGHT } else { 14.0 };
        let heads = html! {
            @for (at, (x, name)) in steps.iter().enumerate() {
                text .t2 x=(Px(place(*x, name))) y=(Px(row(at))) text-anchor="middle" { (name) }
            }
        };
        self.drawn.insert(0, grid(steps.iter().map(|(x, _)| *x), self.top - 2.0, y));
        self.drawn.push(heads);
    }

    /// The width for the name of a step. Outer names move inwards if they would extend beyond the edge.
    fn step_room(&self, is_outer: bool, in_two_rows: bool) -> f64 {
        let steps = self.plot.scale.ticks.len().max(2) as f64 - 1.0;
        let apart = (self.plot.to - self.plot.from - 32.0) / steps * if in_two_rows { 2.0 } else { 1.0 };
        (if is_outer { apart * 0.75 } else { apart - 6.0 }).max(30.0)
    }

    fn gap(&mut self, axis: f64, from: f64, to: f64, label: &str) {
        let half = width(label, FontWeight::Bold) / 2.0;
        let middle = f64::midpoint(from, to).clamp(half, (self.sheet.width - half).max(half));
        let bracket = format!("M{} {}v6H{}v-6", Px(from), Px(axis + 26.0), Px(to));
        self.drawn.push(html! {
            path .gap d=(bracket) {}
            text .gaptext x=(Px(middle)) y=(Px(axis + 48.0)) text-anchor="middle" { (label) }
        });
        self.y = axis + 54.0;
    }

    /// Draws the parties without a position.
    pub(super) fn silent(&mut self, parties: &[ActorId]) {
        const MAX_SILENT_PARTIES: usize = 12;
        if parties.is_empty() {
            return;
        }
        self.y += 4.0;
        self.section("Parties to the event without an answer to this question");
        for &party in parties.iter().take(MAX_SILENT_PARTIES) {
            let is_wide = self.sheet.from > self.sheet.room;
            let room = if is_wide { self.sheet.room } else { self.sheet.room - 140.0 };
            let name = fit(&said(&self.desk.model().actors[party].name), FontWeight::Bold, room);
            let x = if is_wide { self.sheet.from } else { 26.0 + width(&name, FontWeight::Bold) };
            self.drawn.push(html! {
                g class={ "c" (self.desk.index.hue(party)) } {
                    (bullet(self.y + 8.0, false))
                    text .party x="16" y=(Px(self.y + 17.0)) { (name) }
                    text .t2 x=(Px(x)) y=(Px(self.y + 17.0)) { "no position on record" }
                }
            });
            self.y += 24.0;
        }
        if parties.len() > MAX_SILENT_PARTIES {
            self.drawn.push(html! {
                text .t2 x="16" y=(Px(self.y + 17.0)) { "and " (parties.len() - MAX_SILENT_PARTIES) " more parties" }
            });
            self.y += 24.0;
        }
        self.y += 6.0;
    }

    /// The complete picture.
    pub(super) fn finish(self, id: &str, axis_title: &str, title: &str, description: &str) -> Markup {
        let height = Px(self.y.max(PLOT_TOP));
        let heading = fit(axis_title, FontWeight::Regular, self.sheet.width - self.sheet.title);
        let words = PictureText { id: format!("{id}:{}", self.sheet.width), title, description };
        picture(
            self.sheet.class,
            self.sheet.width,
            height,
            &words,
            &html! {
                @for piece in &self.drawn { (piece) }
                @if !heading.is_empty() && !self.plot.scale.is_steps() { text .t2 x=(Px(self.sheet.title)) y="14" { (heading) } }
            },
        )
    }

    fn hue(&self, party: ActorId, own: bool) -> u8 {
        if own { 0 } else { self.desk.index.hue(party) }
    }
}

/// The text alternative of a picture.
pub(super) struct PictureText<'a> {
    /// The prefix of the ids of title and description. Unique, even if all pages are in one file.
    pub(super) id: String,
    pub(super) title: &'a str,
    /// Everything that is drawn, in words.
    pub(super) description: &'a str,
}

/// An SVG with one pixel per unit, with a title and a description in words.
pub(super) fn picture(class: &str, wide: f64, height: Px, words: &PictureText<'_>, drawn: &Markup) -> Markup {
    let wide = Px(wide);
    let (title, description) = (format!("{}:title", words.id), format!("{}:told", words.id));
    html! {
        svg class=(class) viewBox=(format!("0 0 {wide} {height}")) width=(wide) height=(height) role="img"
            aria-labelledby=(title) aria-describedby=(description) {
            title id=(title) { (words.title) }
            desc id=(description) { (words.description) }
            (drawn)
        }
    }
}

/// Vertical grid lines at the ticks.
fn grid(ticks: impl Iterator<Item = f64>, top: f64, bottom: f64) -> Markup {
    html! {
        @for x in ticks { path .grid d=(format!("M{} {}V{}", Px(x), Px(top), Px(bottom))) {} }
    }
}

/// The line of an axis, broken if zero has its own lane.
fn line(plot: &Plot<'_>, y: f64) -> String {
    let (from, to, start) = (Px(plot.from), Px(plot.to), plot.start());
    if !plot.scale.has_zero_apart() {
        return format!("M{from} {}H{to}", Px(y));
    }
    let (y, stroke) = (Px(y), Px(y + 4.0));
    let (left, right) = (Px(start - 10.0), Px(start - 2.0));
    format!(
        "M{from} {y}H{}M{} {y}H{to}M{left} {stroke}l4 -8M{right} {stroke}l4 -8",
        Px(start - 8.0),
        Px(start)
    )
}

/// The mark before the name of a party: round, or square for an outlet's own voice.
pub(super) fn bullet(y: f64, own: bool) -> Markup {
    html! { rect .pc x="0" y=(Px(y)) width="9" height="9" rx=[(!own).then_some("4.5")] {} }
}
