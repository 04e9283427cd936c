//! Claim files that are hard for the joint reasoning: shares, changes, sums and growing tolls in large numbers.
//!
//! Each generator returns the text of one YAML file with about `n` claims, or a small multiple of `n`. Where the
//! claims contradict each other, the doc comment says so.

use std::fmt::Write as _;

const ACTORS: &str = "actors:
  aa: { name: Government A, kind: state }
  bb: { name: Government B, kind: state }
  pp: { name: The Paper, kind: media }
";

const EVENT: &str = "events:
  raid: { name: Air raid, date: 2026-02-22, parties: [aa, bb] }
";

/// An event whose tolls may still rise for ten years.
const RISING_EVENT: &str = "settings: { settles: 3650 days }
events:
  raid: { name: Air raid, date: 2026-02-22, parties: [aa, bb] }
";

const SERIES: &str = "series:
  fires: { name: Fires, publisher: pp }
";

const CLAIMS: &str = "source: { id: src, publisher: pp, published: 2026-04-02 }
claims:
";

/// Three figures that clash with the share `half`: 12 of at least 80 are not half.
const FIGURES: &str =
    "  c1: { by: aa, about: raid, measure: killed, of: militants, value: at least 80, at: p2 }
  c3: { by: bb, about: raid, measure: killed, of: civilians, value: 12, at: p4 }
  c4: { by: aa, about: raid, measure: killed, of: civilians, value: 3, at: p4 }
";

/// The text of a file: the actors, other definitions, and claims.
fn file(definitions: &str, claims: &str) -> String {
    [ACTORS, definitions, CLAIMS, claims].concat()
}

/// Joins the text of each of `n` lines.
fn lines(n: usize, line: impl FnMut(usize) -> String) -> String {
    (0..n).map(line).collect()
}

/// `n` more actors, `x0` and so on.
fn parties(n: usize) -> String {
    let actors = (0..n).map(|i| format!("  x{i}: {{ name: Nn{}q{i} }}\n", i * 7919 % 100_003));
    [ACTORS.to_owned(), actors.collect()].concat()
}

/// The same as [`file`], with `n` more actors.
fn file_with_parties(n: usize, definitions: &str, claims: &str) -> String {
    [parties(n).as_str(), definitions, CLAIMS, claims].concat()
}

/// A month, counted from January 2007.
fn month(i: usize) -> String {
    format!("{:04}-{:02}", 2007 + i / 12, i % 12 + 1)
}

/// One party states one share `n` times, beside figures that clash with it.
pub fn one_share_repeated(n: usize) -> String {
    let shares = lines(n, |i| {
        format!(
            "  d{i}: {{ by: aa, about: raid, measure: killed, of: civilians, value: half of people, at: p1 }}\n"
        )
    });
    file(EVENT, &[FIGURES, &shares].concat())
}

/// `n` parties state one share, beside figures that clash with it.
pub fn one_share_by_many_parties(n: usize) -> String {
    let shares = lines(n, |i| {
        format!(
            "  d{i}: {{ by: x{i}, about: raid, measure: killed, of: civilians, value: half of people, at: p1 }}\n"
        )
    });
    file_with_parties(n, EVENT, &[FIGURES, &shares].concat())
}

/// `n` parties state one share and a figure each; share and figures clash with each other.
pub fn shares_and_figures_by_many_parties(n: usize) -> String {
    let claims = lines(n, |i| {
        format!(
            "  d{i}: {{ by: x{i}, about: raid, measure: killed, of: civilians, value: half of people, at: p1 }}\n  \
             e{i}: {{ by: x{i}, about: raid, measure: killed, value: {}, at: p1 }}\n",
            100 + i
        )
    });
    file_with_parties(n, EVENT, &[FIGURES, &claims].concat())
}

/// `n` parties each state another share of one whole, beside figures that clash with most of them.
pub fn different_shares_of_one_whole(n: usize) -> String {
    let shares = lines(n, |i| {
        let (whole, tenth) = (20 + i / 10 % 70, i % 10);
        format!(
            "  d{i}: {{ by: x{i}, about: raid, measure: killed, of: civilians, value: {whole}.{tenth}% of people, at: p1 }}\n"
        )
    });
    file_with_parties(n, EVENT, &[FIGURES, &shares].concat())
}

/// `n` populations, each a share of all people and each with a figure; every third figure clashes.
pub fn shares_of_many_populations(n: usize) -> String {
    let populations = lines(n, |i| format!("  q{i}: {{ part-of: people }}\n"));
    let claims = lines(n, |i| {
        format!(
            "  d{i}: {{ by: aa, about: raid, measure: killed, of: q{i}, value: {}% of people, at: p1 }}\n  \
             e{i}: {{ by: bb, about: raid, measure: killed, of: q{i}, value: {}, at: p1 }}\n",
            10 + i % 80,
            (10 + i % 80) * if i % 3 == 0 { 12 } else { 10 },
        )
    });
    let total = "  t: { by: bb, about: raid, measure: killed, value: 1000, at: p1 }\n";
    file(&format!("{EVENT}populations:\n{populations}"), &[total, &claims].concat())
}

/// A chain of `n` populations, each half of the one before, with a figure for the first and the last.
pub fn shares_in_a_chain(n: usize) -> String {
    let populations = lines(n, |i| match i {
        0 => "  q0: { part-of: people }\n".to_owned(),
        _ => format!("  q{i}: {{ part-of: q{} }}\n", i - 1),
    });
    let claims = lines(n, |i| {
        let of = if i == 0 { "people".to_owned() } else { format!("q{}", i - 1) };
        format!("  d{i}: {{ by: aa, about: raid, measure: killed, of: q{i}, value: half of {of}, at: p1 }}\n")
    });
    let ends = format!(
        "  first: {{ by: bb, about: raid, measure: killed, value: 1000, at: p1 }}\n  \
         last: {{ by: bb, about: raid, measure: killed, of: q{}, value: 900, at: p1 }}\n",
        n - 1
    );
    file(&format!("{EVENT}populations:\n{populations}"), &[ends.as_str(), &claims].concat())
}

/// `n` populations, each stated as a share of three wholes that clash with each other.
pub fn shares_of_several_wholes(n: usize) -> String {
    let populations = lines(n, |i| format!("  q{i}: {{ part-of: [civilians, women] }}\n"));
    let claims = lines(n, |i| {
        let wholes = ["people", "civilians", "women"];
        lines(wholes.len(), |at| {
            format!(
                "  d{i}-{at}: {{ by: aa, about: raid, measure: killed, of: q{i}, value: {}% of {}, at: p1 }}\n",
                10 + (i + 7 * at) % 40,
                wholes[at]
            )
        })
    });
    let figures = "  t: { by: bb, about: raid, measure: killed, value: 1000, at: p1 }
  u: { by: bb, about: raid, measure: killed, of: civilians, value: 600, at: p1 }
  v: { by: bb, about: raid, measure: killed, of: women, value: 400, at: p1 }
";
    file(&format!("{EVENT}populations:\n{populations}"), &[figures, &claims].concat())
}

/// `n` parties state `100% of people` or `most of people`, beside figures that clash with both.
pub fn all_and_most(n: usize) -> String {
    let shares = lines(n, |i| {
        let share = ["100% of people", "most of people"][i % 2];
        format!(
            "  d{i}: {{ by: x{i}, about: raid, measure: killed, of: civilians, value: {share}, at: p1 }}\n"
        )
    });
    file_with_parties(n, EVENT, &[FIGURES, &shares].concat())
}

/// `n` parties state that twice as many were killed in one event as in another, beside figures that clash with it.
pub fn twice_another_event(n: usize) -> String {
    let strike = "  strike: { name: Strike on the port, date: 2026-02-20 }\n";
    let changes = lines(n, |i| {
        format!("  d{i}: {{ by: x{i}, about: raid, measure: killed, value: twice strike, at: p1 }}\n")
    });
    let figures = "  c1: { by: aa, about: strike, measure: killed, value: 20, at: p2 }
  c2: { by: bb, about: raid, measure: killed, value: at least 80, at: p2 }
  c3: { by: aa, about: raid, measure: killed, value: 12, at: p2 }
";
    file_with_parties(n, &[EVENT, strike].concat(), &[figures, &changes].concat())
}

/// `n` events, each with half as many killed as the one before, with a figure for the first and the last.
pub fn events_in_a_chain(n: usize) -> String {
    let events = lines(n, |i| format!("  e{i}: {{ name: Strike {i} at A{i}, date: 2026-02-22 }}\n"));
    let changes = lines(n - 1, |i| {
        format!("  d{i}: {{ by: aa, about: e{}, measure: killed, value: half e{i}, at: p1 }}\n", i + 1)
    });
    let ends = format!(
        "  first: {{ by: bb, about: e0, measure: killed, value: 1000, at: p1 }}\n  \
         last: {{ by: bb, about: e{}, measure: killed, value: 900, at: p1 }}\n",
        n - 1
    );
    file(&[EVENT, &events].concat(), &[ends.as_str(), &changes].concat())
}

/// `n` events in a binary tree by changes; the figures of every seventh event clash.
pub fn changes_in_a_tree(n: usize) -> String {
    let events = lines(n, |i| format!("  e{i}: {{ name: Strike {i} at A{i}, date: 2026-02-22 }}\n"));
    let claims = lines(n, |i| {
        let change = match i {
            0 => String::new(),
            _ => format!(
                "  d{i}: {{ by: aa, about: e{i}, measure: killed, value: half e{}, at: p1 }}\n",
                (i - 1) / 2
            ),
        };
        let depth = usize::BITS - (i + 1).leading_zeros() - 1;
        let value = (1_usize << 20 >> depth) * if i % 7 == 3 { 2 } else { 1 };
        format!("{change}  k{i}: {{ by: bb, about: e{i}, measure: killed, value: {value}, at: p1 }}\n")
    });
    file(&[EVENT, &events].concat(), &claims)
}

/// A chain of `n` diamonds: each event is twice two others, and both of them are half the next. The last figure
/// clashes.
pub fn changes_in_diamonds(n: usize) -> String {
    let name = |i: usize| format!("  e{i}: {{ name: Strike {i} at A{i}, date: 2026-02-22 }}\n");
    let claims = lines(n, |i| {
        let (first, last) = (3 * i, 3 * i + 3);
        [first + 1, first + 2]
            .map(|side| {
                format!(
                    "  u{side}: {{ by: aa, about: e{side}, measure: killed, value: half e{first}, at: p1 }}\n  \
                     v{side}: {{ by: bb, about: e{last}, measure: killed, value: double e{side}, at: p1 }}\n"
                )
            })
            .concat()
    });
    let ends = format!(
        "  first: {{ by: bb, about: e0, measure: killed, value: 1000, at: p1 }}\n  \
         last: {{ by: bb, about: e{}, measure: killed, value: 1, at: p1 }}\n",
        3 * n
    );
    file(&[EVENT, &lines(3 * n + 1, name)].concat(), &[ends.as_str(), &claims].concat())
}

/// `n` populations in a binary tree, each a share of the one above, with figures; every fifth figure clashes.
pub fn shares_in_a_tree(n: usize) -> String {
    let above = |i: usize| if i == 0 { "people".to_owned() } else { format!("q{}", (i - 1) / 2) };
    let populations = lines(n, |i| format!("  q{i}: {{ part-of: {} }}\n", above(i)));
    let claims = lines(n, |i| {
        let depth = usize::BITS - (i + 1).leading_zeros();
        let value = (1_usize << 20 >> depth) * if i % 5 == 4 { 2 } else { 1 };
        format!(
            "  d{i}: {{ by: aa, about: raid, measure: killed, of: q{i}, value: half of {}, at: p1 }}\n  \
             k{i}: {{ by: bb, about: raid, measure: killed, of: q{i}, value: {value}, at: p1 }}\n",
            above(i)
        )
    });
    let total = "  t: { by: bb, about: raid, measure: killed, value: 1048576, at: p1 }\n";
    file(&format!("{EVENT}populations:\n{populations}"), &[total, &claims].concat())
}

/// `n` levels of two populations, each part of both of the level above and a share of both.
pub fn shares_in_diamonds(n: usize) -> String {
    let above = |i: usize| match i {
        0 => ["people".to_owned(), "women".to_owned()],
        _ => [format!("q{}", i - 1), format!("r{}", i - 1)],
    };
    let populations = lines(n, |i| {
        let [one, other] = above(i);
        format!("  q{i}: {{ part-of: [{one}, {other}] }}\n  r{i}: {{ part-of: [{one}, {other}] }}\n")
    });
    let claims = lines(n, |i| {
        let [one, other] = above(i);
        format!(
            "  d{i}: {{ by: aa, about: raid, measure: killed, of: q{i}, value: 90% of {one}, at: p1 }}\n  \
             e{i}: {{ by: bb, about: raid, measure: killed, of: r{i}, value: 80% of {other}, at: p1 }}\n  \
             f{i}: {{ by: aa, about: raid, measure: killed, of: q{i}, value: 70% of {other}, at: p1 }}\n"
        )
    });
    let figures = format!(
        "  t: {{ by: bb, about: raid, measure: killed, value: 100000, at: p1 }}\n  \
         u: {{ by: bb, about: raid, measure: killed, of: q{}, value: 99000, at: p1 }}\n",
        n - 1
    );
    file(&format!("{EVENT}populations:\n{populations}"), &[figures.as_str(), &claims].concat())
}

/// One party states `n` different shares of one whole, otherwise alike, beside figures.
pub fn different_shares_by_one_party(n: usize) -> String {
    different_shares_of_one_whole(n).replace("by: x", "by: aa, note: x")
}

/// One share stated on `n` days while the toll still grows, beside two figures that clash with it on the last.
pub fn one_share_on_many_days(n: usize) -> String {
    let day = |i: usize| format!("{}-{:02}-{:02}", 2026 + i / 336, 1 + i / 28 % 12, 1 + i % 28);
    let shares = lines(n, |i| {
        format!(
            "  d{i}: {{ by: aa, about: raid, measure: killed, of: civilians, value: half of people, as-of: {}, at: p1 }}\n",
            day(i + 60)
        )
    });
    let figures = format!(
        "  t: {{ by: bb, about: raid, measure: killed, value: 100, as-of: {0}, at: p1 }}\n  \
         c: {{ by: bb, about: raid, measure: killed, of: civilians, value: 90, as-of: {0}, at: p1 }}\n",
        day(n + 59)
    );
    file(RISING_EVENT, &[figures.as_str(), &shares].concat())
        .replace("published: 2026-04-02", "published: 2046-04-02")
}

/// `n` years whose changes two parties state, one forwards and one backwards, with figures of a third.
pub fn changes_both_ways(n: usize) -> String {
    let claims = lines(n, |i| {
        format!(
            "  c{i}: {{ by: aa, about: fires, measure: killed, during: {}, value: +1% on {}, at: p1 }}\n  \
             d{i}: {{ by: bb, about: fires, measure: killed, during: {}, value: -2% on {}, at: p1 }}\n  \
             k{i}: {{ by: pp, about: fires, measure: killed, during: {}, value: {}, at: p1 }}\n",
            1001 + i,
            1000 + i,
            1000 + i,
            1001 + i,
            1000 + i,
            1000 + 10 * i
        )
    });
    file(SERIES, &claims)
}

/// A long series of changes in which each of ten parties has its own chain of `n` / 10 years, and its own figure at
/// each end.
pub fn chains_of_ten_parties(n: usize) -> String {
    let years = n.div_ceil(10);
    let claims = lines(10, |party| {
        let steps = lines(years, |i| {
            format!(
                "  c{party}-{i}: {{ by: x{party}, about: fires, measure: killed, during: {}, value: +{party}% on {}, at: p1 }}\n",
                1001 + i,
                1000 + i
            )
        });
        format!(
            "{steps}  y{party}: {{ by: x{party}, about: fires, measure: killed, during: 1000, value: {}, at: p1 }}\n  \
             z{party}: {{ by: x{party}, about: fires, measure: killed, during: {}, value: {}, at: p1 }}\n",
            100 + party,
            1000 + years,
            200 + party
        )
    });
    file_with_parties(10, SERIES, &claims)
}

/// `n` groups of claims without connection, each a small clash of shares.
pub fn many_small_clashes(n: usize) -> String {
    let events = lines(n, |i| format!("  e{i}: {{ name: Strike {i} at A{i}, date: 2026-02-22 }}\n"));
    let claims = lines(n, |i| {
        format!(
            "  d{i}: {{ by: aa, about: e{i}, measure: killed, of: civilians, value: half of people, at: p1 }}\n  \
             k{i}: {{ by: bb, about: e{i}, measure: killed, value: 100, at: p1 }}\n  \
             l{i}: {{ by: bb, about: e{i}, measure: killed, of: civilians, value: 80, at: p1 }}\n"
        )
    });
    file(&[EVENT, &events].concat(), &claims)
}

/// `n` / 40 groups of claims without connection, each hard to search: populations in a chain, by shares that clash.
pub fn many_hard_groups(n: usize) -> String {
    let groups = n.div_ceil(40);
    let populations = lines(40, |i| match i {
        0 => "  q0: { part-of: people }\n".to_owned(),
        _ => format!("  q{i}: {{ part-of: q{} }}\n", i - 1),
    });
    let events = lines(groups, |i| format!("  e{i}: {{ name: Strike {i} at A{i}, date: 2026-02-22 }}\n"));
    let claims = lines(groups, |group| {
        let shares = lines(40, |i| {
            let of = if i == 0 { "people".to_owned() } else { format!("q{}", i - 1) };
            format!(
                "  d{group}-{i}: {{ by: aa, about: e{group}, measure: killed, of: q{i}, value: half of {of}, at: p1 }}\n"
            )
        });
        format!(
            "{shares}  f{group}: {{ by: bb, about: e{group}, measure: killed, value: 1000, at: p1 }}\n  \
             g{group}: {{ by: bb, about: e{group}, measure: killed, of: q39, value: 900, at: p1 }}\n"
        )
    });
    file(&format!("{EVENT}{events}populations:\n{populations}"), &claims)
}

/// A series in which each of `n` years states its change on the year before, and has a figure that clashes with
/// it.
pub fn yearly_changes(n: usize) -> String {
    let claims = lines(n, |i| {
        format!(
            "  c{i}: {{ by: aa, about: fires, measure: killed, during: {}, value: +1% on {}, at: p1 }}\n  \
             k{i}: {{ by: bb, about: fires, measure: killed, during: {}, value: {}, at: p1 }}\n",
            1001 + i,
            1000 + i,
            1001 + i,
            10 + i
        )
    });
    let first = "  z: { by: aa, about: fires, measure: killed, during: 1000, value: 10, at: p1 }\n";
    file(SERIES, &[first, &claims].concat())
}

/// `n` years, each with a change on the first year and a figure; every fifth figure clashes.
pub fn changes_on_one_base(n: usize) -> String {
    let claims = lines(n, |i| {
        format!(
            "  c{i}: {{ by: aa, about: fires, measure: killed, during: {}, value: +{}% on 1000, at: p1 }}\n  \
             k{i}: {{ by: bb, about: fires, measure: killed, during: {}, value: {}, at: p1 }}\n",
            1001 + i,
            i % 90,
            1001 + i,
            1000 + i % 90 * 10 + if i % 5 == 0 { 40 } else { 0 },
        )
    });
    let first = "  z: { by: aa, about: fires, measure: killed, during: 1000, value: 1000, at: p1 }\n";
    file(SERIES, &[first, &claims].concat())
}

/// `n` parties each state a different change for one year on the year before.
pub fn different_changes_on_one_base(n: usize) -> String {
    let claims = lines(n, |i| {
        format!(
            "  c{i}: {{ by: x{i}, about: fires, measure: killed, during: 2021, value: +{}.{}% on 2020, at: p1 }}\n",
            i / 10 % 90,
            i % 10
        )
    });
    let figures = "  y: { by: aa, about: fires, measure: killed, during: 2020, value: 1000, at: p1 }
  z: { by: bb, about: fires, measure: killed, during: 2021, value: 1020, at: p1 }
";
    file_with_parties(n, SERIES, &[figures, &claims].concat())
}

/// A circle of `n` years, each stated as 1% above the one before and the first as 1% above the last: no figure above
/// zero fits.
pub fn changes_in_a_circle(n: usize) -> String {
    let claims = lines(n, |i| {
        format!(
            "  c{i}: {{ by: aa, about: fires, measure: killed, during: {}, value: +1% on {}, at: p1 }}\n",
            1000 + (i + 1) % n,
            1000 + i
        )
    });
    let first = "  z: { by: bb, about: fires, measure: killed, during: 1000, value: 10, at: p1 }\n";
    file(SERIES, &[first, &claims].concat())
}

/// `n` months of a series with stated changes and the figures of two parties, who disagree now and then.
pub fn monthly_series(n: usize) -> String {
    let claims = lines(n, |i| {
        let (own, before) = (month(i + 1), month(i));
        let value = 1000 + i * 10;
        let other = if i % 12 == 0 { value + 300 } else { value };
        format!(
            "  c{i}: {{ by: aa, about: fires, measure: killed, during: {own}, value: +1% on {before}, at: p1 }}\n  \
             k{i}: {{ by: aa, about: fires, measure: killed, during: {own}, value: {value}, at: p1 }}\n  \
             l{i}: {{ by: bb, about: fires, measure: killed, during: {own}, value: {other}, at: p1 }}\n"
        )
    });
    file(SERIES, &claims)
}

/// `n` months of a series with changes, figures and shares that all fit.
pub fn monthly_series_without_a_clash(n: usize) -> String {
    let mut value = 100_000_i64;
    let mut claims = String::new();
    for i in 0..n {
        let (own, before) = (month(i + 1), month(i));
        let change = [2, -1, 3, -4, 1][i % 5];
        let next = value + value * change / 100;
        let _ = write!(
            claims,
            "  c{i}: {{ by: aa, about: fires, measure: killed, during: {own}, value: {change:+}% on {before}, at: p1 }}\n  \
             k{i}: {{ by: aa, about: fires, measure: killed, during: {own}, value: '{next}', at: p1 }}\n  \
             s{i}: {{ by: bb, about: fires, measure: killed, of: civilians, during: {own}, value: 40% of people, at: p1 }}\n  \
             l{i}: {{ by: bb, about: fires, measure: killed, of: civilians, during: {own}, value: '{}', at: p1 }}\n",
            next * 2 / 5
        );
        value = next;
    }
    file(SERIES, &claims)
}

/// `n` steps of 1% from 10 in the first year to 10 in the last: one clash of all of them.
pub fn clash_at_the_far_end(n: usize) -> String {
    let claims = lines(n, |i| {
        format!(
            "  c{i}: {{ by: aa, about: fires, measure: killed, during: {}, value: +1% on {}, at: p1 }}\n",
            1001 + i,
            1000 + i
        )
    });
    let ends = format!(
        "  y: {{ by: bb, about: fires, measure: killed, during: 1000, value: 10, at: p1 }}\n  \
         z: {{ by: bb, about: fires, measure: killed, during: {}, value: 10, at: p1 }}\n",
        1000 + n
    );
    file(SERIES, &[ends.as_str(), &claims].concat())
}

/// Two series linked by `beside`, each with `n` years of changes; the figures of every tenth year clash.
pub fn series_beside_each_other(n: usize) -> String {
    let definitions = "series:
  fires: { name: Fires, publisher: pp }
  blazes: { name: Blazes, publisher: aa, beside: [fires] }
";
    let claims = lines(n, |i| {
        let value = 1000 + 10 * i;
        format!(
            "  c{i}: {{ by: aa, about: fires, measure: killed, during: {}, value: +1% on {}, at: p1 }}\n  \
             k{i}: {{ by: aa, about: fires, measure: killed, during: {}, value: {value}, at: p1 }}\n  \
             l{i}: {{ by: aa, about: blazes, measure: killed, during: {}, value: {}, at: p1 }}\n",
            1001 + i,
            1000 + i,
            1001 + i,
            1001 + i,
            if i % 10 == 0 { value + 50 } else { value }
        )
    });
    file(definitions, &claims)
}

/// `n` parts of one event, each with a share of civilians and a figure; the sum of the parts passes the whole.
pub fn shares_across_parts(n: usize) -> String {
    let parts = lines(n, |i| format!("  e{i}: {{ name: Strike {i} at A{i}, part-of: raid }}\n"));
    let claims = lines(n, |i| {
        format!(
            "  d{i}: {{ by: aa, about: e{i}, measure: killed, of: civilians, value: half of people, at: p1 }}\n  \
             k{i}: {{ by: bb, about: e{i}, measure: killed, value: 10, at: p1 }}\n"
        )
    });
    let whole = format!(
        "  s: {{ by: aa, about: raid, measure: killed, of: civilians, value: 20% of people, at: p1 }}\n  \
         t: {{ by: bb, about: raid, measure: killed, value: {}, at: p1 }}\n",
        10 * n
    );
    file(&[EVENT, &parts].concat(), &[whole.as_str(), &claims].concat())
}

/// An event with `n` parts that are all of it, with figures for measures and populations that just fit.
pub fn complete_parts(n: usize) -> String {
    let parts = lines(n, |i| format!("  e{i}: {{ name: Strike {i} at A{i}, part-of: raid }}\n"));
    let claims = lines(n, |i| {
        format!(
            "  k{i}: {{ by: aa, about: e{i}, measure: killed, value: up to 10, at: p1 }}\n  \
             i{i}: {{ by: bb, about: e{i}, measure: injured, value: up to 20, at: p1 }}\n  \
             c{i}: {{ by: bb, about: e{i}, measure: killed, of: civilians, value: up to 6, at: p1 }}\n"
        )
    });
    let whole = format!(
        "  s: {{ by: aa, about: raid, measure: casualties, value: at least {}, at: p1 }}\n  \
         t: {{ by: bb, about: raid, measure: killed, of: civilians, value: at least {}, at: p1 }}\n",
        30 * n,
        6 * n
    );
    let event = EVENT.replace("parties:", "parts-complete: true, parties:");
    file(&[event.as_str(), &parts].concat(), &[whole.as_str(), &claims].concat())
}

/// `n` populations whose tolls still grow, each with a figure and a share of a day of its own.
pub fn shares_of_growing_tolls(n: usize) -> String {
    let populations = lines(n, |i| format!("  q{i}: {{ part-of: people }}\n"));
    let day = |i: usize| format!("{}-{:02}-{:02}", 2026 + i / 336, 1 + i / 28 % 12, 1 + i % 28);
    let claims = lines(n, |i| {
        let day = day(i + 60);
        format!(
            "  d{i}: {{ by: aa, about: raid, measure: killed, of: q{i}, value: half of people, as-of: {day}, at: p1 }}\n  \
             e{i}: {{ by: bb, about: raid, measure: killed, of: q{i}, value: {}, as-of: {day}, at: p1 }}\n  \
             t{i}: {{ by: bb, about: raid, measure: killed, value: {}, as-of: {day}, at: p1 }}\n",
            10 + i,
            20 + 2 * i
        )
    });
    let text = file(&format!("{RISING_EVENT}populations:\n{populations}"), &claims);
    text.replace("published: 2026-04-02", "published: 2046-04-02")
}
