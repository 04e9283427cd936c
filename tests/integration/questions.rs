//! Questions as sentences.

use gainsay::finding::Grade;

use crate::support::{analyse, workspace};

/// The questions that the claims answer, each as a sentence.
fn question_sentences(text: &str) -> Vec<String> {
    let workspace = workspace([("a.yaml", text)]);
    let analysis = analyse(&workspace);
    let errors = analysis.on_files().filter(|finding| finding.grade == Grade::Error);
    let errors: Vec<_> = errors.map(|finding| &finding.message).collect();
    assert!(errors.is_empty(), "{errors:?}");
    analysis.model.question_ids().map(|id| analysis.model.question_asked(id)).collect()
}

const HEAD: &str = "actors: { north: {}, paper: {} }\nevents: { raid: { date: 2026-02-22 } }\n\
                    propositions: { shelter: { name: North gives shelter } }\n\
                    series: { tally: { publisher: paper } }\n\
                    source: { id: paper-1, publisher: paper, published: 2026-06-01 }\n";

#[test]
fn built_in_measures_are_asked_in_sentences() {
    let claims = "claims:\n  a: { about: raid, measure: killed, value: 3, at: p1 }\n\
        \x20 b: { about: raid, measure: killed, of: militants, value: 1, at: p1 }\n\
        \x20 c: { about: raid, measure: responsible, value: north, at: p1 }\n\
        \x20 d: { about: raid, measure: occurred, value: yes, at: p1 }\n\
        \x20 e: { about: raid, measure: duration, value: two days, at: p1 }\n\
        \x20 f: { about: tally, measure: attacks, during: 2024, value: 20, at: p1 }\n\
        \x20 g: { by: north, about: shelter, measure: holds, value: no, at: p1 }\n";
    let mut asked = question_sentences(&format!("{HEAD}{claims}"));
    asked.sort();
    assert_eq!(
        asked,
        [
            "Did it happen?",
            "How long did it last?",
            "How many attacks were there in 2024?",
            "How many militants were killed?",
            "How many people were killed?",
            "Is it true?",
            "Who was responsible?",
        ]
    );
}

#[test]
fn measure_is_asked_by_its_own_words_or_its_name() {
    let text = "measures:\n  attended: { type: count, counts: people, asks: \"how many {people} attended?\" }\n\
        \x20 wounded: { type: count, counts: people }\n  fled: { type: count, counts: people, asks: how many fled }\n\
        \x20 height: { name: how tall it was, type: amount }\n\
        claims:\n  a: { about: raid, measure: attended, of: women, value: 3, at: p1 }\n\
        \x20 b: { about: raid, measure: wounded, value: 3, at: p1 }\n\
        \x20 c: { about: raid, measure: wounded, of: women, value: 2, at: p1 }\n\
        \x20 d: { about: raid, measure: fled, of: women, value: 2, at: p1 }\n\
        \x20 e: { about: raid, measure: height, value: 2, at: p1 }\n";
    let mut asked = question_sentences(&format!("{HEAD}{text}"));
    asked.sort();
    assert_eq!(
        asked,
        [
            "How many fled, of women?",
            "How many women attended?",
            "How tall it was?",
            "Wounded, of women?",
            "Wounded?"
        ]
    );
}
