//! How time and memory grow on claim files that are hard to read, to reason about or to show.
//!
//! `cargo bench --bench shapes` measures every shape in three sizes and prints one line for each: processor seconds,
//! peak memory, and the power of the input's bytes by which both grow. Arguments after `--`: names (or parts of
//! names) of shapes to measure only those, `--quick` for a quarter of the sizes, `--program PATH` to measure another
//! build beside this one, `--list` to list the shapes.
//!
//! Each measurement is a process of its own in one thread, with a limit on its processor time and memory. The cost
//! of an empty workspace, measured in the same run, is subtracted.
#![expect(clippy::print_stdout, reason = "tables are what a benchmark is for")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads files that it has made itself")]

#[path = "shapes/claims.rs"]
#[expect(unreachable_pub, reason = "a list of generators")]
mod claims;
#[path = "shapes/editor.rs"]
mod editor;
#[path = "shapes/joint.rs"]
#[expect(unreachable_pub, reason = "the same")]
mod joint;
#[path = "shapes/known.rs"]
mod known;
#[path = "shapes/run.rs"]
mod run;
#[path = "shapes/yaml.rs"]
mod yaml;

use std::path::{Path, PathBuf};

use run::{Cost, Outcome};

/// A shape of claim file and the command that is run on it.
struct Shape {
    name: &'static str,
    /// The smallest of three sizes; the others are twice and four times as large.
    size: usize,
    /// The text of one claim file of a size.
    make: fn(usize) -> String,
    command: Command,
}

/// The command that is measured on a shape.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Command {
    /// A command of the program on the folder that holds the file.
    Cli(&'static [&'static str]),
    /// The language server: it opens the file, a few keys are typed, and completions are requested.
    Editor,
}

const CHECK: Command = Command::Cli(&["check"]);
const CHECK_ALL: Command = Command::Cli(&["check", "--all"]);
const HTML: Command = Command::Cli(&["report", "--format", "html"]);
const JSON: Command = Command::Cli(&["report", "--format", "json"]);
const SARIF: Command = Command::Cli(&["report", "--format", "sarif"]);
const FMT: Command = Command::Cli(&["fmt", "--check"]);
const EDITOR: Command = Command::Editor;

const fn shape(name: &'static str, command: Command, size: usize, make: fn(usize) -> String) -> Shape {
    Shape { name, size, make, command }
}

const SHAPES: &[Shape] = &[
    shape("unknown-lines", CHECK, 250_000, yaml::unknown_lines),
    shape("unknown-lines", SARIF, 250_000, yaml::unknown_lines),
    shape("unknown-lines", HTML, 250_000, yaml::unknown_lines),
    shape("unknown-lines", EDITOR, 50_000, yaml::unknown_lines),
    shape("unknown-keys-one-line", CHECK, 5_000, yaml::unknown_keys_on_one_line),
    shape("unknown-keys-one-line", CHECK_ALL, 5_000, yaml::unknown_keys_on_one_line),
    shape("unknown-keys-one-line", SARIF, 5_000, yaml::unknown_keys_on_one_line),
    shape("unknown-keys-one-line", EDITOR, 5_000, yaml::unknown_keys_on_one_line),
    shape("duplicates-one-line", CHECK, 5_000, yaml::duplicates_on_one_line),
    shape("duplicates-one-line", CHECK_ALL, 5_000, yaml::duplicates_on_one_line),
    shape("duplicates-block", CHECK, 5_000, yaml::duplicates_in_lines),
    shape("duplicates-block", CHECK_ALL, 5_000, yaml::duplicates_in_lines),
    shape("duplicates-of-two", CHECK, 5_000, yaml::duplicates_of_two),
    shape("duplicate-ids", CHECK, 5_000, yaml::duplicate_ids),
    shape("broken-entries", CHECK, 25_000, yaml::broken_entries),
    shape("anchors", CHECK, 50_000, yaml::anchors),
    shape("wrong-shapes", CHECK, 50_000, yaml::wrong_shapes),
    shape("no-locators", CHECK, 12_500, yaml::no_locators),
    shape("no-locators", HTML, 12_500, yaml::no_locators),
    shape("no-locators", EDITOR, 12_500, yaml::no_locators),
    shape("silences", CHECK, 12_500, yaml::silences),
    shape("unused-ids", CHECK, 12_500, yaml::unused_ids),
    shape("unknown-ids", CHECK, 5_000, yaml::unknown_ids),
    shape("bad-dates", CHECK, 12_500, yaml::bad_dates),
    shape("bad-figures", CHECK, 12_500, yaml::bad_figures),
    shape("long-line", CHECK, 2_500_000, yaml::long_line),
    shape("long-line", SARIF, 2_500_000, yaml::long_line),
    shape("long-key", CHECK, 500_000, yaml::long_key),
    shape("long-id", CHECK, 250_000, yaml::long_id),
    shape("many-long-ids", CHECK, 250, yaml::many_long_ids),
    shape("spaces", CHECK, 4_000_000, yaml::spaces),
    shape("line-ends", CHECK, 4_000_000, yaml::line_ends),
    shape("comments", CHECK, 1_000_000, yaml::comments),
    shape("dashes", CHECK, 1_000_000, yaml::dashes),
    shape("items", CHECK, 500_000, yaml::items),
    shape("braces", CHECK, 1_000_000, yaml::braces),
    shape("brackets", CHECK, 1_000_000, yaml::brackets),
    shape("quotes", CHECK, 1_000_000, yaml::quotes),
    shape("single-quotes", CHECK, 1_000_000, yaml::single_quotes),
    shape("block-scalars", CHECK, 100_000, yaml::block_scalars),
    shape("empty-block-scalar", CHECK, 1_000_000, yaml::empty_block_scalar),
    shape("open-quote-entries", CHECK, 25_000, yaml::open_quotes),
    shape("question-marks", CHECK, 1_000_000, yaml::question_marks),
    shape("colons", CHECK, 1_000_000, yaml::colons),
    shape("deep-block", CHECK, 500, yaml::deep_block),
    shape("deep-flow-claims", CHECK, 5_000, yaml::deep_flow_claims),
    shape("wide-letters", CHECK, 5_000, yaml::wide_letters),
    shape("long-list", CHECK, 100_000, yaml::long_list),
    shape("flow-actors", FMT, 5_000, yaml::flow_actors),
    shape("laughs", CHECK, 10_000, known::laughs),
    shape("closed-out-of-turn", CHECK, 1_000_000, known::closed_out_of_turn),
    shape("responses-chain", CHECK, 25_000, known::responses),
    shape("speaks-for-ring", CHECK, 5_000, known::speakers),
    shape("crowd-of-events", CHECK, 1_000, known::events_alike),
    shape("crowd-of-actors", CHECK, 1_000, known::actors_alike),
    shape("events-in-order", CHECK, 1_000, known::events_in_order),
    shape("question-agreed", CHECK, 12_500, known::agreed),
    shape("question-disputed", CHECK, 12_500, known::disputed),
    shape("question-disputed", JSON, 12_500, known::disputed),
    shape("parts-of-event", CHECK, 2_500, known::parts),
    shape("chain-of-events", CHECK, 250, known::chain),
    shape("changes-in-ring", CHECK, 250, known::changes),
    shape("population-chain", CHECK, 1_000, claims::population_chain),
    shape("population-chain-disputed", CHECK, 1_000, claims::population_chain_disputed),
    shape("event-chain", CHECK, 1_000, claims::event_chain),
    shape("event-circle", CHECK, 2_500, claims::event_circle),
    shape("after-chain", CHECK, 1_000, claims::after_chain),
    shape("overlaps-chain", CHECK, 1_000, claims::overlaps_chain),
    shape("place-chain", CHECK, 1_000, claims::place_chain),
    shape("term-chain", CHECK, 1_000, claims::term_chain),
    shape("denies-list", CHECK, 10_000, claims::denies_list),
    shape("confirms-list", CHECK, 10_000, claims::confirms_list),
    shape("declines-list", CHECK, 10_000, claims::declines_list),
    shape("denied-by-all", CHECK, 2_500, claims::denied_by_all),
    shape("response-chain", CHECK, 5_000, claims::response_chain),
    shape("everybody-denies-everybody", CHECK, 125, claims::everybody_denies_everybody),
    shape("choice-list", CHECK, 5_000, claims::choice_list),
    shape("choice-list-denied", CHECK, 5_000, claims::choice_list_denied),
    shape("choices-of-all", CHECK, 5_000, claims::choices_of_all),
    shape("exclusive-targets", CHECK, 1_000, claims::exclusive_targets),
    shape("exclusive-populations", CHECK, 1_000, claims::exclusive_populations),
    shape("figures-of-all", CHECK, 2_500, claims::figures_of_all),
    shape("dates-of-all", CHECK, 2_500, claims::dates_of_all),
    shape("one-figure-relayed", CHECK, 2_500, claims::one_figure_relayed),
    shape("position-changes", CHECK, 2_500, claims::position_changes),
    shape("yes-and-no", CHECK, 2_500, claims::yes_and_no),
    shape("denials-over-time", CHECK, 2_500, claims::denials_over_time),
    shape("attributions-lost", CHECK, 2_500, claims::attributions_lost),
    shape("headlines", CHECK, 2_500, claims::headlines),
    shape("speaker-ring", HTML, 500, claims::speaker_ring),
    shape("speaker-chain", HTML, 500, claims::speaker_chain),
    shape("speaker-star", HTML, 1_000, claims::speaker_star),
    shape("opponents-of-one", HTML, 500, claims::opponents_of_one),
    shape("silent-parties", CHECK, 1_000, claims::silent_parties),
    shape("questions-of-one-event", HTML, 500, claims::questions_of_one_event),
    shape("series-row", CHECK, 1_000, claims::series_row),
    shape("about-list", CHECK, 1_000, claims::about_list),
    shape("part-of-many", CHECK, 1_000, claims::part_of_many),
    shape("event-ladder", CHECK, 250, claims::event_ladder),
    shape("event-chain-alone", CHECK, 1_000, claims::event_chain_alone),
    shape("after-circle", CHECK, 1_000, claims::after_circle),
    shape("place-chain-events", CHECK, 1_000, claims::place_chain_events),
    shape("excluding-chains", CHECK, 1_000, claims::excluding_chains),
    shape("excluded-chain", CHECK, 1_000, claims::excluded_chain),
    shape("population-star", CHECK, 1_000, claims::population_star),
    shape("population-star-one-sided", CHECK, 1_000, claims::population_star_one_sided),
    shape("event-star", CHECK, 1_000, claims::event_star),
    shape("denied-star", CHECK, 1_000, claims::denied_star),
    shape("denied-chain", CHECK, 1_000, claims::denied_chain),
    shape("denies-questions", CHECK, 1_000, claims::denies_questions),
    shape("response-chain-wide", CHECK, 1_000, claims::response_chain_wide),
    shape("everybody-denies-everything", CHECK, 125, claims::everybody_denies_everything),
    shape("choice-list-single", CHECK, 1_000, claims::choice_list_single),
    shape("single-choices-of-all", CHECK, 1_000, claims::single_choices_of_all),
    shape("choices-denied-by-next", CHECK, 1_000, claims::choices_denied_by_next),
    shape("all-exclusive-targets", CHECK, 1_000, claims::all_exclusive_targets),
    shape("wordings-of-all", CHECK, 1_000, claims::wordings_of_all),
    shape("one-figure-of-all", CHECK, 1_000, claims::one_figure_of_all),
    shape("attributions-lost-on-one-question", CHECK, 1_000, claims::attributions_lost_on_one_question),
    shape("events-of-one-name", CHECK, 1_000, claims::events_of_one_name),
    shape("opponents-in-a-ring", CHECK, 1_000, claims::opponents_in_a_ring),
    shape("silent-parties-of-parts", CHECK, 1_000, claims::silent_parties_of_parts),
    shape("series-of-days", CHECK, 1_000, claims::series_of_days),
    shape("denied-one-by-one", CHECK, 1_000, claims::denied_one_by_one),
    shape("reviews-of-one-dispute", CHECK, 1_000, claims::reviews_of_one_dispute),
    shape("event-web", CHECK, 250, claims::event_web),
    shape("event-and-population-chain", CHECK, 1_000, claims::event_and_population_chain),
    shape("deep-population-of-events", CHECK, 1_000, claims::deep_population_of_events),
    shape("event-comb", CHECK, 1_000, claims::event_comb),
    shape("figures-over-days", CHECK, 1_000, claims::figures_over_days),
    shape("toll-over-days", CHECK, 1_000, claims::toll_over_days),
    shape("crowds", CHECK, 250, claims::crowds),
    shape("denies-responses", CHECK, 1_000, claims::denies_responses),
    shape("scale-steps", CHECK, 1_000, claims::scale_steps),
    shape("shared-lists", CHECK, 1_000, claims::shared_lists),
    shape("shared-rivals", CHECK, 1_000, claims::shared_rivals),
    shape("declined-choices", CHECK, 1_000, claims::declined_choices),
    shape("choices-over-time", CHECK, 1_000, claims::choices_over_time),
    shape("charges-in-a-chain", CHECK, 1_000, claims::charges_in_a_chain),
    shape("inferred-chain", CHECK, 1_000, claims::inferred_chain),
    shape("one-share-repeated", CHECK, 100, joint::one_share_repeated),
    shape("one-share-by-many-parties", CHECK, 100, joint::one_share_by_many_parties),
    shape("shares-and-figures-by-many-parties", CHECK, 100, joint::shares_and_figures_by_many_parties),
    shape("different-shares-of-one-whole", CHECK, 100, joint::different_shares_of_one_whole),
    shape("shares-of-many-populations", CHECK, 100, joint::shares_of_many_populations),
    shape("shares-in-a-chain", CHECK, 100, joint::shares_in_a_chain),
    shape("shares-of-several-wholes", CHECK, 100, joint::shares_of_several_wholes),
    shape("all-and-most", CHECK, 100, joint::all_and_most),
    shape("twice-another-event", CHECK, 100, joint::twice_another_event),
    shape("events-in-a-chain", CHECK, 100, joint::events_in_a_chain),
    shape("changes-in-a-tree", CHECK, 100, joint::changes_in_a_tree),
    shape("changes-in-diamonds", CHECK, 100, joint::changes_in_diamonds),
    shape("shares-in-a-tree", CHECK, 100, joint::shares_in_a_tree),
    shape("shares-in-diamonds", CHECK, 100, joint::shares_in_diamonds),
    shape("different-shares-by-one-party", CHECK, 100, joint::different_shares_by_one_party),
    shape("one-share-on-many-days", CHECK, 100, joint::one_share_on_many_days),
    shape("changes-both-ways", CHECK, 100, joint::changes_both_ways),
    shape("chains-of-ten-parties", CHECK, 100, joint::chains_of_ten_parties),
    shape("many-small-clashes", CHECK, 100, joint::many_small_clashes),
    shape("many-hard-groups", CHECK, 100, joint::many_hard_groups),
    shape("yearly-changes", CHECK, 100, joint::yearly_changes),
    shape("changes-on-one-base", CHECK, 100, joint::changes_on_one_base),
    shape("different-changes-on-one-base", CHECK, 100, joint::different_changes_on_one_base),
    shape("changes-in-a-circle", CHECK, 100, joint::changes_in_a_circle),
    shape("monthly-series", CHECK, 100, joint::monthly_series),
    shape("monthly-series-without-a-clash", CHECK, 100, joint::monthly_series_without_a_clash),
    shape("clash-at-the-far-end", CHECK, 100, joint::clash_at_the_far_end),
    shape("series-beside-each-other", CHECK, 100, joint::series_beside_each_other),
    shape("shares-across-parts", CHECK, 100, joint::shares_across_parts),
    shape("complete-parts", CHECK, 100, joint::complete_parts),
    shape("shares-of-growing-tolls", CHECK, 100, joint::shares_of_growing_tolls),
    shape("one-share-repeated", EDITOR, 100, joint::one_share_repeated),
    shape("yearly-changes", EDITOR, 100, joint::yearly_changes),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if run::is_runner(&arguments) {
        run::measure_and_print(&arguments);
        return;
    }
    let mut options = Options::default();
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--quick" => options.is_quick = true,
            "--list" => options.lists = true,
            "--program" => options.programs.push(arguments.next().expect("a path after `--program`").into()),
            name => options.names.push(name.to_owned()),
        }
    }
    options.run();
}

#[derive(Default)]
struct Options {
    is_quick: bool,
    lists: bool,
    /// Other builds of the program.
    programs: Vec<PathBuf>,
    names: Vec<String>,
}

impl Options {
    fn run(mut self) {
        let is_wanted = |shape: &&Shape| {
            self.names.is_empty() || self.names.iter().any(|name| shape.name.contains(name.as_str()))
        };
        let shapes: Vec<&Shape> = SHAPES.iter().filter(is_wanted).collect();
        if self.lists {
            for shape in shapes {
                println!("{} ({}), {}", shape.name, shape.command.title(), shape.size);
            }
            return;
        }
        self.programs.insert(0, env!("CARGO_BIN_EXE_gainsay").into());
        self.print_head();
        let mut start_up = StartUp::default();
        for shape in shapes {
            let sizes =
                [1, 2, 4].map(|times| (shape.size * times / if self.is_quick { 4 } else { 1 }).max(1));
            let texts = sizes.map(shape.make);
            let bytes = texts.each_ref().map(String::len);
            print!("| {} | {} | {} | {} |", shape.name, shape.command.title(), sizes[2], megabytes(bytes[2]));
            for program in &self.programs {
                let empty = start_up.of(program, shape.command);
                let costs = texts.each_ref().map(|text| run::measure(program, shape.command, text));
                print!(" {} |", Growth { bytes, costs, empty }.cells());
            }
            println!();
        }
    }

    fn print_head(&self) {
        println!(
            "Sizes are n, 2n and 4n; `t^` and `m^` are the powers of the bytes by which time and memory grow, less those \
             of an empty workspace. A child may use {} s and {} GiB.\n",
            run::SECONDS,
            run::GIB
        );
        let columns = |program: &PathBuf| {
            let which = if *program == self.programs[0] { "this build" } else { "other" };
            format!(" CPU s ({which}) | t^ | MiB | m^ | output MB |")
        };
        let columns: String = self.programs.iter().map(columns).collect();
        println!("| shape | command | 4n | MB |{columns}");
        println!("|---|---|---:|---:|{}", "---:|---:|---:|---:|---:|".repeat(self.programs.len()));
    }
}

impl Command {
    fn title(self) -> String {
        match self {
            Self::Cli(arguments) => arguments.join(" ").replace("--format ", ""),
            Self::Editor => "editor".to_owned(),
        }
    }
}

/// The cost of an empty workspace, by program and command.
#[derive(Default)]
struct StartUp(Vec<(PathBuf, Command, Cost)>);

impl StartUp {
    fn of(&mut self, program: &Path, command: Command) -> Cost {
        let known = self.0.iter().find(|(of, by, _)| (of.as_path(), *by) == (program, command));
        if let Some((.., cost)) = known {
            return *cost;
        }
        let mut costs: Vec<Cost> = (0..5).map(|_| run::measure(program, command, "actors: {}\n")).collect();
        costs.sort_by(|a, b| a.cpu.total_cmp(&b.cpu));
        self.0.push((program.to_owned(), command, costs[2]));
        costs[2]
    }
}

/// The costs of the three sizes of one shape.
struct Growth {
    bytes: [usize; 3],
    costs: [Cost; 3],
    /// The cost of an empty workspace.
    empty: Cost,
}

/// Costs of fewer seconds or MiB above those of an empty workspace say nothing about growth.
const NOISE: (f64, f64) = (0.02, 4.0);

impl Growth {
    fn cells(&self) -> String {
        let times = self.costs.map(|cost| cost.cpu - self.empty.cpu);
        let memory = self.costs.map(|cost| cost.peak - self.empty.peak);
        let output = self.costs[2].output;
        format!(
            "{} | {} | {} | {} | {}",
            self.costs.map(|cost| seconds(&cost)).join(" / "),
            self.power(times, NOISE.0),
            self.costs.map(|cost| format!("{:.0}", cost.peak)).join(" / "),
            self.power(memory, NOISE.1),
            megabytes(output),
        )
    }

    /// The slope of a line through the logarithms of bytes and costs, for costs above the noise.
    fn power(&self, costs: [f64; 3], noise: f64) -> String {
        let is_known = |at: &usize| self.costs[*at].outcome == Outcome::Ended && costs[*at] > noise;
        let points: Vec<(f64, f64)> =
            (0..3).filter(is_known).map(|at| ((self.bytes[at] as f64).ln(), costs[at].ln())).collect();
        if points.len() < 2 {
            let is_small = self.costs.iter().all(|cost| cost.outcome == Outcome::Ended);
            return if is_small { "below noise" } else { "unknown" }.to_owned();
        }
        let count = points.len() as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
        let (x, y) = (mean(|point| point.0), mean(|point| point.1));
        let above: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
        let below: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
        format!("{:.2}", above / below)
    }
}

fn seconds(cost: &Cost) -> String {
    match cost.outcome {
        Outcome::Ended => format!("{:.2}", cost.cpu),
        Outcome::TooLong => format!("> {} s", run::SECONDS),
        Outcome::Failed => format!("failed ({:.2})", cost.cpu),
    }
}

fn megabytes(bytes: usize) -> String {
    format!("{:.2}", bytes as f64 / 1e6)
}
