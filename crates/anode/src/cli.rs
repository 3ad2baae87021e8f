//! Command line and NODE_OPTIONS. Node docs: Command-line API.
//!
//! One table says what each option takes. An unknown option is one clear line and exit code 9.

use anode_runtime::permission::{Permission, Policy};
use anode_runtime::{Args, Builtin, JsResult, Local, Scope, Thrown};
use std::collections::HashMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt as _;
use std::sync::OnceLock;

/// Node docs: process exit codes, "Invalid Argument".
pub const EXIT_BAD_OPTION: i32 = 9;

/// What an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Perhaps `[host:]port`, after `=` only; the last one wins.
    Address,
    /// Nothing; `--no-` turns it off.
    Flag,
    /// As `Flag`, on unless turned off.
    FlagOn,
    /// One value, the last one wins.
    Text,
    /// A value each time it is given.
    List,
    /// Accepted for V8's sake, without effect on this engine.
    Ignored,
}

struct Spec {
    name: &'static str,
    short: Option<&'static str>,
    kind: Kind,
    /// Allowed in NODE_OPTIONS.
    environment: bool,
    help: &'static str,
}

const fn spec(
    name: &'static str,
    short: Option<&'static str>,
    kind: Kind,
    environment: bool,
    help: &'static str,
) -> Spec {
    Spec { name, short, kind, environment, help }
}

/// Options, sorted by name; an empty help text keeps an option out of `--help`.
const SPECS: &[Spec] = &[
    spec("--abort-on-uncaught-exception", None, Kind::Flag, true, ""),
    spec("--addons", None, Kind::FlagOn, true, ""),
    spec("--allow-addons", None, Kind::Flag, true, ""),
    spec("--allow-child-process", None, Kind::Flag, true, ""),
    spec("--allow-ffi", None, Kind::Flag, true, ""),
    spec("--allow-fs-read", None, Kind::List, true, ""),
    spec("--allow-fs-write", None, Kind::List, true, ""),
    spec("--allow-inspector", None, Kind::Flag, true, ""),
    spec("--allow-natives-syntax", None, Kind::Ignored, false, ""),
    spec("--allow-net", None, Kind::Flag, true, ""),
    spec("--allow-wasi", None, Kind::Flag, true, ""),
    spec("--allow-worker", None, Kind::Flag, true, ""),
    spec("--async-context-frame", None, Kind::FlagOn, true, ""),
    spec("--async-stack-traces-full", None, Kind::Flag, false, ""),
    spec("--build-code-cache", None, Kind::Text, false, ""),
    spec("--check", Some("-c"), Kind::Flag, false, "check the syntax of a script without running it"),
    spec("--conditions", Some("-C"), Kind::List, true, "additional user conditions for exports and imports"),
    spec("--cpu-prof", None, Kind::Flag, true, "write a CPU profile when the process ends"),
    spec("--cpu-prof-dir", None, Kind::Text, true, ""),
    spec("--cpu-prof-interval", None, Kind::Text, true, ""),
    spec("--cpu-prof-name", None, Kind::Text, true, ""),
    spec("--debug-arraybuffer-allocations", None, Kind::Ignored, true, ""),
    spec("--deprecation", None, Kind::FlagOn, true, "silence deprecation warnings with --no-deprecation"),
    spec("--diagnostic-dir", None, Kind::Text, true, ""),
    spec("--disable-proto", None, Kind::Text, true, ""),
    spec("--disallow-code-generation-from-strings", None, Kind::Flag, true, "eval() and new Function() throw"),
    spec("--disable-sigusr1", None, Kind::Flag, true, ""),
    spec("--disable-warning", None, Kind::List, true, "silence warnings by code or type"),
    spec("--disable-wasm-trap-handler", None, Kind::Ignored, true, ""),
    spec("--dns-result-order", None, Kind::Text, true, "set the default order of dns.lookup() results"),
    spec("--enable-etw-stack-walking", None, Kind::Ignored, true, ""),
    spec("--enable-network-family-autoselection", None, Kind::Flag, true, ""),
    spec("--enable-source-maps", None, Kind::Flag, true, "use source maps for stack traces"),
    spec("--entry-url", None, Kind::Flag, true, ""),
    spec("--env-file", None, Kind::List, false, "set environment variables from a file"),
    spec("--env-file-if-exists", None, Kind::List, false, "the same, if the file exists"),
    spec("--eval", Some("-e"), Kind::Text, false, "evaluate a script"),
    spec("--experimental-abortcontroller", None, Kind::Ignored, true, ""),
    spec("--experimental-addon-modules", None, Kind::FlagOn, true, ""),
    spec("--experimental-config-file", None, Kind::Text, false, "read options from a file"),
    spec("--experimental-default-config-file", None, Kind::Flag, false, ""),
    spec("--experimental-default-type", None, Kind::Text, true, ""),
    spec("--experimental-detect-module", None, Kind::FlagOn, true, ""),
    spec("--experimental-eventsource", None, Kind::Flag, true, ""),
    spec("--experimental-fetch", None, Kind::FlagOn, true, ""),
    spec("--experimental-global-customevent", None, Kind::FlagOn, true, ""),
    spec("--experimental-global-navigator", None, Kind::FlagOn, true, ""),
    spec("--experimental-global-webcrypto", None, Kind::FlagOn, true, ""),
    spec("--experimental-import-meta-resolve", None, Kind::Flag, true, ""),
    spec("--experimental-import-text", None, Kind::Flag, true, ""),
    spec("--experimental-inspector-network-resource", None, Kind::Flag, true, ""),
    spec("--experimental-json-modules", None, Kind::Ignored, true, ""),
    spec("--experimental-loader", Some("--loader"), Kind::List, true, ""),
    spec("--experimental-modules", None, Kind::Ignored, true, ""),
    spec("--experimental-network-inspection", None, Kind::Flag, true, ""),
    spec("--experimental-print-required-tla", None, Kind::Flag, true, ""),
    spec("--experimental-repl-await", None, Kind::FlagOn, true, ""),
    spec("--experimental-report", None, Kind::Ignored, true, ""),
    spec("--experimental-require-module", None, Kind::FlagOn, true, ""),
    spec("--experimental-sqlite", None, Kind::FlagOn, true, ""),
    spec("--experimental-storage-inspection", None, Kind::Flag, true, ""),
    spec("--experimental-strip-types", None, Kind::FlagOn, true, ""),
    spec("--experimental-test-coverage", None, Kind::Flag, true, ""),
    spec("--experimental-test-module-mocks", None, Kind::Flag, true, ""),
    spec("--experimental-top-level-await", None, Kind::Ignored, true, ""),
    spec("--experimental-transform-types", None, Kind::Flag, true, ""),
    spec("--experimental-vm-modules", None, Kind::Flag, true, ""),
    spec("--experimental-wasi-unstable-preview1", None, Kind::Ignored, true, ""),
    spec("--experimental-wasm-modules", None, Kind::Flag, true, ""),
    spec("--experimental-websocket", None, Kind::FlagOn, true, ""),
    spec("--experimental-webstorage", None, Kind::FlagOn, true, ""),
    spec("--experimental-worker", None, Kind::Ignored, true, ""),
    spec("--experimental-worker-inspection", None, Kind::Flag, true, ""),
    spec("--expose-gc", None, Kind::Flag, true, "make gc() a global function"),
    spec("--expose-internals", None, Kind::Flag, false, ""),
    spec("--extra-info-on-fatal-exception", None, Kind::FlagOn, true, ""),
    spec("--force-async-hooks-checks", None, Kind::FlagOn, true, ""),
    spec("--force-context-aware", None, Kind::Ignored, true, ""),
    spec("--force-node-api-uncaught-exceptions-policy", None, Kind::Flag, true, ""),
    spec("--frozen-intrinsics", None, Kind::Flag, true, ""),
    spec("--global-search-paths", None, Kind::FlagOn, true, ""),
    spec("--harmony", None, Kind::Ignored, false, ""),
    spec("--heap-prof", None, Kind::Flag, true, ""),
    spec("--heap-prof-dir", None, Kind::Text, true, ""),
    spec("--heap-prof-interval", None, Kind::Text, true, ""),
    spec("--heap-prof-name", None, Kind::Text, true, ""),
    spec("--heapsnapshot-near-heap-limit", None, Kind::Text, true, ""),
    spec("--heapsnapshot-signal", None, Kind::Text, true, ""),
    spec("--help", Some("-h"), Kind::Flag, false, "print this"),
    spec("--icu-data-dir", None, Kind::Text, true, ""),
    spec("--import", None, Kind::List, true, "preload an ES module"),
    spec("--input-type", None, Kind::Text, true, "module or commonjs, for --eval and standard input"),
    spec("--insecure-http-parser", None, Kind::Flag, true, "use a lenient HTTP parser"),
    spec("--inspect", None, Kind::Address, true, "let debuggers connect, on 127.0.0.1:9229 or as given"),
    spec("--inspect-brk", None, Kind::Address, true, "as --inspect, and pause at the start of the program"),
    spec("--inspect-port", Some("--debug-port"), Kind::Text, true, ""),
    spec("--inspect-publish-uid", None, Kind::Text, true, ""),
    spec("--inspect-wait", None, Kind::Address, true, "as --inspect, and wait for a debugger"),
    spec("--interactive", Some("-i"), Kind::Flag, false, "always enter the REPL"),
    spec("--interpreted-frames-native-stack", None, Kind::Ignored, true, ""),
    spec("--jitless", None, Kind::Ignored, true, ""),
    spec("--localstorage-file", None, Kind::Text, true, ""),
    spec("--max-heap-size", None, Kind::Text, true, ""),
    spec("--max-http-header-size", None, Kind::Text, true, "largest HTTP header, in bytes (default 16384)"),
    spec("--max-old-space-size", None, Kind::Text, true, "limit of the heap, in MiB"),
    spec("--max-old-space-size-percentage", None, Kind::Text, true, ""),
    spec("--max-semi-space-size", None, Kind::Text, true, ""),
    spec("--napi-modules", None, Kind::Ignored, true, ""),
    spec("--network-family-autoselection", None, Kind::FlagOn, true, ""),
    spec("--network-family-autoselection-attempt-timeout", None, Kind::Text, true, ""),
    spec("--node-memory-debug", None, Kind::Ignored, true, ""),
    spec("--node-snapshot", None, Kind::Ignored, true, ""),
    spec("--openssl-legacy-provider", None, Kind::Ignored, true, ""),
    spec("--openssl-shared-config", None, Kind::Ignored, true, ""),
    spec("--pending-deprecation", None, Kind::Flag, true, "emit pending deprecation warnings"),
    spec("--perf-basic-prof", None, Kind::Ignored, true, ""),
    spec("--perf-basic-prof-only-functions", None, Kind::Ignored, true, ""),
    spec("--perf-basic-prof-path", None, Kind::Ignored, true, ""),
    spec("--perf-prof", None, Kind::Ignored, true, ""),
    spec("--perf-prof-unwinding-info", None, Kind::Ignored, true, ""),
    spec("--permission", None, Kind::Flag, true, "allow only what --allow-* options name"),
    spec("--permission-audit", None, Kind::Flag, true, ""),
    spec("--preserve-symlinks", None, Kind::Flag, true, "keep symbolic links when resolving"),
    spec("--preserve-symlinks-main", None, Kind::Flag, true, "the same for the main module"),
    spec("--print", Some("-p"), Kind::Text, false, "evaluate a script and print its result"),
    spec("--prof", None, Kind::Flag, false, ""),
    spec("--prof-process", None, Kind::Flag, false, ""),
    spec("--redirect-warnings", None, Kind::Text, true, "write warnings to a file"),
    spec("--report-compact", None, Kind::Flag, true, ""),
    spec("--report-directory", None, Kind::Text, true, ""),
    spec("--report-exclude-env", None, Kind::Flag, true, ""),
    spec("--report-exclude-network", None, Kind::Flag, true, ""),
    spec("--report-filename", None, Kind::Text, true, ""),
    spec("--report-on-fatalerror", None, Kind::Flag, true, ""),
    spec("--report-on-signal", None, Kind::Flag, true, ""),
    spec("--report-signal", None, Kind::Text, true, ""),
    spec("--report-uncaught-exception", None, Kind::Flag, true, ""),
    spec("--require", Some("-r"), Kind::List, true, "preload a CommonJS module"),
    spec("--require-module", None, Kind::FlagOn, true, ""),
    spec("--run", None, Kind::Text, false, "run a script of package.json"),
    spec("--secure-heap", None, Kind::Text, true, ""),
    spec("--secure-heap-min", None, Kind::Text, true, ""),
    spec("--stack-size", None, Kind::Text, false, "stack of JavaScript, in KiB (default 984)"),
    spec("--stack-trace-limit", None, Kind::Text, true, "frames kept with an error (default 10)"),
    spec("--strip-types", None, Kind::FlagOn, true, ""),
    spec("--test", None, Kind::Flag, false, "run tests"),
    spec("--test-concurrency", None, Kind::Text, true, ""),
    spec("--test-coverage-branches", None, Kind::Text, true, ""),
    spec("--test-coverage-exclude", None, Kind::List, true, ""),
    spec("--test-coverage-functions", None, Kind::Text, true, ""),
    spec("--test-coverage-include", None, Kind::List, true, ""),
    spec("--test-coverage-include-all", None, Kind::Flag, true, ""),
    spec("--test-coverage-lines", None, Kind::Text, true, ""),
    spec("--test-force-exit", None, Kind::Flag, false, ""),
    spec("--test-global-setup", None, Kind::Text, true, ""),
    spec("--test-isolation", None, Kind::Text, true, ""),
    spec("--test-name-pattern", None, Kind::List, true, ""),
    spec("--test-only", None, Kind::Flag, true, ""),
    spec("--test-random-seed", None, Kind::Text, true, ""),
    spec("--test-randomize", None, Kind::Flag, true, ""),
    spec("--test-reporter", None, Kind::List, true, ""),
    spec("--test-reporter-destination", None, Kind::List, true, ""),
    spec("--test-rerun-failures", None, Kind::Text, true, ""),
    spec("--test-shard", None, Kind::Text, true, ""),
    spec("--test-skip-pattern", None, Kind::List, true, ""),
    spec("--test-timeout", None, Kind::Text, false, ""),
    spec("--test-udp-no-try-send", None, Kind::Ignored, false, ""),
    spec("--test-update-snapshots", None, Kind::Flag, false, ""),
    spec("--throw-deprecation", None, Kind::Flag, true, "throw an exception on deprecations"),
    spec("--title", None, Kind::Text, true, "set the title of the process"),
    spec("--tls-cipher-list", None, Kind::Text, true, ""),
    spec("--tls-keylog", None, Kind::Text, true, ""),
    spec("--tls-max-v1.2", None, Kind::Flag, true, ""),
    spec("--tls-max-v1.3", None, Kind::Flag, true, ""),
    spec("--tls-min-v1.0", None, Kind::Flag, true, ""),
    spec("--tls-min-v1.1", None, Kind::Flag, true, ""),
    spec("--tls-min-v1.2", None, Kind::Flag, true, ""),
    spec("--tls-min-v1.3", None, Kind::Flag, true, ""),
    spec("--trace-deprecation", None, Kind::Flag, true, "show stacks of deprecation warnings"),
    spec("--trace-event-categories", None, Kind::Text, true, ""),
    spec("--trace-event-file-pattern", None, Kind::Text, true, ""),
    spec("--trace-events-enabled", None, Kind::Flag, true, ""),
    spec("--trace-exit", None, Kind::Flag, true, ""),
    spec("--trace-gc", None, Kind::Flag, true, "print a line per garbage collection"),
    spec("--trace-require-module", None, Kind::Text, true, ""),
    spec("--trace-sigint", None, Kind::Flag, true, ""),
    spec("--trace-sync-io", None, Kind::Flag, true, ""),
    spec("--trace-tls", None, Kind::Flag, true, "print the records of TLS connections"),
    spec("--trace-uncaught", None, Kind::Flag, true, "show where an uncaught exception was thrown"),
    spec("--trace-warnings", None, Kind::Flag, true, "show stacks of warnings"),
    spec("--track-heap-objects", None, Kind::Flag, true, ""),
    spec("--turbo-fast-api-calls", None, Kind::Ignored, true, ""),
    spec("--unhandled-rejections", None, Kind::Text, true, "strict, warn, none, throw or warn-with-error-code"),
    spec("--use-bundled-ca", None, Kind::Flag, true, ""),
    spec("--use-env-proxy", None, Kind::Flag, true, ""),
    spec("--use-largepages", None, Kind::Text, true, ""),
    spec("--use-openssl-ca", None, Kind::Flag, true, ""),
    spec("--use-system-ca", None, Kind::Flag, true, ""),
    spec("--v8-options", None, Kind::Flag, false, "print the engine's options"),
    spec("--v8-pool-size", None, Kind::Ignored, true, ""),
    spec("--verify-base-objects", None, Kind::Flag, true, ""),
    spec("--version", Some("-v"), Kind::Flag, false, "print the version"),
    spec("--warnings", None, Kind::FlagOn, true, "silence all warnings with --no-warnings"),
    spec("--watch", None, Kind::Flag, false, "run again when a file changes"),
    spec("--watch-kill-signal", None, Kind::Text, true, ""),
    spec("--watch-path", None, Kind::List, false, ""),
    spec("--watch-preserve-output", None, Kind::Flag, true, ""),
    spec("--webstorage", None, Kind::FlagOn, true, ""),
    spec("--worker-snapshot", None, Kind::Ignored, true, ""),
    spec("--zero-fill-buffers", None, Kind::Flag, true, "fill every new Buffer with zeroes"),
];

/// A value of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    Flag(bool),
    Text(String),
    List(Vec<String>),
}

/// The command line, taken apart.
#[derive(Debug, Default)]
pub struct Command {
    values: HashMap<&'static str, Setting>,
    /// Options as given, before the script.
    exec_args: Vec<String>,
    /// The script (if any) and what follows it.
    rest: Vec<String>,
    argv0: String,
    /// Print this and end.
    pub print: Option<String>,
    /// `-` was given: the program comes from standard input.
    stdin: bool,
}

/// The version of Node's API.
const NODE_VERSION: &str = "v26.10.0";

/// What is left of `--stack-size`'s unit: V8 counts KiB of its own frames, of which ours need about four times as much.
const STACK_FACTOR: usize = 4;
const STACK_DEFAULT_KIB: usize = 984;

impl Command {
    /// Whether a flag is on.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.values.get(name), Some(Setting::Flag(true)))
    }

    /// What the program was called as.
    pub(crate) fn argv0(&self) -> &str {
        &self.argv0
    }

    /// Sets an option that a configuration file names: the environment and the command line come first.
    pub(crate) fn set_from_file(&mut self, name: &str, setting: Setting) {
        let Some(spec) = SPECS.iter().find(|spec| spec.name == name) else { return };
        match (self.values.get_mut(spec.name), setting) {
            (Some(Setting::List(list)), Setting::List(mut first)) => {
                first.append(list);
                *list = first;
            }
            (Some(_), _) => {}
            (None, setting) => {
                self.values.insert(spec.name, setting);
            }
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        match self.values.get(name) {
            Some(Setting::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Native stack for JavaScript, in bytes.
    pub fn stack_bytes(&self) -> usize {
        let kib = self.text("--stack-size").and_then(|text| text.parse().ok()).unwrap_or(STACK_DEFAULT_KIB);
        // The main thread has 8 MiB by default; leave room for native frames below.
        (kib.clamp(64, 1600) * STACK_FACTOR) << 10
    }

    /// What `--permission` and its options allow, and whether it is only an audit; `None` without them.
    ///
    /// The script itself may be read: the user named it.
    pub fn permissions(&self) -> Option<(Policy, bool)> {
        let enforced = self.flag("--permission");
        if !enforced && !self.flag("--permission-audit") {
            return None;
        }
        let mut policy = Policy::new();
        for (option, permission) in [
            ("--allow-addons", Permission::Addon),
            ("--allow-child-process", Permission::ChildProcess),
            ("--allow-ffi", Permission::Ffi),
            ("--allow-inspector", Permission::Inspector),
            ("--allow-net", Permission::Net),
            ("--allow-wasi", Permission::Wasi),
            ("--allow-worker", Permission::Worker),
        ] {
            if self.flag(option) {
                policy.allow(permission);
            }
        }
        for (option, permission) in [("--allow-fs-read", Permission::FsRead), ("--allow-fs-write", Permission::FsWrite)]
        {
            if let Some(Setting::List(list)) = self.values.get(option) {
                for path in list {
                    policy.allow_path(permission, path.as_bytes());
                }
            }
        }
        let evaluates = ["--eval", "--print"].iter().any(|name| self.values.contains_key(name));
        if !self.stdin
            && !evaluates
            && let Some(script) = self.rest.first()
        {
            policy.allow_script(script.as_bytes());
        }
        Some((policy, !enforced))
    }

    /// Where `--build-code-cache` writes to.
    pub fn code_cache_path(&self) -> Option<&str> {
        self.text("--build-code-cache")
    }

    /// Limit of the heap in bytes, if one was given.
    pub fn heap_limit_bytes(&self) -> Option<usize> {
        if let Some(percent) = self.text("--max-old-space-size-percentage").and_then(|text| text.parse::<f64>().ok()) {
            return Some((memory_bytes()? * percent / 100.0) as usize);
        }
        let mib: usize = self.text("--max-old-space-size").or(self.text("--max-heap-size"))?.parse().ok()?;
        (mib > 0).then_some(mib << 20)
    }

    /// The space of new values in bytes, if one was given: V8 has three of the size that the option says.
    pub fn young_bytes(&self) -> Option<usize> {
        let mib: usize = self.text("--max-semi-space-size")?.parse().ok()?;
        (mib > 0).then_some(mib.saturating_mul(3 << 20))
    }
}

/// All memory of the machine, or the limit of the control group if that is smaller.
fn memory_bytes() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let kib: f64 =
        text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?.trim().trim_end_matches(" kB").parse().ok()?;
    let limit =
        std::fs::read_to_string("/sys/fs/cgroup/memory.max").ok().and_then(|text| text.trim().parse::<f64>().ok());
    Some(limit.map_or(kib * 1024.0, |limit| limit.min(kib * 1024.0)))
}

static COMMAND: OnceLock<Command> = OnceLock::new();

/// Keeps the command for the binding.
pub fn set_command(command: Command) {
    // Set once, by `start::run`.
    let _first = COMMAND.set(command);
}

/// Whether a flag of the process's command line is set; for threads other than the first.
pub fn flag(name: &str) -> bool {
    COMMAND.get().is_some_and(|command| command.flag(name))
}

/// The heap limit of the process's command line, in bytes; for threads other than the first.
pub fn heap_limit_bytes() -> Option<usize> {
    COMMAND.get()?.heap_limit_bytes()
}

/// Takes the command line apart.
///
/// # Errors
/// One line for standard error; the exit code is [`EXIT_BAD_OPTION`].
pub fn parse(args: Vec<OsString>) -> Result<Command, String> {
    let mut args = args.into_iter().map(|arg| String::from_utf8_lossy(arg.as_bytes()).into_owned());
    let argv0 = args.next().unwrap_or_else(|| "anode".to_owned());
    let mut command = Command { argv0: argv0.clone(), ..Command::default() };
    if let Some(text) = std::env::var_os("NODE_OPTIONS") {
        let words = split_words(&text.to_string_lossy()).map_err(|problem| format!("{argv0}: {problem}"))?;
        let mut words = words.into_iter().peekable();
        while let Some(word) = words.next() {
            if !word.starts_with('-') {
                return Err(format!("{argv0}: {word} is not allowed in NODE_OPTIONS"));
            }
            take_option(&mut command, &word, &mut words, true)?;
        }
    }
    let mut args = args.peekable();
    while let Some(arg) = args.next() {
        if arg == "--" {
            break;
        }
        if arg == "-" {
            command.stdin = true;
            break;
        }
        if !arg.starts_with('-') {
            command.rest.push(arg);
            break;
        }
        command.exec_args.push(arg.clone());
        let before = args.len_hint();
        let next = args.peek().cloned();
        take_option(&mut command, &arg, &mut args, false)?;
        if let Some(value) = next
            && args.len_hint() != before
        {
            command.exec_args.push(value);
        }
    }
    command.rest.extend(args);
    let default =
        command.flag("--experimental-default-config-file").then(|| crate::config_file::DEFAULT_NAME.to_owned());
    if let Some(path) = command.text("--experimental-config-file").map(str::to_owned).or(default) {
        crate::config_file::read(&mut command, &path)?;
    }
    finish(&mut command);
    for (one, other) in [
        ("--tls-min-v1.3", "--tls-max-v1.2"),
        ("--use-openssl-ca", "--use-bundled-ca"),
        ("--use-openssl-ca", "--use-system-ca"),
    ] {
        if command.flag(one) && command.flag(other) {
            return Err(format!("{argv0}: either {one} or {other} can be used, not both"));
        }
    }
    for (option, values) in [("--cpu-prof", "--cpu-prof-"), ("--heap-prof", "--heap-prof-")] {
        let lone = command.values.keys().find(|name| name.starts_with(values));
        if let Some(lone) = lone
            && !command.flag(option)
        {
            return Err(format!("{argv0}: {lone} must be used with {option}"));
        }
    }
    Ok(command)
}

/// How many items an iterator has left; tells whether an option took its value.
trait LenHint {
    fn len_hint(&self) -> usize;
}

impl<I: Iterator> LenHint for I {
    fn len_hint(&self) -> usize {
        self.size_hint().0
    }
}

fn finish(command: &mut Command) {
    if std::env::var_os("NODE_NO_WARNINGS").is_some_and(|value| value == "1") {
        command.values.entry("--warnings").or_insert(Setting::Flag(false));
    }
    if std::env::var_os("NODE_PENDING_DEPRECATION").is_some_and(|value| value == "1") {
        command.values.entry("--pending-deprecation").or_insert(Setting::Flag(true));
    }
    if std::env::var_os("NODE_PRESERVE_SYMLINKS").is_some_and(|value| value == "1") {
        command.values.entry("--preserve-symlinks").or_insert(Setting::Flag(true));
    }
    if command.flag("--version") {
        command.print = Some(NODE_VERSION.to_owned());
    } else if command.flag("--help") {
        command.print = Some(help());
    } else if command.flag("--v8-options") {
        command.print = Some(engine_options());
    }
}

fn find(name: &str) -> Option<&'static Spec> {
    SPECS.iter().find(|spec| spec.name == name || spec.short == Some(name))
}

/// Name, kind and whether NODE_OPTIONS may have it, of the option that is called `name`.
pub(crate) fn setting_of(name: &str) -> Option<(&'static str, Kind, bool)> {
    find(name).map(|spec| (spec.name, spec.kind, spec.environment))
}

/// Takes one option, and its value from `rest` if it needs one.
fn take_option(
    command: &mut Command,
    arg: &str,
    rest: &mut dyn Iterator<Item = String>,
    environment: bool,
) -> Result<(), String> {
    let argv0 = command.argv0.clone();
    // `-pe code`: print and eval in one, as in Node.
    if (arg == "-pe" || arg == "-ep") && !environment {
        let code = rest.next().ok_or_else(|| format!("{argv0}: {arg} requires an argument"))?;
        command.values.insert("--print", Setting::Text(code));
        return Ok(());
    }
    let (name, inline) = match arg.split_once('=') {
        Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
        _ => (arg, None),
    };
    let canonical = if name.starts_with("--") { name.replace('_', "-") } else { name.to_owned() };
    let mut on = true;
    let spec = match find(&canonical) {
        Some(spec) => Some(spec),
        None => canonical.strip_prefix("--no-").and_then(|positive| {
            on = false;
            find(&format!("--{positive}"))
        }),
    };
    let Some(spec) = spec else {
        if matches!(canonical.as_str(), "--debug" | "--debug-brk") {
            return Err(format!(
                "{argv0}: [DEP0062]: `node --debug` and `node --debug-brk` are invalid. \
                 Please use `node --inspect` and `node --inspect-brk` instead."
            ));
        }
        // V8's own switches have no meaning for this engine; those that programs pass are taken without effect.
        if canonical.starts_with("--harmony") || canonical.starts_with("--v8-") {
            return Ok(());
        }
        return Err(if environment {
            format!("{argv0}: {name} is not allowed in NODE_OPTIONS")
        } else {
            format!("{argv0}: bad option: {arg}")
        });
    };
    if environment && !spec.environment {
        return Err(format!("{argv0}: {name} is not allowed in NODE_OPTIONS"));
    }
    match spec.kind {
        Kind::Ignored => {}
        Kind::Flag | Kind::FlagOn => {
            if inline.is_some() {
                return Err(format!("{argv0}: {name} does not take an argument"));
            }
            command.values.insert(spec.name, Setting::Flag(on));
        }
        Kind::Address | Kind::Text | Kind::List if !on => {
            return Err(format!("{argv0}: {name} is an invalid negation because it is not a boolean option"));
        }
        Kind::Address => {
            let value = inline.unwrap_or_default();
            check_value(&argv0, spec.name, &value)?;
            command.values.insert(spec.name, Setting::Text(value));
        }
        Kind::Text | Kind::List => {
            let value = match inline {
                Some(value) => value,
                // `-p` may stand after `-e code`: then it only prints.
                None if spec.name == "--print" && command.text("--eval").is_some() => {
                    let code = command.text("--eval").unwrap_or_default().to_owned();
                    command.values.insert("--print", Setting::Text(code));
                    return Ok(());
                }
                None => rest.next().ok_or_else(|| format!("{argv0}: {name} requires an argument"))?,
            };
            if value.is_empty() && !matches!(spec.name, "--eval" | "--print" | "--title") {
                return Err(format!("{argv0}: {name}= requires an argument"));
            }
            // Code that begins with a dash is written with a backslash before it.
            let value = match (spec.name, value.strip_prefix('\\')) {
                ("--eval" | "--print", Some(code)) if code.starts_with('-') => code.to_owned(),
                _ => value,
            };
            check_value(&argv0, spec.name, &value)?;
            match (spec.kind, command.values.get_mut(spec.name)) {
                (Kind::List, Some(Setting::List(list))) => list.push(value),
                (Kind::List, _) => {
                    command.values.insert(spec.name, Setting::List(vec![value]));
                }
                _ => {
                    command.values.insert(spec.name, Setting::Text(value));
                }
            }
        }
    }
    Ok(())
}

fn check_value(argv0: &str, name: &str, value: &str) -> Result<(), String> {
    if ENGINE_OPTIONS.contains(&name)
        && value.parse::<i64>().map_or(true, |number| number < 0 && name.starts_with("--max-"))
    {
        let kind = if name.starts_with("--max-") { "size_t" } else { "int" };
        return Err(format!(
            "Error: illegal value for flag {name}={value} of type {kind}\nTry --help for options\n{argv0}: bad option: {name}={value}"
        ));
    }
    let allowed: &[&str] = match name {
        "--unhandled-rejections" => &["strict", "warn", "none", "throw", "warn-with-error-code"],
        "--input-type" => &["module", "commonjs", "module-typescript", "commonjs-typescript"],
        "--trace-require-module" => &["all", "no-node-modules"],
        "--disable-proto" => &["delete", "throw"],
        "--max-old-space-size-percentage" => {
            let fits = value.parse::<f64>().is_ok_and(|percent| percent > 0.0 && percent <= 100.0);
            return if fits {
                Ok(())
            } else {
                Err(format!("{argv0}: {name} must be greater than 0 and up to 100. Got: {value}"))
            };
        }
        "--inspect" | "--inspect-brk" | "--inspect-port" | "--inspect-wait" => {
            let port = value.rsplit_once(':').map_or(value, |(_host, port)| port);
            let fits = port.parse::<u64>().map_or(true, |port| port == 0 || (1024..=65535).contains(&port));
            return if fits { Ok(()) } else { Err(format!("{argv0}: must be 0 or in range 1024 to 65535.")) };
        }
        "--inspect-publish-uid" => {
            let fits = value.split(',').all(|place| matches!(place, "stderr" | "http"));
            return if fits {
                Ok(())
            } else {
                Err(format!("{argv0}: --inspect-publish-uid destination can be stderr or http"))
            };
        }
        _ => return Ok(()),
    };
    if allowed.contains(&value) {
        return Ok(());
    }
    Err(match name {
        "--input-type" => format!(
            "{argv0}: --input-type must be \"module\", \"commonjs\", \"module-typescript\" or \"commonjs-typescript\""
        ),
        "--disable-proto" => format!("{argv0}: invalid mode passed to --disable-proto"),
        _ => format!("{argv0}: invalid value for {name}"),
    })
}

/// NODE_OPTIONS in words: spaces separate, double quotes keep together, a backslash in quotes escapes.
fn split_words(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    let mut chars = text.chars();
    while let Some(next) = chars.next() {
        match next {
            '\\' if quoted => match chars.next() {
                Some(escaped) => word.get_or_insert_default().push(escaped),
                None => return Err("invalid value for NODE_OPTIONS (invalid escape)".to_owned()),
            },
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    if quoted {
        return Err("invalid value for NODE_OPTIONS (unterminated string)".to_owned());
    }
    words.extend(word);
    Ok(words)
}

/// Options that V8 has in node: `--v8-options` lists them, in the form that programs take apart.
const ENGINE_OPTIONS: &[&str] = &[
    "--abort-on-uncaught-exception",
    "--allow-natives-syntax",
    "--expose-gc",
    "--harmony",
    "--interpreted-frames-native-stack",
    "--jitless",
    "--max-heap-size",
    "--max-old-space-size",
    "--max-semi-space-size",
    "--stack-size",
    "--stack-trace-limit",
    "--trace-gc",
];

fn engine_options() -> String {
    let mut text = String::from(
        "The following syntax for options is accepted:\n  --flag        (bool flags only)\n  --no-flag     (bool flags only)\n  \
         --flag=value  (non-bool flags only, no spaces around '=')\n  --            (captures all remaining args in JavaScript)\n\nOptions:",
    );
    for spec in ENGINE_OPTIONS.iter().filter_map(|name| find(name)) {
        let note = match spec.kind {
            Kind::Ignored => "accepted without effect",
            _ => spec.help,
        };
        let rest = spec.name.trim_start_matches('-');
        let kind = match spec.kind {
            Kind::Text | Kind::List => "int".to_owned(),
            _ => format!("bool  default: --no-{rest}"),
        };
        text.push_str(&format!("\n  {} ({note})\n        type: {kind}", spec.name));
    }
    text
}

fn help() -> String {
    let mut text = String::from(
        "Usage: anode [options] [ script.js ] [arguments]\n       anode -e code [arguments]\n       anode - < script.js\n\nOptions:\n",
    );
    for spec in SPECS.iter().filter(|spec| !spec.help.is_empty()) {
        let mut left = match spec.short {
            Some(short) => format!("{short}, {}", spec.name),
            None => spec.name.to_owned(),
        };
        if spec.kind == Kind::Address {
            left.push_str("[=[host:]port]");
        }
        if matches!(spec.kind, Kind::Text | Kind::List) {
            left.push_str("=...");
        }
        text.push_str(&format!("  {left:<34} {}\n", spec.help));
    }
    text.push_str(
        "\nEnvironment variables:\n  NODE_OPTIONS                       options, separated by spaces\n  \
         NODE_PATH                          folders to look for modules in, separated by ':'\n  \
         NODE_NO_WARNINGS=1                 silence all warnings\n  \
         NODE_DEBUG                         comma-separated list of core modules that print debug messages\n  \
         UV_THREADPOOL_SIZE                 threads for blocking work (default 4)\n\n\
         Documentation: the Node.js API at level 26",
    );
    text
}

/// Binding `options`.
pub static BUILTIN: Builtin = Builtin {
    name: "options",
    functions: &[
        ("commandLine", command_line),
        ("environmentFlags", environment_flags),
        ("hasPermissionOptions", has_permission_options),
        ("heapLimit", heap_limit),
        ("splitWords", split_words_binding),
        ("threadOptions", thread_options),
        ("value", value),
    ],
    init: None,
};

/// `value(name)`: the value of one option; `undefined` for names that are none.
fn value<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let name = sc.to_string(args.get(0))?;
    let (Some(command), Some(spec)) = (COMMAND.get(), SPECS.iter().find(|spec| spec.name == name)) else {
        return Ok(sc.undefined());
    };
    Ok(value_of(sc, command, spec))
}

fn value_of<'s>(sc: &mut Scope<'s>, command: &Command, spec: &Spec) -> Local<'s> {
    match (command.values.get(spec.name), spec.kind) {
        (Some(Setting::Flag(on)), _) => sc.boolean(*on),
        (Some(Setting::Text(text)), _) => sc.string(text),
        (Some(Setting::List(list)), _) => strings(sc, list),
        (None, Kind::FlagOn) => sc.boolean(true),
        (None, Kind::Flag | Kind::Ignored) => sc.boolean(false),
        (None, Kind::List) => sc.array(&[]),
        (None, Kind::Address | Kind::Text) => sc.undefined(),
    }
}

/// Options that hold for the whole process, whatever a worker is given.
fn is_of_process(name: &str) -> bool {
    name.starts_with("--allow-") || matches!(name, "--permission" | "--permission-audit" | "--title")
}

/// `threadOptions(environment, words)`: `[name, value]` for each option that a thread with that NODE_OPTIONS and those words has
/// otherwise than the process. JavaScript checked both; a word that is wrong all the same is left out.
fn thread_options<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let mut command = Command::default();
    if args.get(0).is_string() {
        let text = sc.to_string(args.get(0))?;
        take_words(&mut command, split_words(&text).unwrap_or_default(), true);
    }
    let mut words = Vec::new();
    for item in sc.array_items(args.get(1))? {
        words.push(sc.to_string(item)?);
    }
    take_words(&mut command, words, false);
    let mut pairs = Vec::new();
    for spec in SPECS.iter().filter(|spec| !is_of_process(spec.name)) {
        let known = COMMAND.get().is_some_and(|process| process.values.contains_key(spec.name));
        if known || command.values.contains_key(spec.name) {
            let name = sc.string(spec.name);
            let value = value_of(sc, &command, spec);
            pairs.push(sc.array(&[name, value]));
        }
    }
    Ok(sc.array(&pairs))
}

fn take_words(command: &mut Command, words: Vec<String>, environment: bool) {
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        // The parent checked them.
        let _known = take_option(command, &word, &mut words, environment);
    }
}

/// `splitWords(text)`: `{ words }` of a NODE_OPTIONS, or `{ error }`.
fn split_words_binding<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let text = sc.to_string(args.get(0))?;
    let table = sc.object();
    match split_words(&text) {
        Ok(words) => {
            let words = strings(sc, &words);
            sc.set(table, "words", words)?;
        }
        Err(problem) => {
            let problem = sc.string(&problem);
            sc.set(table, "error", problem)?;
        }
    }
    Ok(table)
}

fn strings<'s>(sc: &mut Scope<'s>, list: &[String]) -> Local<'s> {
    let items: Vec<_> = list.iter().map(|text| sc.string(text)).collect();
    sc.array(&items)
}

/// `commandLine()`: `{ argv0, execArgv, rest, stdin }`.
fn command_line<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let table = sc.object();
    let Some(command) = COMMAND.get() else { return Ok(table) };
    let value = sc.string(&command.argv0);
    sc.set(table, "argv0", value)?;
    let value = strings(sc, &command.exec_args);
    sc.set(table, "execArgv", value)?;
    let value = strings(sc, &command.rest);
    sc.set(table, "rest", value)?;
    let value = sc.boolean(command.stdin);
    sc.set(table, "stdin", value)?;
    Ok(table)
}

/// `heapLimit()`: the limits of the heap and of the space of new values in bytes that the command line asks for, or `undefined`.
fn heap_limit<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let heap = heap_limit_bytes().map_or(sc.undefined(), |bytes| sc.number(bytes as f64));
    let young = COMMAND.get().and_then(Command::young_bytes);
    let young = young.map_or(sc.undefined(), |bytes| sc.number(bytes as f64));
    Ok(sc.array(&[heap, young]))
}

/// `hasPermissionOptions()`: whether an option is set that means nothing without `--permission`.
fn has_permission_options<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let found = COMMAND.get().is_some_and(|command| command.values.keys().any(|name| name.starts_with("--allow-")));
    Ok(sc.boolean(found))
}

/// `environmentFlags()`: what NODE_OPTIONS allows.
fn environment_flags<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    let mut names = Vec::new();
    for spec in SPECS.iter().filter(|spec| spec.environment) {
        names.push(spec.name.to_owned());
        names.extend(spec.short.map(str::to_owned));
        if matches!(spec.kind, Kind::FlagOn) {
            names.push(spec.name.replacen("--", "--no-", 1));
        }
    }
    Ok(strings(sc, &names))
}

/// Silences the unused warning of an import that only signatures use.
const _: fn(Thrown) = drop::<Thrown>;

#[cfg(test)]
mod tests {
    use super::{parse, split_words};

    #[track_caller]
    fn check(args: &[&str], want: Result<&[&str], &str>) {
        let args = std::iter::once("anode").chain(args.iter().copied()).map(Into::into).collect();
        match (parse(args), want) {
            (Ok(command), Ok(rest)) => assert_eq!(command.rest, rest),
            (Err(problem), Err(text)) => assert_eq!(problem, text),
            (got, want) => panic!("got {got:?}, want {want:?}"),
        }
    }

    #[test]
    fn scripts_and_options() {
        check(&["app.js", "--port", "1"], Ok(&["app.js", "--port", "1"]));
        check(&["--no-warnings", "app.js"], Ok(&["app.js"]));
        check(&["-r", "./x", "app.js"], Ok(&["app.js"]));
        check(&["--max_old_space_size=64", "app.js"], Ok(&["app.js"]));
        check(&["-e", "1", "--", "-x"], Ok(&["-x"]));
        check(&["--max-new-space-size=64"], Err("anode: bad option: --max-new-space-size=64"));
        check(
            &["--max-old-space-size=1.5", "app.js"],
            Err("Error: illegal value for flag --max-old-space-size=1.5 of type size_t\nTry --help for options\n\
                 anode: bad option: --max-old-space-size=1.5"),
        );
        check(&["--stack-trace-limit=-1", "app.js"], Ok(&["app.js"]));
        check(&["-r"], Err("anode: -r requires an argument"));
        check(&["--check=1"], Err("anode: --check does not take an argument"));
    }

    #[test]
    fn words() {
        assert_eq!(split_words(r#"--require "./a b.js""#), Ok(vec!["--require".to_owned(), "./a b.js".to_owned()]));
        assert!(split_words("\"x").is_err());
    }
}
