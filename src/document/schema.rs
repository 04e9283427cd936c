//! The JSON Schema of a claim file, made from the table of keys.
//!
//! It checks shapes and words, as any editor that speaks the YAML language server can; ids, figures and
//! dates need the whole workspace and stay with `gainsay check`.

use serde_json::{Map, Value, json};

use super::shape::{self, Key, Shape, Takes};

const ID: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";

/// The JSON Schema (2020-12) of a claim file.
pub fn schema() -> Value {
    let mut schema = mapping(&shape::FILE);
    let head = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "gainsay claim file, version 1",
    });
    if let (Value::Object(schema), Value::Object(head)) = (&mut schema, head) {
        schema.extend(head);
    }
    schema
}

fn mapping(shape: &Shape) -> Value {
    let properties: Map<String, Value> =
        shape.keys.iter().map(|key| (key.name.to_owned(), described(key))).collect();
    let mut schema = json!({
        "type": "object",
        "description": shape.doc,
        "additionalProperties": false,
        "properties": properties,
    });
    let rules = required(shape);
    if let (Value::Object(schema), Value::Object(rules)) = (&mut schema, rules) {
        schema.extend(rules);
    }
    schema
}

/// What a mapping cannot do without.
fn required(shape: &Shape) -> Value {
    match shape.name {
        "a source" => json!({ "required": ["id", "publisher", "published"] }),
        "a review" => json!({ "required": ["question", "verdict"] }),
        "a claim" => json!({
            "oneOf": [
                { "required": ["about", "measure"],
                  "not": { "anyOf": responses() } },
                { "anyOf": responses(),
                  "not": { "anyOf": [
                      { "required": ["about"] }, { "required": ["measure"] }, { "required": ["value"] },
                      { "required": ["of"] }, { "required": ["during"] }, { "required": ["stance"] },
                  ] } },
            ],
        }),
        _ => json!({}),
    }
}

fn responses() -> Value {
    json!([{ "required": ["denies"] }, { "required": ["confirms"] }, { "required": ["declines"] }])
}

fn described(key: &Key) -> Value {
    let mut schema = takes(key.takes);
    if let Value::Object(schema) = &mut schema {
        schema.insert("description".into(), key.doc.into());
    }
    schema
}

fn takes(takes: Takes) -> Value {
    let scalar = json!({ "type": ["string", "number", "boolean"] });
    match takes {
        Takes::Text | Takes::Id(_) | Takes::Date => scalar,
        Takes::Ids(_) | Takes::Texts | Takes::Value => one_or_list(&scalar),
        Takes::Flag => json!({ "enum": [true, false, "yes", "no"] }),
        Takes::Word(words) => json!({ "enum": words }),
        Takes::Words(words) => one_or_list(&json!({ "enum": words })),
        Takes::Locator => {
            json!({ "type": "string", "pattern": "^(p[0-9]+(-[0-9]+)?|([0-9]+:)?[0-9]+:[0-9]+)$" })
        }
        Takes::Entries(shape) if shape.name == shape::WORD.name => {
            json!({ "type": "object", "additionalProperties": mapping(shape) })
        }
        Takes::Entries(shape) => json!({
            "type": ["object", "null"],
            "propertyNames": { "pattern": ID },
            "additionalProperties": nullable(&mapping(shape)),
        }),
        Takes::One(shape) => mapping(shape),
        Takes::Lines(_) => json!({ "type": "object", "additionalProperties": scalar }),
        Takes::Grades(words) => json!({ "type": "object", "additionalProperties": { "enum": words } }),
    }
}

fn one_or_list(item: &Value) -> Value {
    json!({ "anyOf": [item, { "type": "array", "items": item }] })
}

/// A body may be left empty: `kabul:` names an actor about whom nothing else is said.
fn nullable(schema: &Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}
