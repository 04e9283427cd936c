//! A toll over time: days from left to right, figures from bottom to top. Drawn if every label fits; otherwise
//! the chart has lanes with the days in words.

use maud::{Markup, html};

use super::Chart;
use super::entry::{ChartEntry, EntryRole};
use super::label::{FontWeight, fit, said, width};
use super::lanes::{Canvas, ChartSheet, PictureText, picture};
use super::mark::{LANE, Px};
use super::scale::{Plot, Scale};
use crate::report::html::PageContext;
use gainsay_analysis::id::Id as _;
use gainsay_reading::period::Period;

/// The bottom and the top of the plot, and the height of the picture.
const FLOOR: f64 = 218.0;
const TOP: f64 = 32.0;
const HEIGHT: f64 = 248.0;

/// With more statements than this, the chart has lanes.
const MAX_STATEMENTS: usize = 16;

/// The distance between the marks of one day.
const MARK_SPACING: f64 = 22.0;

/// A statement with its horizontal position.
struct PlacedStatement<'a> {
    entry: &'a ChartEntry,
    x: f64,
    /// The height of its number, and the top and bottom of its marks.
    y: f64,
    top: f64,
    bottom: f64,
}

impl PlacedStatement<'_> {
    /// The area of its marks.
    fn area(&self) -> Area {
        Area { left: self.x - 7.0, right: self.x + 7.0, top: self.top - 6.0, bottom: self.bottom + 6.0 }
    }
}

/// The area of the name of the event next to its day on the axis.
fn event(x: f64) -> Area {
    Area { left: x, right: x + 96.0, top: FLOOR - 18.0, bottom: FLOOR }
}

/// A label with its position.
struct PlacedLabel {
    wording: String,
    who: String,
    area: Area,
    is_end: bool,
}

/// A rectangle in the picture.
#[derive(Clone, Copy)]
struct Area {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Area {
    fn meets(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

impl PageContext<'_> {
    /// The picture of a growing toll over time. None if everything was said on one day, or if labels would overlap.
    pub(super) fn over_time(&self, chart: &Chart, sheet: ChartSheet) -> Option<Markup> {
        let entries: Vec<&ChartEntry> = chart.own.entries().collect();
        let grows = self.model().measure_of(chart.question).grows;
        if !grows || entries.len() > MAX_STATEMENTS || entries.iter().any(|entry| entry.reading.is_none()) {
            return None;
        }
        let days: Vec<(i32, i32)> =
            entries.iter().map(|entry| days(self.said_in(entry))).collect::<Option<_>>()?;
        let figures =
            || entries.iter().zip(&days).filter(|(entry, _)| !is_denial(entry)).map(|(_, days)| days);
        if figures().map(|days| days.1).min()? >= figures().map(|days| days.0).max()? {
            return None;
        }
        let scale = Scale::new(&chart.axis, chart.own.readings(), 5);
        let drawn = self.timed(chart, sheet, &entries, &days, &scale)?;
        Some(html! { (drawn) (self.below(chart, sheet)) })
    }

    fn timed(
        &self,
        chart: &Chart,
        sheet: ChartSheet,
        entries: &[&ChartEntry],
        days: &[(i32, i32)],
        scale: &Scale,
    ) -> Option<Markup> {
        let up = Plot { scale, from: 0.0, to: FLOOR - TOP };
        let names = up.ticks();
        let left = names.iter().map(|(_, name)| width(name, FontWeight::Regular)).fold(20.0, f64::max) + 8.0;
        let apart = chart.gap.as_ref().map_or(0.0, |(.., label)| width(label, FontWeight::Bold) + 22.0);
        let right = sheet.width - apart - 12.0;
        let began = self.began(chart).filter(|began| days.iter().all(|days| days.0 - began < 400));
        let first = days.iter().map(|days| days.0).chain(began).min()?;
        let last = days.iter().map(|days| days.1).max()?;
        let calendar = Scale::calendar(first, last, sheet.ticks);
        let across = Plot { scale: &calendar, from: left, to: right };
        let spots = spots(entries, days, &across, &up)?;
        let began = began.map(|day| across.at(f64::from(day)));
        let labels = self.labels(&spots, right, began)?;
        let title = self.axis_title(chart.question, scale);
        let drawn = html! {
            text .t2 x="0" y="14" { (fit(&title, FontWeight::Regular, sheet.width)) }
            @for (at, name) in &names {
                path .grid d=(format!("M{} {}H{}", Px(left), Px(FLOOR - at), Px(right))) {}
                text .t2 x=(Px(left - 6.0)) y=(Px(FLOOR - at + 4.0)) text-anchor="end" { (name) }
            }
            path .axis d=(format!("M{} {}H{}", Px(left), Px(FLOOR), Px(right))) {}
            @for (at, name) in across.ticks() {
                @let (x, anchor, _) = across.name(at, name);
                text .t2 x=(Px(x)) y=(Px(FLOOR + 20.0)) text-anchor=(anchor) { (name) }
                path .axis d=(format!("M{} {}v4", Px(at), Px(FLOOR))) {}
            }
            @if let Some(x) = began {
                path .gap d=(format!("M{} {}v10", Px(x), Px(FLOOR - 5.0))) {}
                @if !spots.iter().any(|spot| event(x).meets(&spot.area())) {
                    text .t2 x=(Px(x + 4.0)) y=(Px(FLOOR - 6.0)) { (self.event_of(chart)) }
                }
            }
            @for (spot, label) in spots.iter().zip(&labels) { (self.spot(spot, label, &up)) }
            @if let Some((low, high, label)) = &chart.gap { (gap(&up, right + 8.0, *low, *high, label)) }
        };
        Some(picture(
            sheet.class,
            sheet.width,
            Px(HEIGHT),
            &PictureText {
                id: format!("{}:{}", self.chart_id(chart.question), sheet.width),
                title: &self.title_of(chart),
                description: &self.answers_in_words(chart).join(". "),
            },
            &drawn,
        ))
    }

    fn said_in(&self, entry: &ChartEntry) -> &Period {
        &self.model().claim(self.model().answers.claim[entry.answer.index()]).said
    }

    /// The first day of the event. None if it is not known.
    fn began(&self, chart: &Chart) -> Option<i32> {
        let subject = self.model().question(chart.question).subject;
        Some(self.model().subjects[subject].date?.value.first?.number())
    }

    /// The name of the event on the axis.
    fn event_of(&self, chart: &Chart) -> String {
        let subject = self.model().question(chart.question).subject;
        let nature = self.model().subjects[subject].nature.as_deref().unwrap_or("event");
        fit(&said(nature), FontWeight::Regular, 90.0)
    }

    /// Draws a statement: its marks vertically, its label next to its number.
    fn spot(&self, spot: &PlacedStatement<'_>, label: &PlacedLabel, up: &Plot<'_>) -> Markup {
        let entry = spot.entry;
        let hue = if entry.own { 0 } else { self.index.hue(entry.party) };
        let late = if entry.kind == EntryRole::Replaced { " late" } else { "" };
        let anchor = label.is_end.then_some("end");
        let x = if label.is_end { label.area.right } else { label.area.left };
        html! {
            g class={ "c" (hue) (late) } {
                title { (self.in_a_sentence(entry)) }
                g transform=(format!("translate({} {}) rotate(-90)", Px(spot.x), Px(FLOOR))) {
                    @if let Some(reading) = &entry.reading { (LANE.draw(up, reading, 0.0, entry.own)) }
                }
                text .w x=(Px(x)) y=(Px(label.area.top + 13.0)) text-anchor=[anchor] { (label.wording) }
                text .pt x=(Px(x)) y=(Px(label.area.top + 29.0)) text-anchor=[anchor] { (label.who) }
            }
        }
    }

    /// A label for each statement at the first free position. None if one does not fit.
    fn labels(
        &self,
        spots: &[PlacedStatement<'_>],
        right: f64,
        began: Option<f64>,
    ) -> Option<Vec<PlacedLabel>> {
        const DOWN: [f64; 7] = [-8.0, -26.0, 8.0, -38.0, 20.0, -50.0, 32.0];
        let mut taken: Vec<Area> = spots.iter().map(PlacedStatement::area).chain(began.map(event)).collect();
        let mut labels = Vec::new();
        for spot in spots {
            let wording = fit(&spot.entry.wording, FontWeight::Bold, 220.0);
            let who = fit(&said(&self.model().actors[spot.entry.party].name), FontWeight::Regular, 280.0);
            let wide = width(&wording, FontWeight::Bold).max(width(&who, FontWeight::Regular));
            let places = DOWN
                .iter()
                .flat_map(|down| [(spot.x + 11.0, *down, false), (spot.x - 11.0 - wide, *down, true)]);
            let mut areas = places.map(|(left, down, is_end)| {
                let top = spot.y + down;
                (Area { left, right: left + wide, top, bottom: top + 32.0 }, is_end)
            });
            let fits = |(area, _): &(Area, bool)| {
                let inside = area.left >= 30.0
                    && area.right <= right + 4.0
                    && area.top >= 16.0
                    && area.bottom <= FLOOR;
                inside && !taken.iter().any(|other| area.meets(other))
            };
            let (area, is_end) = areas.find(fits)?;
            taken.push(area);
            labels.push(PlacedLabel { wording, who, area, is_end });
        }
        Some(labels)
    }

    /// The part below: lanes of answers to related questions, and parties without an answer.
    fn below(&self, chart: &Chart, sheet: ChartSheet) -> Markup {
        if chart.related.groups.is_empty() && chart.silent.is_empty() {
            return html! {};
        }
        let scale = Scale::new(&chart.axis, chart.related.readings(), sheet.ticks);
        let mut canvas = Canvas::new(self, sheet, &scale).untitled();
        Self::draw_related(&mut canvas, chart);
        if !chart.related.groups.is_empty() {
            canvas.axis(None);
        }
        canvas.silent(&chart.silent);
        let id = format!("{}:beside", self.chart_id(chart.question));
        canvas.finish(
            &id,
            "",
            "Related answers, and parties without an answer",
            &self.related_in_words(chart).join(". "),
        )
    }
}

/// The first and the last possible day of a statement.
fn days(said: &Period) -> Option<(i32, i32)> {
    let (first, last) = (said.nominal_first().or(said.last)?, said.nominal_last().or(said.first)?);
    Some((first.number().min(last.number()), last.number().max(first.number())))
}

fn is_denial(entry: &ChartEntry) -> bool {
    entry.reading.as_ref().is_none_or(|reading| reading.denied)
}

/// The statements with their positions, those of one day side by side. None if there is not enough room.
fn spots<'a>(
    entries: &[&'a ChartEntry],
    days: &[(i32, i32)],
    across: &Plot<'_>,
    up: &Plot<'_>,
) -> Option<Vec<PlacedStatement<'a>>> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|&at| (days[at].0 + days[at].1, at));
    let mut spots: Vec<PlacedStatement<'a>> = Vec::new();
    for at in order {
        let day = f64::midpoint(f64::from(days[at].0), f64::from(days[at].1));
        let after = spots.last().map_or(0.0, |last| last.x + MARK_SPACING);
        let reading = entries[at].reading.as_ref()?;
        let (low, high) = (up.low(reading.hard.low).at(), up.high(reading.hard.high).at());
        let number = reading.number.map_or(low, |number| up.at(number as f64));
        let x = across.at(day).max(after);
        spots.push(PlacedStatement {
            entry: entries[at],
            x,
            y: FLOOR - number,
            top: FLOOR - high,
            bottom: FLOOR - low,
        });
    }
    (spots.last()?.x <= across.to).then_some(spots)
}

/// The bracket of a gap, on the right.
fn gap(up: &Plot<'_>, x: f64, low: i64, high: i64, label: &str) -> Markup {
    let (from, to) = (FLOOR - up.at(low as f64), FLOOR - up.at(high as f64));
    if from - to < 4.0 {
        return html! {};
    }
    html! {
        path .gap d=(format!("M{} {}h6V{}h-6", Px(x), Px(from), Px(to))) {}
        text .gaptext x=(Px(x + 12.0)) y=(Px(f64::midpoint(from, to) + 4.0)) { (label) }
    }
}
