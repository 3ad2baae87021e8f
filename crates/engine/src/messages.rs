//! The wording of the engine's errors, changed to V8's where the message table allows it.
//!
//! The table is constant data of the engine; each row has a format with numbered arguments. Rules that the engine asserts:
//! every `{i}` with i below the argument count appears exactly once. Lowering the count drops trailing arguments.

use mozjs::jsapi as sm;
use sm::JSErrNum as N;
use std::ffi::CStr;

unsafe extern "C" {
    #[link_name = "js_ErrorFormatString"]
    static TABLE: [sm::JSErrorFormatString; 0];
}

struct Row {
    number: N,
    format: &'static CStr,
    arguments: u16,
    class: Option<sm::JSExnType>,
}

const fn row(number: N, format: &'static CStr, arguments: u16) -> Row {
    Row { number, format, arguments, class: None }
}

/// Node's wording, learned by running Node 26.
const ROWS: &[Row] = &[
    Row {
        number: N::JSMSG_OVER_RECURSED,
        format: c"Maximum call stack size exceeded",
        arguments: 0,
        class: Some(sm::JSExnType::JSEXN_RANGEERR),
    },
    row(N::JSMSG_GET_MISSING_PRIVATE, c"Cannot read private member from an object whose class did not declare it", 0),
    row(N::JSMSG_SET_MISSING_PRIVATE, c"Cannot write private member to an object whose class did not declare it", 0),
    row(N::JSMSG_BAD_CONST_ASSIGN, c"Assignment to constant variable.", 0),
    row(N::JSMSG_UNDECLARED_VAR, c"{0} is not defined", 1),
    row(N::JSMSG_CANT_REDEFINE_PROP, c"Cannot redefine property: {0}", 1),
    row(N::JSMSG_UNINITIALIZED_LEXICAL, c"Cannot access '{0}' before initialization", 1),
    row(N::JSMSG_BAD_ARRAY_LENGTH, c"Invalid array length", 0),
    row(N::JSMSG_EMPTY_ARRAY_REDUCE, c"Reduce of empty array with no initial value", 0),
    Row {
        number: N::JSMSG_ARRAYBUFFER_LENGTH_PINNED,
        format: c"ArrayBuffer is not detachable and could not be cloned.",
        arguments: 0,
        class: Some(sm::JSExnType::JSEXN_TYPEERR),
    },
    row(N::JSMSG_RESULTING_STRING_TOO_LARGE, c"Invalid string length", 0),
    row(N::JSMSG_INVALID_DATE, c"Invalid time value", 0),
    row(N::JSMSG_BAD_RADIX, c"toString() radix argument must be between 2 and 36", 0),
    row(N::JSMSG_BIGINT_NOT_SERIALIZABLE, c"Do not know how to serialize a BigInt", 0),
    row(N::JSMSG_SYMBOL_TO_STRING, c"Cannot convert a Symbol value to a string", 0),
    row(N::JSMSG_SYMBOL_TO_NUMBER, c"Cannot convert a Symbol value to a number", 0),
    row(N::JSMSG_CANT_CALL_CLASS_CONSTRUCTOR, c"Class constructor cannot be invoked without 'new'", 0),
    row(N::JSMSG_JSON_CYCLIC_VALUE, c"Converting circular structure to JSON", 0),
    row(N::JSMSG_BIGINT_TO_NUMBER, c"Cannot mix BigInt and other types, use explicit conversions", 0),
    row(N::JSMSG_BAD_URI, c"URI malformed", 0),
    row(N::JSMSG_READ_ONLY, c"Cannot assign to read only property {0} of object", 1),
    row(N::JSMSG_OBJECT_NOT_EXTENSIBLE, c"Cannot add property {0}, object is not extensible", 1),
    row(N::JSMSG_CANT_DELETE, c"Cannot delete property {0} of #<Object>", 1),
    row(N::JSMSG_GETTER_ONLY, c"Cannot set property {0} of #<Object> which has only a getter", 1),
    row(N::JSMSG_NESTING_GENERATOR, c"Generator is already running", 0),
    row(N::JSMSG_OFFSET_OUT_OF_DATAVIEW, c"Offset is outside the bounds of the DataView", 0),
    row(N::JSMSG_CANT_SET_PROTO_CYCLE, c"Cyclic __proto__ value", 0),
    row(N::JSMSG_IMPORT_DECL_AT_TOP_LEVEL, c"Cannot use import statement outside a module", 0),
    row(N::JSMSG_EXPORT_DECL_AT_TOP_LEVEL, c"Unexpected token 'export'", 0),
    row(N::JSMSG_IMPORT_META_OUTSIDE_MODULE, c"Cannot use 'import.meta' outside a module", 0),
    row(N::JSMSG_WASM_IND_CALL_TO_NULL, c"null function or function signature mismatch", 0),
    row(N::JSMSG_WASM_IND_CALL_BAD_SIG, c"null function or function signature mismatch", 0),
    row(N::JSMSG_WASM_UNREACHABLE, c"unreachable", 0),
    row(N::JSMSG_WASM_INTEGER_OVERFLOW, c"divide result unrepresentable", 0),
    row(N::JSMSG_WASM_INVALID_CONVERSION, c"float unrepresentable in integer range", 0),
    row(N::JSMSG_WASM_INT_DIVIDE_BY_ZERO, c"divide by zero", 0),
    row(N::JSMSG_WASM_OUT_OF_BOUNDS, c"memory access out of bounds", 0),
    row(N::JSMSG_WASM_TABLE_OUT_OF_BOUNDS, c"table index is out of bounds", 0),
    row(
        N::JSMSG_NONINTEGER_NUMBER_TO_BIGINT,
        c"The number {0} cannot be converted to a BigInt because it is not an integer",
        1,
    ),
    row(N::JSMSG_BAD_INSTANCEOF_RHS, c"Right-hand side of 'instanceof' is not an object", 0),
    row(N::JSMSG_CSP_BLOCKED_EVAL, c"Code generation from strings disallowed for this context", 0),
    row(N::JSMSG_CSP_BLOCKED_FUNCTION, c"Code generation from strings disallowed for this context", 0),
    row(N::JSMSG_CSP_BLOCKED_WASM, c"{0}(): Wasm code generation disallowed by embedder", 1),
    row(N::JSMSG_BIGINT_DIVISION_BY_ZERO, c"Division by zero", 0),
    row(N::JSMSG_BIGINT_NEGATIVE_EXPONENT, c"Exponent must be positive", 0),
    row(N::JSMSG_NEGATIVE_REPETITION_COUNT, c"Invalid count value", 0),
    row(N::JSMSG_INVALID_NORMALIZE_FORM, c"The normalization form should be one of NFC, NFD, NFKC, NFKD.", 0),
    row(N::JSMSG_BUILTIN_CTOR_NO_NEW, c"Constructor {0} requires 'new'", 1),
    row(N::JSMSG_PROXY_PREVENTEXTENSIONS_RETURNED_FALSE, c"'preventExtensions' on proxy: trap returned falsish", 0),
    row(
        N::JSMSG_PROXY_SETPROTOTYPEOF_RETURNED_FALSE,
        c"'setPrototypeOf' on proxy: trap returned falsish for property 'undefined'",
        0,
    ),
    row(
        N::JSMSG_BAD_GETPROTOTYPEOF_TRAP_RETURN,
        c"'getPrototypeOf' on proxy: trap returned neither object nor null",
        0,
    ),
    row(N::JSMSG_PROXY_REVOKED, c"Cannot perform the operation on a proxy that has been revoked", 0),
    row(N::JSMSG_OBJECT_REQUIRED_RET_OWNKEYS, c"CreateListFromArrayLike called on non-object", 0),
    row(N::JSMSG_OWNKEYS_DUPLICATE, c"'ownKeys' on proxy: trap returned duplicate entries", 0),
    row(N::JSMSG_OBJECT_REQUIRED_PROP_DESC, c"Property description must be an object: {0}", 1),
    row(
        N::JSMSG_INVALID_DESCRIPTOR,
        c"Invalid property descriptor. Cannot both specify accessors and a value or writable attribute",
        0,
    ),
    row(N::JSMSG_NOT_OBJORNULL, c"Object prototype may only be an Object or null: {0}", 1),
    row(N::JSMSG_BAD_WEAKREF_TARGET, c"WeakRef: invalid target", 0),
    row(N::JSMSG_WEAKMAP_KEY_CANT_BE_HELD_WEAKLY, c"Invalid value used as weak map key", 0),
    row(N::JSMSG_WEAKSET_VAL_CANT_BE_HELD_WEAKLY, c"Invalid value used in weak set", 0),
    row(N::JSMSG_INVALID_MAP_ITERABLE, c"Iterator value is not an entry object", 0),
    row(N::JSMSG_REQUIRES_GLOBAL_REGEXP, c"String.prototype.{0} called with a non-global RegExp argument", 1),
    row(N::JSMSG_BAD_SORT_ARG, c"The comparison function must be either a function or undefined", 0),
    row(
        N::JSMSG_UNINITIALIZED_THIS,
        c"Must call super constructor in derived class before accessing 'this' or returning from derived constructor",
        0,
    ),
    row(N::JSMSG_BAD_HERITAGE, c"Class extends value {0} is not a constructor or null", 1),
    row(N::JSMSG_OFFSET_OUT_OF_BUFFER, c"Start offset is outside the bounds of the buffer", 0),
    row(N::JSMSG_TYPED_ARRAY_CONSTRUCT_OFFSET_MISALIGNED, c"byte length of {0}Array should be a multiple of {1}", 2),
    row(N::JSMSG_BAD_REGEXP_FLAG, c"Invalid flags supplied to RegExp constructor '{0}'", 1),
];

/// Edits the table in place.
pub(crate) fn patch() {
    let entry =
        |row: &Row| (&raw const TABLE).cast::<sm::JSErrorFormatString>().wrapping_add(row.number as usize).cast_mut();
    let (Some(first), Some(last)) = (ROWS.iter().map(entry).min(), ROWS.iter().map(entry).max()) else { return };
    // SAFETY: `number` indexes the engine's table. Called before any context exists, on the only thread, so nobody reads
    // the table while it is written; its pages are made writable for the writes and read-only again after them.
    unsafe {
        if !protect(first, last, libc::PROT_READ | libc::PROT_WRITE) {
            return;
        }
        for row in ROWS {
            let entry = entry(row);
            (*entry).format = row.format.as_ptr();
            (*entry).argCount = row.arguments;
            if let Some(class) = row.class {
                (*entry).exnType = class as i16;
            }
        }
        protect(first, last, libc::PROT_READ);
    }
}

/// Changes the protection of the pages that hold a table's rows from `first` to `last`.
///
/// # Safety
/// The pages must be constant data that nobody relies on being unwritable meanwhile.
pub(crate) unsafe fn protect<T>(first: *mut T, last: *mut T, protection: i32) -> bool {
    // SAFETY: sysconf has no preconditions.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) } as usize;
    let start = first as usize & !(page - 1);
    let end = last.wrapping_add(1) as usize;
    // SAFETY: whole pages around live objects.
    unsafe { libc::mprotect(start as *mut _, end - start, protection) == 0 }
}
