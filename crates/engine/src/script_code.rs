//! Positions in compiled scripts that the engine does not tell: where a suspended function awaits, and where the name of a called
//! function stands.
//!
//! Read from the engine's own tables (js/src/vm/JSScript.h, SharedStencil.h, frontend/SourceNotes.h, vm/Opcodes.h of this engine
//! version): numbers that no call gives.

use crate::columns::{self, Action, Note};
use crate::context;
use crate::frame_names;
use mozjs::jsapi as sm;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::CStr;
use std::slice;

/// Bytes from the start of a script to where its parameters and its text begin in the source, its line and column (those of the
/// parameters), and the pointers to its private and shared data.
const SCRIPT_SOURCE_START: usize = 32;
const SCRIPT_TEXT_START: usize = 40;
const SCRIPT_TEXT_END: usize = 44;
const SCRIPT_LINE: usize = 48;
const SCRIPT_COLUMN: usize = 52;
const SCRIPT_DATA: usize = 64;
const SCRIPT_SHARED: usize = 72;
/// Bytes from the start of a script's private data to its things, and the bits that tell what a thing is.
const DATA_THINGS: usize = 8;
const THING_KIND: usize = 7;
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
const OP_SPREAD_CALL: u8 = 122;
const CALL_BYTES: usize = 3;
/// What becomes of the value of a statement: nothing, or the result of the script.
const OP_RESULTS_OF_STATEMENTS: [u8; 2] = [228, 166];
/// What puts the value of a name on the stack, with the length of the instruction.
const OP_NAMES: [(u8, usize); 5] = [(189, 5), (190, 5), (OP_GET_LOCAL, 4), (OP_GET_ALIASED, 6), (198, 5)];
const OP_GET_LOCAL: u8 = 193;
const OP_GET_ALIASED: u8 = 196;
/// Checks of the temporal dead zone, with their lengths.
const OP_CHECKS: [(u8, usize); 2] = [(183, 4), (184, 6)];
const OP_UNDEFINED: u8 = 0;
const OP_GET_PROP: u8 = 76;
const OP_GET_ELEM: u8 = 77;
const OP_SET_PROP: u8 = 78;
const OP_STRICT_SET_PROP: u8 = 79;
const OP_THROW_SET_CONST: u8 = 173;
/// What calls a constructor: `new`, `super()`, and the same with spread arguments.
const OP_CONSTRUCTIONS: [u8; 5] = [131, 132, 133, 134, 135];
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
    #[link_name = "_ZN2js13FrameSlotNameEP8JSScriptPh"]
    fn local_name(script: *mut sm::JSScript, pc: *const u8) -> *mut sm::JSString;
    #[link_name = "_ZN2js29EnvironmentCoordinateNameSlowEP8JSScriptPh"]
    fn aliased_name(script: *mut sm::JSScript, pc: *const u8) -> *mut sm::JSString;
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

/// The bytecode of a script; empty if it has none yet.
///
/// # Safety
/// A live script, which is kept as long as the code is looked at.
pub(crate) unsafe fn code_of<'a>(script: *const sm::JSScript) -> &'a [u8] {
    // SAFETY: by the caller.
    unsafe { tables(script) }.map_or(&[], |tables| tables.code)
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
        let file = file_of(script.get());
        let key = (script.get() as usize, offset);
        let known = POSITIONS.with_borrow_mut(|positions| positions.refresh(cx).get(&key).copied());
        let column = match known {
            Some(known) => known,
            None => {
                let column = column_of_await(cx, h!(function), &file, start_of(script.get()), (line, column));
                POSITIONS.with_borrow_mut(|positions| positions.refresh(cx).insert(key, column));
                column
            }
        };
        let name = crate::frame_names::display_name(cx, function.get());
        Some((name, file, line, column))
    }
}

unsafe fn file_of(script: *mut sm::JSScript) -> String {
    // SAFETY: by the caller, a live script.
    unsafe {
        let file = sm::JS_GetScriptFilename(script);
        if file.is_null() { String::new() } else { CStr::from_ptr(file).to_string_lossy().into_owned() }
    }
}

/// Columns that [`column_of_await`] found, by script and offset. A collection may move and free scripts, so it empties this.
#[derive(Default)]
struct Positions {
    collections: (u32, u32),
    columns: HashMap<(usize, usize), u32>,
}

thread_local! {
    static POSITIONS: RefCell<Positions> = RefCell::default();
}

impl Positions {
    fn refresh(&mut self, cx: *mut sm::JSContext) -> &mut HashMap<(usize, usize), u32> {
        // SAFETY: reads counters of this thread's context.
        let now = unsafe {
            (
                sm::JS_GetGCParameter(cx, sm::JSGCParamKey::JSGC_MAJOR_GC_NUMBER),
                sm::JS_GetGCParameter(cx, sm::JSGCParamKey::JSGC_MINOR_GC_NUMBER),
            )
        };
        if now != self.collections {
            self.collections = now;
            self.columns.clear();
        }
        &mut self.columns
    }
}

/// Line and column where the text of a function begins, if that is the line of its parameters.
unsafe fn start_of(script: *const sm::JSScript) -> (u32, u32) {
    let script: *const u8 = script.cast();
    // SAFETY: by the caller, a live script.
    unsafe {
        let before = number(script, SCRIPT_SOURCE_START).saturating_sub(number(script, SCRIPT_TEXT_START));
        (number(script, SCRIPT_LINE), number(script, SCRIPT_COLUMN).saturating_sub(before))
    }
}

/// The column of the `await` whose operand is at `position`, or of the operand if the source does not tell.
///
/// # Safety
/// A live function whose text begins at `start`. May collect.
unsafe fn column_of_await(
    cx: *mut sm::JSContext,
    function: sm::Handle<*mut sm::JSFunction>,
    file: &str,
    start: (u32, u32),
    position: (u32, u32),
) -> u32 {
    let (line, column) = position;
    // The sources of builtins are not at hand.
    if file.starts_with("node:") {
        return column;
    }
    // SAFETY: by the caller.
    let text = unsafe {
        let text = sm::JS_DecompileFunction(cx, function);
        if text.is_null() {
            sm::JS_ClearPendingException(cx);
            return column;
        }
        crate::frame_names::text_of(cx, text)
    };
    let shift = if line == start.0 { start.1 } else { 1 };
    let Some(row) = line.checked_sub(start.0).and_then(|index| text.split('\n').nth(index as usize)) else {
        return column;
    };
    let units: Vec<u16> = row.encode_utf16().collect();
    await_before(&units, column.saturating_sub(shift) as usize).map_or(column, |at| at as u32 + shift)
}

/// The index of the last word `await` in `text` that begins at or before `end`.
fn await_before(text: &[u16], end: usize) -> Option<usize> {
    let word: Vec<u16> = "await".encode_utf16().collect();
    let is_part = |unit: Option<&u16>| unit.is_some_and(|unit| *unit > 127 || (*unit as u8).is_ascii_alphanumeric());
    (0..=end.min(text.len().saturating_sub(word.len()))).rev().find(|at| {
        text[*at..].starts_with(&word)
            && !is_part(at.checked_sub(1).and_then(|before| text.get(before)))
            && !is_part(text.get(at + word.len()))
    })
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

/// The atom that is the operand of the instruction at `offset`.
///
/// # Safety
/// A live script with these tables, an instruction with such an operand. Nothing here collects.
unsafe fn atom_of(script: *mut sm::JSScript, tables: &Tables<'_>, offset: usize) -> Option<*mut sm::JSString> {
    let code = tables.code.get(offset..)?;
    let index = u32::from_le_bytes([*code.get(1)?, *code.get(2)?, *code.get(3)?, *code.get(4)?]) as usize;
    // SAFETY: by the caller; the operand is the index of one of the script's things, whose number comes first.
    unsafe {
        let data = pointer(script.cast_const().cast(), SCRIPT_DATA);
        if data.is_null() || index >= number(data, 0) as usize {
            return None;
        }
        let thing = pointer(data, DATA_THINGS + index * size_of::<usize>());
        let atom: *mut sm::JSString = thing.map_addr(|address| address & !THING_KIND).cast_mut().cast();
        (!atom.is_null()).then_some(atom)
    }
}

/// The length of the name that the instruction at `offset`, one of [`OP_NAMES`], gets; in UTF-16 units.
///
/// # Safety
/// A live script with these tables.
unsafe fn length_of_name(script: *mut sm::JSScript, tables: &Tables<'_>, offset: usize) -> Option<u32> {
    let code = tables.code.get(offset..)?;
    // SAFETY: by the caller; the operand is the index of one of the script's atoms. Nothing here collects.
    unsafe {
        let name = match *code.first()? {
            OP_GET_LOCAL => local_name(script, code.as_ptr()),
            OP_GET_ALIASED => aliased_name(script, code.as_ptr()),
            _ => atom_of(script, tables, offset)?,
        };
        (!name.is_null()).then(|| sm::JS_GetStringLength(name) as u32)
    }
}

/// Where a call with arguments may have its name: the offset of the instruction that gets the function at the begin of the
/// statement, its line and column, and the column that the engine has for the call.
fn call_in_statement(tables: &Tables<'_>, offset: usize) -> Option<(usize, (u32, u32), u32)> {
    let op = tables.code.get(offset)?;
    let length = if *op == OP_SPREAD_CALL { 1 } else { CALL_BYTES };
    // A call whose result is used does not begin a statement.
    if !OP_CALLS.contains(op) || !OP_RESULTS_OF_STATEMENTS.contains(tables.code.get(offset + length)?) {
        return None;
    }
    let (line, column) = (tables.line, tables.column);
    let mut walk = Walk { notes: tables.notes, at: 0, offset: 0, line, column, start_line: line };
    let mut statement = None;
    let mut found = (line, column);
    while let Some(kind) = walk.step() {
        if walk.offset > offset {
            break;
        }
        found = (walk.line, walk.column);
        if kind == NOTE_SEPARATOR {
            statement = Some((walk.offset, found));
        }
    }
    let (start, position) = statement?;
    (found.0 == position.0 && found.1 > position.1 && calls_name(tables.code.get(start..)?))
        .then_some((start, position, found.1))
}

/// Line and column of a call as V8 has them, if the engine has another place: the engine points a call with arguments that
/// begins a statement at the parenthesis, V8 at the name before it.
///
/// # Safety
/// A live script with these tables.
#[cfg_attr(any(test, not(target_os = "linux")), expect(dead_code, reason = "called where the linker wraps"))]
unsafe fn position_of_call(script: *mut sm::JSScript, tables: &Tables<'_>, offset: usize) -> Option<(u32, u32)> {
    let (start, position, parenthesis) = call_in_statement(tables, offset)?;
    // SAFETY: by the caller.
    let length = unsafe { length_of_name(script, tables, start) }?;
    (position.1 + length == parenthesis).then_some(position)
}

/// Remembers what the instruction at `offset` does, for who formats a stack that has it.
///
/// # Safety
/// A live script with these tables. Nothing here collects.
#[cfg_attr(any(test, not(target_os = "linux")), expect(dead_code, reason = "called where the linker wraps"))]
unsafe fn note_action(script: *mut sm::JSScript, tables: &Tables<'_>, offset: usize, place: (u32, u32)) {
    let Some(op) = tables.code.get(offset).copied() else { return };
    let cx = context::current_cx();
    if cx.is_null() {
        return;
    }
    // SAFETY: by the caller; the name lives as long as the script.
    unsafe {
        let file = sm::JS_GetScriptFilename(script);
        if file.is_null() {
            return;
        }
        let file = CStr::from_ptr(file).to_bytes();
        if OP_CONSTRUCTIONS.contains(&op) {
            columns::note_construction(file, place);
            return;
        }
        // Builtins are in no file.
        if file.starts_with(b"node:") {
            return;
        }
        let at = script.cast_const().cast();
        let (start, end) = (number(at, SCRIPT_SOURCE_START) as usize, number(at, SCRIPT_TEXT_END) as usize);
        if columns::is_noted(file, place, start, end, offset) {
            return;
        }
        let name = || atom_of(script, tables, offset).map(|atom| frame_names::text_of(cx, atom));
        let action = match op {
            OP_GET_PROP => name().map(Action::Get),
            OP_GET_ELEM => Some(Action::GetComputed),
            OP_SET_PROP | OP_STRICT_SET_PROP => name().map(Action::Set),
            OP_THROW_SET_CONST => Some(Action::SetConstant),
            op if OP_CALLS.contains(&op) => Some(Action::Call),
            _ => None,
        };
        let Some(action) = action else { return };
        let note = Note { action, start, place: (tables.line, tables.column), end, offset };
        columns::note(file, place, note);
    }
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
    let Some(tables) = (unsafe { tables(script) }) else { return line };
    let Some(offset) = (pc as usize).checked_sub(tables.code.as_ptr() as usize) else { return line };
    // SAFETY: by the caller, who has a column there.
    unsafe { note_action(script, &tables, offset, (line, column.read())) };
    // SAFETY: by the caller.
    let better = unsafe { position_of_call(script, &tables, offset) };
    let Some((better_line, better_column)) = better else { return line };
    // SAFETY: the caller's out parameter.
    unsafe { column.write(better_column) };
    better_line
}

#[cfg(test)]
mod tests {
    use super::{OP_UNDEFINED, Tables, await_before, call_in_statement, calls_name};

    /// `f(1)` at column 3 of line 1: the note of the statement, then of the parenthesis, one column on.
    fn tables(code: &[u8]) -> Tables<'_> {
        Tables { line: 1, column: 1, code, notes: &[0x00, 2, 0x60, 0x06, 1], resume_offsets: &[] }
    }

    #[test]
    fn calls_of_names() {
        let code = [190, 0, 0, 0, 0, OP_UNDEFINED, 117, 1, 0, 228];
        assert!(calls_name(&code));
        assert_eq!(call_in_statement(&tables(&code), 6), Some((0, (1, 3), 4)));
        // Its result is returned.
        let code = [190, 0, 0, 0, 0, OP_UNDEFINED, 117, 1, 0, 164];
        assert_eq!(call_in_statement(&tables(&code), 6), None);
        // Called with a receiver.
        let code = [190, 0, 0, 0, 0, 3, 117, 1, 0, 228];
        assert!(!calls_name(&code));
        assert_eq!(call_in_statement(&tables(&code), 6), None);
        assert_eq!(call_in_statement(&tables(&code), 0), None);
        assert_eq!(call_in_statement(&tables(&code), 99), None);
    }

    #[test]
    fn awaits() {
        let check = |text: &str, end: usize, want: Option<usize>| {
            let units: Vec<u16> = text.encode_utf16().collect();
            assert_eq!(await_before(&units, end), want, "{text}");
        };
        check("x = await f()", 10, Some(4));
        check("await await f()", 12, Some(6));
        check("awaits(f())", 7, None);
        check("_ = é.await", 4, Some(6).filter(|_| false));
        check("", 5, None);
    }
}
