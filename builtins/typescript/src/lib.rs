//! Binding `typescript`: type stripping for the module loaders.

#![forbid(unsafe_code)]

use anode_runtime::{Args, Builtin, JsResult, Scope};
use anode_typescript_pure::strip as strip_types;

/// The binding `typescript`.
pub static BUILTIN: Builtin = Builtin { name: "typescript", functions: &[("strip", strip)], init: None };

/// `strip(source)`: the text without types, or `[message, isUnsupported, line, column, endLine, endColumn]` for an error;
/// lines from 1, columns from 0 in code points, -1 without a place.
fn strip<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let source = sc.to_string(args.get(0))?;
    match strip_types(source) {
        Ok(code) => Ok(sc.string(&code)),
        Err(failure) => {
            let numbers = match failure.range {
                Some((start, end)) => [start.line, start.column, end.line, end.column].map(|number| number as f64),
                None => [-1.0; 4],
            };
            let mut parts = vec![sc.string(&failure.message), sc.boolean(failure.unsupported)];
            for number in numbers {
                parts.push(sc.number(number));
            }
            Ok(sc.array(&parts))
        }
    }
}
