//! V8's words for messages of the engine whose arguments it has in another form; `rewording` asks for them.

use mozjs::jsapi::JSErrNum as N;

/// The object of an operation, as V8's messages show it, and what else they depend on.
pub(crate) struct Subject {
    pub(crate) kind: &'static str,
    pub(crate) text: String,
    pub(crate) index: Option<u32>,
    pub(crate) extensible: bool,
}

const READ_ONLY: u32 = N::JSMSG_READ_ONLY as u32;
const CANT_DELETE: u32 = N::JSMSG_CANT_DELETE as u32;
const GETTER_ONLY: u32 = N::JSMSG_GETTER_ONLY as u32;
const NOT_EXTENSIBLE: u32 = N::JSMSG_CANT_DEFINE_PROP_OBJECT_NOT_EXTENSIBLE as u32;
const CANT_REDEFINE: u32 = N::JSMSG_CANT_REDEFINE_PROP as u32;
const IN_STRING: u32 = N::JSMSG_IN_STRING as u32;
const IN_NOT_OBJECT: u32 = N::JSMSG_IN_NOT_OBJECT as u32;
const PAST_LENGTH: u32 = N::JSMSG_CANT_DEFINE_PAST_ARRAY_LENGTH as u32;

const CANT_CONVERT: u32 = N::JSMSG_CANT_CONVERT_TO as u32;
const PRIMITIVE_OBJECT: u32 = N::JSMSG_TOPRIMITIVE_RETURNED_OBJECT as u32;
const PROXY_DEFINE: u32 = N::JSMSG_PROXY_DEFINE_RETURNED_FALSE as u32;
const PROXY_DELETE: u32 = N::JSMSG_PROXY_DELETE_RETURNED_FALSE as u32;
const PROXY_GET_OWN: u32 = N::JSMSG_PROXY_GETOWN_OBJORUNDEF as u32;
const PROXY_SET: u32 = N::JSMSG_PROXY_SET_RETURNED_FALSE as u32;
const OBJECT_REQUIRED: u32 = N::JSMSG_OBJECT_REQUIRED_ARG as u32;
const PRIMITIVE_RECEIVER: u32 = N::JSMSG_SET_NON_OBJECT_RECEIVER as u32;
const INCOMPATIBLE: u32 = N::JSMSG_INCOMPATIBLE_PROTO as u32;
const LANGUAGE_TAG: u32 = N::JSMSG_INVALID_LANGUAGE_TAG as u32;

/// Whether [`words`] may have others for a message.
pub(crate) fn is_reworded(number: u32) -> bool {
    matches!(
        number,
        READ_ONLY
            | CANT_DELETE
            | GETTER_ONLY
            | NOT_EXTENSIBLE
            | CANT_REDEFINE
            | IN_STRING
            | IN_NOT_OBJECT
            | CANT_CONVERT
            | PRIMITIVE_OBJECT
            | PROXY_DEFINE
            | PROXY_DELETE
            | PROXY_GET_OWN
            | PROXY_SET
            | OBJECT_REQUIRED
            | PRIMITIVE_RECEIVER
            | INCOMPATIBLE
            | LANGUAGE_TAG
            | PAST_LENGTH
    )
}

/// V8's words for the engine's message.
pub(crate) fn words(number: u32, message: &str, subject: Option<&Subject>) -> Option<String> {
    match number {
        PAST_LENGTH => {
            let subject = subject?;
            Some(match subject.index {
                Some(index) if !subject.extensible => format!("Cannot add property {index}, object is not extensible"),
                _ => format!("Cannot assign to read only property 'length' of object '{}'", subject.text),
            })
        }
        CANT_CONVERT => {
            let (value, target) = message.strip_prefix("can't convert ")?.rsplit_once(" to ")?;
            let is_primitive = matches!(target, "number" | "primitive type" | "string");
            (is_primitive && !matches!(value, "null" | "undefined") && !value.starts_with("Temporal."))
                .then(|| "Cannot convert object to primitive value".to_owned())
        }
        PRIMITIVE_OBJECT => Some("Cannot convert object to primitive value".to_owned()),
        OBJECT_REQUIRED => {
            let (_, rest) = message.split_once(" argument of ")?;
            let (function, _) = rest.split_once(" must be an object")?;
            match function {
                "Proxy" => Some("Cannot create proxy with a non-object as target or handler".to_owned()),
                _ if function.starts_with("Reflect.") => Some(format!("{function} called on non-object")),
                _ => None,
            }
        }
        PRIMITIVE_RECEIVER => {
            let name = quoted(message).into_iter().next()?;
            let (_, rest) = message.split_once(" on ")?;
            let value = rest.strip_suffix(": not an object")?;
            let (kind, value) = match value {
                "false" | "true" => ("boolean", value),
                _ if value.starts_with('"') => ("string", value.trim_matches('"')),
                _ if value.ends_with('n') && value != "NaN" => ("bigint", value.trim_end_matches('n')),
                _ if value == "NaN" || value.parse::<f64>().is_ok() => ("number", value),
                _ => return None,
            };
            Some(format!("Cannot create property '{name}' on {kind} '{value}'"))
        }
        INCOMPATIBLE => {
            let (method, receiver) = message.split_once(" called on incompatible ")?;
            matches!(receiver, "null" | "undefined").then(|| format!("{method} called on null or undefined"))
        }
        LANGUAGE_TAG => Some(format!("Invalid language tag: {}", quoted(message).first()?)),
        _ => words_of_names(number, message, subject),
    }
}

/// As [`words`], for messages whose arguments stand in quotes.
fn words_of_names(number: u32, message: &str, subject: Option<&Subject>) -> Option<String> {
    let names = quoted(message);
    let name = names.first()?;
    let (kind, text) = subject.map_or(("object", "#<Object>"), |subject| (subject.kind, &subject.text));
    Some(match number {
        READ_ONLY => format!("Cannot assign to read only property '{name}' of {kind} '{text}'"),
        CANT_DELETE => format!("Cannot delete property '{name}' of {text}"),
        GETTER_ONLY => format!("Cannot set property {name} of {text} which has only a getter"),
        NOT_EXTENSIBLE => format!("Cannot add property {name}, object is not extensible"),
        CANT_REDEFINE => format!("Cannot redefine property: {name}"),
        PROXY_DEFINE => format!("'defineProperty' on proxy: trap returned falsish for property '{name}'"),
        PROXY_DELETE => format!("'deleteProperty' on proxy: trap returned falsish for property '{name}'"),
        PROXY_GET_OWN => {
            format!(
                "'getOwnPropertyDescriptor' on proxy: trap returned neither object nor undefined for property '{name}'"
            )
        }
        PROXY_SET => format!("'set' on proxy: trap returned falsish for property '{name}'"),
        IN_STRING | IN_NOT_OBJECT => format!("Cannot use 'in' operator to search for '{name}' in {}", names.get(1)?),
        _ => return None,
    })
}

/// The arguments in a message: texts in double quotes, `Symbol("...")` without them, or numbers.
fn quoted(message: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = message;
    while let Some(start) = rest.find('"') {
        let is_symbol = rest[..start].ends_with("Symbol(");
        let mut text = String::new();
        let mut escaped = false;
        let mut end = None;
        for (at, character) in rest[start + 1..].char_indices() {
            match character {
                _ if escaped => {
                    text.push(character);
                    escaped = false;
                }
                '\\' => escaped = true,
                '"' => {
                    end = Some(start + 1 + at + 1);
                    break;
                }
                _ => text.push(character),
            }
        }
        found.push(if is_symbol { format!("Symbol({text})") } else { text });
        match end {
            Some(end) => rest = &rest[end..],
            None => break,
        }
    }
    if found.is_empty() {
        found.extend(message.split([' ', ':']).find(|word| word.parse::<u32>().is_ok()).map(str::to_owned));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{
        CANT_CONVERT, CANT_DELETE, CANT_REDEFINE, IN_STRING, INCOMPATIBLE, LANGUAGE_TAG, NOT_EXTENSIBLE,
        OBJECT_REQUIRED, PAST_LENGTH, PRIMITIVE_RECEIVER, PROXY_SET, READ_ONLY, Subject, words,
    };

    #[track_caller]
    fn check(number: u32, message: &str, want: Option<&str>) {
        assert_eq!(words(number, message, None).as_deref(), want, "{message}");
    }

    #[test]
    fn subjects() {
        let array = |extensible| Subject { kind: "object", text: "[object Array]".into(), index: Some(1), extensible };
        let check = |number, message: &str, subject: &Subject, want: &str| {
            assert_eq!(words(number, message, Some(subject)).as_deref(), Some(want), "{message}");
        };
        check(PAST_LENGTH, "", &array(false), "Cannot add property 1, object is not extensible");
        check(PAST_LENGTH, "", &array(true), "Cannot assign to read only property 'length' of object '[object Array]'");
        check(CANT_DELETE, "property 1 is ...", &array(true), "Cannot delete property '1' of [object Array]");
    }

    #[test]
    fn messages() {
        let read_only = "Cannot assign to read only property";
        check(
            READ_ONLY,
            &format!("{read_only} \"x\" of object"),
            Some(&format!("{read_only} 'x' of object '#<Object>'")),
        );
        check(READ_ONLY, &format!("{read_only} 0 of object"), Some(&format!("{read_only} '0' of object '#<Object>'")));
        check(
            READ_ONLY,
            &format!("{read_only} Symbol(\"q\") of object"),
            Some(&format!("{read_only} 'Symbol(q)' of object '#<Object>'")),
        );
        check(CANT_REDEFINE, "Cannot redefine property: \"a \\\"b\"", Some("Cannot redefine property: a \"b"));
        check(
            NOT_EXTENSIBLE,
            "can't define property \"y\": Object is not extensible",
            Some("Cannot add property y, object is not extensible"),
        );
        check(
            IN_STRING,
            "cannot use 'in' operator to search for \"a\" in \"b\"",
            Some("Cannot use 'in' operator to search for 'a' in b"),
        );
        check(CANT_CONVERT, "can't convert Object to string", Some("Cannot convert object to primitive value"));
        check(CANT_CONVERT, "can't convert undefined to object", None);
        check(
            OBJECT_REQUIRED,
            "`target` argument of Reflect.ownKeys must be an object, got the number 1",
            Some("Reflect.ownKeys called on non-object"),
        );
        check(
            PRIMITIVE_RECEIVER,
            "can't assign to property \"x\" on 5: not an object",
            Some("Cannot create property 'x' on number '5'"),
        );
        check(
            PRIMITIVE_RECEIVER,
            "can't assign to property \"x\" on \"abc\": not an object",
            Some("Cannot create property 'x' on string 'abc'"),
        );
        check(
            PROXY_SET,
            "proxy set handler returned false for property '\"a\"'",
            Some("'set' on proxy: trap returned falsish for property 'a'"),
        );
        check(
            INCOMPATIBLE,
            "String.prototype.trim called on incompatible null",
            Some("String.prototype.trim called on null or undefined"),
        );
        check(INCOMPATIBLE, "String.prototype.trim called on incompatible 5", None);
        check(LANGUAGE_TAG, "invalid language tag: \"x-\"", Some("Invalid language tag: x-"));
        check(READ_ONLY, "", None);
        check(IN_STRING, "\"a", None);
    }
}
