//! Columns of stack frames where V8 has them.
//!
//! The engine keeps a position per statement, call and property, V8 one per operation: a failed `a.b.c` is at `a` here and at `c` there.
//! So when the engine asks where an instruction is, we note what it does ([`note`]), and when a stack is formatted, the line is looked
//! at ([`correct`]): the name of a property behind the engine's column is where V8 points to. The text comes from the file, which
//! must still be what was compiled: a function's place in the file has to agree with its place in the source. Without a file, or
//! with a different one, the engine's column stays.

use crate::error::Frame;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

/// Lengths of what comes before the text of a file in the source: nothing, or the header of a CommonJS module, which the engine makes
/// itself, or the module loader with a parenthesis before it.
const HEADER_UNITS: [usize; 3] = [0, 61, 62];
/// Lengths of what comes behind the text then.
const TRAILER_UNITS: usize = 2;
/// Files whose lines are kept.
const FILES_MAX: usize = 4;
/// Files above this size, in bytes, are not read.
const FILE_BYTES_MAX: u64 = 8 << 20;
/// Lines that are searched behind the one where a statement begins.
const LINES_MAX: usize = 40;
/// Places that are remembered; then the table begins anew.
const NOTES_MAX: usize = 10_000;

/// What an instruction does.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Action {
    /// Calls a function.
    Call,
    /// Reads a property of this name.
    Get(String),
    /// Reads a property whose name was computed.
    GetComputed,
    /// Assigns to a constant.
    SetConstant,
    /// Writes a property of this name.
    Set(String),
}

/// An instruction that may be in a stack: what it does, and where the code around it is.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    pub(crate) action: Action,
    /// Where the script's parameters begin, or its text, in units of the source.
    pub(crate) start: usize,
    /// Line and column of that, both from 1; the line of the module loader's header is 0.
    pub(crate) place: (u32, u32),
    /// Where the script's text ends.
    pub(crate) end: usize,
    /// The instruction, in bytes from the start of the script's bytecode.
    pub(crate) offset: usize,
}

/// A note, and where V8 has its place, once that was asked for: lines are searched, and files read, once per place.
struct Known {
    note: Note,
    corrected: Option<(u32, u32)>,
}

thread_local! {
    static NOTES: RefCell<HashMap<u64, Known>> = RefCell::default();
    /// Hashes of the places at which constructors are called.
    static CONSTRUCTIONS: RefCell<HashSet<u64>> = RefCell::default();
    static FILES: RefCell<Vec<(String, Option<Rc<Lines>>)>> = const { RefCell::new(Vec::new()) };
}

fn hash_of(file: &[u8], line: u32, column: u32) -> u64 {
    let mut hasher = DefaultHasher::new();
    (file, line, column).hash(&mut hasher);
    hasher.finish()
}

/// Whether the note of a place is that of this instruction already; `start` and `end` are those of [`Note`].
pub(crate) fn is_noted(file: &[u8], (line, column): (u32, u32), start: usize, end: usize, offset: usize) -> bool {
    NOTES.with_borrow(|notes| {
        let known = notes.get(&hash_of(file, line, column));
        known.is_some_and(|known| (known.note.start, known.note.end, known.note.offset) == (start, end, offset))
    })
}

/// Remembers what happens at a place. The last instruction of a place that the engine asks about is the one that counts.
pub(crate) fn note(file: &[u8], (line, column): (u32, u32), note: Note) {
    NOTES.with_borrow_mut(|notes| {
        if notes.len() >= NOTES_MAX {
            notes.clear();
        }
        notes.insert(hash_of(file, line, column), Known { note, corrected: None });
    });
}

/// Remembers that a constructor is called at a place.
pub(crate) fn note_construction(file: &[u8], (line, column): (u32, u32)) {
    CONSTRUCTIONS.with_borrow_mut(|places| {
        if places.len() >= NOTES_MAX {
            places.clear();
        }
        places.insert(hash_of(file, line, column));
    });
}

/// Whether a constructor is called at a place that a stack has named.
pub(crate) fn is_construction(file: &str, (line, column): (u32, u32)) -> bool {
    CONSTRUCTIONS.with_borrow(|places| places.contains(&hash_of(file.as_bytes(), line, column)))
}

/// Moves a frame's position to where V8 has it.
pub(crate) fn correct(frame: &mut Frame) {
    let key = hash_of(frame.file.as_bytes(), frame.line, frame.column);
    NOTES.with_borrow_mut(|notes| {
        let Some(known) = notes.get_mut(&key) else { return };
        let (line, column) = match known.corrected {
            Some(place) => place,
            None => {
                let place = search(&known.note, frame).unwrap_or((frame.line, frame.column));
                *known.corrected.insert(place)
            }
        };
        (frame.line, frame.column) = (line, column);
    });
}

/// Where the text of the file has what `note` says, from the frame's place on.
fn search(note: &Note, frame: &Frame) -> Option<(u32, u32)> {
    let lines = lines_of(&path_of(&frame.file)?)?;
    if lines.agree_with(note) { lines.find(&note.action, frame.line, frame.column) } else { None }
}

/// The path of a script's name; `None` if it names no file.
fn path_of(file: &str) -> Option<String> {
    if file.starts_with('/') {
        return Some(file.to_owned());
    }
    let rest = file.strip_prefix("file://")?.split(['?', '#']).next()?;
    let mut bytes = Vec::with_capacity(rest.len());
    let mut iter = rest.bytes();
    while let Some(byte) = iter.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [iter.next()?, iter.next()?];
        bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
    }
    String::from_utf8(bytes).ok()
}

fn lines_of(path: &str) -> Option<Rc<Lines>> {
    if let Some(known) =
        FILES.with_borrow(|files| files.iter().find(|(name, _)| name == path).map(|(_, lines)| lines.clone()))
    {
        return known;
    }
    let is_small = std::fs::metadata(path).is_ok_and(|data| data.is_file() && data.len() <= FILE_BYTES_MAX);
    let text = if is_small { std::fs::read_to_string(path).ok() } else { None };
    let lines = text.map(|text| Rc::new(Lines::new(&text)));
    FILES.with_borrow_mut(|files| {
        if files.len() == FILES_MAX {
            files.remove(0);
        }
        files.push((path.to_owned(), lines.clone()));
    });
    lines
}

/// A text by lines, in UTF-16 units.
struct Lines {
    units: Vec<u16>,
    starts: Vec<usize>,
}

impl Lines {
    fn new(text: &str) -> Lines {
        let units: Vec<u16> = text.strip_prefix('\u{feff}').unwrap_or(text).encode_utf16().collect();
        let mut starts = vec![0];
        for (at, unit) in units.iter().enumerate() {
            let is_end = match *unit {
                0x0a | 0x2028 | 0x2029 => true,
                0x0d => units.get(at + 1) != Some(&0x0a),
                _ => false,
            };
            if is_end {
                starts.push(at + 1);
            }
        }
        Lines { units, starts }
    }

    fn offset(&self, line: u32, column: u32) -> Option<usize> {
        Some(self.starts.get(line.checked_sub(1)? as usize)? + column.checked_sub(1)? as usize)
    }

    fn place(&self, offset: usize) -> (u32, u32) {
        let line = self.starts.partition_point(|start| *start <= offset);
        (line as u32, (offset - self.starts[line - 1] + 1) as u32)
    }

    /// Whether the text is the one that the code of `note` was compiled from.
    fn agree_with(&self, note: &Note) -> bool {
        let (line, column) = note.place;
        if line == 0 || note.start == 0 {
            let length = self.units.len();
            return note.end == length
                || HEADER_UNITS[1..].iter().any(|header| note.end == header + length + TRAILER_UNITS);
        }
        self.offset(line, column).is_some_and(|offset| HEADER_UNITS.iter().any(|header| note.start == offset + header))
    }

    fn find(&self, action: &Action, line: u32, column: u32) -> Option<(u32, u32)> {
        let from = self.offset(line, column)?;
        let last = self.starts.get(line as usize - 1 + LINES_MAX).copied().unwrap_or(self.units.len());
        let text = self.units.get(from..last)?;
        let found = match action {
            Action::Call => callee(&self.units, from, last)?,
            Action::Get(name) => {
                let at = member(text, name)?;
                // Behind a call, V8 points to the dot.
                let dot = text[..at].iter().rposition(|unit| !is_space(*unit))?;
                let before = text[..dot].iter().rposition(|unit| !is_space(*unit));
                let is_call = before.is_some_and(|before| is(text.get(before), b')'));
                from + if is_call { dot } else { at }
            }
            Action::GetComputed => from + bracket(text)?,
            Action::Set(name) => {
                let at = member(text, name)? + name.encode_utf16().count();
                from + at + operator(text.get(at..)?)?
            }
            Action::SetConstant => {
                let at = text.iter().take_while(|unit| is_name(**unit)).count();
                from + at + operator(text.get(at..)?)?
            }
        };
        Some(self.place(found))
    }
}

fn is_name(unit: u16) -> bool {
    unit > 127 || unit == u16::from(b'$') || unit == u16::from(b'_') || (unit as u8).is_ascii_alphanumeric()
}

fn is_space(unit: u16) -> bool {
    matches!(unit, 9 | 10 | 11 | 12 | 13 | 32 | 0xa0 | 0xfeff | 0x2028 | 0x2029)
}

fn is(unit: Option<&u16>, byte: u8) -> bool {
    unit == Some(&u16::from(byte))
}

/// Where `name` stands behind a dot.
fn member(text: &[u16], name: &str) -> Option<usize> {
    let name: Vec<u16> = name.encode_utf16().collect();
    (1..text.len().checked_sub(name.len())? + 1).find(|at| {
        let rest = &text[*at..];
        if !rest.starts_with(&name) || rest.get(name.len()).is_some_and(|next| is_name(*next)) || is_name(text[at - 1])
        {
            return false;
        }
        let before = text[..*at].iter().rposition(|unit| !is_space(*unit));
        before.is_some_and(|dot| is(text.get(dot), b'.'))
    })
}

/// The first bracket that an index is in.
fn bracket(text: &[u16]) -> Option<usize> {
    (1..text.len()).find(|at| {
        let before = text[at - 1];
        is(text.get(*at), b'[') && (is_name(before) || matches!(before as u8, b')' | b']' | b'.'))
    })
}

/// Where `=` or an operator like `+=` begins, behind white space.
fn operator(text: &[u16]) -> Option<usize> {
    let at = text.iter().position(|unit| !is_space(*unit))?;
    let length = text[at..]
        .iter()
        .take_while(|unit| {
            matches!(**unit as u8, b'+' | b'-' | b'*' | b'/' | b'%' | b'&' | b'|' | b'^' | b'?' | b'<' | b'>')
        })
        .count();
    (is(text.get(at + length), b'=') && !is(text.get(at + length + 1), b'=')).then_some(at)
}

/// Where the callee of a call begins that the engine has at the parenthesis, or at the `return` before it.
fn callee(units: &[u16], from: usize, last: usize) -> Option<usize> {
    if is(units.get(from), b'(') {
        let name = units[..from].iter().rev().take_while(|unit| is_name(**unit)).count();
        let start = from - name;
        return (name > 0 && (start == 0 || !is(units.get(start - 1), b'.'))).then_some(start);
    }
    let mut at = from;
    let mut words = 0;
    loop {
        let word = units.get(at..last)?.iter().take_while(|unit| is_name(**unit)).count();
        let text = String::from_utf16_lossy(&units[at..at + word]);
        if !matches!(&*text, "await" | "return" | "void" | "typeof") {
            // Only a plain name: what is called behind a dot has a position of its own.
            return (words > 0 && word > 0 && is(units.get(at + word), b'(')).then_some(at);
        }
        words += 1;
        at += word;
        at += units.get(at..last)?.iter().take_while(|unit| is_space(**unit)).count();
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, Lines, Note, correct, is_noted, note, path_of};
    use crate::error::Frame;

    #[track_caller]
    fn check(text: &str, from: &str, action: Action, want: Option<&str>) {
        let lines = Lines::new(text);
        let at = text.find(from).unwrap();
        let (line, column) = lines.place(at);
        let found = lines.find(&action, line, column).and_then(|(line, column)| lines.offset(line, column));
        assert_eq!(found.map(|at| &text[at..]), want, "{text}");
    }

    #[test]
    fn positions() {
        let get = |name: &str| Action::Get(name.to_owned());
        let set = |name: &str| Action::Set(name.to_owned());
        check("return a.b.c", "return", get("c"), Some("c"));
        check("return a.cc\n  .c;", "return", get("c"), Some("c;"));
        check("return a?.b", "return", get("b"), Some("b"));
        check("return a.c", "return", get("b"), None);
        check("return f().b", "return", get("b"), Some(".b"));
        check("a.b = 1", "a", set("b"), Some("= 1"));
        check("a.b += 1", "a", set("b"), Some("+= 1"));
        check("a.b == 1", "a", set("b"), None);
        check("return u[0]", "return", Action::GetComputed, Some("[0]"));
        check("c = 2", "c", Action::SetConstant, Some("= 2"));
        check("return f(1)", "return", Action::Call, Some("f(1)"));
        check("return await f()", "return", Action::Call, Some("f()"));
        check("return a.f(1)", "return", Action::Call, None);
        check("(\n  f(1))", "(1)", Action::Call, Some("f(1))"));
        check("a.f(1)", "(1)", Action::Call, None);
        check("f(1)", "f", Action::Call, None);
    }

    #[test]
    fn files_that_are_what_was_compiled() {
        let lines = Lines::new("let a;\nfunction f() {}\n");
        let note = |start, place, end| Note { action: Action::Call, start, place, end, offset: 0 };
        assert!(lines.agree_with(&note(17, (2, 11), 22)));
        assert!(!lines.agree_with(&note(18, (2, 11), 22)));
        assert!(!lines.agree_with(&note(17, (9, 11), 22)));
        assert!(lines.agree_with(&note(0, (1, 1), 23)));
        assert!(!lines.agree_with(&note(0, (1, 1), 24)));
    }

    #[test]
    fn a_file_is_read_once_per_place() {
        let path = std::env::temp_dir().join(format!("columns-{}.js", std::process::id()));
        let text = "return a.b.c\n";
        std::fs::write(&path, text).unwrap();
        let file = path.to_str().unwrap().to_owned();
        let told = Note { action: Action::Get("c".to_owned()), start: 0, place: (1, 1), end: text.len(), offset: 7 };
        note(file.as_bytes(), (1, 1), told);
        assert!(is_noted(file.as_bytes(), (1, 1), 0, text.len(), 7));
        assert!(!is_noted(file.as_bytes(), (1, 1), 0, text.len(), 8));
        let place = || {
            let mut frame = Frame { file: file.clone(), line: 1, column: 1, ..Frame::default() };
            correct(&mut frame);
            (frame.line, frame.column)
        };
        assert_eq!(place(), (1, 12));
        // Neither the file nor the few that are kept have it any more.
        std::fs::remove_file(&path).unwrap();
        super::FILES.with_borrow_mut(Vec::clear);
        assert_eq!(place(), (1, 12));
    }

    #[test]
    fn paths() {
        assert_eq!(path_of("/a b.js").as_deref(), Some("/a b.js"));
        assert_eq!(path_of("file:///a%20b.mjs?x").as_deref(), Some("/a b.mjs"));
        assert_eq!(path_of("file:///a%2"), None);
        assert_eq!(path_of("evalmachine.<anonymous>"), None);
    }
}
