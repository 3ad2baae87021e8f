//! `--experimental-config-file`: options from a JSON file. Node docs: Command-line API, `--experimental-config-file=config`.
//!
//! The file holds an object of namespaces; each key in one is an option without its dashes. What is wrong with a file is said
//! in one line of its own, before the line that ends the program.

use crate::cli::{Command, Kind, Setting, setting_of};
use serde_json::{Map, Value};

/// The file that `--experimental-default-config-file` reads.
pub(crate) const DEFAULT_NAME: &str = "node.config.json";

/// Namespaces, and the option that the presence of one turns on.
const NAMESPACES: &[(&str, Option<&str>)] = &[
    ("nodeOptions", None),
    ("permission", Some("--permission")),
    ("test", Some("--test")),
    ("watch", Some("--watch")),
];

/// Options whose value is a number.
const NUMBERS: &[&str] = &[
    "--heapsnapshot-near-heap-limit",
    "--max-http-header-size",
    "--network-family-autoselection-attempt-timeout",
    "--secure-heap",
    "--secure-heap-min",
    "--stack-trace-limit",
    "--test-concurrency",
    "--test-coverage-branches",
    "--test-coverage-functions",
    "--test-coverage-lines",
    "--test-timeout",
    "--v8-pool-size",
];

/// Reads the options of a file into `command`.
///
/// # Errors
/// The lines for standard error.
pub(crate) fn read(command: &mut Command, path: &str) -> Result<(), String> {
    let argv0 = command.argv0().to_owned();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            let reason = match error.kind() {
                std::io::ErrorKind::NotFound => "no such file or directory",
                std::io::ErrorKind::PermissionDenied => "permission denied",
                _ => "not a readable file",
            };
            return Err(format!("Cannot read configuration from {path}: {reason}\n{argv0}: {path}: not found"));
        }
    };
    settings(command, path, &text).map_err(|problem| format!("{problem}\n{argv0}: {path}: invalid content"))
}

fn settings(command: &mut Command, path: &str, text: &str) -> Result<(), String> {
    let root: Value = serde_json::from_str(text).map_err(|_| format!("Can't parse {path}"))?;
    let Value::Object(root) = root else { return Err(format!("Root value unexpected not an object for {path}\n")) };
    for (name, options) in &root {
        if name == "$schema" {
            continue;
        }
        if name == "testRunner" {
            return Err("the \"testRunner\" namespace has been removed. Use \"test\" instead.".to_owned());
        }
        let Some((_, implied)) = NAMESPACES.iter().find(|(known, _)| known == name) else {
            return Err(format!("Unknown namespace {name}"));
        };
        let Value::Object(options) = options else {
            return Err(format!("\"{name}\" value unexpected for {path} (should be an object)"));
        };
        if let Some(option) = implied {
            command.set_from_file(option, Setting::Flag(true));
        }
        namespace(command, name, options)?;
    }
    Ok(())
}

fn namespace(command: &mut Command, namespace: &str, options: &Map<String, Value>) -> Result<(), String> {
    for (key, value) in options {
        let option = format!("--{key}");
        let is_of_tests = namespace == "test" && (key.starts_with("test-") || key.starts_with("experimental-test-"));
        let known = setting_of(&option).filter(|(_, _, environment)| *environment || is_of_tests);
        let Some((name, kind, _)) = known.filter(|(name, ..)| *name == option) else {
            return Err(format!("Unknown or not allowed option {key} for namespace {namespace}"));
        };
        let invalid = || format!("Invalid value for {option}");
        let is_number = NUMBERS.contains(&name);
        let text = |value: &Value| match value {
            Value::String(text) if !is_number => Some(text.clone()),
            Value::Number(number) if is_number && number.is_i64() => Some(number.to_string()),
            _ => None,
        };
        let setting = match (kind, value) {
            (Kind::Flag | Kind::FlagOn | Kind::Ignored, Value::Bool(on)) => Setting::Flag(*on),
            (Kind::Address | Kind::Text, value) => Setting::Text(text(value).ok_or_else(invalid)?),
            (Kind::List, Value::Array(items)) => {
                Setting::List(items.iter().map(|item| text(item).ok_or_else(invalid)).collect::<Result<_, _>>()?)
            }
            (Kind::List, value) => Setting::List(vec![text(value).ok_or_else(invalid)?]),
            _ => return Err(invalid()),
        };
        command.set_from_file(name, setting);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::settings;
    use crate::cli::Command;

    #[track_caller]
    fn check(text: &str, want: Result<(), &str>) {
        let got = settings(&mut Command::default(), "c.json", text);
        assert_eq!(got, want.map_err(str::to_owned), "{text}");
    }

    #[test]
    fn files() {
        check(r#"{"nodeOptions":{"stack-trace-limit":5,"warnings":false,"import":["a","b"],"require":"c"}}"#, Ok(()));
        check(r#"{"$schema":"x","nodeOptions":{}}"#, Ok(()));
        check("{", Err("Can't parse c.json"));
        check("[]", Err("Root value unexpected not an object for c.json\n"));
        check(r#"{"test":{"test-timeout":5,"test-update-snapshots":true}}"#, Ok(()));
        check(
            r#"{"nodeOptions":{"test-update-snapshots":true}}"#,
            Err("Unknown or not allowed option test-update-snapshots for namespace nodeOptions"),
        );
        check(r#"{"foo":{}}"#, Err("Unknown namespace foo"));
        check(r#"{"nodeOptions":[]}"#, Err("\"nodeOptions\" value unexpected for c.json (should be an object)"));
        check(r#"{"nodeOptions":{"eval":"1"}}"#, Err("Unknown or not allowed option eval for namespace nodeOptions"));
        check(r#"{"nodeOptions":{"title":5}}"#, Err("Invalid value for --title"));
        check(r#"{"nodeOptions":{"stack-trace-limit":1.5}}"#, Err("Invalid value for --stack-trace-limit"));
        check(r#"{"nodeOptions":{"trace-warnings":"x"}}"#, Err("Invalid value for --trace-warnings"));
    }
}
