//! Positions in compiled scripts that the engine does not tell: where a suspended function awaits, and where the name of a called
//! function stands.
//!
//! Read from the engine's own tables (js/src/vm/JSScript.h, SharedStencil.h, frontend/SourceNotes.h, vm/Opcodes.h of this engine
//! version): numbers that no call gives.

use mozjs::jsapi as sm;
use std::ffi::CStr;
use std::slice;

/// Bytes from the start of a script to its line, its column, and the pointer to its shared data.
const SCRIPT_LINE: usize = 48;
const SCRIPT_COLUMN: usize = 52;
const SCRIPT_SHARED: usize = 72;
/// Bytes from the start of the shared data to the pointer to the immutable data.
const SHARED_DATA: usize = 8;
/// Bytes from the start of the immutable data to the offset of the optional arrays, the length of the code, the flags and
/// the code.
const DATA_OPTIONAL: usize = 0;
const DATA_CODE_LENGTH: usize = 4;
const DATA_FLAGS: usize = 32;
const DATA_CODE: usize = 33;

/// Operations (vm/Opcodes.h): the calls whose position may be that of the parenthesis.
const OP_CALLS: [u8; 4] = [117, 118, 121, 122];
/// What puts the value of a name on the stack, with the length of the instruction.
const OP_NAMES: [(u8, usize); 7] = [(189, 5), (190, 5), (191, 3), (192, 3), (193, 4), (196, 6), (198, 5)];
/// Checks of the temporal dead zone, with their lengths.
const OP_CHECKS: [(u8, usize); 2] = [(183, 4), (184, 6)];
const OP_UNDEFINED: u8 = 0;
/// Length of an `await` instruction.
const AWAIT_BYTES: usize = 4;

/// Source notes (frontend/SourceNotes.h).
const NOTE_COL_SPAN: u8 = 0;
const NOTE_NEW_LINE: u8 = 1;
const NOTE_NEW_LINE_COLUMN: u8 = 2;
const NOTE_SET_LINE: u8 = 3;
const NOTE_SET_LINE_COLUMN: u8 = 4;
const NOTE_SEPARATOR: u8 = 6;
const NOTE_EXTENDED_DELTA: u8 = 8;

unsafe extern "C" {
    #[link_name = "_Z17JS_PCToLineNumberP8JSScriptPhPN2JS28LimitedColumnNumberOneOriginE"]
    fn line_of(script: *mut sm::JSScript, pc: *const u8, column: *mut u32) -> u32;
}

/// The tables of one script.
struct Tables<'a> {
    line: u32,
    column: u32,
    code: &'a [u8],
    notes: &'a [u8],
    resume_offsets: &'a [u32],
}

unsafe fn number(start: *const u8, at: usize) -> u32 {
    // SAFETY: by the caller, an aligned number.
    unsafe { start.add(at).cast::<u32>().read() }
}

unsafe fn pointer(start: *const u8, at: usize) -> *const u8 {
    // SAFETY: by the caller, an aligned pointer.
    unsafe { start.add(at).cast::<*const u8>().read() }
}

/// # Safety
/// A live script with bytecode. The tables live as long as it keeps it.
unsafe fn tables<'a>(script: *const sm::JSScript) -> Option<Tables<'a>> {
    let script: *const u8 = script.cast();
    // SAFETY: the layout of this engine version; the offsets within the data are the engine's own.
    unsafe {
        let shared = pointer(script, SCRIPT_SHARED);
        if shared.is_null() {
            return None;
        }
        let data = pointer(shared, SHARED_DATA);
        if data.is_null() {
            return None;
        }
        let optional = number(data, DATA_OPTIONAL) as usize;
        let code_bytes = number(data, DATA_CODE_LENGTH) as usize;
        let flags = data.add(DATA_FLAGS).read();
        let (resume_end, ends) = (flags & 3, flags >> 4 & 3);
        let notes_start = DATA_CODE + code_bytes;
        let notes_end = optional.checked_sub(usize::from(ends) * size_of::<u32>())?;
        let resume_bytes = match resume_end {
            0 => 0,
            index => (number(data, optional - usize::from(index) * size_of::<u32>()) as usize).checked_sub(optional)?,
        };
        Some(Tables {
            line: number(script, SCRIPT_LINE),
            column: number(script, SCRIPT_COLUMN),
            code: slice::from_raw_parts(data.add(DATA_CODE), code_bytes),
            notes: slice::from_raw_parts(data.add(notes_start), notes_end.checked_sub(notes_start)?),
            resume_offsets: slice::from_raw_parts(data.add(optional).cast(), resume_bytes / size_of::<u32>()),
        })
    }
}

/// Where a suspended function awaits: its name, file, line and column.
///
/// # Safety
/// `callee` is the function of a suspended generator, `index` its resume index. May collect.
pub(crate) unsafe fn awaiting(
    cx: *mut sm::JSContext,
    callee: *mut sm::JSObject,
    index: i32,
) -> Option<(String, String, u32, u32)> {
    // SAFETY: rooted; the script lives as long as its function.
    unsafe {
        mozjs::rooted!(in(cx) let function = sm::JS_GetObjectFunction(callee));
        mozjs::rooted!(in(cx) let script = sm::JS_GetFunctionScript(cx, h!(function)));
        if script.get().is_null() {
            sm::JS_ClearPendingException(cx);
            return None;
        }
        let tables = tables(script.get())?;
        let offset = (*tables.resume_offsets.get(usize::try_from(index).ok()?)? as usize).checked_sub(AWAIT_BYTES)?;
        let mut column = 0;
        let line = line_of(script.get(), tables.code.get(offset)?, &mut column);
        let file = sm::JS_GetScriptFilename(script.get());
        let file = if file.is_null() { String::new() } else { CStr::from_ptr(file).to_string_lossy().into_owned() };
        let name = crate::frame_names::display_name(cx, function.get());
        Some((name, file, line, column))
    }
}

/// One of the engine's notes, with what it says of the position.
struct Walk<'a> {
    notes: &'a [u8],
    at: usize,
    offset: usize,
    line: u32,
    column: u32,
    start_line: u32,
}

impl Walk<'_> {
    fn operand(&mut self) -> Option<u32> {
        let first = *self.notes.get(self.at)?;
        if first & 0x80 == 0 {
            self.at += 1;
            return Some(u32::from(first));
        }
        let bytes = self.notes.get(self.at..self.at + 4)?;
        self.at += 4;
        Some(u32::from_be_bytes([bytes[0] & 0x7f, bytes[1], bytes[2], bytes[3]]))
    }

    /// Takes one note: its type. `None` at the end.
    fn step(&mut self) -> Option<u8> {
        let note = *self.notes.get(self.at)?;
        self.at += 1;
        let kind = note >> 4;
        if kind >= NOTE_EXTENDED_DELTA {
            if note == NOTE_EXTENDED_DELTA << 4 {
                return None;
            }
            self.offset += usize::from(note & 0x7f);
            return Some(NOTE_EXTENDED_DELTA);
        }
        self.offset += usize::from(note & 0xf);
        match kind {
            NOTE_COL_SPAN => {
                // Signed, in 31 bits.
                let span = (self.operand()? << 1).cast_signed() >> 1;
                self.column = self.column.wrapping_add_signed(span);
            }
            NOTE_NEW_LINE => (self.line, self.column) = (self.line + 1, 1),
            NOTE_NEW_LINE_COLUMN => (self.line, self.column) = (self.line + 1, self.operand()?),
            NOTE_SET_LINE => (self.line, self.column) = (self.start_line + self.operand()?, 1),
            NOTE_SET_LINE_COLUMN => {
                self.line = self.start_line + self.operand()?;
                self.column = self.operand()?;
            }
            _ => {}
        }
        Some(kind)
    }
}

/// The length of the instruction at the start of `code` if it is one of `table`.
fn length_in(code: &[u8], table: &[(u8, usize)]) -> Option<usize> {
    let op = code.first()?;
    table.iter().find(|(known, _)| known == op).map(|(_, length)| *length)
}

/// Whether the code gets the value of a name, to call it without receiver.
fn calls_name(code: &[u8]) -> bool {
    let Some(mut at) = length_in(code, &OP_NAMES) else { return false };
    at += length_in(code.get(at..).unwrap_or_default(), &OP_CHECKS).unwrap_or(0);
    code.get(at) == Some(&OP_UNDEFINED)
}

/// Line and column of a call as V8 has them, if the engine has another place: the engine points a call with arguments that
/// begins a statement at the parenthesis, V8 at the name before it.
fn position_of_call(tables: &Tables<'_>, offset: usize) -> Option<(u32, u32)> {
    if !OP_CALLS.contains(tables.code.get(offset)?) {
        return None;
    }
    let (line, column) = (tables.line, tables.column);
    let mut walk = Walk { notes: tables.notes, at: 0, offset: 0, line, column, start_line: line };
    // Where the statement begins, and the first position after it in the source.
    let mut statement = None;
    let mut first: Option<(u32, u32)> = None;
    let mut found = (line, column);
    while let Some(kind) = walk.step() {
        if walk.offset > offset {
            break;
        }
        found = (walk.line, walk.column);
        if kind == NOTE_SEPARATOR {
            statement = Some((walk.offset, found));
            first = None;
        } else if statement.is_some_and(|(_, position)| position < found) {
            first = Some(first.map_or(found, |known| known.min(found)));
        }
    }
    let (start, position) = statement?;
    // The parenthesis stands before all arguments: nothing else after the name comes earlier.
    let is_parenthesis = first == Some(found) && found.0 == position.0;
    (is_parenthesis && calls_name(tables.code.get(start..)?)).then_some(position)
}

#[cfg(all(target_os = "linux", not(test)))]
unsafe extern "C" {
    #[link_name = "__real__ZN2js14PCToLineNumberEP8JSScriptPhPN2JS28LimitedColumnNumberOneOriginE"]
    fn real_line(script: *mut sm::JSScript, pc: *mut u8, column: *mut u32) -> u32;
}

/// `js::PCToLineNumber(script, pc, column)`: the engine keeps what it answers, so each place is asked for once.
///
/// # Safety
/// Called by the engine with a live script and an address in its code, or null.
#[cfg(all(target_os = "linux", not(test)))]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __wrap__ZN2js14PCToLineNumberEP8JSScriptPhPN2JS28LimitedColumnNumberOneOriginE(
    script: *mut sm::JSScript,
    pc: *mut u8,
    column: *mut u32,
) -> u32 {
    // SAFETY: the engine's own function with its own arguments.
    let line = unsafe { real_line(script, pc, column) };
    if pc.is_null() || column.is_null() {
        return line;
    }
    // SAFETY: by the caller.
    let better = unsafe { tables(script) }.and_then(|tables| {
        let offset = (pc as usize).checked_sub(tables.code.as_ptr() as usize)?;
        position_of_call(&tables, offset)
    });
    let Some((better_line, better_column)) = better else { return line };
    // SAFETY: the caller's out parameter.
    unsafe { column.write(better_column) };
    better_line
}

#[cfg(test)]
mod tests {
    use super::{OP_UNDEFINED, Tables, calls_name, position_of_call};

    /// `f(1)` at column 3 of line 1: the note of the statement, then of the parenthesis, two columns on.
    fn tables(code: &[u8]) -> Tables<'_> {
        Tables { line: 1, column: 1, code, notes: &[0x00, 2, 0x60, 0x06, 1], resume_offsets: &[] }
    }

    #[test]
    fn calls_of_names() {
        let code = [190, 0, 0, 0, 0, OP_UNDEFINED, 117, 1, 0];
        assert!(calls_name(&code));
        assert_eq!(position_of_call(&tables(&code), 6), Some((1, 3)));
        // Called with a receiver.
        let code = [190, 0, 0, 0, 0, 3, 117, 1, 0];
        assert!(!calls_name(&code));
        assert_eq!(position_of_call(&tables(&code), 6), None);
        assert_eq!(position_of_call(&tables(&code), 0), None);
        assert_eq!(position_of_call(&tables(&code), 99), None);
    }
}
