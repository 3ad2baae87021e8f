//! Environments that threads share. Node docs: worker.SHARE_ENV.
//!
//! A store lives as long as a thread that uses it; threads find it by its number.

use anode_runtime::{Args, JsResult, Scope};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};

/// Names and values in the order in which they were first set.
type Pairs = Mutex<Vec<(String, String)>>;

struct Store {
    number: u32,
    pairs: Arc<Pairs>,
}

#[derive(Default)]
struct Stores {
    last: u32,
    known: HashMap<u32, Weak<Pairs>>,
}

static STORES: LazyLock<Mutex<Stores>> = LazyLock::new(Mutex::default);

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it holds one of these locks.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `envCreate(flat)`: a store of `[name, value, name, value ...]`.
pub(crate) fn create<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let mut flat = Vec::new();
    for item in sc.array_items(args.get(0))? {
        flat.push(sc.to_string(item)?);
    }
    let mut pairs = Vec::with_capacity(flat.len() / 2);
    let mut rest = flat.into_iter();
    while let (Some(name), Some(value)) = (rest.next(), rest.next()) {
        pairs.push((name, value));
    }
    let pairs = Arc::new(Mutex::new(pairs));
    let number = {
        let mut stores = locked(&STORES);
        stores.known.retain(|_, store| store.strong_count() > 0);
        stores.last += 1;
        let number = stores.last;
        stores.known.insert(number, Arc::downgrade(&pairs));
        number
    };
    sc.native_object(None, Rc::new(Store { number, pairs }))
}

/// `envOpen(number)`: the store of that number; an empty one if all its threads are gone.
pub(crate) fn open<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let number = args.get(0).as_u32().unwrap_or(0);
    let pairs = locked(&STORES).known.get(&number).and_then(Weak::upgrade).unwrap_or_default();
    sc.native_object(None, Rc::new(Store { number, pairs }))
}

/// `envNumber(store)`: what `envOpen` takes.
pub(crate) fn number<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let store = sc.need_native::<Store>(args.get(0))?;
    Ok(sc.number(f64::from(store.number)))
}

/// `envGet(store, name)`: the value, or `undefined`.
pub(crate) fn get<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let store = sc.need_native::<Store>(args.get(0))?;
    let name = sc.to_string(args.get(1))?;
    let value = locked(&store.pairs).iter().find(|pair| pair.0 == name).map(|pair| pair.1.clone());
    Ok(match value {
        Some(value) => sc.string(&value),
        None => sc.undefined(),
    })
}

/// `envSet(store, name, value)`
pub(crate) fn set<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let store = sc.need_native::<Store>(args.get(0))?;
    let name = sc.to_string(args.get(1))?;
    let value = sc.to_string(args.get(2))?;
    let mut pairs = locked(&store.pairs);
    match pairs.iter_mut().find(|pair| pair.0 == name) {
        Some(pair) => pair.1 = value,
        None => pairs.push((name, value)),
    }
    Ok(sc.undefined())
}

/// `envDelete(store, name)`
pub(crate) fn delete<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let store = sc.need_native::<Store>(args.get(0))?;
    let name = sc.to_string(args.get(1))?;
    locked(&store.pairs).retain(|pair| pair.0 != name);
    Ok(sc.undefined())
}

/// `envKeys(store)`: all names.
pub(crate) fn keys<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let store = sc.need_native::<Store>(args.get(0))?;
    let names: Vec<String> = locked(&store.pairs).iter().map(|pair| pair.0.clone()).collect();
    let items: Vec<_> = names.iter().map(|name| sc.string(name)).collect();
    Ok(sc.array(&items))
}
