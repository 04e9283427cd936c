//! Strips: small charts of one answer each, all on one scale.

use maud::{Markup, html};

use super::mark::{Px, STRIP};
use super::reading::AxisReading;
use super::scale::{Plot, Scale};
use crate::report::html::PageContext;
use gainsay_analysis::id::{AnswerId, Id as _};

/// The width and height of a strip.
const STRIP_SIZE: (f64, f64) = (132.0, 16.0);

impl PageContext<'_> {
    /// A strip for each answer, all on one scale. None for an answer without a figure.
    pub(in crate::report::html) fn strips(&self, answers: &[AnswerId]) -> Vec<Option<Markup>> {
        let model = self.model();
        let readings: Vec<Option<AxisReading>> =
            answers.iter().map(|&answer| AxisReading::for_answer(model, answer)).collect();
        let first = answers.iter().zip(&readings).find(|(_, reading)| reading.is_some());
        let axis = first.and_then(|(answer, _)| self.axis(model.answers.question[answer.index()]));
        let Some(axis) = axis else { return answers.iter().map(|_| None).collect() };
        let scale = Scale::new(&axis, readings.iter().flatten(), 6);
        let plot = Plot { scale: &scale, from: 5.0, to: STRIP_SIZE.0 - 5.0 };
        let strip = |(&answer, reading): (&AnswerId, &Option<AxisReading>)| {
            let claim = model.answers.claim[answer.index()];
            let own = model.is_own_voice(claim);
            let hue = if own { 0 } else { self.index.hue(model.claim(claim).party) };
            let (wide, tall) = (Px(STRIP_SIZE.0), Px(STRIP_SIZE.1));
            Some(html! {
                svg class={ "mini c" (hue) } viewBox=(format!("0 0 {wide} {tall}")) width=(wide) height=(tall)
                    aria-hidden="true" {
                    path .base d=(format!("M0 {}H{wide}", Px(STRIP_SIZE.1 / 2.0))) {}
                    (STRIP.draw(&plot, reading.as_ref()?, STRIP_SIZE.1 / 2.0, own))
                }
            })
        };
        answers.iter().zip(&readings).map(strip).collect()
    }
}
