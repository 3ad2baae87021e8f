//! Binding of `node:sqlite`: databases and statements as handles, values back and forth.
//!
//! `js/sqlite.js` checks arguments and keeps the callbacks of a database in a plain object, which it hands to every operation that
//! may call back: so a callback that refers to its database is garbage with it.

#![forbid(unsafe_code)]

mod host;

use anode_engine::ErrorClass;
use anode_runtime::permission::{self, Permission};
use anode_runtime::{Args, Builtin, JsResult, Local, Root, Scope, Thrown};
use anode_sqlite_engine::{
    Backup, Database, Failure, OpenOptions, Statement, Step, Switch, Value, guard_files, take_refused,
};
use host::JsHost;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// The Rust half of `node:sqlite`.
pub static BUILTIN: Builtin = Builtin {
    name: "sqlite",
    functions: &[
        ("all", all),
        ("applyChangeset", apply_changeset),
        ("backupBegin", backup_begin),
        ("backupProgress", backup_progress),
        ("backupStep", backup_step),
        ("bind", bind),
        ("close", close),
        ("columns", columns),
        ("counter", counter),
        ("columnNames", column_names),
        ("createSession", create_session),
        ("defineAggregate", define_aggregate),
        ("defineFunction", define_function),
        ("deserialize", deserialize),
        ("enableDefensive", enable_defensive),
        ("enableLoadExtension", enable_load_extension),
        ("exec", exec),
        ("expandedSQL", expanded_sql),
        ("finalize", finalize),
        ("inTransaction", in_transaction),
        ("isRunning", is_running),
        ("limit", limit),
        ("loadExtension", load_extension),
        ("location", location),
        ("open", open),
        ("parameters", parameters),
        ("prepare", prepare),
        ("reset", reset),
        ("run", run),
        ("serialize", serialize),
        ("sessionChanges", session_changes),
        ("sessionClose", session_close),
        ("setAuthorizer", set_authorizer),
        ("sourceSQL", source_sql),
        ("step", step),
    ],
    init: None,
};

/// What one instance of an aggregate has gathered.
pub(crate) struct Gathered {
    pub(crate) value: Root,
    /// Its values were asked for: it is a window, whose end has no value of its own.
    pub(crate) windowed: bool,
}

/// A database behind a handle.
pub(crate) struct Record {
    pub(crate) database: Database,
    /// What aggregates have gathered, by instance.
    pub(crate) instances: RefCell<HashMap<u64, Gathered>>,
}

/// A statement behind a handle; `None` once finalized.
struct Prepared {
    statement: RefCell<Option<Rc<Statement>>>,
    record: Rc<Record>,
}

/// Throws SQLite's error as Node shows it.
/// Has SQLite ask the permission model before it opens a file, whichever statement names it.
fn guard(sc: &mut Scope<'_>) -> Result<(), Thrown> {
    if !permission::is_on() || guard_files(may_open) {
        return Ok(());
    }
    Err(sc.throw_code(ErrorClass::Error, "ERR_SQLITE_ERROR", "the permission model cannot watch SQLite's files"))
}

/// Extensions are native code, which no permission of ours would hold back.
fn refuse_extensions(sc: &mut Scope<'_>) -> Result<(), Thrown> {
    if !permission::is_on() {
        return Ok(());
    }
    let message = "Cannot load SQLite extensions when the permission model is enabled.";
    Err(sc.throw_code(ErrorClass::Error, "ERR_LOAD_SQLITE_EXTENSION", message))
}

fn may_open(path: &[u8], writes: bool) -> bool {
    !permission::is_enforced()
        || (permission::allows_path(Permission::FsRead, path)
            && (!writes || permission::allows_path(Permission::FsWrite, path)))
}

fn throw(sc: &mut Scope<'_>, failure: &Failure) -> Thrown {
    if let Some(refused) = take_refused() {
        let wanted =
            if refused.writes { &[Permission::FsRead, Permission::FsWrite][..] } else { &[Permission::FsRead] };
        for kind in wanted {
            if let Err(thrown) = permission::require_path(sc, *kind, refused.path.clone()) {
                return thrown;
            }
        }
    }
    let made = sc.make_error(ErrorClass::Error, &failure.message).and_then(|error| {
        let value = sc.string("ERR_SQLITE_ERROR");
        sc.set(error, "code", value)?;
        let value = sc.int(failure.code);
        sc.set(error, "errcode", value)?;
        let value = sc.string(&failure.kind);
        sc.set(error, "errstr", value)?;
        Ok(error)
    });
    match made {
        Ok(error) => sc.throw(error),
        Err(thrown) => thrown,
    }
}

fn record(sc: &mut Scope<'_>, args: &Args<'_>) -> Result<Rc<Record>, Thrown> {
    sc.need_native::<Record>(args.get(0))
}

fn statement(sc: &mut Scope<'_>, args: &Args<'_>) -> Result<(Rc<Statement>, Rc<Record>), Thrown> {
    let prepared = sc.need_native::<Prepared>(args.get(0))?;
    let found = prepared.statement.borrow().clone();
    match found {
        Some(statement) if !statement.is_finalized() => Ok((statement, prepared.record.clone())),
        _ => Err(sc.throw_code(ErrorClass::Error, "ERR_INVALID_STATE", "statement has been finalized")),
    }
}

/// Runs an operation that may call back; what a callback threw goes before what SQLite says about it.
fn with_host<'s, 'h, R>(
    sc: &mut Scope<'s>,
    record: &Record,
    hooks: Local<'h>,
    work: impl FnOnce(&mut JsHost<'_, 's, 'h>) -> Result<R, Failure>,
) -> Result<R, Thrown> {
    let mut host = JsHost::new(sc, record, hooks);
    let result = work(&mut host);
    let thrown = host.take_thrown();
    if let Some(error) = thrown {
        let error = error.get(sc);
        return Err(sc.throw(error));
    }
    if sc.is_terminating() {
        return Err(sc.terminated());
    }
    result.map_err(|failure| throw(sc, &failure))
}

/// `open(path, readOnly, foreignKeys, doubleQuoted, extensions, timeout, defensive)`
fn open<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let path = bytes_or_text(sc, args.get(0))?;
    guard(sc)?;
    let options = OpenOptions {
        read_only: args.get(1).is_true(),
        foreign_keys: args.get(2).is_true(),
        double_quoted_literals: args.get(3).is_true(),
        extensions: args.get(4).is_true(),
        busy_timeout_ms: args.get(5).as_i32().unwrap_or(0),
        defensive: args.get(6).is_true(),
    };
    if options.extensions {
        refuse_extensions(sc)?;
    }
    match Database::open(&path, options) {
        Ok(database) => sc.native_object(None, Rc::new(Record { database, instances: RefCell::default() })),
        Err(failure) => Err(throw(sc, &failure)),
    }
}

fn bytes_or_text(sc: &mut Scope<'_>, value: Local<'_>) -> Result<Vec<u8>, Thrown> {
    match sc.copy_bytes(value) {
        Some(bytes) => Ok(bytes),
        None => sc.to_utf8(value),
    }
}

/// `close(database)`: false within a callback.
fn close<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let record = record(sc, args)?;
    let closed = record.database.close().is_ok();
    Ok(sc.boolean(closed))
}

/// `isRunning(database)`: whether this is a callback of it.
fn is_running<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let record = record(sc, args)?;
    Ok(sc.boolean(record.database.is_running()))
}

/// `exec(database, hooks, sql)`
fn exec<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let record = record(sc, args)?;
    let sql = sc.to_utf8(args.get(2))?;
    with_host(sc, &record, args.get(1), |host| record.database.execute(host, &sql))?;
    Ok(sc.undefined())
}

/// `prepare(database, hooks, sql)`; `undefined` if there is no statement in the text.
fn prepare<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let record = record(sc, args)?;
    let sql = sc.to_utf8(args.get(2))?;
    let statement = with_host(sc, &record, args.get(1), |host| record.database.prepare(host, &sql))?;
    if statement.is_finalized() {
        return Ok(sc.undefined());
    }
    sc.native_object(None, Rc::new(Prepared { statement: RefCell::new(Some(Rc::new(statement))), record }))
}

/// `finalize(statement)`: false while it runs.
fn finalize<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let prepared = sc.need_native::<Prepared>(args.get(0))?;
    let running = prepared.statement.borrow().as_ref().is_some_and(|statement| statement.is_running());
    if !running {
        prepared.statement.borrow_mut().take();
    }
    Ok(sc.boolean(!running))
}

/// `reset(statement)`: ready to run again, bindings cleared.
fn reset<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (statement, _) = statement(sc, args)?;
    if statement.reset().is_err() {
        return Err(sc.throw_code(ErrorClass::Error, "ERR_INVALID_STATE", "statement is currently being executed"));
    }
    if !args.get(1).is_true() {
        statement.clear_bindings();
    }
    Ok(sc.undefined())
}

/// `bind(statement, index, value)`: false if the value is of no kind that SQLite has.
fn bind<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (statement, _) = statement(sc, args)?;
    let index = args.get(1).as_i32().unwrap_or(0);
    let value = args.get(2);
    let value = match host::value_of(sc, value) {
        Some(Ok(value)) => value,
        Some(Err(_too_large)) => {
            let message = "BigInt value is too large to bind.";
            return Err(sc.throw_code(ErrorClass::TypeError, "ERR_INVALID_ARG_VALUE", message));
        }
        None if value.is_bool() => Value::Integer(i64::from(value.is_true())),
        None => return Ok(sc.boolean(false)),
    };
    statement.bind(index, &value).map_err(|failure| throw(sc, &failure))?;
    Ok(sc.boolean(true))
}

fn texts<'s>(sc: &mut Scope<'s>, list: Vec<Option<String>>) -> Local<'s> {
    let items: Vec<_> = list.into_iter().map(|text| text.map_or(sc.null(), |text| sc.string(&text))).collect();
    sc.array(&items)
}

/// `parameters(statement)`: names, `null` for those without.
fn parameters<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (statement, _) = statement(sc, args)?;
    Ok(texts(sc, statement.parameters()))
}

/// `columnNames(statement)`
fn column_names<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (statement, _) = statement(sc, args)?;
    let names = (0..statement.column_count()).map(|index| Some(statement.column_name(index))).collect();
    Ok(texts(sc, names))
}

/// `columns(statement)`: per column name, column, database, type, table; flat.
fn columns<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (statement, _) = statement(sc, args)?;
    let mut flat = Vec::new();
    for index in 0..statement.column_count() {
        flat.push(Some(statement.column_name(index)));
        flat.extend(statement.column_origin(index));
    }
    Ok(texts(sc, flat))
}

/// Keys of a row's object.
fn keys<'s>(sc: &mut Scope<'s>, statement: &Statement) -> Vec<Local<'s>> {
    (0..statement.column_count())
        .map(|index| {
            let name = statement.column_name(index);
            sc.string(&name)
        })
        .collect()
}

/// The current row as an object, or an array.
fn row<'s>(sc: &mut Scope<'s>, statement: &Statement, keys: &[Local<'_>], big: bool, arrays: bool) -> JsResult<'s> {
    if arrays {
        let mut items = Vec::with_capacity(keys.len());
        for index in 0..keys.len() {
            let value = statement.column(i32::try_from(index).unwrap_or(0));
            items.push(host::to_js(sc, value, big)?);
        }
        return Ok(sc.array(&items));
    }
    let object = sc.object_null_proto();
    for (index, key) in keys.iter().enumerate() {
        let value = statement.column(i32::try_from(index).unwrap_or(0));
        let value = host::to_js(sc, value, big)?;
        sc.set_value(object, *key, value)?;
    }
    Ok(object)
}

/// `step(statement, hooks, bigInts, arrays)`: the next row, or `undefined`.
fn step<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (statement, record) = statement(sc, args)?;
    match with_host(sc, &record, args.get(1), |host| statement.step(host))? {
        Step::Done => Ok(sc.undefined()),
        Step::Row => {
            let keys = keys(sc, &statement);
            row(sc, &statement, &keys, args.get(2).is_true(), args.get(3).is_true())
        }
    }
}

/// `all(statement, hooks, bigInts, arrays)`: the rows that are left.
fn all<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (statement, record) = statement(sc, args)?;
    let (big, arrays) = (args.get(2).is_true(), args.get(3).is_true());
    let rows = sc.array(&[]);
    let keys = keys(sc, &statement);
    let mut count = 0;
    loop {
        // The locals of a row end with it.
        let more = sc.nested(|sc| {
            let hooks = args.get(1);
            if with_host(sc, &record, hooks, |host| statement.step(host))? == Step::Done {
                return Ok(false);
            }
            let row = row(sc, &statement, &keys, big, arrays)?;
            sc.set_index(rows, count, row)?;
            Ok::<_, Thrown>(true)
        })?;
        if !more {
            return Ok(rows);
        }
        count += 1;
    }
}

/// `run(statement, hooks, bigInts)`: to the end; changes and last rowid.
fn run<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (statement, record) = statement(sc, args)?;
    with_host(sc, &record, args.get(1), |host| {
        while statement.step(host)? == Step::Row {}
        Ok(())
    })?;
    let big = args.get(2).is_true();
    let changes = host::to_js(sc, Value::Integer(record.database.changes()), big)?;
    let rowid = host::to_js(sc, Value::Integer(record.database.last_insert_rowid()), big)?;
    Ok(sc.array(&[changes, rowid]))
}

/// `counter(statement, id, reset)`
fn counter<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (statement, _) = statement(sc, args)?;
    Ok(sc.int(statement.counter(args.get(1).as_i32().unwrap_or(0), args.get(2).is_true())))
}

fn source_sql<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (statement, _) = statement(sc, args)?;
    Ok(sc.string(&statement.sql()))
}

fn expanded_sql<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let (statement, _) = statement(sc, args)?;
    match statement.expanded_sql() {
        Some(text) => Ok(sc.string(&text)),
        None => Err(sc.throw_error("Expanded SQL text would exceed configured limits")),
    }
}

fn in_transaction<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let record = record(sc, args)?;
    Ok(sc.boolean(record.database.in_transaction()))
}

/// `location(database, name)`: `null` for one in memory.
fn location<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let record = record(sc, args)?;
    let name = sc.to_utf8(args.get(1))?;
    Ok(match record.database.location(&name) {
        Some(path) if !path.is_empty() => sc.string(&path),
        _ => sc.null(),
    })
}

/// `limit(database, id, value)`: the limit before; a value below 0 only asks.
fn limit<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let record = record(sc, args)?;
    let before = record.database.limit(args.get(1).as_i32().unwrap_or(-1), args.get(2).as_i32().unwrap_or(-1));
    Ok(sc.int(before))
}

fn enable_defensive<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let record = record(sc, args)?;
    record.database.switch(Switch::Defensive, args.get(1).is_true()).map_err(|failure| throw(sc, &failure))?;
    Ok(sc.undefined())
}

fn enable_load_extension<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let record = record(sc, args)?;
    record.database.switch(Switch::LoadExtension, args.get(1).is_true()).map_err(|failure| throw(sc, &failure))?;
    Ok(sc.undefined())
}

/// `loadExtension(database, hooks, path, entry)`
fn load_extension<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let record = record(sc, args)?;
    let path = sc.to_utf8(args.get(2))?;
    let entry = if args.get(3).is_string() { Some(sc.to_utf8(args.get(3))?) } else { None };
    with_host(sc, &record, args.get(1), |host| record.database.load_extension(host, &path, entry.as_deref()))?;
    Ok(sc.undefined())
}

/// `defineFunction(database, name, id, arguments, deterministic, directOnly)`
fn define_function<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let record = record(sc, args)?;
    let name = sc.to_utf8(args.get(1))?;
    let id = args.get(2).as_u32().unwrap_or(0) as usize;
    let count = args.get(3).as_i32().unwrap_or(-1);
    record
        .database
        .define_function(&name, id, count, args.get(4).is_true(), args.get(5).is_true())
        .map_err(|failure| throw(sc, &failure))?;
    Ok(sc.undefined())
}

/// `defineAggregate(database, name, id, arguments, directOnly, window)`
fn define_aggregate<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let record = record(sc, args)?;
    let name = sc.to_utf8(args.get(1))?;
    let id = args.get(2).as_u32().unwrap_or(0) as usize;
    let count = args.get(3).as_i32().unwrap_or(-1);
    record
        .database
        .define_aggregate(&name, id, count, args.get(4).is_true(), args.get(5).is_true())
        .map_err(|failure| throw(sc, &failure))?;
    Ok(sc.undefined())
}

fn set_authorizer<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let record = record(sc, args)?;
    record.database.set_authorizer(args.get(1).is_true()).map_err(|failure| throw(sc, &failure))?;
    Ok(sc.undefined())
}

fn serialize<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let record = record(sc, args)?;
    let name = sc.to_utf8(args.get(1))?;
    let bytes = record.database.serialize(&name).map_err(|failure| throw(sc, &failure))?;
    sc.uint8_array(bytes)
}

/// `deserialize(database, name, bytes)`
fn deserialize<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let record = record(sc, args)?;
    let name = sc.to_utf8(args.get(1))?;
    let bytes = sc.copy_bytes(args.get(2)).unwrap_or_default();
    record.database.deserialize(&name, &bytes).map_err(|failure| throw(sc, &failure))?;
    Ok(sc.undefined())
}

// ---- backups

/// `backupBegin(database, path, source, target)`
fn backup_begin<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let record = record(sc, args)?;
    let path = bytes_or_text(sc, args.get(1))?;
    let (source, target) = (sc.to_utf8(args.get(2))?, sc.to_utf8(args.get(3))?);
    let options = OpenOptions {
        busy_timeout_ms: 0,
        defensive: false,
        double_quoted_literals: false,
        extensions: false,
        foreign_keys: false,
        read_only: false,
    };
    guard(sc)?;
    let begun =
        Database::open(&path, options).and_then(|database| Backup::begin(&record.database, &source, database, &target));
    match begun {
        Ok(backup) => sc.native_object(None, Rc::new(Copying { backup: RefCell::new(Some(backup)) })),
        Err(failure) => Err(throw(sc, &failure)),
    }
}

/// A backup behind a handle; `None` once it ended.
struct Copying {
    backup: RefCell<Option<Backup>>,
}

/// `backupStep(backup, pages)`: false while there is more to copy, then the number of pages. Without `pages` it ends at once.
fn backup_step<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let copying = sc.need_native::<Copying>(args.get(0))?;
    let (stepped, total) = match (copying.backup.borrow().as_ref(), args.get(1).as_i32()) {
        (Some(backup), Some(pages)) => (backup.step(pages), backup.progress().1),
        _ => (Ok(true), 0),
    };
    if !matches!(stepped, Ok(false)) {
        copying.backup.borrow_mut().take();
    }
    match stepped {
        Ok(true) => Ok(sc.int(total)),
        Ok(false) => Ok(sc.boolean(false)),
        Err(failure) => Err(throw(sc, &failure)),
    }
}

/// `backupProgress(backup)`: remaining and total pages.
fn backup_progress<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let copying = sc.need_native::<Copying>(args.get(0))?;
    let (remaining, total) = copying.backup.borrow().as_ref().map_or((0, 0), Backup::progress);
    let items = [sc.int(remaining), sc.int(total)];
    Ok(sc.array(&items))
}

// ---- sessions

#[cfg(sessions)]
mod sessions {
    use super::{record, throw, with_host};
    use anode_engine::ErrorClass;
    use anode_runtime::{Args, JsResult, Scope, Thrown};
    use anode_sqlite_engine::{Conflicts, Session};
    use std::rc::Rc;

    pub(super) fn create<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
        let record = record(sc, args)?;
        let name = sc.to_utf8(args.get(1))?;
        let table = if args.get(2).is_string() { Some(sc.to_utf8(args.get(2))?) } else { None };
        match record.database.session(&name, table.as_deref()) {
            Ok(session) => sc.native_object(None, Rc::new(session)),
            Err(failure) => Err(throw(sc, &failure)),
        }
    }

    fn session(sc: &mut Scope<'_>, args: &Args<'_>) -> Result<Rc<Session>, Thrown> {
        let session = sc.need_native::<Session>(args.get(0))?;
        if session.is_closed() {
            return Err(sc.throw_code(ErrorClass::Error, "ERR_INVALID_STATE", "session is not open"));
        }
        Ok(session)
    }

    pub(super) fn changes<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
        let session = session(sc, args)?;
        let bytes = session.changes(args.get(1).is_true()).map_err(|failure| throw(sc, &failure))?;
        sc.uint8_array(bytes)
    }

    pub(super) fn close<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
        session(sc, args)?.close();
        Ok(sc.undefined())
    }

    pub(super) fn apply<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
        let record = record(sc, args)?;
        let bytes = sc.copy_bytes(args.get(2)).unwrap_or_default();
        let ask = Conflicts { conflict: args.get(3).is_true(), filter: args.get(4).is_true() };
        let applied = with_host(sc, &record, args.get(1), |host| record.database.apply_changeset(host, &bytes, ask))?;
        Ok(sc.boolean(applied))
    }
}

#[cfg(not(sessions))]
mod sessions {
    use anode_engine::ErrorClass;
    use anode_runtime::{Args, JsResult, Scope};

    fn missing<'s>(sc: &mut Scope<'s>) -> JsResult<'s> {
        let message = "The sessions of node:sqlite are not in this build";
        Err(sc.throw_code(ErrorClass::Error, "ERR_METHOD_NOT_IMPLEMENTED", message))
    }

    pub(super) fn create<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
        missing(sc)
    }

    pub(super) fn changes<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
        missing(sc)
    }

    pub(super) fn close<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
        missing(sc)
    }

    pub(super) fn apply<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
        missing(sc)
    }
}

/// `createSession(database, name, table)`
fn create_session<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sessions::create(sc, args)
}

/// `sessionChanges(session, patch)`
fn session_changes<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sessions::changes(sc, args)
}

fn session_close<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sessions::close(sc, args)
}

/// `applyChangeset(database, hooks, bytes, askConflict, askFilter)`
fn apply_changeset<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    sessions::apply(sc, args)
}
