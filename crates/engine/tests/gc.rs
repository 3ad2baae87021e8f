//! Values under forced collection: locals, roots, arguments, buffers, jobs, native objects; and panics that stop at the border.
//!
//! One process, one context, no test harness: the engine must be left with `_exit` (see `Engine::exit_process`).

use anode_engine::{Args, Context, Engine, JsResult, Local, Native, Options, Root, Scope};
use std::cell::Cell;
use std::rc::Rc;

fn check(name: &str, ok: bool, failures: &mut u32) {
    if !ok {
        *failures += 1;
        eprintln!("FAIL {name}");
    }
}

static COLLECT: Native = collect;
static PANIC: Native = panics;
static SUM: Native = sum;

/// Collects, and returns its arguments joined: they must have survived in place.
fn collect<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sc.collect_garbage();
    let mut text = String::new();
    for index in 0..args.len() {
        text.push_str(&sc.to_string(args.get(index))?);
    }
    sc.collect_garbage();
    Ok(sc.string(&text))
}

fn panics<'s>(_sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    panic!("a native gave up")
}

fn sum<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let mut total = 0.0;
    for index in 0..args.len() {
        total += args.get(index).as_f64().unwrap_or(0.0);
    }
    Ok(sc.number(total))
}

fn run<'s>(sc: &mut Scope<'s>, source: &str) -> Option<Local<'s>> {
    match sc.evaluate(source, "test.js", 1) {
        Ok(value) => Some(value),
        Err(thrown) => {
            let error = sc.catch(thrown)?;
            let text = sc.to_string(error).unwrap_or_default();
            eprintln!("threw: {text}");
            None
        }
    }
}

fn text_of(sc: &mut Scope<'_>, value: Option<Local<'_>>) -> String {
    value.and_then(|value| sc.to_string(value).ok()).unwrap_or_default()
}

fn locals_survive(sc: &mut Scope<'_>) -> bool {
    let mut locals = Vec::new();
    for index in 0..5000 {
        let object = sc.object();
        let value = sc.int(index);
        if sc.set(object, "index", value).is_err() {
            return false;
        }
        locals.push(object);
        if index % 997 == 0 {
            sc.collect_garbage();
        }
    }
    sc.collect_garbage();
    locals
        .iter()
        .enumerate()
        .all(|(index, object)| sc.get(*object, "index").is_ok_and(|value| value.as_i32() == Some(index as i32)))
}

fn roots_survive(sc: &mut Scope<'_>) -> bool {
    let mut roots = Vec::new();
    for index in 0..2000 {
        sc.nested(|sc| {
            let text = sc.string(&format!("value {index}"));
            roots.push(Root::new(sc, text));
        });
        if index % 3 == 0 {
            roots.swap_remove(index / 2);
        }
        if index % 501 == 0 {
            sc.collect_garbage();
        }
    }
    sc.collect_garbage();
    roots.iter().all(|root| {
        sc.nested(|sc| {
            let value = root.get(sc);
            sc.to_string(value).is_ok_and(|text| text.starts_with("value "))
        })
    })
}

struct Dropped(Rc<Cell<u32>>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

fn native_objects_die(sc: &mut Scope<'_>) -> bool {
    let count = Rc::new(Cell::new(0));
    for _ in 0..100 {
        sc.nested(|sc| {
            let data: Rc<Dropped> = Rc::new(Dropped(count.clone()));
            let _object = sc.native_object(None, data);
        });
    }
    sc.collect_garbage();
    let kept = match sc.native_object(None, Rc::new(Dropped(count.clone()))) {
        Ok(object) => object,
        Err(_) => return false,
    };
    sc.collect_garbage();
    count.get() == 100 && sc.native_data::<Dropped>(kept).is_some() && sc.native_data::<String>(kept).is_none()
}

fn buffers_survive(sc: &mut Scope<'_>) -> bool {
    let Ok(view) = sc.uint8_array((0..=255).collect()) else { return false };
    sc.collect_garbage();
    let same = sc.with_bytes(view, |bytes| bytes.len() == 256 && bytes[255] == 255) == Some(true);
    let before = sc.array_buffer_bytes();
    for _ in 0..50 {
        sc.nested(|sc| {
            let _garbage = sc.array_buffer(vec![0; 1 << 16]);
        });
    }
    sc.collect_garbage();
    same && sc.array_buffer_bytes() <= before + (1 << 20)
}

fn main() {
    let Some(mut context) = Context::new(Options::default()) else {
        eprintln!("no context");
        Engine::exit_process(1)
    };
    let mut failures = 0;
    let mut count = 0;
    context.enter(|sc| {
        let global = sc.global();
        for (name, native) in [("collect", &COLLECT), ("panics", &PANIC), ("sum", &SUM)] {
            let defined = sc.function(name, native).and_then(|function| sc.set(global, name, function).map(|()| function));
            check("natives are defined", defined.is_ok(), &mut failures);
        }
        let mut test = |name: &str, ok: bool| {
            count += 1;
            check(name, ok, &mut failures);
        };
        test("locals survive", sc.nested(locals_survive));
        test("roots survive", sc.nested(roots_survive));
        test("native objects die once", sc.nested(native_objects_die));
        test("buffers survive", sc.nested(buffers_survive));
        let text = run(sc, "let s = ''; for (let i = 0; i < 50; i++) s += collect('a' + i, {toString() { return 'b' }}); s.length");
        test("arguments survive", text_of(sc, text) == "190");
        let text = run(sc, "try { panics() } catch (e) { String(e) }");
        test("a panic becomes an error", text_of(sc, text).contains("a native gave up"));
        let text = run(sc, "function f() { return f() } try { f() } catch (e) { e.name + ': ' + e.message }");
        test("deep recursion", text_of(sc, text) == "RangeError: Maximum call stack size exceeded");
        let text = run(
            sc,
            "globalThis.log = []; (async () => { for (let i = 0; i < 20; i++) { await i; collect(); log.push(i) } })(); 0",
        );
        test("a job starts", text.is_some());
        sc.run_jobs(|_, _| {});
        let text = run(sc, "log.join()");
        test("jobs survive", text_of(sc, text) == (0..20).map(|i| i.to_string()).collect::<Vec<_>>().join(","));
        let undefined = sc.undefined();
        let numbers: Vec<_> = (1..=10).map(|n| sc.int(n)).collect();
        let total = sc.get(global, "sum").and_then(|sum| sc.call(sum, undefined, &numbers));
        test("many arguments", total.is_ok_and(|total| total.as_i32() == Some(55)));
        test("immediates are what the engine thinks", immediates(sc));
    });
    println!("{} passed, {failures} failed", count - failures);
    Engine::exit_process(i32::from(failures > 0));
}

/// The static slots for `undefined`, `null`, `true` and `false` hold the engine's own bits.
fn immediates(sc: &mut Scope<'_>) -> bool {
    let Some(array) = run(sc, "[undefined, null, true, false]") else { return false };
    let ours = [sc.undefined(), sc.null(), sc.boolean(true), sc.boolean(false)];
    ours.iter()
        .enumerate()
        .all(|(index, local)| sc.get_index(array, index as u32).is_ok_and(|value| value.is_same(*local)))
}
