//! `Function.prototype.toString` of native functions on one line, as V8 has it: `function max() { [native code] }`.

use crate::error::Thrown;
use crate::function::{Args, Native};
use crate::object::Attributes;
use crate::scope::{JsResult, Local, Scope};

/// The engine's text of a body that is not JavaScript.
const NATIVE_BODY: &str = "() {\n    [native code]\n}";
/// Characters of such a text, at most: names are part of it.
const NATIVE_TEXT_MAX: usize = 512;

static TO_STRING: Native = to_string;

impl Scope<'_> {
    /// Gives the functions of the current realm, whose global object is `global`, V8's text.
    pub(crate) fn extend_functions(&mut self, global: Local<'_>) -> Result<(), Thrown> {
        let function = self.get(global, "Function")?;
        let proto = self.get(function, "prototype")?;
        let original = self.get(proto, "toString")?;
        let ours = self.function_with_data("toString", &TO_STRING, original)?;
        self.define(proto, "toString", ours, Attributes::HIDDEN)
    }
}

fn to_string<'s>(sc: &mut Scope<'s>, args: &Args<'s>) -> JsResult<'s> {
    let original = args.data(sc);
    let text = sc.call(original, args.this(), &[])?;
    if sc.string_length(text) > NATIVE_TEXT_MAX {
        return Ok(text);
    }
    let Some(known) = sc.as_string(text) else { return Ok(text) };
    let Some(head) = known.strip_suffix(NATIVE_BODY) else { return Ok(text) };
    // Functions without a name have a space in place of it.
    let space = if head == "function" { " " } else { "" };
    Ok(sc.string(&format!("{head}{space}() {{ [native code] }}")))
}
