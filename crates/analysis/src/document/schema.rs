//! The JSON Schema of a claim file, generated from the table of keys.
//!
//! It checks shapes, words and the spelling of ids and dates, in any editor with the YAML language server. What ids
//! refer to and how figures are read depends on the whole workspace, so only `gainsay check` checks that. The schema is
//! draft 07, the newest version that all these editors support. Other tools ignore the extensions of that server:
//! `markdownDescription`, `defaultSnippets`, `enumDescriptions` and `patternErrorMessage`.

use serde_json::{Map, Value, json};

use super::shape::{self, Key, Shape, Takes, meanings};

const ID: &str = "[a-z0-9]+(-[a-z0-9]+)*";

/// The pattern of a date that is not a range.
const DATE: &str = "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?~?";

/// The JSON Schema (draft 07) of a claim file.
pub fn schema() -> Value {
    let mut schema = mapping_schema(&shape::FILE);
    let head = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "gainsay claim file, version 1",
    });
    extend(&mut schema, head);
    schema
}

fn extend(schema: &mut Value, more: Value) {
    if let (Value::Object(schema), Value::Object(more)) = (schema, more) {
        schema.extend(more);
    }
}

fn mapping_schema(shape: &Shape) -> Value {
    let properties: Map<String, Value> =
        shape.keys.iter().map(|key| (key.name.to_owned(), key_schema(key))).collect();
    // A body without required keys may be empty: `kabul:` defines an actor without further details.
    let kind = if requires(shape) { json!("object") } else { json!(["object", "null"]) };
    let mut schema = json!({
        "type": kind,
        "title": shape.name,
        "description": shape.doc,
        "additionalProperties": false,
        "properties": properties,
    });
    extend(&mut schema, required(shape));
    schema
}

fn requires(shape: &Shape) -> bool {
    required(shape).as_object().is_some_and(|rules| !rules.is_empty())
}

/// The required keys of a mapping.
fn required(shape: &Shape) -> Value {
    match shape.name {
        "a source" => json!({ "required": ["id", "publisher", "published"] }),
        "a review" => json!({ "required": ["question", "verdict"] }),
        "a claim" => {
            let answers = ["about", "measure", "value", "of", "during", "stance"];
            let refused = answers.map(|key| (key.to_owned(), json!(false)));
            json!({
                "if": { "anyOf": has_response() },
                "then": { "properties": Map::from_iter(refused) },
                "else": { "required": ["about", "measure"] },
            })
        }
        _ => json!({}),
    }
}

fn has_response() -> Value {
    json!([{ "required": ["denies"] }, { "required": ["confirms"] }, { "required": ["declines"] }])
}

fn key_schema(key: &Key) -> Value {
    let mut schema = value_schema(key.takes);
    if key.name == "asks" {
        extend(
            &mut schema,
            json!({
                "pattern": "^([^{]|\\{people\\})*$",
                "patternErrorMessage": "the only placeholder is {people}, for the population",
            }),
        );
    }
    let markdown = format!("{}\n\n```yaml\n{}: {}\n```", key.doc, key.name, key.example);
    extend(&mut schema, json!({ "description": key.doc, "markdownDescription": markdown }));
    schema
}

fn value_schema(takes: Takes) -> Value {
    let scalar = json!({ "type": ["string", "number", "boolean"] });
    match takes {
        Takes::Text => scalar,
        Takes::Id(kind) => id_schema(kind),
        Takes::Date => date_schema(),
        Takes::Ids(kind) => one_or_list(&id_schema(kind)),
        Takes::Texts | Takes::Value => one_or_list(&scalar),
        Takes::Flag => json!({ "enum": [true, false, "yes", "no"] }),
        Takes::Word(words) => word_schema(words),
        Takes::Words(words) => one_or_list(&word_schema(words)),
        Takes::Locator => json!({
            "type": "string",
            "pattern": "^(p[0-9]+(-[0-9]+)?|([0-9]+:)?[0-9]+:[0-9]+)$",
            "patternErrorMessage": "a place in a source is written like p12, p3-4 or 00:12:40",
        }),
        Takes::Entries(shape) if shape.is(&shape::WORD) => {
            json!({ "type": "object", "additionalProperties": mapping_schema(shape) })
        }
        Takes::Entries(shape) => entries_schema(shape),
        Takes::One(shape) => with_snippet(mapping_schema(shape), shape, false),
        Takes::Lines(_) => json!({ "type": "object", "additionalProperties": scalar }),
        Takes::Grades(words) => json!({ "type": "object", "additionalProperties": word_schema(words) }),
    }
}

fn entries_schema(shape: &Shape) -> Value {
    let entries = json!({
        "type": ["object", "null"],
        "propertyNames": {
            "pattern": format!("^{ID}$"),
            "patternErrorMessage": "an id is lower-case words joined by hyphens",
        },
        "additionalProperties": mapping_schema(shape),
    });
    with_snippet(entries, shape, true)
}

/// Adds a snippet with the usual keys of a new entry or section. The keys have no example values: if nobody replaced
/// an example, it would become a claim that nobody made.
fn with_snippet(mut schema: Value, shape: &Shape, is_entry: bool) -> Value {
    let keys: &[&str] = match shape.name {
        "a claim" => &["by", "about", "measure", "of", "value", "at"],
        "a source" => &["id", "publisher", "published", "title", "url"],
        "an actor" => &["name", "kind"],
        "an event" => &["name", "date", "place", "parties"],
        _ => return schema,
    };
    let indent = if is_entry { "  " } else { "" };
    let line = |(at, key): (usize, &&str)| format!("{indent}{key}: ${}", at + 1 + usize::from(is_entry));
    let id = is_entry.then(|| "${1:id}:".to_owned());
    let lines: Vec<String> = id.into_iter().chain(keys.iter().enumerate().map(line)).collect();
    let text = lines.join("\n");
    let snippet =
        json!({ "label": format!("new: {}", shape.name), "description": shape.doc, "bodyText": text });
    extend(&mut schema, json!({ "defaultSnippets": [snippet] }));
    schema
}

/// The pattern of an id. A claim of another source is `SOURCE/CLAIM`, a question consists of ids and a period.
fn id_schema(kind: &str) -> Value {
    let (pattern, message) = match kind {
        "claims" => (
            format!("^\\s*{ID}(/{ID})*(@\\S+)?\\s*$"),
            "a claim is named like raid-militants or the-paper-2026-04-02/raid-militants",
        ),
        _ => (format!("^\\s*({ID}/)?{ID}\\s*$"), "an id is lower-case words joined by hyphens"),
    };
    json!({ "type": ["string", "number", "boolean"], "pattern": pattern, "patternErrorMessage": message })
}

fn date_schema() -> Value {
    json!({
        "type": ["string", "number"],
        "pattern": format!("^\\s*({DATE}|(\\.\\.|{DATE})/(\\.\\.|{DATE}))\\s*$"),
        "patternErrorMessage":
            "a date is written like 2026-02-22, 2026-02 or 2026; join two by / for a range, write .. for an open end, add ~ if approximate",
    })
}

fn word_schema(words: &[&str]) -> Value {
    json!({ "enum": words, "enumDescriptions": meanings(words) })
}

fn one_or_list(item: &Value) -> Value {
    json!({ "anyOf": [item, { "type": "array", "items": item }] })
}
