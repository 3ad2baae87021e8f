//! JavaScript as the host of SQLite's callbacks, and values in both directions.

use crate::{Gathered, Record};
use anode_engine::ErrorClass;
use anode_runtime::{JsResult, Local, Root, Scope, Thrown};
use anode_sqlite_engine::{Aggregate, CallError, Host, Value};

/// The largest integer that is exact as a JavaScript number.
const SAFE_INTEGER_MAX: i64 = (1 << 53) - 1;

/// A BigInt beyond 64 bits.
pub(crate) struct TooLarge;

/// A value as JavaScript sees it.
///
/// # Errors
/// ERR_OUT_OF_RANGE for an integer that is not exact as a number, unless `big`.
pub(crate) fn to_js<'s>(sc: &mut Scope<'s>, value: Value, big: bool) -> JsResult<'s> {
    Ok(match value {
        Value::Null => sc.null(),
        Value::Integer(value) if big => sc.bigint_i64(value),
        Value::Integer(value) if value.unsigned_abs() <= SAFE_INTEGER_MAX.unsigned_abs() => sc.number(value as f64),
        Value::Integer(value) => {
            let message = format!("Value is too large to be represented as a JavaScript number: {value}");
            return Err(sc.throw_code(ErrorClass::RangeError, "ERR_OUT_OF_RANGE", &message));
        }
        Value::Real(value) => sc.number(value),
        Value::Text(text) => sc.string_utf8_lossy(&text),
        Value::Blob(bytes) => sc.uint8_array(bytes)?,
    })
}

/// A value of JavaScript as SQLite stores it; `None` if it has no such kind.
pub(crate) fn value_of(sc: &mut Scope<'_>, value: Local<'_>) -> Option<Result<Value, TooLarge>> {
    if value.is_nullish() {
        return Some(Ok(Value::Null));
    }
    if let Some(number) = value.as_f64() {
        return Some(Ok(Value::Real(number)));
    }
    if value.is_string() {
        return Some(Ok(Value::Text(sc.to_utf8(value).ok()?)));
    }
    if value.is_bigint() {
        return Some(value.as_exact_i64().map(Value::Integer).ok_or(TooLarge));
    }
    sc.copy_bytes(value).map(|bytes| Ok(Value::Blob(bytes)))
}

/// Who answers the callbacks of one operation.
pub(crate) struct JsHost<'a, 's, 'h> {
    sc: &'a mut Scope<'s>,
    record: &'a Record,
    hooks: Local<'h>,
    thrown: Option<Root>,
}

impl<'a, 's, 'h> JsHost<'a, 's, 'h> {
    pub(crate) fn new(sc: &'a mut Scope<'s>, record: &'a Record, hooks: Local<'h>) -> JsHost<'a, 's, 'h> {
        JsHost { sc, record, hooks, thrown: None }
    }

    /// What a callback threw.
    pub(crate) fn take_thrown(&mut self) -> Option<Root> {
        self.thrown.take()
    }

    /// Runs `work` in a scope of its own; keeps what it throws.
    fn guarded<R>(
        &mut self,
        work: impl for<'n> FnOnce(&mut Scope<'n>, Local<'_>, &Record) -> Result<R, Fail>,
    ) -> Result<R, CallError> {
        // An exception ends the operation: nothing is asked any more.
        if self.thrown.is_some() {
            return Err(CallError::Thrown);
        }
        let (hooks, record) = (self.hooks, self.record);
        let thrown = &mut self.thrown;
        self.sc.nested(|sc| match work(sc, hooks, record) {
            Ok(value) => Ok(value),
            Err(Fail::Message(text)) => Err(CallError::Message(text)),
            Err(Fail::Thrown(exception)) => {
                if let Some(error) = sc.catch(exception) {
                    *thrown = Some(Root::new(sc, error));
                }
                Err(CallError::Thrown)
            }
        })
    }
}

enum Fail {
    Message(String),
    Thrown(Thrown),
}

impl From<Thrown> for Fail {
    fn from(thrown: Thrown) -> Fail {
        Fail::Thrown(thrown)
    }
}

/// What a user function returned, for SQLite.
fn result_of(sc: &mut Scope<'_>, value: Local<'_>) -> Result<Value, Fail> {
    match value_of(sc, value) {
        Some(Ok(value)) => Ok(value),
        Some(Err(TooLarge)) => Err(Fail::Message("BigInt value is too large for SQLite".to_owned())),
        None if sc.promise_state(value).is_some() => {
            Err(Fail::Message("Asynchronous user-defined functions are not supported".to_owned()))
        }
        None => Err(Fail::Message("Returned JavaScript value cannot be converted to a SQLite value".to_owned())),
    }
}

/// Entry `id` of the functions of a database.
fn function<'s>(sc: &mut Scope<'s>, hooks: Local<'_>, id: usize) -> JsResult<'s> {
    let functions = sc.get(hooks, "functions")?;
    sc.get_index(functions, u32::try_from(id).unwrap_or(u32::MAX))
}

fn convert<'s>(sc: &mut Scope<'s>, entry: Local<'_>, args: &[Value]) -> Result<Vec<Local<'s>>, Thrown> {
    let big = sc.get(entry, "useBigIntArguments")?.is_true();
    args.iter().map(|value| to_js(sc, value.clone(), big)).collect()
}

impl Host for JsHost<'_, '_, '_> {
    fn call(&mut self, id: usize, args: &[Value]) -> Result<Value, CallError> {
        self.guarded(|sc, hooks, _| {
            let entry = function(sc, hooks, id)?;
            let args = convert(sc, entry, args)?;
            let callback = sc.get(entry, "call")?;
            let undefined = sc.undefined();
            let result = sc.call(callback, undefined, &args)?;
            result_of(sc, result)
        })
    }

    fn aggregate(&mut self, id: usize, part: Aggregate, instance: u64, args: &[Value]) -> Result<Value, CallError> {
        let result = self.guarded(|sc, hooks, record| {
            let entry = function(sc, hooks, id)?;
            let undefined = sc.undefined();
            let known = record.instances.borrow().get(&instance).map(|known| (known.value.get(sc), known.windowed));
            let windowed = known.is_some_and(|(_, windowed)| windowed);
            let gathered = match known {
                Some((gathered, _)) => gathered,
                None => {
                    let start = sc.get(entry, "start")?;
                    if start.is_function() { sc.call(start, undefined, &[])? } else { start }
                }
            };
            match part {
                Aggregate::Step | Aggregate::Inverse => {
                    let name = if part == Aggregate::Step { "step" } else { "inverse" };
                    let callback = sc.get(entry, name)?;
                    let mut list = vec![gathered];
                    list.extend(convert(sc, entry, args)?);
                    let next = sc.call(callback, undefined, &list)?;
                    let value = Root::new(sc, next);
                    record.instances.borrow_mut().insert(instance, Gathered { value, windowed });
                    Ok(Value::Null)
                }
                Aggregate::Final if windowed => Ok(Value::Null),
                Aggregate::Value | Aggregate::Final => {
                    if let Some(known) = record.instances.borrow_mut().get_mut(&instance) {
                        known.windowed = true;
                    }
                    let finish = sc.get(entry, "result")?;
                    let value = if finish.is_function() { sc.call(finish, undefined, &[gathered])? } else { gathered };
                    result_of(sc, value)
                }
            }
        });
        if part == Aggregate::Final {
            self.record.instances.borrow_mut().remove(&instance);
        }
        result
    }

    fn authorize(&mut self, action: i32, details: [Option<String>; 4]) -> i32 {
        /// SQLITE_DENY
        const DENY: i32 = 1;
        let answer = self.guarded(|sc, hooks, _| {
            let callback = sc.get(hooks, "authorizer")?;
            let mut args = vec![sc.int(action)];
            for text in details {
                args.push(text.map_or(sc.null(), |text| sc.string(&text)));
            }
            let undefined = sc.undefined();
            let answer = sc.call(callback, undefined, &args)?;
            match answer.as_i32() {
                Some(code @ 0..=2) => Ok(code),
                Some(_) => {
                    Err(sc.throw_range_error("Authorizer callback returned a invalid authorization code").into())
                }
                None => {
                    Err(sc.throw_type_error("Authorizer callback must return an integer authorization code").into())
                }
            }
        });
        answer.unwrap_or(DENY)
    }

    fn conflict(&mut self, kind: i32) -> i32 {
        /// No answer that SQLite knows: it reports a misuse.
        const NONSENSE: i32 = -1;
        let answer = self.guarded(|sc, hooks, _| {
            let callback = sc.get(hooks, "onConflict")?;
            let (undefined, kind) = (sc.undefined(), sc.int(kind));
            Ok(sc.call(callback, undefined, &[kind])?.as_i32().unwrap_or(NONSENSE))
        });
        // SQLITE_CHANGESET_ABORT after an exception.
        answer.unwrap_or(2)
    }

    fn filter(&mut self, table: String) -> bool {
        let answer = self.guarded(|sc, hooks, _| {
            let callback = sc.get(hooks, "filter")?;
            let (undefined, table) = (sc.undefined(), sc.string(&table));
            let answer = sc.call(callback, undefined, &[table])?;
            Ok(answer.is_object()
                || answer.is_true()
                || answer.as_f64().is_some_and(|number| number != 0.0 && !number.is_nan())
                || sc.string_length(answer) > 0)
        });
        answer.unwrap_or(false)
    }
}
