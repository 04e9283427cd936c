//! The page of a question: who says what, how far apart the answers are, who is silent, and the review.

mod answer;
mod related;
mod findings;
mod positions;
mod review;
mod statements;

pub(super) use review::typed;

use maud::{Markup, html};

use super::components::{counted_in_words, grade, page};
use super::text::said;
use super::{DeskSection, Links, Page, PageContext, Refused};
use crate::report::snippets::Style;
use crate::report::text;
use gainsay_analysis::dispute::Dispute;
use gainsay_analysis::document::MeasureType;
use gainsay_analysis::id::QuestionId;

/// The width of the plain text for copying.
const TEXT_COLUMNS: usize = 110;

impl PageContext<'_> {
    /// The page of a question, disputed or not. `refused` is a review of it that was not saved.
    pub fn question(&self, id: QuestionId, refused: Option<&Refused>) -> Page {
        let dispute = self.index.dispute(id).map(|at| &self.analysis.disputes[at]);
        let heading = self.model().question_heading(id);
        page(
            format!("{} {}", heading.first, heading.then),
            DeskSection::Disputes,
            html! {
                @if let Some(refused) = refused { (self.refused_notice(id, refused)) }
                (self.question_crumbs(id, false))
                h1 { (said(&heading.first)) " " span .of { (said(&heading.then)) } }
                (self.question_meta(id, dispute))
                (self.question_lede(id, dispute))
                @match dispute {
                    Some(dispute) => {
                        div .two {
                            div {
                                (self.question_figure(id))
                                (self.positions_table(id, Some(dispute)))
                                (self.findings_section(id, &dispute.findings))
                                (self.related_section(id, Some(dispute)))
                            }
                            (self.review_column(dispute, refused))
                        }
                        @if self.links == Links::Served { (self.dispute_as_text(dispute)) }
                    }
                    None => {
                        (self.question_figure(id))
                        (self.positions_table(id, None))
                        (self.related_section(id, None))
                    }
                }
            },
        )
    }

    /// The breadcrumb: the list, the event and, on a page below the question, the question.
    fn question_crumbs(&self, id: QuestionId, is_below: bool) -> Markup {
        html! {
            nav .crumb aria-label="Breadcrumb" {
                ol {
                    li { a href=(self.links.disputes()) { "Disputes" } }
                    li { (self.subject(self.model().question(id).subject)) }
                    @if is_below { li { (self.question_link(id)) } }
                }
            }
        }
    }

    /// Grade, review status, gap, numbers of positions and sources, and the id of the question.
    fn question_meta(&self, id: QuestionId, dispute: Option<&Dispute>) -> Markup {
        let model = self.model();
        html! {
            p .metaline {
                @match dispute {
                    Some(dispute) => {
                        (grade(dispute.grade)) " " span { (self.status_with_figure(dispute)) } " "
                        @if let Some(gap) = self.dispute_gap(dispute) { span { (gap) " apart" } " " }
                        span {
                            (counted_in_words(dispute.positions.len() + dispute.positions_left_out, "position")) ", "
                            (counted_in_words(sources(dispute), "source"))
                        } " "
                    }
                    None => { span { "No findings on it" } " " span { (counted_in_words(model.answers_to(id).len(), "statement")) } " " }
                }
                code .ref { (said(&model.question_name(id))) }
            }
        }
    }

    /// The widest gap between figures in its findings. None if no figures clash.
    fn dispute_gap(&self, dispute: &Dispute) -> Option<String> {
        let kind = self.model().measure_of(dispute.question).kind;
        let findings = dispute.findings.iter().map(|&at| &self.analysis.findings[at]);
        let own = findings.filter(|finding| finding.questions() == [dispute.question]);
        let gaps = own.filter_map(|finding| finding.evidence.as_deref()?.gap).map(|gap| gap.absolute);
        let widest =
            gaps.max().filter(|&gap| gap > 0 && matches!(kind, MeasureType::Count | MeasureType::Amount))?;
        Some(findings::gap_in_words(self.model(), dispute.question, widest))
    }

    fn question_figure(&self, id: QuestionId) -> Markup {
        html! { @if let Some(chart) = self.chart(id) { (chart) } }
    }

    /// The dispute as in the text report, for the key that copies it.
    fn dispute_as_text(&self, dispute: &Dispute) -> Markup {
        let text = text::render_dispute(self.analysis, dispute, Style { color: false, width: TEXT_COLUMNS });
        html! { pre #as-text hidden { (text) } }
    }
}

/// The number of sources of the positions.
fn sources(dispute: &Dispute) -> usize {
    let mut sources: Vec<_> = dispute.positions.iter().flat_map(|position| &position.sources).collect();
    sources.sort_unstable();
    sources.dedup();
    sources.len()
}

/// A command line. Words with characters that are special in a shell are quoted.
fn command(words: &[&str]) -> String {
    let is_plain =
        |word: &str| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./@:~".contains(&byte));
    let quoted = |word: &&str| {
        if is_plain(word) && !word.is_empty() {
            (*word).to_owned()
        } else {
            format!("'{}'", super::text::plain(word).replace('\'', "'\\''"))
        }
    };
    words.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn command_quotes_words_for_a_shell() {
        let command = super::command(&["gainsay", "show", "raid/killed/people@2024", "a'; rm -rf \u{202e}x"]);
        assert_eq!(command, "gainsay show raid/killed/people@2024 'a'\\''; rm -rf \u{fffd}x'");
    }
}
