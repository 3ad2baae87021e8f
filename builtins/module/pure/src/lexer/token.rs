//! Cuts JavaScript into tokens: enough to know strings, comments, templates and regular expressions from code.
//!
//! Whether `/` starts a regular expression depends on what stands before it; after `)` and `}` on what opened them,
//! which is why the scanner keeps a stack of brackets.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Identifier,
    Number,
    Punctuator,
    Regex,
    String,
    /// A piece of a template literal.
    Template,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub start: u32,
    pub end: u32,
}

/// An open bracket, and whether a `/` after its close starts a regular expression.
#[derive(Clone, Copy)]
enum Open {
    Brace {
        regex_after: bool,
    },
    Paren {
        regex_after: bool,
    },
    Square,
    /// `${` of a template.
    Substitution,
}

/// Longest first, so that the first match wins.
const PUNCTUATORS: [&str; 28] = [
    ">>>=", "...", "===", "!==", "**=", "<<=", ">>=", ">>>", "&&=", "||=", "??=", "=>", "==", "!=", "<=", ">=", "&&",
    "||", "??", "?.", "++", "--", "+=", "-=", "*=", "%=", "&=", "|=",
];

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    open: Vec<Open>,
    tokens: Vec<Token>,
    /// Whether a `/` here starts a regular expression.
    regex: bool,
}

/// All tokens of `source`; stops early where a literal is not closed. Sources above 4 GiB give none.
pub(super) fn tokenize(source: &str) -> Vec<Token> {
    if u32::try_from(source.len()).is_err() {
        return Vec::new();
    }
    let mut scanner = Scanner {
        bytes: source.as_bytes(),
        at: 0,
        open: Vec::new(),
        tokens: Vec::with_capacity(source.len() / 6),
        regex: true,
    };
    if source.starts_with("#!") {
        scanner.skip_line();
    }
    while scanner.step().is_some() {}
    scanner.tokens
}

fn is_identifier_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'$' | b'_' | b'#' | b'\\') || byte >= 0x80
}

fn is_identifier_part(byte: u8) -> bool {
    is_identifier_start(byte) || byte.is_ascii_digit()
}

impl Scanner<'_> {
    fn peek(&self, offset: usize) -> u8 {
        self.bytes.get(self.at + offset).copied().unwrap_or(0)
    }

    fn skip_line(&mut self) {
        while self.at < self.bytes.len() && !matches!(self.bytes[self.at], b'\n' | b'\r') {
            self.at += 1;
        }
    }

    fn push(&mut self, kind: TokenKind, start: usize) {
        // The length of the source was checked against u32.
        self.tokens.push(Token { kind, start: start as u32, end: self.at as u32 });
    }

    fn last_is(&self, text: &[u8]) -> bool {
        self.tokens.last().is_some_and(|token| &self.bytes[token.start as usize..token.end as usize] == text)
    }

    /// One token, comment or run of blanks. `None` at the end.
    fn step(&mut self) -> Option<()> {
        let byte = *self.bytes.get(self.at)?;
        let start = self.at;
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => self.at += 1,
            b'/' if self.peek(1) == b'/' => self.skip_line(),
            b'/' if self.peek(1) == b'*' => {
                let body = &self.bytes[self.at + 2..];
                let end = body.windows(2).position(|pair| pair == b"*/")?;
                self.at += end + 4;
            }
            b'/' if self.regex => self.regular_expression()?,
            b'"' | b'\'' => {
                self.quoted(byte)?;
                self.push(TokenKind::String, start);
                self.regex = false;
            }
            b'`' => {
                self.at += 1;
                self.template(start)?;
            }
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_ascii_digit() => self.number(),
            0xc2 if self.peek(1) == 0xa0 => self.at += 2,
            0xef if self.bytes[self.at..].starts_with(b"\xef\xbb\xbf") => self.at += 3,
            0xe2 if self.peek(1) == 0x80 && matches!(self.peek(2), 0xa8 | 0xa9) => self.at += 3,
            _ if is_identifier_start(byte) => self.word(),
            _ => self.punctuator()?,
        }
        Some(())
    }

    fn word(&mut self) {
        let start = self.at;
        while self.at < self.bytes.len() && is_identifier_part(self.bytes[self.at]) {
            self.at += 1;
        }
        let after_dot = self.last_is(b".") || self.last_is(b"?.");
        self.push(TokenKind::Identifier, start);
        let word = &self.bytes[start..self.at];
        self.regex = !after_dot
            && matches!(
                word,
                b"return"
                    | b"typeof"
                    | b"case"
                    | b"in"
                    | b"of"
                    | b"instanceof"
                    | b"new"
                    | b"delete"
                    | b"void"
                    | b"throw"
                    | b"do"
                    | b"else"
                    | b"yield"
                    | b"await"
            );
    }

    fn number(&mut self) {
        let start = self.at;
        while self.at < self.bytes.len() {
            let byte = self.bytes[self.at];
            let sign = matches!(byte, b'+' | b'-')
                && matches!(self.bytes[self.at - 1], b'e' | b'E')
                && !self.bytes[start..].starts_with(b"0x");
            if !(byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.' || (sign && self.at > start)) {
                break;
            }
            self.at += 1;
        }
        self.push(TokenKind::Number, start);
        self.regex = false;
    }

    /// Steps over a quoted string.
    fn quoted(&mut self, quote: u8) -> Option<()> {
        self.at += 1;
        loop {
            match *self.bytes.get(self.at)? {
                b'\\' => self.at += 2,
                b'\n' => return None,
                byte => {
                    self.at += 1;
                    if byte == quote {
                        return Some(());
                    }
                }
            }
        }
    }

    /// The rest of a template up to its end or the next `${`.
    fn template(&mut self, start: usize) -> Option<()> {
        loop {
            match *self.bytes.get(self.at)? {
                b'\\' => self.at += 2,
                b'`' => {
                    self.at += 1;
                    self.push(TokenKind::Template, start);
                    self.regex = false;
                    return Some(());
                }
                b'$' if self.peek(1) == b'{' => {
                    self.at += 2;
                    self.push(TokenKind::Template, start);
                    self.open.push(Open::Substitution);
                    self.regex = true;
                    return Some(());
                }
                _ => self.at += 1,
            }
        }
    }

    fn regular_expression(&mut self) -> Option<()> {
        let start = self.at;
        self.at += 1;
        let mut class = false;
        loop {
            match *self.bytes.get(self.at)? {
                b'\\' => self.at += 1,
                b'[' => class = true,
                b']' => class = false,
                b'\n' => return None,
                b'/' if !class => break,
                _ => {}
            }
            self.at += 1;
        }
        self.at += 1;
        while self.at < self.bytes.len() && is_identifier_part(self.bytes[self.at]) {
            self.at += 1;
        }
        self.push(TokenKind::Regex, start);
        self.regex = false;
        Some(())
    }

    fn punctuator(&mut self) -> Option<()> {
        let start = self.at;
        let byte = self.bytes[self.at];
        match byte {
            b'(' => {
                let keyword = [&b"if"[..], b"while", b"for", b"with"].iter().any(|word| self.last_is(word));
                let member = self.tokens.len() > 1 && {
                    let before = self.tokens[self.tokens.len() - 2];
                    &self.bytes[before.start as usize..before.end as usize] == b"."
                };
                self.open.push(Open::Paren { regex_after: keyword && !member });
            }
            b'[' => self.open.push(Open::Square),
            b'{' => {
                // A block where a statement may start; an object where a value is due.
                let value = self.regex && !self.tokens.is_empty() && !self.statement_may_start();
                self.open.push(Open::Brace { regex_after: !value });
            }
            b')' | b']' | b'}' => {
                self.at += 1;
                let open = self.open.pop();
                if byte == b'}' && matches!(open, Some(Open::Substitution)) {
                    return self.template(start);
                }
                self.push(TokenKind::Punctuator, start);
                self.regex =
                    matches!(open, Some(Open::Brace { regex_after: true } | Open::Paren { regex_after: true }) | None)
                        && byte != b']';
                return Some(());
            }
            _ => {
                let rest = &self.bytes[self.at..];
                let longest = PUNCTUATORS.iter().find(|text| rest.starts_with(text.as_bytes()));
                let mut length = longest.map_or(1, |text| text.len());
                // `a?.5:b` is a conditional.
                if rest.starts_with(b"?.") && rest.get(2).is_some_and(u8::is_ascii_digit) {
                    length = 1;
                }
                self.at += length;
                self.push(TokenKind::Punctuator, start);
                // `i++ / 2` against `++/re/.lastIndex`: the first is what people write.
                self.regex = !(self.last_is(b"++") || self.last_is(b"--"));
                return Some(());
            }
        }
        self.at += 1;
        self.push(TokenKind::Punctuator, start);
        self.regex = true;
        Some(())
    }

    /// Whether the last token ends a statement or opens a block, so that `{` is a block.
    fn statement_may_start(&self) -> bool {
        [&b";"[..], b"{", b"}", b")", b"=>", b"else", b"do"].iter().any(|text| self.last_is(text))
    }
}

/// The value of a string literal with its quotes. `None` when it holds a lone surrogate.
pub(super) fn unescape(literal: &str) -> Option<String> {
    let inner = literal.get(1..literal.len().checked_sub(1)?)?;
    if !inner.contains('\\') {
        return Some(inner.to_owned());
    }
    let mut units: Vec<u16> = Vec::with_capacity(inner.len());
    let mut chars = inner.chars().peekable();
    let mut buffer = [0; 2];
    while let Some(char) = chars.next() {
        if char != '\\' {
            units.extend_from_slice(char.encode_utf16(&mut buffer));
            continue;
        }
        let escaped = match chars.next()? {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'v' => '\u{b}',
            '0' => '\0',
            'x' => {
                let digits: String = chars.by_ref().take(2).collect();
                char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
            }
            'u' => {
                if chars.peek() == Some(&'{') {
                    chars.next();
                    let digits: String = chars.by_ref().take_while(|char| *char != '}').collect();
                    let code = u32::from_str_radix(&digits, 16).ok()?;
                    // Two escaped halves of a pair make a character.
                    if let Ok(unit) = u16::try_from(code) {
                        units.push(unit);
                        continue;
                    }
                    char::from_u32(code)?
                } else {
                    let digits: String = chars.by_ref().take(4).collect();
                    units.push(u16::from_str_radix(&digits, 16).ok()?);
                    continue;
                }
            }
            '\n' => continue,
            '\r' => {
                if chars.peek() == Some(&'\n') {
                    chars.next();
                }
                continue;
            }
            other => other,
        };
        units.extend_from_slice(escaped.encode_utf16(&mut buffer));
    }
    String::from_utf16(&units).ok()
}
