//! From options to the last exit code.

use crate::builtins::BUILTINS;
use crate::cli::{self, Command};
use anode_engine::{Context, Engine, Options};
use anode_runtime::code_cache::{self, CodeCache};
use anode_runtime::sources::{self, Sources};
use anode_runtime::{Env, ExitCode, Local, Scope, Thrown, env, turn};
use anode_worker_threads::{Ending, Seed};
use std::io::Write as _;
use std::path::PathBuf;

/// Node docs: process exit codes, "Internal JavaScript Evaluation Failure".
const EXIT_BOOTSTRAP: ExitCode = 10;

/// The engine borrows code in place and wants it aligned.
#[repr(align(16))]
struct Aligned<T: ?Sized>(T);

/// Made by `--build-code-cache` of a binary without one, embedded by the second link (see the Makefile).
static CODE_CACHE: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/code_cache.bin")));

/// Writes the code cache for the second link to `path`.
fn build_code_cache(context: &mut Context, path: &str) -> ExitCode {
    let Some(bytes) = context.enter(code_cache::build) else {
        eprintln_or_not("anode: the code cache is too large");
        return 1;
    };
    match std::fs::write(path, bytes) {
        Ok(()) => 0,
        Err(error) => {
            eprintln_or_not(&format!("anode: {path}: {error}"));
            1
        }
    }
}

/// Runs the program and returns the exit code of the process.
pub fn run(command: Command) -> ExitCode {
    anode_runtime::milestones::note_node_start();
    if let Some(text) = &command.print {
        // A closed standard output is the reader's choice.
        let _written = writeln!(std::io::stdout(), "{text}");
        return 0;
    }
    sources::install(Sources { digest: anode_builtin_sources::DIGEST, table: anode_builtin_sources::TABLE });
    let cache = CodeCache::new(&CODE_CACHE.0);
    let options = Options {
        stack_bytes: Engine::main_stack_bytes(command.stack_bytes()),
        self_hosted_cache: cache.self_hosted(),
        source: Some(code_cache::source),
        async_stacks: command.flag("--async-stack-traces-full"),
        gc_stress: gc_stress(),
    };
    if !Engine::start() {
        eprintln_or_not("anode: the JavaScript engine does not start");
        return EXIT_BOOTSTRAP;
    }
    let Some(mut context) = Context::new(options) else {
        eprintln_or_not("anode: not enough memory for the JavaScript engine");
        return EXIT_BOOTSTRAP;
    };
    let dev = std::env::var_os("ANODE_DEV_BUILTINS").map(PathBuf::from);
    if let Err(error) = Env::install(&mut context, BUILTINS, dev, cache) {
        eprintln_or_not(&format!("anode: the event loop does not start: {error}"));
        return EXIT_BOOTSTRAP;
    }
    if let Some(path) = command.code_cache_path() {
        return build_code_cache(&mut context, path);
    }
    if let Some((policy, audit)) = command.permissions() {
        anode_runtime::permission::install(policy, audit);
    }
    let heap_limit = Some(command.heap_limit_bytes().unwrap_or(HEAP_LIMIT_DEFAULT));
    let nursery = command.young_bytes();
    let trace_gc = command.flag("--trace-gc");
    let debugs_by_signal = !command.flag("--disable-sigusr1") && !command.flag("--watch");
    cli::set_command(command);
    anode_worker_threads::set_runner(run_worker);
    context.enter(|sc| {
        if let Some(bytes) = heap_limit {
            sc.set_heap_limit(bytes, out_of_memory);
        }
        if let Some(bytes) = nursery {
            sc.set_nursery_limit(bytes);
        }
        if trace_gc {
            sc.trace_gc();
        }
        anode_inspector::listen_for_signal(sc, debugs_by_signal);
        match start(sc, MAIN) {
            Ok(()) => {}
            Err(thrown) => {
                if let Some(error) = sc.catch(thrown) {
                    let text = turn::describe_error(sc, error);
                    eprintln_or_not(&text);
                }
                return EXIT_BOOTSTRAP;
            }
        }
        let code = live(sc, MAIN);
        turn::run_at_exit(sc);
        code
    })
}

/// `ANODE_GC_STRESS=N`, for tests: a collection at every Nth point where one is legal (`make gc-stress`).
fn gc_stress() -> u32 {
    std::env::var("ANODE_GC_STRESS").ok().and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// V8's limit on 64-bit machines with much memory, in bytes.
const HEAP_LIMIT_DEFAULT: usize = 4 << 30;

/// The program of the main thread.
const MAIN: &str = "internal/main";
/// The program of every other thread.
const WORKER_MAIN: &str = "internal/worker_threads/main";

/// Runs a worker thread: as [`run`], with its own engine, loop and tables. Returns how it ended.
fn run_worker(mut seed: Seed) -> Ending {
    const FAILED: Ending = Ending { code: EXIT_BOOTSTRAP, out_of_memory: false };
    let cache = CodeCache::new(&CODE_CACHE.0);
    let options = Options {
        stack_bytes: seed.stack_bytes,
        self_hosted_cache: cache.self_hosted(),
        source: Some(code_cache::source),
        async_stacks: cli::flag("--async-stack-traces-full"),
        gc_stress: gc_stress(),
    };
    let Some(mut context) = Context::new(options) else { return FAILED };
    let dev = std::env::var_os("ANODE_DEV_BUILTINS").map(PathBuf::from);
    if let Err(error) = Env::install(&mut context, BUILTINS, dev, cache) {
        eprintln_or_not(&format!("anode: the event loop of a worker does not start: {error}"));
        context.destroy();
        return FAILED;
    }
    let mut code = EXIT_BOOTSTRAP;
    if seed.enter(&mut context) {
        let bytes =
            if seed.heap_bytes > 0 { seed.heap_bytes } else { cli::heap_limit_bytes().unwrap_or(HEAP_LIMIT_DEFAULT) };
        context.enter(|sc| sc.set_own_heap_limit(bytes, seed.nursery_bytes, anode_worker_threads::out_of_memory));
        code = context.enter(|sc| match start(sc, WORKER_MAIN) {
            Ok(()) => live(sc, WORKER_MAIN),
            Err(thrown) => {
                if let Some(error) = sc.catch(thrown) {
                    let text = turn::describe_error(sc, error);
                    eprintln_or_not(&text);
                }
                EXIT_BOOTSTRAP
            }
        });
    }
    context.enter(turn::run_at_exit);
    let ending = seed.leave(code);
    context.destroy();
    ending
}

fn eprintln_or_not(text: &str) {
    // Standard error may be closed; there is nowhere else to say so.
    let _written = writeln!(std::io::stderr(), "{text}");
}

/// What Node prints when V8's heap is full, and the exit of an abort.
fn out_of_memory(figures: anode_engine::HeapStatistics) {
    let megabytes = figures.live() as f64 / f64::from(1 << 20);
    eprintln_or_not(&format!(
        "\n<--- Last few GCs --->\n\n{} major, {} minor collections; {megabytes:.1} MB in use\n\n<--- JS stacktrace --->\n\n\
         FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
        figures.major_collections, figures.minor_collections
    ));
    Engine::abort_process()
}

/// Compiles and runs the first script, then the program.
fn start(sc: &mut Scope<'_>, id: &str) -> Result<(), Thrown> {
    sc.stay_cold(true);
    let exports = anode_runtime::bootstrap(sc)?;
    let require = sc.get(exports, "requireBuiltin")?;
    let id = sc.string(id);
    let undefined = sc.undefined();
    let main = sc.call(require, undefined, &[id])?;
    let run = sc.get(main, "run")?;
    sc.stay_cold(false);
    turn::enter(sc, |sc| {
        let undefined = sc.undefined();
        sc.call(run, undefined, &[]).map(|_| ())
    });
    Ok(())
}

/// Turns the loop until nothing is alive and 'beforeExit' brings nothing new; then 'exit'.
fn live(sc: &mut Scope<'_>, id: &str) -> ExitCode {
    loop {
        turn::run(sc);
        if !is_ended(sc) {
            call_main(sc, id, "beforeExit");
        }
        if is_ended(sc) || !env(sc).events.borrow().alive() {
            break;
        }
    }
    if is_ended(sc) {
        return 0;
    }
    call_main(sc, id, "exit").unwrap_or(0)
}

/// Whether the thread was told to end: no JavaScript runs any more, and somebody else knows the exit code.
fn is_ended(sc: &Scope<'_>) -> bool {
    sc.is_terminating() || env(sc).is_stopped()
}

/// Calls an exported function of the program `id`; its number, if it returns one.
fn call_main(sc: &mut Scope<'_>, id: &str, name: &str) -> Option<ExitCode> {
    let mut code = None;
    turn::enter(sc, |sc| {
        let main = anode_runtime::require_builtin(sc, id)?;
        let function: Local<'_> = sc.get(main, name)?;
        let undefined = sc.undefined();
        code = sc.call(function, undefined, &[])?.as_i32();
        Ok(())
    });
    code
}
