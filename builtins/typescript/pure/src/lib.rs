//! Blanks the types of a TypeScript text: every other character keeps its line and column, so that neither stacks nor
//! breakpoints need a source map. Node docs: "Modules: TypeScript", type stripping.
//!
//! The parser is SWC's. This crate is the seam to it: text in, text or the first error with its place out.

#![forbid(unsafe_code)]

use std::cell::RefCell;
use std::rc::Rc;
use swc_common::errors::{DiagnosticBuilder, Emitter, HANDLER, Handler};
use swc_common::sync::Lrc;
use swc_common::{SourceMap, Span};
use swc_ts_fast_strip::{ErrorCode, Mode, Options, operate};

/// A place in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// From 0, in code points.
    pub column: usize,
}

/// Why a text has no JavaScript counterpart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The text is TypeScript, but of the kind that stands for code of its own: enums, parameter properties ...
    pub unsupported: bool,
    pub message: String,
    /// `None` when the error belongs to no place.
    pub range: Option<(Position, Position)>,
}

/// A message and where it belongs.
type Problem = (String, Option<Span>);

/// What the parser reports first.
#[derive(Clone, Default)]
struct FirstError(Rc<RefCell<Option<Problem>>>);

impl Emitter for FirstError {
    fn emit(&mut self, diagnostic: &mut DiagnosticBuilder<'_>) {
        let mut first = self.0.borrow_mut();
        if first.is_none() {
            *first = Some((diagnostic.message(), diagnostic.span.primary_span()));
        }
    }
}

/// `source` with whitespace in the place of its types.
///
/// # Errors
///
/// The first syntax error, or the first construct that is more than a type.
pub fn strip(source: String) -> Result<String, Failure> {
    let map: Lrc<SourceMap> = Lrc::default();
    let first = FirstError::default();
    let handler = Handler::with_emitter(true, false, Box::new(first.clone()));
    let mut options = Options::default();
    options.parser.decorators = true;
    options.mode = Mode::StripOnly;
    options.deprecated_ts_module_as_error = Some(true);
    let error = match HANDLER.set(&handler, || operate(&map, &handler, source, options)) {
        Ok(output) => return Ok(output.code),
        Err(error) => error,
    };
    let unsupported = matches!(error.code, ErrorCode::UnsupportedSyntax);
    let (message, span) = first.0.borrow_mut().take().unwrap_or((error.message, None));
    let range = span.map(|span| (position(&map, span.lo), position(&map, span.hi)));
    Err(Failure { unsupported, message, range })
}

fn position(map: &SourceMap, at: swc_common::BytePos) -> Position {
    let place = map.lookup_char_pos(at);
    Position { line: place.line, column: place.col.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(source: &str) -> Failure {
        strip(source.to_owned()).expect_err("is no plain TypeScript")
    }

    #[test]
    fn types_become_whitespace() {
        assert_eq!(strip("const x: number = 1;".to_owned()).as_deref(), Ok("const x         = 1;"));
        assert_eq!(strip("a as any\n(1)".to_owned()).as_deref(), Ok("a;      \n(1)"));
    }

    #[test]
    fn code_of_its_own_is_unsupported() {
        let found = failure("1;\nenum A {\n}");
        assert!(found.unsupported);
        assert_eq!(found.message, "TypeScript enum is not supported in strip-only mode");
        assert_eq!(found.range, Some((Position { line: 2, column: 0 }, Position { line: 3, column: 1 })));
    }

    #[test]
    fn module_is_not_namespace() {
        let found = failure("declare module A { export type B = number }");
        assert!(found.unsupported);
        assert_eq!(found.message, "`module` keyword is not supported. Use `namespace` instead.");
    }

    #[test]
    fn syntax_errors_have_their_place() {
        let found = failure("function f() { await 1 }");
        assert!(!found.unsupported);
        assert_eq!(found.message, "await isn't allowed in non-async function");
        assert_eq!(found.range, Some((Position { line: 1, column: 15 }, Position { line: 1, column: 20 })));
    }
}
