//! Texts with a cursor, and the context that is found.

use std::fmt::Write as _;

use super::*;

/// Describes the context at the `|` of a text.
fn describe(marked: &str) -> String {
    let byte = marked.find('|').expect("a cursor");
    let text = format!("{}{}", &marked[..byte], &marked[byte + 1..]);
    let cursor = TextCursor::at(&text, byte);
    let mut context = match cursor.context {
        CursorContext::Nothing => return "nothing".to_owned(),
        CursorContext::Key(shape) => format!("key of {}", shape.name),
        CursorContext::Id(shape) => format!("id of {}", shape.name),
        CursorContext::Value(key) => format!("value of {}", key.name),
        CursorContext::NamedKey(key) => format!("name in {}", key.name),
        CursorContext::NamedValue(key) => format!("of a name in {}", key.name),
    };
    if !cursor.path.is_empty() {
        _ = write!(context, " at {}", cursor.path.join("/"));
    }
    if !cursor.text().is_empty() {
        _ = write!(context, " `{}`", cursor.text());
    }
    let others: Vec<String> = cursor
        .fields
        .iter()
        .map(|field| match &field.value {
            Some(value) => format!("{}={value}", field.key),
            None => field.key.to_string(),
        })
        .collect();
    if !others.is_empty() {
        _ = write!(context, " beside {}", others.join(" "));
    }
    for (is, mark) in
        [(cursor.is_flow, " flow"), (cursor.word.is_quoted, " quoted"), (cursor.word.has_colon, " colon")]
    {
        if is {
            context += mark;
        }
    }
    if !cursor.word.lead.is_empty() {
        _ = write!(context, " after {:?}", cursor.word.lead);
    }
    context
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn cursor_in_half_written_texts() {
    let mut other = Vec::new();
    for (marked, wanted) in [
        ("|", "key of a claim file"),
        ("cla|", "key of a claim file `cla`"),
        ("actors: {}\ncla|\nreviews:\n", "key of a claim file `cla` beside actors reviews"),
        ("actors: {}\n|", "key of a claim file beside actors"),
        ("claims:\n  |", "id of a claim at claims"),
        ("claims:\n  toll:\n    by: x\n  |\n", "id of a claim at claims beside toll"),
        ("claims:\n  toll:\n    by: x\n|\n", "key of a claim file beside claims"),
        ("claims:\n  toll:\n    |\n", "key of a claim at claims/toll"),
        ("claims:\n  toll:\n    b|\n", "key of a claim at claims/toll `b`"),
        ("claims:\n  toll:\n    b|\n    about: y\n", "key of a claim at claims/toll `b` beside about=y"),
        ("claims:\n  toll:\n    |\n    about: y\n", "key of a claim at claims/toll beside about=y"),
        (
            "claims:\n  toll:\n    by: x\n    |\n    about: y\n  z:\n",
            "key of a claim at claims/toll beside by=x about=y",
        ),
        ("claims:\n  toll:\n    by: x\n    m|\n", "key of a claim at claims/toll `m` beside by=x"),
        (
            "claims:\n  toll:\n    b|y: x\n    at: p2\n",
            "key of a claim at claims/toll/by `by` beside at=p2 colon",
        ),
        ("claims:\n  toll:\n    by: |\n", "value of by at claims/toll/by beside by"),
        ("claims:\n  toll:\n    by:|\n", "value of by at claims/toll/by beside by after \" \""),
        ("claims:\n  toll:\n    by: isl|\n", "value of by at claims/toll/by `isl` beside by=isl"),
        ("claims:\n  toll:\n    by: is|lam\n", "value of by at claims/toll/by `islam` beside by=islam"),
        (
            "claims:\n  toll:\n    by: x\n    value: at least |\n",
            "value of value at claims/toll/value `at least ` beside by=x value=at least",
        ),
        ("claims:\n  toll:\n    by:\n      |\n    at: p2\n", "value of by at claims/toll/by beside by at=p2"),
        ("claims:\n  toll:\n    by: \"isl|\"\n", "value of by at claims/toll/by `isl` beside by=isl quoted"),
        (
            "claims:\n  toll:\n    by: \"isl|\n    at: p2\n",
            "value of by at claims/toll/by `isl` beside by=isl at=p2 quoted",
        ),
        ("claims:\n  toll: { by: isl| }\n", "value of by at claims/toll/by `isl` beside by=isl flow"),
        (
            "claims:\n  toll: { by: isl|\n  next: { by: y }\n",
            "value of by at claims/toll/by `isl` beside by=isl flow",
        ),
        (
            "claims:\n  toll: { by: x, |\n  next: { by: y }\n",
            "key of a claim at claims/toll beside by=x flow",
        ),
        (
            "claims:\n  toll: { by: x, a|, measure: killed }\n",
            "key of a claim at claims/toll `a` beside by=x measure=killed flow",
        ),
        ("claims:\n  toll: {|}\n", "key of a claim at claims/toll flow"),
        ("claims:\n  toll: { by:| }\n", "value of by at claims/toll/by beside by flow after \" \""),
        ("claims:\n  toll: { by: | }\n", "value of by at claims/toll/by beside by flow"),
        ("claims:\n  toll: { by: |, at: p2 }\n", "value of by at claims/toll/by beside by at=p2 flow"),
        (
            "claims:\n  toll: { via: [a, b|], at: p2 }\n",
            "value of via at claims/toll/via `b` beside via at=p2 flow",
        ),
        ("claims:\n  toll: { via: [|\n", "value of via at claims/toll/via beside via flow"),
        ("claims:\n  toll: { via: [a, |\n  no: {}\n", "value of via at claims/toll/via beside via flow"),
        (
            "claims:\n  toll: { by: x,\n    |\n    at: p2 }\n",
            "key of a claim at claims/toll beside by=x at=p2 flow",
        ),
        ("claims:\n  toll: { by: x,\n  |\n", "id of a claim at claims beside toll"),
        ("claims: {\n  toll: { by: | },\n}\n", "value of by at claims/toll/by beside by flow"),
        ("{ claims: { toll: { by: | } } }", "value of by at claims/toll/by beside by flow"),
        (
            "claims:\n  toll:\n    via:\n      - a|\n    at: p2\n",
            "value of via at claims/toll/via `a` beside via at=p2",
        ),
        ("claims:\n  toll:\n    via:\n      - a\n      - |\n", "value of via at claims/toll/via beside via"),
        (
            "claims:\n  toll:\n    via:\n    - a\n    -|\n",
            "value of via at claims/toll/via beside via after \" \"",
        ),
        (
            "claims:\n  toll:\n    via:\n      - a\n      |\n",
            "value of via at claims/toll/via beside via after \"- \"",
        ),
        ("claims:\n  toll: # |\n", "nothing"),
        ("claims:\n  # |\n  toll: {}\n", "nothing"),
        ("claims:\n  toll:\n    note: |\n".replace("note: |", "note: >\n      by: |").as_str(), "nothing"),
        ("claims:\n  toll:\n    note: a\n      b|\n", "nothing"),
        ("claims:\n  toll:\n    note: a\n      |\n", "nothing"),
        ("claims:\n  toll:\n    by: x # y|\n", "nothing"),
        ("claims:\n  toll:\n    by: 'x' |\n", "nothing"),
        (
            "claims:\n  toll:\n    words: \"a: {\"\n    b|\n",
            "key of a claim at claims/toll `b` beside words=a: {",
        ),
        ("claims:\r\n  toll:\r\n    by: x\r\n    |\r\n", "key of a claim at claims/toll beside by=x"),
        ("source:\n  |\n", "key of a source at source"),
        (
            "source: { id: x, publisher: | }\n",
            "value of publisher at source/publisher beside id=x publisher flow",
        ),
        ("settings:\n  grades:\n    |\n", "name in grades at settings/grades"),
        (
            "settings: { grades: { rounding: | } }\n",
            "of a name in grades at settings/grades/rounding beside grades flow",
        ),
        (
            "settings:\n  words:\n    dozens:\n      |\n",
            "key of the ranges of a word at settings/words/dozens",
        ),
        ("reviews:\n  r:\n    saw:\n      a/b: 80\n      |\n", "name in saw at reviews/r/saw beside a/b=80"),
        ("nonsense:\n  x: |\n", "nothing"),
        ("claims:\n  toll:\n    é: 1\n    by: Ü|\n", "value of by at claims/toll/by `Ü` beside é=1 by=Ü"),
    ] {
        let found = describe(marked);
        if found != wanted {
            other.push((marked.to_owned(), wanted, found));
        }
    }
    assert!(other.is_empty(), "{other:#?}");
}

proptest::proptest! {
    #[test]
    fn cursor_in_any_text_does_not_panic(text in r#"(claims|toll|by|a|é|x: |: |:|- |-|[{}\[\],"'#|>]| |  |\n|\r\n|	){0,60}"#) {
        for byte in (0..=text.len()).filter(|&byte| text.is_char_boundary(byte)) {
            let cursor = TextCursor::at(&text, byte);
            let span = cursor.span().range();
            assert!(text.get(span.clone()).is_some(), "{span:?} of {text:?}");
            if !matches!(cursor.context, CursorContext::Nothing) {
                assert!(span.start <= byte && byte <= span.end, "{span:?} at {byte} of {text:?}");
                assert!(!cursor.text().contains('\n'), "{text:?}");
            }
            cursor.typed();
            cursor.is_alone();
        }
    }
}
