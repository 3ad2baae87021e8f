//! Binding `permission`: what `process.permission` asks. The model itself is in the runtime.

use anode_runtime::permission::{self, Permission};
use anode_runtime::{Args, Builtin, JsResult, Root, Scope};

/// The Rust half of `process.permission`.
pub static BUILTIN: Builtin = Builtin {
    name: "permission",
    functions: &[
        ("drop", drop),
        ("has", has),
        ("isEnforced", is_enforced),
        ("require", require),
        ("requirePath", require_path),
        ("setListener", set_listener),
    ],
    init: None,
};

/// The permissions of a scope; `fs` is two.
fn of_scope(scope: &str) -> Vec<Permission> {
    match scope {
        "fs" => vec![Permission::FsRead, Permission::FsWrite],
        other => Permission::of_scope(other).into_iter().collect(),
    }
}

/// `has(scope[, reference])`: tells the diagnostics channels of what is missing, as Node does.
fn has<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let scope = sc.to_string(args.get(0))?;
    let reference = if args.get(1).is_undefined() { None } else { Some(sc.to_utf8(args.get(1))?) };
    let wanted = of_scope(&scope);
    let mut granted = !wanted.is_empty();
    for permission in wanted {
        let is_path = matches!(permission, Permission::FsRead | Permission::FsWrite);
        let allowed = match &reference {
            Some(path) if is_path && !path.is_empty() => permission::allows_path(permission, path),
            _ => permission::allows(permission),
        };
        if !allowed {
            granted = false;
            permission::tell_of_question(sc, permission, reference.as_deref().unwrap_or_default())?;
        }
    }
    Ok(sc.boolean(granted))
}

/// `drop(scope[, reference])`: for good, and for all threads.
fn drop<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let scope = sc.to_string(args.get(0))?;
    let reference = if args.get(1).is_undefined() { None } else { Some(sc.to_utf8(args.get(1))?) };
    for permission in of_scope(&scope) {
        permission::drop_permission(permission, reference.as_deref());
    }
    Ok(sc.undefined())
}

/// `isEnforced()`: whether refusals are errors.
fn is_enforced<'s>(sc: &mut Scope<'s>, _args: &Args<'s>) -> JsResult<'s> {
    Ok(sc.boolean(permission::is_enforced()))
}

/// `require(scope, resource)`: throws ERR_ACCESS_DENIED unless all of the scope is allowed. For builtins without Rust of their own.
fn require<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let scope = sc.to_string(args.get(0))?;
    let resource = sc.to_utf8(args.get(1))?;
    for permission in of_scope(&scope) {
        permission::require(sc, permission, &resource)?;
    }
    Ok(sc.undefined())
}

/// `requirePath(scope, path)`: throws ERR_ACCESS_DENIED unless the scope covers the path.
fn require_path<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let scope = sc.to_string(args.get(0))?;
    let path = match sc.copy_bytes(args.get(1)) {
        Some(bytes) => bytes,
        None => sc.to_utf8(args.get(1))?,
    };
    for permission in of_scope(&scope) {
        permission::require_path(sc, permission, path.clone())?;
    }
    Ok(sc.undefined())
}

/// `setListener(fn(channel, permission, resource))`: hears of every refusal on this thread.
fn set_listener<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let listener = Root::new(sc, args.get(0));
    permission::set_listener(sc, listener);
    Ok(sc.undefined())
}
