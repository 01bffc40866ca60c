//! A reader of JSON Schemas that knows the keywords the published contracts use, and no others.

use serde_json::Value;

/// Keywords that say something to people and nothing about a value.
const NOTES: &[&str] = &[
    "$defs",
    "$schema",
    "default",
    "description",
    "examples",
    "format",
    "title",
];

/// The pattern of a decimal number.
const DECIMAL: &str = r"^-?[0-9]+(\.[0-9]+)?$";

/// What in `value` is not as `schema` says; empty when everything is.
pub(crate) fn breaches(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    Reader { root: schema }.check(schema, value, "", &mut found);
    found
}

struct Reader<'a> {
    root: &'a Value,
}

impl Reader<'_> {
    fn check(&self, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
        let keywords = match schema {
            Value::Bool(true) => return,
            Value::Object(keywords) => keywords,
            _ => return found.push(format!("{at}: nothing is allowed here")),
        };
        for (keyword, rule) in keywords {
            if NOTES.contains(&keyword.as_str()) {
                continue;
            }
            if !self.holds(keywords, keyword, rule, value, at, found) {
                found.push(format!("{at}: {value} against {keyword} {rule}"));
            }
        }
    }

    fn holds(
        &self,
        schema: &serde_json::Map<String, Value>,
        keyword: &str,
        rule: &Value,
        value: &Value,
        at: &str,
        found: &mut Vec<String>,
    ) -> bool {
        match keyword {
            "$ref" => {
                let pointer = rule.as_str().unwrap().trim_start_matches('#');
                let target = self.root.pointer(pointer).expect("a definition");
                self.check(target, value, at, found);
                true
            }
            "type" => each(rule).any(|kind| is_a(value, kind.as_str().unwrap())),
            "enum" => rule.as_array().unwrap().contains(value),
            "const" => rule == value,
            "required" => value.as_object().is_none_or(|members| {
                let names = rule.as_array().unwrap();
                names
                    .iter()
                    .all(|name| members.contains_key(name.as_str().unwrap()))
            }),
            "properties" => {
                for (name, member) in rule.as_object().unwrap() {
                    if let Some(value) = value.get(name) {
                        self.check(member, value, &format!("{at}/{name}"), found);
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = schema.get("properties").and_then(Value::as_object);
                let members = value.as_object().into_iter().flatten();
                for (name, value) in members {
                    if known.is_none_or(|known| !known.contains_key(name)) {
                        self.check(rule, value, &format!("{at}/{name}"), found);
                    }
                }
                true
            }
            "items" => {
                let after = schema.get("prefixItems").and_then(Value::as_array);
                let after = after.map_or(0, Vec::len);
                for item in value.as_array().into_iter().flatten().skip(after) {
                    self.check(rule, item, &format!("{at}/-"), found);
                }
                true
            }
            "prefixItems" => {
                let items = value.as_array().into_iter().flatten();
                for (rule, item) in rule.as_array().unwrap().iter().zip(items) {
                    self.check(rule, item, &format!("{at}/-"), found);
                }
                true
            }
            "oneOf" => self.fitting(rule, value) == 1,
            "anyOf" => self.fitting(rule, value) > 0,
            "allOf" => self.fitting(rule, value) == rule.as_array().unwrap().len(),
            "minimum" => value.as_f64().is_none_or(|n| n >= rule.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|n| n <= rule.as_f64().unwrap()),
            "minItems" => length(value) >= rule.as_u64().unwrap(),
            "maxItems" => length(value) <= rule.as_u64().unwrap(),
            "minLength" => value
                .as_str()
                .is_none_or(|t| t.len() as u64 >= rule.as_u64().unwrap()),
            "maxLength" => value
                .as_str()
                .is_none_or(|t| t.len() as u64 <= rule.as_u64().unwrap()),
            "pattern" => {
                assert_eq!(rule, DECIMAL, "the only pattern the contracts use");
                value.as_str().is_none_or(is_decimal)
            }
            _ => panic!("the checker does not know {keyword} {rule} at {at}"),
        }
    }

    fn fitting(&self, rules: &Value, value: &Value) -> usize {
        let fits = |rule: &&Value| {
            let mut found = Vec::new();
            self.check(rule, value, "", &mut found);
            found.is_empty()
        };
        rules.as_array().unwrap().iter().filter(fits).count()
    }
}

fn each(rule: &Value) -> impl Iterator<Item = &Value> {
    rule.as_array()
        .map_or(std::slice::from_ref(rule), Vec::as_slice)
        .iter()
}

fn is_decimal(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let positive = text.strip_prefix('-').unwrap_or(text);
    match positive.split_once('.') {
        Some((whole, rest)) => digits(whole) && digits(rest),
        None => digits(positive),
    }
}

fn length(value: &Value) -> u64 {
    value.as_array().map_or(0, Vec::len) as u64
}

fn is_a(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        _ => panic!("no type {kind}"),
    }
}

#[test]
fn the_reader_finds_what_is_wrong() {
    let schema = serde_json::json!({
        "type": "object", "required": ["a"], "additionalProperties": false,
        "properties": {
            "a": { "$ref": "#/$defs/word" },
            "b": { "anyOf": [{ "type": "null" }, { "type": "array", "items": { "type": "integer" } }] },
        },
        "$defs": { "word": { "oneOf": [{ "const": "x" }, { "enum": ["y", "z"] }] } },
    });
    let cases = [
        (serde_json::json!({ "a": "x", "b": null }), 0),
        (serde_json::json!({ "a": "y", "b": [1, 2] }), 0),
        (serde_json::json!({ "b": null }), 1),
        (serde_json::json!({ "a": "w" }), 1),
        (serde_json::json!({ "a": "x", "b": [1, "2"] }), 1),
        (serde_json::json!({ "a": "x", "c": 1 }), 1),
        (serde_json::json!([]), 1),
    ];
    for (value, wrong) in cases {
        assert_eq!(breaches(&schema, &value).len(), wrong, "{value}");
    }
}
