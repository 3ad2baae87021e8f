//! The names that a CommonJS file exports, found without running it.
//!
//! The file is cut into tokens once; then every place where an export pattern can start is matched. What counts as an
//! export is documented in the README of cjs-module-lexer ("Grammar"), whose output Node shows to `import`:
//! `exports.x =`, `exports['x'] =`, `Object.defineProperty(exports, 'x', ...)`, `module.exports = { x, y: z }`,
//! `module.exports = require('x')`, `__exportStar(require('x'))` and Babel's `Object.keys(_x).forEach(...)`.

mod token;

use token::{Token, TokenKind, tokenize};

/// What one file exports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// In order of appearance, without duplicates.
    pub names: Vec<String>,
    /// Specifiers whose exports are also exports of this file.
    pub reexports: Vec<String>,
}

/// Finds the exports of `source`. A file that is no script gives what was found before the point of confusion.
pub fn exports(source: &str) -> Found {
    let tokens = tokenize(source);
    let mut lexer =
        Lexer { source, tokens: &tokens, found: Found::default(), stars: Vec::new(), module_exports: Vec::new() };
    for at in 0..tokens.len() {
        lexer.visit(at);
    }
    let mut found = lexer.found;
    let mut reexports = lexer.module_exports;
    for name in std::mem::take(&mut found.reexports) {
        push_new(&mut reexports, name);
    }
    found.reexports = reexports;
    found
}

fn push_new(list: &mut Vec<String>, item: String) {
    if !list.contains(&item) {
        list.push(item);
    }
}

struct Lexer<'a> {
    source: &'a str,
    tokens: &'a [Token],
    found: Found,
    /// `var x = require('y')` seen so far: candidates for `Object.keys(x).forEach`.
    stars: Vec<(&'a str, String)>,
    /// Reexports by assignment to `module.exports`: a later assignment replaces them.
    module_exports: Vec<String>,
}

impl<'a> Lexer<'a> {
    fn text(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| &self.source[token.start as usize..token.end as usize])
    }

    fn is(&self, at: usize, text: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.kind != TokenKind::String) && self.text(at) == text
    }

    fn is_all(&self, at: usize, texts: &[&str]) -> bool {
        texts.iter().enumerate().all(|(offset, text)| self.is(at + offset, text))
    }

    fn identifier(&self, at: usize) -> Option<&'a str> {
        (self.tokens.get(at)?.kind == TokenKind::Identifier).then(|| self.text(at))
    }

    /// The value of a string literal; `None` for anything else and for lone surrogates.
    fn string(&self, at: usize) -> Option<String> {
        (self.tokens.get(at)?.kind == TokenKind::String).then(|| token::unescape(self.text(at)))?
    }

    fn export(&mut self, name: String) {
        push_new(&mut self.found.names, name);
    }

    /// Looks for a pattern that starts at the token `at`.
    fn visit(&mut self, at: usize) {
        let Some(word) = self.identifier(at) else { return };
        let member = at > 0 && (self.is(at - 1, ".") || self.is(at - 1, "?."));
        match word {
            "__export" | "__exportStar" if self.is(at + 1, "(") => {
                if let Some((name, _)) = self.require(at + 2) {
                    push_new(&mut self.found.reexports, name);
                }
            }
            _ if member => {}
            "Object" => self.visit_object(at),
            "const" | "let" | "var" => self.visit_declaration(at),
            "exports" | "module" => {
                if let Some((next, is_module)) = self.exports_identifier(at) {
                    self.visit_exports(next, is_module);
                }
            }
            _ => {}
        }
    }

    /// `exports` or `module.exports` at `at`: where the next token is, and whether it was the second.
    fn exports_identifier(&self, at: usize) -> Option<(usize, bool)> {
        if self.is(at, "exports") {
            return Some((at + 1, false));
        }
        self.is_all(at, &["module", ".", "exports"]).then_some((at + 3, true))
    }

    /// What follows `exports` / `module.exports`.
    fn visit_exports(&mut self, at: usize, is_module: bool) {
        if self.is(at, ".") && self.is(at + 2, "=") {
            if let Some(name) = self.identifier(at + 1) {
                self.export(name.to_owned());
            }
        } else if self.is(at, "[") && self.is(at + 2, "]") && self.is(at + 3, "=") {
            if let Some(name) = self.string(at + 1) {
                self.export(name);
            }
        } else if is_module && self.is(at, "=") {
            self.module_exports.clear();
            if self.is(at + 1, "{") {
                self.visit_literal(at + 2);
            } else if let Some((name, _)) = self.require(at + 1) {
                push_new(&mut self.module_exports, name);
            }
        }
    }

    /// The inside of `module.exports = { ... }`, up to the first thing that is no plain property.
    fn visit_literal(&mut self, mut at: usize) {
        loop {
            if self.is(at, "...") {
                if let Some((name, next)) = self.require(at + 1) {
                    push_new(&mut self.module_exports, name);
                    at = next;
                } else if self.identifier(at + 1).is_some() {
                    at += 2;
                } else {
                    return;
                }
            } else if let Some(name) = self.identifier(at).map(str::to_owned) {
                if self.is(at + 1, ":") {
                    if self.identifier(at + 2).is_none() {
                        return;
                    }
                    self.export(name);
                    at += 3;
                } else if self.is(at + 1, ",") || self.is(at + 1, "}") {
                    self.export(name);
                    at += 1;
                } else {
                    return;
                }
            } else if let Some(name) = self.string(at) {
                if !self.is(at + 1, ":") || self.identifier(at + 2).is_none() {
                    return;
                }
                self.export(name);
                at += 3;
            } else {
                return;
            }
            if !self.is(at, ",") {
                return;
            }
            at += 1;
        }
    }

    /// `require('x')` at `at`: its argument and the token after it.
    fn require(&self, at: usize) -> Option<(String, usize)> {
        if !self.is_all(at, &["require", "("]) || !self.is(at + 3, ")") {
            return None;
        }
        Some((self.string(at + 2)?, at + 4))
    }

    /// `var x = require('y')`, also through `_interopRequireWildcard(...)`.
    fn visit_declaration(&mut self, at: usize) {
        let mut at = at + 1;
        while let Some(name) = self.identifier(at) {
            if !self.is(at + 1, "=") {
                return;
            }
            let mut value = at + 2;
            let mut wrapped = false;
            while self.identifier(value).is_some() && self.is(value + 1, ".") {
                value += 2;
            }
            if matches!(self.identifier(value), Some("_interopRequireWildcard" | "__importStar"))
                && self.is(value + 1, "(")
            {
                value += 2;
                wrapped = true;
            }
            let Some((specifier, mut next)) = self.require(value) else { return };
            if wrapped {
                next += 1;
            }
            self.stars.push((name, specifier));
            if !self.is(next, ",") {
                return;
            }
            at = next + 1;
        }
    }

    fn visit_object(&mut self, at: usize) {
        if self.is_all(at + 1, &[".", "keys", "("]) {
            self.visit_star(at + 4);
        } else if self.is_all(at + 1, &[".", "defineProperty", "("])
            && let Some((next, _)) = self.exports_identifier(at + 4)
            && self.is(next, ",")
            && let Some(name) = self.string(next + 1)
            && self.is(next + 2, ",")
            && self.is(next + 3, "{")
            && self.is_plain_descriptor(next + 4)
        {
            self.export(name);
        }
    }

    /// The inside of a descriptor: `enumerable: true,` and then a value, or a getter that only returns a name.
    fn is_plain_descriptor(&self, mut at: usize) -> bool {
        if self.is_all(at, &["enumerable", ":"]) {
            if !(self.is(at + 2, "true") || self.is_all(at + 2, &["!", "0"])) {
                return false;
            }
            at += if self.is(at + 2, "!") { 4 } else { 3 };
            if !self.is(at, ",") {
                return false;
            }
            at += 1;
        }
        if self.is_all(at, &["value", ":"]) {
            return true;
        }
        self.getter_end(at, |lexer, at| {
            lexer.identifier(at)?;
            if lexer.is(at + 1, ".") {
                lexer.identifier(at + 2)?;
                return Some(at + 3);
            }
            if lexer.is(at + 1, "[") {
                lexer.string(at + 2)?;
                return lexer.is(at + 3, "]").then_some(at + 4);
            }
            Some(at + 1)
        })
        .is_some()
    }

    /// `get() { return <what>; }`, `get: function () {...}` or `get: () => <what>`, then `}` and `)`: the token after.
    fn getter_end(&self, mut at: usize, what: impl Fn(&Self, usize) -> Option<usize>) -> Option<usize> {
        if !self.is(at, "get") {
            return None;
        }
        at += 1;
        if self.is(at, ":") {
            at += 1;
            if self.is(at, "function") {
                at += 1;
                if self.identifier(at).is_some() {
                    at += 1;
                }
            }
        }
        if !self.is_all(at, &["(", ")", "{", "return"]) {
            return None;
        }
        at = what(self, at + 4)?;
        if self.is(at, ";") {
            at += 1;
        }
        if !self.is(at, "}") {
            return None;
        }
        at += 1;
        if self.is(at, ",") {
            at += 1;
        }
        self.is_all(at, &["}", ")"]).then_some(at + 2)
    }

    /// Babel's and TypeScript's `Object.keys(x).forEach(function (k) { ... exports[k] = x[k] })` after `keys(`.
    fn visit_star(&mut self, at: usize) {
        let Some(object) = self.identifier(at) else { return };
        if !self.is_all(at + 1, &[")", ".", "forEach", "(", "function", "("]) {
            return;
        }
        let Some(key) = self.identifier(at + 7) else { return };
        if !self.is_all(at + 8, &[")", "{"]) {
            return;
        }
        if self.star_body(at + 10, object, key).is_none() {
            return;
        }
        if let Some((_, specifier)) = self.stars.iter().rev().find(|(name, _)| *name == object) {
            push_new(&mut self.found.reexports, specifier.clone());
        }
    }

    fn star_body(&self, mut at: usize, object: &str, key: &str) -> Option<()> {
        let skip_semicolon = |at: usize| if self.is(at, ";") { at + 1 } else { at };
        if !self.is_all(at, &["if", "(", key]) {
            return None;
        }
        if self.is(at + 3, "===") {
            // if (k === 'default' || k === '__esModule') return;
            if self.string(at + 4)? != "default"
                || !self.is_all(at + 5, &["||", key, "==="])
                || self.string(at + 8)? != "__esModule"
            {
                return None;
            }
            if !self.is_all(at + 9, &[")", "return"]) {
                return None;
            }
            at = skip_semicolon(at + 11);
            // if (Object.prototype.hasOwnProperty.call(_exportNames, k)) return;
            if self.is_all(at, &["if", "(", "Object", "."]) {
                let mut next = at + 4;
                if self.is_all(next, &["prototype", "."]) {
                    next += 2;
                }
                if !self.is_all(next, &["hasOwnProperty", ".", "call", "("]) {
                    return None;
                }
                self.identifier(next + 4)?;
                if !self.is_all(next + 5, &[",", key, ")", ")", "return"]) {
                    return None;
                }
                at = skip_semicolon(next + 10);
            }
            // if (k in exports && exports[k] === x[k]) return;
            if self.is_all(at, &["if", "(", key, "in"]) {
                let (next, _) = self.exports_identifier(at + 4)?;
                if !self.is(next, "&&") {
                    return None;
                }
                let (next, _) = self.exports_identifier(next + 1)?;
                if !self.is_all(next, &["[", key, "]", "===", object, "[", key, "]", ")", "return"]) {
                    return None;
                }
                at = skip_semicolon(next + 10);
            }
        } else if self.is(at + 3, "!==") {
            // if (k !== 'default' && !x.hasOwnProperty(k)) exports[k] = x[k];
            if self.string(at + 4)? != "default" {
                return None;
            }
            at += 5;
            if self.is_all(at, &["&&", "!"]) {
                at += 2;
                if self.is_all(at, &["Object", "."]) {
                    at += if self.is_all(at + 2, &["prototype", "."]) { 4 } else { 2 };
                    if !self.is_all(at, &["hasOwnProperty", ".", "call", "("]) {
                        return None;
                    }
                    self.identifier(at + 4)?;
                    if !self.is_all(at + 5, &[",", key, ")"]) {
                        return None;
                    }
                    at += 8;
                } else {
                    self.identifier(at)?;
                    if !self.is_all(at + 1, &[".", "hasOwnProperty", "(", key, ")"]) {
                        return None;
                    }
                    at += 6;
                }
            }
            if !self.is(at, ")") {
                return None;
            }
            at += 1;
        } else {
            return None;
        }
        if let Some((next, _)) = self.exports_identifier(at) {
            if !self.is_all(next, &["[", key, "]", "=", object, "[", key, "]"]) {
                return None;
            }
            at = skip_semicolon(next + 8);
        } else if self.is_all(at, &["Object", ".", "defineProperty", "("]) {
            let (next, _) = self.exports_identifier(at + 4)?;
            if !self.is_all(next, &[",", key, ",", "{", "enumerable", ":"]) {
                return None;
            }
            let next = next + 6 + if self.is(next + 6, "!") { 2 } else { 1 };
            if !self.is(next, ",") {
                return None;
            }
            at = skip_semicolon(
                self.getter_end(next + 1, |lexer, at| lexer.is_all(at, &[object, "[", key, "]"]).then_some(at + 4))?,
            );
        } else {
            return None;
        }
        self.is_all(at, &["}", ")"]).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, names: &[&str], reexports: &[&str]) {
        let found = exports(source);
        assert_eq!(
            (found.names.as_slice(), found.reexports.as_slice()),
            (
                &names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>()[..],
                &reexports.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>()[..]
            ),
            "{source}"
        );
    }

    #[test]
    fn members() {
        check("exports.a = 1; exports['b c'] = 2; module.exports.d = exports.e = 3", &["a", "b c", "d", "e"], &[]);
        check("exports.default = 1; exports . x /* c */ = 2;", &["default", "x"], &[]);
        check("foo.exports.a = 1; x.module.exports = require('q')", &[], &[]);
        check("exports.a === 1; exports.b; exports.c += 1", &[], &[]);
        check(
            "var s = 'exports.a = 1'; `exports.b = 1 ${ exports.c = 2 }`; /exports.d = 1/; // exports.e = 1",
            &["c"],
            &[],
        );
        check("if (x) /exports.d = '/.test(y); a = b / exports.f = 1", &["f"], &[]);
    }

    #[test]
    fn literals() {
        check("module.exports = { a, b: c, 'd': e, f: 'f', g }", &["a", "b", "d"], &[]);
        check("module.exports = { a, ...d, b: require('c'), c: 1 }", &["a", "b"], &[]);
        check("module.exports = { ...require('x'), ...require('y'), z }", &["z"], &["x", "y"]);
        check("0 && (module.exports = { a, b })", &["a", "b"], &[]);
        check("module.exports = { a() {}, b }", &[], &[]);
        check("exports = module.exports = { q }", &["q"], &[]);
    }

    #[test]
    fn define_property() {
        check("Object.defineProperty(exports, '__esModule', { value: true })", &["__esModule"], &[]);
        check(
            "Object.defineProperty(exports, 'a', { enumerable: true, get: function () { return q.p; } })",
            &["a"],
            &[],
        );
        check(
            "Object.defineProperty(exports, 'a', { enumerable: true, get: function get() { return q['p'] } });",
            &["a"],
            &[],
        );
        check("Object.defineProperty(module.exports, \"a\", { enumerable: true, get() { return b } })", &["a"], &[]);
        check("Object.defineProperty(exports, 'a', { enumerable: false, value: 1 })", &[], &[]);
        check("Object.defineProperty(exports, 'a', { get: () => dynamic() })", &[], &[]);
        check("Object.defineProperty(exports, 'a', { get: function () { return nope(); } })", &[], &[]);
    }

    #[test]
    fn reexports() {
        check("module.exports = require('a')", &[], &["a"]);
        check("module.exports = require('a'); if (x) module.exports = require('b')", &[], &["b"]);
        check(
            "__exportStar(require('a'), exports); tslib_1.__exportStar(require(\"b\"), exports); __export(require('c'))",
            &[],
            &["a", "b", "c"],
        );
        check(
            "var _a = _interopRequireWildcard(require('a'));\nObject.keys(_a).forEach(function (key) {\n if (key === \"default\" || key === \"__esModule\") return;\n if (Object.prototype.hasOwnProperty.call(_exportNames, key)) return;\n if (key in exports && exports[key] === _a[key]) return;\n Object.defineProperty(exports, key, { enumerable: true, get: function () { return _a[key]; } });\n});",
            &[],
            &["a"],
        );
        check(
            "var _a = require('a'); Object.keys(_a).forEach(function (k) { if (k !== 'default' && !exports.hasOwnProperty(k)) exports[k] = _a[k]; });",
            &[],
            &["a"],
        );
        check(
            "var _a = require('a'); Object.keys(_b).forEach(function (k) { if (k !== 'default') exports[k] = _b[k]; });",
            &[],
            &[],
        );
    }

    #[test]
    fn odd_sources() {
        check("#!/usr/bin/env node\nexports.a = 1", &["a"], &[]);
        check(
            "exports['\\u{1F600}'] = 1; exports['\\ud800'] = 1; exports['\\u{D83C}\\u{DF10}'] = 1",
            &["\u{1F600}", "\u{1F310}"],
            &[],
        );
        check("exports.a = `unterminated", &["a"], &[]);
        check("", &[], &[]);
        check("}}}))) exports.a = 1", &["a"], &[]);
        check("exports.ünïcode = 1", &["ünïcode"], &[]);
    }
}
