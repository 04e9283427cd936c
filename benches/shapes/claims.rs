//! Claim files of one shape and any size, for the growth benchmark: chains, long lists, rings and crowds.
//!
//! Each function returns the text of one YAML file of size `n`. The names of the functions are the names of the shapes.
//! Most files have `n` lines; if the input grows with the square of `n`, the comment says so.

use std::fmt::Write as _;

/// Two states that are parties to one raid, and a newspaper.
const HEAD: &str = "actors:
  aa: { name: Government A, kind: state }
  bb: { name: Government B, kind: state }
  pp: { name: The Paper, kind: media }
events:
  raid: { name: Air raid, date: 2026-02-22, parties: [aa, bb] }
";

/// The source of all claims of a file, and the key under which they follow.
const CLAIMS: &str = "source: { id: src, publisher: pp, published: 2026-04-02 }\nclaims:\n";

/// One line for each of `0..n`.
fn lines(n: usize, line: impl Fn(usize) -> String) -> String {
    (0..n).map(line).fold(String::new(), |mut text, line| {
        _ = writeln!(text, "  {line}");
        text
    })
}

/// The ids `PREFIX0` to `PREFIXn`, separated by commas, without the one at `skip`.
fn ids(prefix: &str, n: usize, skip: Option<usize>) -> String {
    let ids: Vec<String> = (0..n).filter(|&i| Some(i) != skip).map(|i| format!("{prefix}{i}")).collect();
    ids.join(", ")
}

/// `n` actors with different names, called `x0` to `xn`; `more` is added to each body.
fn actors(n: usize, more: impl Fn(usize) -> String) -> String {
    lines(n, |i| format!("x{i}: {{ name: Nn{}q{i}{} }}", i * 7919 % 100_003, more(i)))
}

/// The head without its raid; other events follow.
fn head_and(section: &str) -> String {
    format!("{HEAD}{section}:\n")
}

/// The party that makes claim `i`: one of two in turn.
fn party(i: usize) -> &'static str {
    ["aa", "bb"][i % 2]
}

/// The day `i` days after the start of the year 1000, in years of 336 days.
fn day(i: usize) -> String {
    format!("{:04}-{:02}-{:02}", 1000 + i / 336, 1 + i / 28 % 12, 1 + i % 28)
}

/// A chain of populations, each part of the one before; two parties count them in turn.
pub fn population_chain(n: usize) -> String {
    let whole = |i: usize| if i == 0 { "people".to_owned() } else { format!("p{}", i - 1) };
    head_and("populations")
        + &lines(n, |i| format!("p{i}: {{ part-of: {} }}", whole(i)))
        + CLAIMS
        + &lines(n, |i| {
            format!(
                "c{i}: {{ by: {}, about: raid, measure: killed, of: p{i}, value: {}, at: p1 }}",
                party(i),
                n - i
            )
        })
}

/// The same chain; two parties disagree on each population.
pub fn population_chain_disputed(n: usize) -> String {
    let whole = |i: usize| if i == 0 { "people".to_owned() } else { format!("p{}", i - 1) };
    head_and("populations")
        + &lines(n, |i| format!("p{i}: {{ part-of: {} }}", whole(i)))
        + CLAIMS
        + &lines(2 * n, |i| {
            let (at, value) = (i / 2, 10 * (n - i / 2) + 3 * (i % 2));
            format!(
                "c{i}: {{ by: {}, about: raid, measure: killed, of: p{at}, value: {value}, at: p1 }}",
                party(i)
            )
        })
}

/// A chain of events, each part of the one before, with a figure by each of two parties.
pub fn event_chain(n: usize) -> String {
    let whole = |i: usize| if i == 0 { "raid".to_owned() } else { format!("e{}", i - 1) };
    HEAD.to_owned()
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i}, part-of: {} }}", i * 7919 % 100_003, whole(i)))
        + CLAIMS
        + &lines(2 * n, |i| {
            format!(
                "c{i}: {{ by: {}, about: e{}, measure: killed, value: {}, at: p1 }}",
                party(i),
                i / 2,
                10 * n - i / 2
            )
        })
}

/// A chain of events without claims.
pub fn event_chain_alone(n: usize) -> String {
    let whole = |i: usize| if i == 0 { "raid".to_owned() } else { format!("e{}", i - 1) };
    HEAD.to_owned()
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i}, part-of: {} }}", i * 7919 % 100_003, whole(i)))
}

/// A circle of events, each part of the next, with a figure each.
pub fn event_circle(n: usize) -> String {
    HEAD.to_owned()
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i}, part-of: e{} }}", i * 7919 % 100_003, (i + 1) % n))
        + CLAIMS
        + &lines(n, |i| {
            format!("c{i}: {{ by: {}, about: e{i}, measure: killed, value: {i}, at: p1 }}", party(i))
        })
}

/// A chain of events, each after the one before, with a day by each of two parties.
pub fn after_chain(n: usize) -> String {
    let before = |i: usize| if i == 0 { "raid".to_owned() } else { format!("e{}", i - 1) };
    HEAD.to_owned()
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i}, after: {} }}", i * 7919 % 100_003, before(i)))
        + CLAIMS
        + &lines(2 * n, |i| {
            let day = day(i / 2 * 7 % n + i % 2);
            format!("c{i}: {{ by: {}, about: e{}, measure: date, value: {day}, at: p1 }}", party(i), i / 2)
        })
}

/// A circle of events, each after the one before, with a day each.
pub fn after_circle(n: usize) -> String {
    HEAD.to_owned()
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i}, after: e{} }}", i * 7919 % 100_003, (i + 1) % n))
        + CLAIMS
        + &lines(n, |i| {
            format!("c{i}: {{ by: {}, about: e{i}, measure: date, value: {}, at: p1 }}", party(i), day(i))
        })
}

/// Parts of an event with a figure by each of two parties. Each part overlaps the next.
pub fn overlaps_chain(n: usize) -> String {
    HEAD.to_owned()
        + &lines(n, |i| {
            format!(
                "e{i}: {{ name: Nn{}q{i}, part-of: raid, overlaps: e{} }}",
                i * 7919 % 100_003,
                (i + 1).min(n - 1)
            )
        })
        + CLAIMS
        + &lines(2 * n, |i| {
            format!(
                "c{i}: {{ by: {}, about: e{}, measure: killed, value: {}, at: p1 }}",
                party(i),
                i / 2,
                10 + i % 7
            )
        })
        + &format!("  z: {{ by: aa, about: raid, measure: killed, value: {n}, at: p1 }}\n")
}

/// A chain of places, each part of the one before; each of two parties names every one of them for one event.
pub fn place_chain(n: usize) -> String {
    let whole = |i: usize| if i == 0 { "{}".to_owned() } else { format!("{{ part-of: k{} }}", i - 1) };
    head_and("places")
        + &lines(n, |i| format!("k{i}: {}", whole(i)))
        + CLAIMS
        + &lines(2 * n, |i| {
            format!("c{i}: {{ by: {}, about: raid, measure: place, value: k{}, at: p1 }}", party(i), i / 2)
        })
}

/// The same chain of places; two parties name them for one event each.
pub fn place_chain_events(n: usize) -> String {
    let whole = |i: usize| if i == 0 { "{}".to_owned() } else { format!("{{ part-of: k{} }}", i - 1) };
    HEAD.to_owned()
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i}, place: k{i} }}", i * 7919 % 100_003))
        + "places:\n"
        + &lines(n, |i| format!("k{i}: {}", whole(i)))
        + CLAIMS
        + &lines(2 * n, |i| {
            format!(
                "c{i}: {{ by: {}, about: e{}, measure: place, value: k{}, at: p1 }}",
                party(i),
                i / 2,
                i / 2
            )
        })
}

/// A chain of terms; two parties give every one of them as the outcome of one event, one of them denies it.
pub fn term_chain(n: usize) -> String {
    let whole = |i: usize| if i == 0 { "{}".to_owned() } else { format!("{{ part-of: k{} }}", i - 1) };
    head_and("terms")
        + &lines(n, |i| format!("k{i}: {}", whole(i)))
        + CLAIMS
        + &lines(2 * n, |i| {
            let stance = ["asserts", "denies"][i % 2];
            format!(
                "c{i}: {{ by: {}, about: raid, measure: outcome, value: k{}, stance: {stance}, at: p1 }}",
                party(i),
                i / 2
            )
        })
}

/// Two chains of terms that exclude each other; two parties each say that the terms of one chain were hit.
pub fn excluding_chains(n: usize) -> String {
    let whole = |chain: &str, other: &str, i: usize| match i {
        0 => format!("{chain}0: {{ excludes: {other}0 }}"),
        _ => format!("{chain}{i}: {{ part-of: {chain}{} }}", i - 1),
    };
    head_and("terms")
        + &lines(n, |i| whole("k", "m", i))
        + &lines(n, |i| whole("m", "k", i))
        + CLAIMS
        + &lines(2 * n, |i| {
            format!(
                "c{i}: {{ by: {}, about: raid, measure: target, value: {}{}, at: p1 }}",
                party(i),
                ["k", "m"][i % 2],
                i / 2
            )
        })
}

/// A chain of terms, each part of the one before and excluded by a term of its own.
pub fn excluded_chain(n: usize) -> String {
    let whole = |i: usize| if i == 0 { String::new() } else { format!("part-of: k{}, ", i - 1) };
    head_and("terms")
        + &lines(n, |i| format!("k{i}: {{ {}excludes: m{i} }}", whole(i)))
        + &lines(n, |i| format!("m{i}: {{}}"))
        + CLAIMS
        + &lines(2 * n, |i| {
            format!(
                "c{i}: {{ by: {}, about: raid, measure: target, value: {}{}, at: p1 }}",
                party(i),
                ["k", "m"][i % 2],
                i / 2
            )
        })
}

/// A population with `n` parts, each counted by two parties.
pub fn population_star(n: usize) -> String {
    head_and("populations")
        + &lines(n, |i| format!("p{i}: {{ part-of: civilians }}"))
        + CLAIMS
        + &lines(2 * n, |i| {
            format!(
                "c{i}: {{ by: {}, about: raid, measure: killed, of: p{}, value: {}, at: p1 }}",
                party(i),
                i / 2,
                5 + i % 3
            )
        })
}

/// A population with `n` parts, each counted by one party only.
pub fn population_star_one_sided(n: usize) -> String {
    head_and("populations")
        + &lines(n, |i| format!("p{i}: {{ part-of: civilians }}"))
        + CLAIMS
        + &lines(n, |i| {
            format!("c{i}: {{ by: aa, about: raid, measure: killed, of: p{i}, value: 5, at: p1 }}")
        })
}

/// One event with `n` parts, each with a figure by each of two parties.
pub fn event_star(n: usize) -> String {
    HEAD.to_owned()
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i}, part-of: raid }}", i * 7919 % 100_003))
        + CLAIMS
        + &lines(2 * n, |i| {
            format!(
                "c{i}: {{ by: {}, about: e{}, measure: killed, value: {}, at: p1 }}",
                party(i),
                i / 2,
                10 + i % 7
            )
        })
}

/// One event that one party says did not occur, with `n` parts on which others give figures.
pub fn denied_star(n: usize) -> String {
    HEAD.to_owned()
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i}, part-of: raid }}", i * 7919 % 100_003))
        + CLAIMS
        + &lines(n, |i| {
            format!("c{i}: {{ by: aa, about: e{i}, measure: killed, value: {}, at: p1 }}", 10 + i % 7)
        })
        + "  no: { by: bb, about: raid, measure: occurred, value: no, at: p2 }\n"
}

/// A chain of events, each part of the one before. For each event, one party says that it did not occur
/// and the other gives a figure.
pub fn denied_chain(n: usize) -> String {
    let whole = |i: usize| if i == 0 { "raid".to_owned() } else { format!("e{}", i - 1) };
    HEAD.to_owned()
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i}, part-of: {} }}", i * 7919 % 100_003, whole(i)))
        + CLAIMS
        + &lines(n, |i| {
            format!("c{i}: {{ by: aa, about: e{i}, measure: killed, value: {}, at: p1 }}", 10 * n - i)
        })
        + &lines(n, |i| format!("d{i}: {{ by: bb, about: e{i}, measure: occurred, value: no, at: p1 }}"))
}

/// `n` claims of one party and a response of another that lists them all.
fn list(response: &str, n: usize) -> String {
    HEAD.to_owned()
        + CLAIMS
        + &lines(n, |i| {
            format!(
                "c{i}: {{ by: aa, about: raid, measure: killed, of: civilians, value: {}, at: p1 }}",
                i + 1
            )
        })
        + &format!("  d: {{ by: bb, {response}: [{}], at: p2 }}\n", ids("c", n, None))
}

/// One denial of `n` claims.
pub fn denies_list(n: usize) -> String {
    list("denies", n)
}

/// One confirmation of `n` claims.
pub fn confirms_list(n: usize) -> String {
    list("confirms", n)
}

/// One response that neither confirms nor denies `n` claims.
pub fn declines_list(n: usize) -> String {
    list("declines", n)
}

/// One denial of `n` claims, each on a question of its own.
pub fn denies_questions(n: usize) -> String {
    HEAD.to_owned()
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i} }}", i * 7919 % 100_003))
        + CLAIMS
        + &lines(n, |i| format!("c{i}: {{ by: aa, about: e{i}, measure: killed, value: {}, at: p1 }}", i + 1))
        + &format!("  d: {{ by: bb, denies: [{}], at: p2 }}\n", ids("c", n, None))
}

/// One claim, denied by `n` parties.
pub fn denied_by_all(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| String::new())), 1)
        + CLAIMS
        + "  c: { by: aa, about: raid, measure: killed, value: 40, at: p1 }\n"
        + &lines(n, |i| format!("d{i}: {{ by: x{i}, denies: [c], at: p2 }}"))
}

/// A chain of responses: a denial of a denial, and so on, by two parties in turn.
pub fn response_chain(n: usize) -> String {
    let answered = |i: usize| if i == 0 { "c".to_owned() } else { format!("d{}", i - 1) };
    HEAD.to_owned()
        + CLAIMS
        + "  c: { by: aa, about: raid, measure: killed, value: 40, at: p1 }\n"
        + &lines(n, |i| format!("d{i}: {{ by: {}, denies: [{}], at: p2 }}", party(i + 1), answered(i)))
}

/// A claim about `n` events and a chain of `n` denials of it: every response answers `n` questions.
pub fn response_chain_wide(n: usize) -> String {
    let answered = |i: usize| if i == 0 { "c".to_owned() } else { format!("d{}", i - 1) };
    HEAD.to_owned()
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i} }}", i * 7919 % 100_003))
        + CLAIMS
        + &format!(
            "  c: {{ by: aa, about: [{}], measure: occurred, value: yes, at: p1 }}\n",
            ids("e", n, None)
        )
        + &lines(n, |i| format!("d{i}: {{ by: {}, denies: [{}], at: p2 }}", party(i + 1), answered(i)))
}

/// `n` parties with a figure each, each of whom denies all others. The input grows with the square of `n`.
pub fn everybody_denies_everybody(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| String::new())), 1)
        + CLAIMS
        + &lines(n, |i| {
            format!("c{i}: {{ by: x{i}, about: raid, measure: killed, value: {0}, at: p{0} }}", i + 1)
        })
        + &lines(n, |i| format!("d{i}: {{ by: x{i}, denies: [{}], at: p1 }}", ids("c", n, Some(i))))
}

/// `n` parties with a figure each on their own question, each of whom denies all others. The input grows with the
/// square of `n`.
pub fn everybody_denies_everything(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| String::new())), 1)
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i} }}", i * 7919 % 100_003))
        + CLAIMS
        + &lines(n, |i| {
            format!("c{i}: {{ by: x{i}, about: e{i}, measure: killed, value: {0}, at: p{0} }}", i + 1)
        })
        + &lines(n, |i| format!("d{i}: {{ by: x{i}, denies: [{}], at: p1 }}", ids("c", n, Some(i))))
}

/// Two parties each name `n` places as the target in one claim; half of the places are the same.
pub fn choice_list(n: usize) -> String {
    let half = |from: usize| {
        let ids: Vec<String> = (from..from + n).map(|i| format!("k{i}")).collect();
        ids.join(", ")
    };
    head_and("places")
        + &lines(n + n / 2, |i| format!("k{i}: {{}}"))
        + CLAIMS
        + &format!("  a: {{ by: aa, about: raid, measure: target, value: [{}], at: p1 }}\n", half(0))
        + &format!("  b: {{ by: bb, about: raid, measure: target, value: [{}], at: p1 }}\n", half(n / 2))
}

/// One list of `n` places, denied by the other party.
pub fn choice_list_denied(n: usize) -> String {
    head_and("places")
        + &lines(n, |i| format!("k{i}: {{}}"))
        + CLAIMS
        + &format!(
            "  a: {{ by: aa, about: raid, measure: target, value: [{}], at: p1 }}\n",
            ids("k", n, None)
        )
        + &format!(
            "  b: {{ by: bb, about: raid, measure: target, value: [{}], stance: denies, at: p1 }}\n",
            ids("k", n, None)
        )
}

/// Two lists of `n` places as the one place of an event.
pub fn choice_list_single(n: usize) -> String {
    let list = |from: usize| {
        let ids: Vec<String> = (from..from + n).map(|i| format!("k{i}")).collect();
        ids.join(", ")
    };
    head_and("places")
        + &lines(n + n / 2, |i| format!("k{i}: {{}}"))
        + CLAIMS
        + &format!("  a: {{ by: aa, about: raid, measure: place, value: [{}], at: p1 }}\n", list(0))
        + &format!("  b: {{ by: bb, about: raid, measure: place, value: [{}], at: p1 }}\n", list(n / 2))
}

/// `n` parties that each name a different target.
pub fn choices_of_all(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| String::new())), 1)
        + "places:\n"
        + &lines(n, |i| format!("k{i}: {{}}"))
        + CLAIMS
        + &lines(n, |i| format!("c{i}: {{ by: x{i}, about: raid, measure: target, value: k{i}, at: p1 }}"))
}

/// `n` parties that each name a different place of one event.
pub fn single_choices_of_all(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| String::new())), 1)
        + "places:\n"
        + &lines(n, |i| format!("k{i}: {{}}"))
        + CLAIMS
        + &lines(n, |i| format!("c{i}: {{ by: x{i}, about: raid, measure: place, value: k{i}, at: p1 }}"))
}

/// `n` parties that each name a different target, and deny that of the next.
pub fn choices_denied_by_next(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| String::new())), 1)
        + "places:\n"
        + &lines(n, |i| format!("k{i}: {{}}"))
        + CLAIMS
        + &lines(n, |i| format!("c{i}: {{ by: x{i}, about: raid, measure: target, value: k{i}, at: p1 }}"))
        + &lines(n, |i| format!("d{i}: {{ by: x{i}, denies: [c{}], at: p1 }}", (i + 1) % n))
}

/// `n` parties that each name a target; half of the targets exclude the other half.
pub fn exclusive_targets(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| String::new())), 1)
        + "terms:\n  left: { excludes: right }\n  right: {}\n"
        + &lines(n, |i| format!("k{i}: {{ part-of: {} }}", ["left", "right"][i % 2]))
        + CLAIMS
        + &lines(n, |i| format!("c{i}: {{ by: x{i}, about: raid, measure: target, value: k{i}, at: p1 }}"))
}

/// `n` parties that each name a target that excludes those of all others. The input grows with the square of `n`.
pub fn all_exclusive_targets(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| String::new())), 1)
        + "terms:\n"
        + &lines(n, |i| format!("k{i}: {{ excludes: [{}] }}", ids("k", i, None)))
        + CLAIMS
        + &lines(n, |i| format!("c{i}: {{ by: x{i}, about: raid, measure: target, value: k{i}, at: p1 }}"))
}

/// `n` parties that each count a different population; half of the populations are civilians, half are soldiers.
pub fn exclusive_populations(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| String::new())), 1)
        + "populations:\n"
        + &lines(n, |i| format!("p{i}: {{ part-of: {} }}", ["civilians", "soldiers"][i % 2]))
        + CLAIMS
        + &lines(n, |i| {
            format!("c{i}: {{ by: x{i}, about: raid, measure: killed, of: p{i}, value: {}, at: p1 }}", i + 1)
        })
}

/// `n` parties with different exact figures.
pub fn figures_of_all(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| String::new())), 1)
        + CLAIMS
        + &lines(n, |i| {
            format!("c{i}: {{ by: x{i}, about: raid, measure: killed, value: {}, at: p1 }}", 10 * i + 7)
        })
}

/// `n` parties with figures of every wording and precision.
pub fn wordings_of_all(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| String::new())), 1)
        + CLAIMS
        + &lines(n, |i| {
            let wording = ["about ", "at least ", "at most ", "", "nearly "][i % 5];
            format!(
                "c{i}: {{ by: x{i}, about: raid, measure: killed, value: {wording}{}, as-of: {}, at: p1 }}",
                10 * i + 7,
                day(168 * 2052 + i % 9)
            )
        })
}

/// `n` parties with different days for one event.
pub fn dates_of_all(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| String::new())), 1)
        + CLAIMS
        + &lines(n, |i| {
            format!("c{i}: {{ by: x{i}, about: raid, measure: date, value: {}, at: p1 }}", day(i))
        })
}

/// One figure that `n` outlets pass on.
pub fn one_figure_relayed(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| ", kind: media".to_owned())), 1)
        + CLAIMS
        + &lines(n, |i| {
            format!("c{i}: {{ by: aa, via: [x{i}], about: raid, measure: killed, value: 40, at: p1 }}")
        })
}

/// One figure given by `n` parties, and a different one given by one party.
pub fn one_figure_of_all(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| String::new())), 1)
        + CLAIMS
        + &lines(n, |i| format!("c{i}: {{ by: x{i}, about: raid, measure: killed, value: 40, at: p1 }}"))
        + "  z: { by: aa, about: raid, measure: killed, value: 90, at: p1 }\n"
}

/// One party that gives a different figure on each of `n` days, alternately higher and lower.
pub fn position_changes(n: usize) -> String {
    HEAD.to_owned()
        + CLAIMS
        + &lines(n, |i| {
            format!(
                "c{i}: {{ by: aa, about: raid, measure: killed, value: {}, said: {}, at: p1 }}",
                if i % 2 == 0 { 100 + i } else { 10 },
                day(i)
            )
        })
}

/// One party that alternately asserts and denies, on `n` days.
pub fn yes_and_no(n: usize) -> String {
    HEAD.to_owned()
        + CLAIMS
        + &lines(n, |i| {
            let value = ["yes", "no"][i % 2];
            format!(
                "c{i}: {{ by: aa, about: raid, measure: occurred, value: {value}, said: {}, at: p1 }}",
                day(i)
            )
        })
}

/// One party that denies a different figure on each of `n` days, and gives one in between.
pub fn denials_over_time(n: usize) -> String {
    HEAD.to_owned()
        + CLAIMS
        + &lines(n, |i| {
            format!(
                "c{i}: {{ by: aa, about: raid, measure: killed, value: {}, stance: {}, said: {}, at: p1 }}",
                7 + i / 2,
                ["asserts", "denies"][i % 2],
                day(i)
            )
        })
}

/// `n` events, each with a figure that the newspaper gives in its own voice and a party gives as well.
pub fn attributions_lost(n: usize) -> String {
    HEAD.to_owned()
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i} }}", i * 7919 % 100_003))
        + CLAIMS
        + &lines(n, |i| {
            format!("a{i}: {{ by: aa, about: e{i}, measure: killed, value: {}, at: p1 }}", i + 10)
        })
        + &lines(n, |i| format!("b{i}: {{ about: e{i}, measure: killed, value: about {}, at: p2 }}", i + 10))
}

/// `n` figures of one party on one question, each repeated by the newspaper in its own voice.
pub fn attributions_lost_on_one_question(n: usize) -> String {
    HEAD.to_owned()
        + CLAIMS
        + &lines(n, |i| {
            format!(
                "a{i}: {{ by: aa, about: raid, measure: killed, value: {}, said: {}, at: p1 }}",
                i + 10,
                day(i)
            )
        })
        + &lines(n, |i| format!("b{i}: {{ about: raid, measure: killed, value: {}, at: p2 }}", i + 10))
}

/// Headlines that give `n` figures more exactly than the text does.
pub fn headlines(n: usize) -> String {
    HEAD.to_owned()
        + CLAIMS
        + &lines(n, |i| {
            format!("a{i}: {{ by: aa, about: raid, measure: killed, value: about {}, at: p1 }}", i + 10)
        })
        + &lines(n, |i| {
            format!(
                "b{i}: {{ by: aa, about: raid, measure: killed, value: {}, part: headline, at: p2 }}",
                i + 10
            )
        })
}

/// `n` events of one name in one month.
pub fn events_of_one_name(n: usize) -> String {
    HEAD.to_owned() + &lines(n, |i| format!("e{i}: {{ name: Air strike, date: 2026-03-{:02} }}", 1 + i % 28))
}

/// A ring of actors: each actor speaks for the next.
pub fn speaker_ring(n: usize) -> String {
    "actors:\n".to_owned() + &actors(n, |i| format!(", speaks-for: x{}", (i + 1) % n))
}

/// A chain of actors: each actor speaks for the next and gives a figure.
pub fn speaker_chain(n: usize) -> String {
    let body = |i: usize| if i + 1 < n { format!(", speaks-for: x{}", i + 1) } else { String::new() };
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, body)), 1)
        + CLAIMS
        + &lines(n, |i| {
            format!("c{i}: {{ by: x{i}, about: raid, measure: killed, value: {}, at: p1 }}", i + 10)
        })
}

/// `n` actors who speak for one, with a figure each.
pub fn speaker_star(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| ", speaks-for: aa".to_owned())), 1)
        + CLAIMS
        + &lines(n, |i| {
            format!("c{i}: {{ by: x{i}, about: raid, measure: killed, value: {}, at: p1 }}", i + 10)
        })
}

/// One party that contradicts `n` others, each on an event of its own.
pub fn opponents_of_one(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| String::new())), 1)
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i} }}", i * 7919 % 100_003))
        + CLAIMS
        + &lines(n, |i| format!("a{i}: {{ by: aa, about: e{i}, measure: killed, value: 10, at: p1 }}"))
        + &lines(n, |i| format!("b{i}: {{ by: x{i}, about: e{i}, measure: killed, value: 90, at: p1 }}"))
}

/// `n` parties: each party contradicts the next, on their own event.
pub fn opponents_in_a_ring(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| String::new())), 1)
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i} }}", i * 7919 % 100_003))
        + CLAIMS
        + &lines(n, |i| format!("a{i}: {{ by: x{i}, about: e{i}, measure: killed, value: 10, at: p1 }}"))
        + &lines(n, |i| {
            format!("b{i}: {{ by: x{}, about: e{i}, measure: killed, value: 90, at: p1 }}", (i + 1) % n)
        })
}

/// An event with `n` parties, and `n` disputed questions on it.
pub fn silent_parties(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| String::new())), 1)
        + &format!("  war: {{ name: War, parties: [{}] }}\n", ids("x", n, None))
        + "populations:\n"
        + &lines(n, |i| format!("p{i}: {{}}"))
        + CLAIMS
        + &lines(n, |i| {
            format!("a{i}: {{ by: aa, about: war, measure: killed, of: p{i}, value: 10, at: p1 }}")
        })
        + &lines(n, |i| {
            format!("b{i}: {{ by: bb, about: war, measure: killed, of: p{i}, value: 90, at: p1 }}")
        })
}

/// An event with `n` parties, and `n` parts of it with a dispute each.
pub fn silent_parties_of_parts(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| String::new())), 1)
        + &format!("  war: {{ name: War, parties: [{}] }}\n", ids("x", n, None))
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i}, part-of: war }}", i * 7919 % 100_003))
        + CLAIMS
        + &lines(n, |i| format!("a{i}: {{ by: aa, about: e{i}, measure: killed, value: 10, at: p1 }}"))
        + &lines(n, |i| format!("b{i}: {{ by: bb, about: e{i}, measure: killed, value: 90, at: p1 }}"))
}

/// `n` disputed questions on one event between two parties.
pub fn questions_of_one_event(n: usize) -> String {
    HEAD.to_owned()
        + "populations:\n"
        + &lines(n, |i| format!("p{i}: {{}}"))
        + CLAIMS
        + &lines(n, |i| {
            format!("a{i}: {{ by: aa, about: raid, measure: killed, of: p{i}, value: 10, at: p1 }}")
        })
        + &lines(n, |i| {
            format!("b{i}: {{ by: bb, about: raid, measure: killed, of: p{i}, value: 90, at: p1 }}")
        })
}

/// `n` series, each next to the following one, with a figure for one year each.
pub fn series_row(n: usize) -> String {
    HEAD.to_owned()
        + "series:\n"
        + &lines(n, |i| {
            format!("s{i}: {{ name: Nn{}q{i}, beside: s{} }}", i * 7919 % 100_003, (i + 1).min(n - 1))
        })
        + CLAIMS
        + &lines(n, |i| {
            format!(
                "c{i}: {{ by: {}, about: s{i}, measure: killed, during: 2025, value: {}, at: p1 }}",
                party(i),
                100 + 40 * (i % 3)
            )
        })
}

/// One series with a figure for each of `n` days by each of two parties.
pub fn series_of_days(n: usize) -> String {
    HEAD.to_owned()
        + "series: { ser: { name: Fires, publisher: pp } }\n"
        + CLAIMS
        + &lines(2 * n, |i| {
            format!(
                "c{i}: {{ by: {}, about: ser, measure: killed, during: {}, value: {}, at: p1 }}",
                party(i),
                day(i / 2),
                10 + i % 5
            )
        })
}

/// One claim about `n` events, which the other party denies.
pub fn about_list(n: usize) -> String {
    HEAD.to_owned()
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i} }}", i * 7919 % 100_003))
        + CLAIMS
        + &format!(
            "  a: {{ by: aa, about: [{}], measure: occurred, value: yes, at: p1 }}\n",
            ids("e", n, None)
        )
        + "  b: { by: bb, denies: [a], at: p1 }\n"
}

/// One figure that `n` claims of one party repeat, each denied by the other.
pub fn denied_one_by_one(n: usize) -> String {
    HEAD.to_owned()
        + CLAIMS
        + &lines(n, |i| format!("c{i}: {{ by: aa, about: raid, measure: killed, value: {}, at: p1 }}", i + 1))
        + &lines(n, |i| format!("d{i}: {{ by: bb, denies: [c{i}], at: p1 }}"))
}

/// `n` reviews of one dispute.
pub fn reviews_of_one_dispute(n: usize) -> String {
    HEAD.to_owned()
        + CLAIMS
        + "  a: { by: aa, about: raid, measure: killed, value: 10, at: p1 }\n"
        + "  b: { by: bb, about: raid, measure: killed, value: 90, at: p1 }\n"
        + "reviews:\n"
        + &lines(n, |i| {
            format!(
                "r{i}: {{ question: raid/killed/people, verdict: irreconcilable, by: desk, on: {} }}",
                day(i)
            )
        })
}

/// An event that is part of `n` others, with a figure each.
pub fn part_of_many(n: usize) -> String {
    HEAD.to_owned()
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i} }}", i * 7919 % 100_003))
        + &format!("  part: {{ name: Part, part-of: [{}] }}\n", ids("e", n, None))
        + CLAIMS
        + &lines(n, |i| {
            format!("c{i}: {{ by: {}, about: e{i}, measure: killed, value: {}, at: p1 }}", party(i), i + 10)
        })
        + "  p: { by: aa, about: part, measure: killed, value: 5000, at: p1 }\n"
}

/// A ladder of events: each is part of both of the step before, so the number of paths up doubles at every step.
pub fn event_ladder(n: usize) -> String {
    let above = |i: usize| match i / 2 {
        0 => "raid".to_owned(),
        step => format!("[e{}, e{}]", 2 * step - 2, 2 * step - 1),
    };
    HEAD.to_owned()
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i}, part-of: {} }}", i * 7919 % 100_003, above(i)))
        + CLAIMS
        + &lines(n, |i| {
            format!(
                "c{i}: {{ by: {}, about: e{i}, measure: killed, value: {}, at: p1 }}",
                party(i),
                10 * n - i
            )
        })
}

/// Events that are each part of two earlier ones, drawn at random, with a figure each.
pub fn event_web(n: usize) -> String {
    let above = |i: usize| match i {
        0 => "raid".to_owned(),
        1 => "e0".to_owned(),
        i => format!("[e{}, e{}]", i * 7919 % i, i * i % 100_003 * 31 % i),
    };
    HEAD.to_owned()
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i}, part-of: {} }}", i * 7919 % 100_003, above(i)))
        + CLAIMS
        + &lines(n, |i| {
            format!("c{i}: {{ by: {}, about: e{i}, measure: killed, value: {}, at: p1 }}", party(i), i % 90)
        })
}

/// A chain of events and a chain of populations; each event is counted in the population of the same depth.
pub fn event_and_population_chain(n: usize) -> String {
    let whole = |i: usize, first: &str, prefix: &str| {
        if i == 0 { first.to_owned() } else { format!("{prefix}{}", i - 1) }
    };
    HEAD.to_owned()
        + &lines(n, |i| {
            format!("e{i}: {{ name: Nn{}q{i}, part-of: {} }}", i * 7919 % 100_003, whole(i, "raid", "e"))
        })
        + "populations:\n"
        + &lines(n, |i| format!("p{i}: {{ part-of: {} }}", whole(i, "people", "p")))
        + CLAIMS
        + &lines(n, |i| {
            let value = 10 * n - i;
            format!(
                "c{i}: {{ by: {}, about: e{i}, measure: killed, of: p{i}, value: {value}, at: p1 }}",
                party(i)
            )
        })
}

/// A chain of populations. The last one is counted in `n` parts of one event.
pub fn deep_population_of_events(n: usize) -> String {
    let whole = |i: usize| if i == 0 { "people".to_owned() } else { format!("p{}", i - 1) };
    HEAD.to_owned()
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i}, part-of: raid }}", i * 7919 % 100_003))
        + "populations:\n"
        + &lines(n, |i| format!("p{i}: {{ part-of: {} }}", whole(i)))
        + CLAIMS
        + &lines(n, |i| {
            format!(
                "c{i}: {{ by: {}, about: e{i}, measure: killed, of: p{}, value: 9, at: p1 }}",
                party(i),
                n - 1
            )
        })
}

/// A chain of events, each with a further part; the figure of every further part is above that of every whole.
pub fn event_comb(n: usize) -> String {
    let whole = |i: usize| if i == 0 { "raid".to_owned() } else { format!("e{}", i - 1) };
    HEAD.to_owned()
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i}, part-of: {} }}", i * 7919 % 100_003, whole(i)))
        + &lines(n, |i| format!("f{i}: {{ name: Mm{}q{i}, part-of: e{i} }}", i * 7919 % 100_003))
        + CLAIMS
        + &lines(n, |i| format!("c{i}: {{ by: aa, about: e{i}, measure: killed, value: 5, at: p1 }}"))
        + &lines(n, |i| {
            format!("d{i}: {{ by: bb, about: f{i}, measure: killed, value: {}, at: p1 }}", 20 + i % 9)
        })
}

/// A figure that rises and falls, by each of two parties on each of `n` days.
pub fn figures_over_days(n: usize) -> String {
    HEAD.to_owned()
        + CLAIMS
        + &lines(2 * n, |i| {
            format!(
                "c{i}: {{ by: {}, about: raid, measure: missing, value: {}, said: {day}, as-of: {day}, at: p1 }}",
                party(i),
                10 + i % 7,
                day = day(i / 2)
            )
        })
}

/// A toll of an event without an end, by each of two parties on each of `n` days.
pub fn toll_over_days(n: usize) -> String {
    HEAD.replace("date: 2026-02-22", "date: 1000-01-01/..")
        + CLAIMS
        + &lines(2 * n, |i| {
            format!(
                "c{i}: {{ by: {}, about: raid, measure: killed, value: {}{}, said: {day}, as-of: {day}, at: p1 }}",
                party(i),
                ["at least ", "", "about "][i % 3],
                100 + i / 2 + i % 7,
                day = day(i / 2)
            )
        })
}

/// Events of `60` parties each that all give different figures: many pairs of parties contradict each other.
pub fn crowds(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| String::new())), 1)
        + &lines(n.div_ceil(60), |i| format!("e{i}: {{ name: Nn{}q{i} }}", i * 7919 % 100_003))
        + CLAIMS
        + &lines(n, |i| {
            format!(
                "c{i}: {{ by: x{i}, about: e{}, measure: killed, value: {}, at: p1 }}",
                i / 60,
                10 + 10 * (i % 60)
            )
        })
}

/// One response that lists `n` responses to one claim.
pub fn denies_responses(n: usize) -> String {
    HEAD.to_owned()
        + CLAIMS
        + "  c: { by: aa, about: raid, measure: killed, value: 40, at: p1 }\n"
        + &format!("  a: {{ by: aa, denies: [{}], at: p2 }}\n", ids("d", n, None))
        + &lines(n, |i| format!("d{i}: {{ by: bb, denies: [c], at: p{i} }}"))
}

/// `n` parties that each name a different step of a scale with `n` steps, and one that denies them all.
pub fn scale_steps(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| String::new())), 1)
        + &format!("measures: {{ backs: {{ type: scale, steps: [{}] }} }}\n", ids("step", n, None))
        + CLAIMS
        + &lines(n, |i| format!("c{i}: {{ by: x{i}, about: raid, measure: backs, value: step{i}, at: p1 }}"))
        + &lines(n, |i| {
            format!(
                "d{i}: {{ by: aa, about: raid, measure: backs, value: step{i}, said: {}, at: p1 }}",
                day(i)
            )
        })
}

/// `n` parties that each name two places of one event: one that all name, and one of their own.
pub fn shared_lists(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| String::new())), 1)
        + "places:\n  all: {}\n"
        + &lines(n, |i| format!("k{i}: {{}}"))
        + CLAIMS
        + &lines(n, |i| {
            format!("c{i}: {{ by: x{i}, about: raid, measure: place, value: [all, k{i}], at: p1 }}")
        })
}

/// `n` parties that each name two targets: one that all name, and one of their own; half of those exclude the others.
pub fn shared_rivals(n: usize) -> String {
    HEAD.replacen("actors:\n", &format!("actors:\n{}", actors(n, |_| String::new())), 1)
        + "terms:\n  all: {}\n  left: { excludes: right }\n  right: {}\n"
        + &lines(n, |i| format!("k{i}: {{ part-of: {} }}", ["left", "right"][i % 2]))
        + CLAIMS
        + &lines(n, |i| {
            format!("c{i}: {{ by: x{i}, about: raid, measure: target, value: [all, k{i}], at: p1 }}")
        })
}

/// One party that declines to confirm `n` targets, and names others later.
pub fn declined_choices(n: usize) -> String {
    head_and("places")
        + &lines(2 * n, |i| format!("k{i}: {{}}"))
        + CLAIMS
        + &lines(n, |i| {
            format!(
                "a{i}: {{ by: aa, about: raid, measure: target, value: k{i}, stance: declines, said: {}, at: p1 }}",
                day(i)
            )
        })
        + &lines(n, |i| {
            format!(
                "b{i}: {{ by: aa, about: raid, measure: target, value: k{}, said: {}, at: p1 }}",
                n + i,
                day(n + i)
            )
        })
}

/// One party that names a different target on each of `n` days, and denies that of the day before.
pub fn choices_over_time(n: usize) -> String {
    head_and("places")
        + &lines(n, |i| format!("k{i}: {{}}"))
        + CLAIMS
        + &lines(n, |i| {
            format!(
                "a{i}: {{ by: aa, about: raid, measure: target, value: k{i}, said: {}, at: p1 }}",
                day(2 * i)
            )
        })
        + &lines(n, |i| {
            format!(
                "b{i}: {{ by: aa, about: raid, measure: target, value: k{i}, stance: denies, said: {}, at: p1 }}",
                day(2 * i + 1)
            )
        })
}

/// A chain of events, each part of the one before; one party blames the other for every second of them, and the other
/// denies a target of every event.
pub fn charges_in_a_chain(n: usize) -> String {
    let whole = |i: usize| if i == 0 { "raid".to_owned() } else { format!("e{}", i - 1) };
    HEAD.to_owned()
        + &lines(n, |i| format!("e{i}: {{ name: Nn{}q{i}, part-of: {} }}", i * 7919 % 100_003, whole(i)))
        + CLAIMS
        + &lines(n / 2, |i| {
            format!("c{i}: {{ by: aa, about: e{}, measure: responsible, value: bb, at: p1 }}", 2 * i)
        })
        + &lines(n, |i| {
            format!(
                "d{i}: {{ by: bb, about: e{i}, measure: target, value: civilians, stance: denies, at: p1 }}"
            )
        })
}

/// A chain of populations with inferred edges, each counted above the one it is part of.
pub fn inferred_chain(n: usize) -> String {
    let whole = |i: usize| if i == 0 { "people".to_owned() } else { format!("p{}", i - 1) };
    head_and("populations")
        + &lines(n, |i| format!("p{i}: {{ part-of: {}, inferred: true }}", whole(i)))
        + CLAIMS
        + &lines(n, |i| {
            let value = 10 * i + 10;
            format!(
                "c{i}: {{ by: {}, about: raid, measure: killed, of: p{i}, value: {value}, at: p1 }}",
                party(i)
            )
        })
}
