//! Block coverage: from counts of the engine's instructions to V8's nested ranges.
//!
//! The engine counts how often each instruction ran and knows the line and column it came from. V8 reports source ranges:
//! one per function, and inside of it one per block whose count differs from what surrounds it. So the source is parsed, each
//! block gets the count of the first instruction that lies in it, and blocks that say nothing new are left out.
//!
//! **Invariants**: ranges of a function are nested or disjoint, outer ones first; offsets are in UTF-16 units of the user's
//! text, without the wrapper that the module loader put around it.

use swc_common::input::StringInput;
use swc_common::{BytePos, Span, Spanned};
use swc_ecma_ast as ast;
use swc_ecma_parser::{EsSyntax, Parser, Syntax};
use swc_ecma_visit::{Visit, VisitWith};

/// One instruction: where it came from, and how often it ran. In the order of the bytecode.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// From 1, in the user's text.
    pub line: u32,
    /// From 1, in UTF-16 units.
    pub column: u32,
    pub count: u64,
}

/// A function as the engine knows it, or the whole script.
#[derive(Clone, Debug)]
pub struct Function {
    pub name: String,
    /// Where its text begins and ends, in UTF-16 units of the user's text.
    pub start: usize,
    pub end: usize,
    /// Empty if it never ran.
    pub points: Vec<Point>,
}

/// A range of V8's report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub start: usize,
    pub end: usize,
    pub count: u64,
}

/// A function of V8's report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionCoverage {
    pub name: String,
    pub ranges: Vec<Range>,
    /// Whether the counts inside of it are known.
    pub is_block_coverage: bool,
}

/// A block of the source, in UTF-16 units.
#[derive(Clone, Copy, Debug)]
struct Region {
    start: usize,
    end: usize,
    /// Where its first instruction is looked for.
    probe: (usize, usize),
    /// The engine leaves out branches of constant conditions: without an instruction, it did not run.
    may_be_folded: bool,
}

/// The report about one script. `functions` holds the script itself first.
#[must_use]
pub fn report(source: &str, is_module: bool, functions: &[Function]) -> Vec<FunctionCoverage> {
    let text = Text::new(source);
    let Tree { regions, functions: spans, classes } = tree_of(source, is_module, &text);
    let functions = align(functions, &spans, &classes);
    let functions = functions.as_slice();
    let located: Vec<Vec<(usize, u64)>> = functions
        .iter()
        .map(|function| {
            function.points.iter().filter_map(|p| Some((text.offset(p.line, p.column)?, p.count))).collect()
        })
        .collect();
    let owners = owners_of(&regions, functions);
    functions
        .iter()
        .enumerate()
        .map(|(index, function)| {
            let count = located[index].first().map_or(0, |(_, count)| *count);
            let mut ranges = vec![Range { start: function.start, end: function.end, count }];
            if count > 0 {
                let own =
                    regions.iter().zip(&owners).filter(|(_, owner)| **owner == Some(index)).map(|(region, _)| region);
                add_blocks(&mut ranges, own, &located[index]);
            }
            FunctionCoverage { name: function.name.clone(), is_block_coverage: count > 0, ranges }
        })
        .collect()
}

/// The engine counts a function from its parameters on, V8 from its first word. The engine has a function for the constructor that a class
/// does not write, and one for each field; V8 has none for the former, and one for all fields.
fn align(functions: &[Function], spans: &[(usize, usize)], classes: &[Class]) -> Vec<Function> {
    let mut aligned: Vec<Function> = Vec::new();
    let mut groups: Vec<(usize, bool, usize)> = Vec::new();
    for (index, function) in functions.iter().enumerate() {
        let mut function = function.clone();
        if index == 0 {
            aligned.push(function);
            continue;
        }
        let fits = |(start, end): &&(usize, usize)| *end == function.end && *start <= function.start;
        if let Some((start, _)) = spans.iter().filter(fits).max() {
            function.start = *start;
            aligned.push(function);
            continue;
        }
        if classes.iter().any(|class| class.span == (function.start, function.end)) {
            continue;
        }
        let member = classes.iter().enumerate().find_map(|(number, class)| {
            let around = |field: &&Field| field.span.0 <= function.start && function.end <= field.span.1;
            class.fields.iter().find(around).map(|field| (number, field.is_static))
        });
        let Some((number, is_static)) = member else {
            aligned.push(function);
            continue;
        };
        if let Some((_, _, at)) = groups.iter().find(|(class, kind, _)| (*class, *kind) == (number, is_static)) {
            aligned[*at].points.append(&mut function.points);
            continue;
        }
        groups.push((number, is_static, aligned.len()));
        let own = classes[number].fields.iter().filter(|field| field.is_static == is_static);
        function.start = own.clone().map(|field| field.span.0).min().unwrap_or(function.start);
        function.end = own.map(|field| field.span.1).max().unwrap_or(function.end);
        let name = if is_static { "<static_initializer>" } else { "<instance_members_initializer>" };
        name.clone_into(&mut function.name);
        aligned.push(function);
    }
    aligned
}

/// The innermost function around each region.
fn owners_of(regions: &[Region], functions: &[Function]) -> Vec<Option<usize>> {
    // Functions nest, so walking both by their starts needs only a stack.
    let mut order: Vec<usize> = (0..functions.len()).collect();
    order.sort_by_key(|index| (functions[*index].start, usize::MAX - functions[*index].end));
    let mut next = 0;
    let mut open: Vec<usize> = Vec::new();
    regions
        .iter()
        .map(|region| {
            while next < order.len() && functions[order[next]].start <= region.start {
                while open.last().is_some_and(|last| functions[*last].end <= functions[order[next]].start) {
                    open.pop();
                }
                open.push(order[next]);
                next += 1;
            }
            while open.last().is_some_and(|last| functions[*last].end <= region.start) {
                open.pop();
            }
            // A function that is the region itself is inside of it.
            open.iter().rev().copied().find(|index| {
                let function = &functions[*index];
                region.end <= function.end
                    && (function.start, function.end) != (region.start, region.end)
                    && function.start <= region.start
            })
        })
        .collect()
}

/// Adds the blocks of one function whose counts differ from those around them. `regions` are sorted, outer ones first.
fn add_blocks<'a>(ranges: &mut Vec<Range>, regions: impl Iterator<Item = &'a Region>, points: &[(usize, u64)]) {
    let mut open = vec![ranges[0]];
    for region in regions {
        while open.len() > 1 && open.last().is_some_and(|outer| outer.end <= region.start) {
            open.pop();
        }
        let first = points.iter().find(|(offset, _)| *offset >= region.probe.0 && *offset < region.probe.1);
        let count = match first {
            Some((_, count)) => *count,
            None if region.may_be_folded => 0,
            None => continue,
        };
        let outer = open.last().map_or(count, |outer| outer.count);
        if count == outer || region.start >= region.end {
            continue;
        }
        let range = Range { start: region.start, end: region.end, count };
        open.push(range);
        ranges.push(range);
    }
}

/// Positions of a text.
struct Text {
    /// UTF-16 offset of the beginning of each line.
    lines: Vec<usize>,
    length: usize,
    /// UTF-16 offset of each byte; `None` for plain ASCII.
    units: Option<Vec<u32>>,
}

impl Text {
    fn new(source: &str) -> Text {
        let mut lines = vec![0];
        let mut unit = 0;
        let mut chars = source.chars().peekable();
        while let Some(char) = chars.next() {
            unit += char.len_utf16();
            let ends = matches!(char, '\n' | '\u{2028}' | '\u{2029}') || (char == '\r' && chars.peek() != Some(&'\n'));
            if ends {
                lines.push(unit);
            }
        }
        let units = (!source.is_ascii()).then(|| {
            let mut units = Vec::with_capacity(source.len() + 1);
            let mut at = 0;
            for char in source.chars() {
                units.extend(std::iter::repeat_n(at, char.len_utf8()));
                at += char.len_utf16() as u32;
            }
            units.push(at);
            units
        });
        Text { lines, length: unit, units }
    }

    /// The offset of a place; `None` outside of the text.
    fn offset(&self, line: u32, column: u32) -> Option<usize> {
        let start = self.lines.get((line as usize).checked_sub(1)?)?;
        let offset = start + (column as usize).checked_sub(1)?;
        (offset <= self.length).then_some(offset)
    }

    /// From a byte position of the parser, which counts from 1.
    fn unit(&self, position: BytePos) -> usize {
        let byte = (position.0 as usize).saturating_sub(1);
        match &self.units {
            None => byte.min(self.length),
            Some(units) => units.get(byte).map_or(self.length, |unit| *unit as usize),
        }
    }
}

/// What is in a source.
#[derive(Default)]
struct Tree {
    /// All blocks, sorted, outer ones first.
    regions: Vec<Region>,
    /// Where functions begin and end.
    functions: Vec<(usize, usize)>,
    classes: Vec<Class>,
}

/// A class, in UTF-16 units.
struct Class {
    fields: Vec<Field>,
    span: (usize, usize),
}

/// A field or a static block of a class.
struct Field {
    is_static: bool,
    span: (usize, usize),
}

/// The blocks and functions of a source; none if it cannot be parsed.
fn tree_of(source: &str, is_module: bool, text: &Text) -> Tree {
    let syntax = Syntax::Es(EsSyntax {
        allow_return_outside_function: true,
        allow_super_outside_method: true,
        import_attributes: true,
        explicit_resource_management: true,
        ..EsSyntax::default()
    });
    // A parser's positions begin at 1: 0 means "nowhere".
    let input = StringInput::new(source, BytePos(1), BytePos(1 + source.len() as u32));
    let mut parser = Parser::new(syntax, input, None);
    let mut collector = Collector { source, text, tree: Tree::default() };
    if is_module {
        let Ok(module) = parser.parse_module() else { return Tree::default() };
        let items: Vec<&ast::Stmt> = module.body.iter().filter_map(|item| item.as_stmt()).collect();
        collector.list(&items, module.span.hi);
        module.visit_with(&mut collector);
    } else {
        let Ok(script) = parser.parse_commonjs() else { return Tree::default() };
        collector.list(&script.body.iter().collect::<Vec<_>>(), script.span.hi);
        script.visit_with(&mut collector);
    }
    let mut tree = collector.tree;
    tree.regions.sort_by_key(|region| (region.start, usize::MAX - region.end));
    tree
}

struct Collector<'a> {
    source: &'a str,
    text: &'a Text,
    tree: Tree,
}

impl Collector<'_> {
    fn add(&mut self, start: BytePos, end: BytePos, probe: Span, may_be_folded: bool) {
        let [start, end] = [start, end].map(|position| self.text.unit(position));
        let probe = (self.text.unit(probe.lo), self.text.unit(probe.hi));
        self.tree.regions.push(Region { start, end, probe, may_be_folded });
    }

    fn function(&mut self, start: BytePos, end: BytePos) {
        self.tree.functions.push((self.text.unit(start), self.text.unit(end)));
    }

    /// A member of a class; `static` does not belong to it.
    fn member(&mut self, span: Span, is_static: bool) {
        let mut start = span.lo;
        if is_static {
            let rest = self.source.get(span.lo.0 as usize - 1..).unwrap_or_default();
            let after = rest.strip_prefix("static").unwrap_or(rest).trim_start();
            start = BytePos(span.lo.0 + (rest.len() - after.len()) as u32);
        }
        self.function(start, span.hi);
    }

    fn block(&mut self, span: Span) {
        self.add(span.lo, span.hi, span, false);
    }

    /// What follows a statement that may leave the list has a count of its own.
    fn list(&mut self, statements: &[&ast::Stmt], end: BytePos) {
        for (index, statement) in statements.iter().enumerate() {
            let rest = &statements[index + 1..];
            // Declarations of functions are no code: what is left of the list must have some.
            if rest.iter().all(|statement| statement.as_decl().is_some_and(|decl| decl.is_fn_decl())) {
                break;
            }
            if jumps(statement) {
                let start = statement.span().hi;
                self.add(start, end, Span::new(start, end), false);
            }
        }
    }
}

/// Whether control may leave `statement` other than at its end.
fn jumps(statement: &ast::Stmt) -> bool {
    struct Finder(bool);
    impl Visit for Finder {
        fn visit_function(&mut self, _: &ast::Function) {}
        fn visit_arrow_expr(&mut self, _: &ast::ArrowExpr) {}
        fn visit_class(&mut self, _: &ast::Class) {}
        fn visit_return_stmt(&mut self, _: &ast::ReturnStmt) {
            self.0 = true;
        }
        fn visit_throw_stmt(&mut self, _: &ast::ThrowStmt) {
            self.0 = true;
        }
        fn visit_break_stmt(&mut self, _: &ast::BreakStmt) {
            self.0 = true;
        }
        fn visit_continue_stmt(&mut self, _: &ast::ContinueStmt) {
            self.0 = true;
        }
    }
    let mut finder = Finder(false);
    statement.visit_with(&mut finder);
    finder.0
}

/// Whether the engine knows the outcome of a condition when it compiles it.
fn is_constant(test: &ast::Expr) -> bool {
    match test {
        ast::Expr::Lit(literal) => !matches!(literal, ast::Lit::Regex(_)),
        ast::Expr::Unary(unary) => is_constant(&unary.arg),
        ast::Expr::Paren(paren) => is_constant(&paren.expr),
        ast::Expr::Bin(binary) => is_constant(&binary.left) && is_constant(&binary.right),
        _ => false,
    }
}

impl Visit for Collector<'_> {
    fn visit_arrow_expr(&mut self, arrow: &ast::ArrowExpr) {
        self.function(arrow.span.lo, arrow.span.hi);
        arrow.visit_children_with(self);
    }

    fn visit_class(&mut self, class: &ast::Class) {
        let units = |span: Span| (self.text.unit(span.lo), self.text.unit(span.hi));
        // The semicolon behind a field does not belong to it.
        let field = |span: Span, is_static| {
            let text = self.source.get(span.lo.0 as usize - 1..span.hi.0 as usize - 1).unwrap_or_default();
            let end = span.hi - BytePos((text.len() - text.trim_end_matches(';').len()) as u32);
            Some(Field { is_static, span: units(Span::new(span.lo, end)) })
        };
        let fields = class.body.iter().filter_map(|member| match member {
            ast::ClassMember::ClassProp(property) => field(property.span, property.is_static),
            ast::ClassMember::PrivateProp(property) => field(property.span, property.is_static),
            ast::ClassMember::StaticBlock(block) => field(block.span, true),
            _ => None,
        });
        let found = Class { fields: fields.collect(), span: units(class.span) };
        self.tree.classes.push(found);
        class.visit_children_with(self);
    }

    fn visit_class_method(&mut self, method: &ast::ClassMethod) {
        self.member(method.span, method.is_static);
        method.visit_children_with(self);
    }

    fn visit_constructor(&mut self, constructor: &ast::Constructor) {
        self.member(constructor.span, false);
        constructor.visit_children_with(self);
    }

    fn visit_fn_decl(&mut self, declaration: &ast::FnDecl) {
        self.function(declaration.function.span.lo, declaration.function.span.hi);
        declaration.visit_children_with(self);
    }

    fn visit_fn_expr(&mut self, expression: &ast::FnExpr) {
        self.function(expression.function.span.lo, expression.function.span.hi);
        expression.visit_children_with(self);
    }

    fn visit_getter_prop(&mut self, getter: &ast::GetterProp) {
        self.function(getter.span.lo, getter.span.hi);
        getter.visit_children_with(self);
    }

    fn visit_method_prop(&mut self, method: &ast::MethodProp) {
        let start = method.key.span().lo.min(method.function.span.lo);
        self.function(start, method.function.span.hi);
        method.visit_children_with(self);
    }

    fn visit_private_method(&mut self, method: &ast::PrivateMethod) {
        self.member(method.span, method.is_static);
        method.visit_children_with(self);
    }

    fn visit_setter_prop(&mut self, setter: &ast::SetterProp) {
        self.function(setter.span.lo, setter.span.hi);
        setter.visit_children_with(self);
    }

    fn visit_block_stmt(&mut self, block: &ast::BlockStmt) {
        self.list(&block.stmts.iter().collect::<Vec<_>>(), block.span.hi - BytePos(1));
        block.visit_children_with(self);
    }

    fn visit_bin_expr(&mut self, binary: &ast::BinExpr) {
        if matches!(binary.op, ast::BinaryOp::LogicalAnd | ast::BinaryOp::LogicalOr | ast::BinaryOp::NullishCoalescing)
        {
            self.add(binary.left.span().hi, binary.right.span().hi, binary.right.span(), false);
        }
        binary.visit_children_with(self);
    }

    fn visit_cond_expr(&mut self, condition: &ast::CondExpr) {
        let folded = is_constant(&condition.test);
        let (cons, alt) = (condition.cons.span(), condition.alt.span());
        self.add(condition.test.span().hi, cons.hi, cons, folded);
        self.add(cons.hi, alt.hi, alt, folded);
        condition.visit_children_with(self);
    }

    fn visit_do_while_stmt(&mut self, statement: &ast::DoWhileStmt) {
        self.block(statement.body.span());
        statement.visit_children_with(self);
    }

    fn visit_for_in_stmt(&mut self, statement: &ast::ForInStmt) {
        self.block(statement.body.span());
        statement.visit_children_with(self);
    }

    fn visit_for_of_stmt(&mut self, statement: &ast::ForOfStmt) {
        self.block(statement.body.span());
        statement.visit_children_with(self);
    }

    fn visit_for_stmt(&mut self, statement: &ast::ForStmt) {
        self.block(statement.body.span());
        statement.visit_children_with(self);
    }

    fn visit_if_stmt(&mut self, statement: &ast::IfStmt) {
        let folded = is_constant(&statement.test);
        let cons = statement.cons.span();
        self.add(cons.lo, cons.hi, cons, folded && !is_empty(&statement.cons));
        if let Some(alt) = &statement.alt {
            self.add(cons.hi, alt.span().hi, alt.span(), folded && !is_empty(alt));
        }
        statement.visit_children_with(self);
    }

    fn visit_switch_stmt(&mut self, statement: &ast::SwitchStmt) {
        for case in &statement.cases {
            let (Some(first), Some(last)) = (case.cons.first(), case.cons.last()) else { continue };
            let end = last.span().hi;
            self.add(case.span.lo, end, Span::new(first.span().lo, end), false);
            self.list(&case.cons.iter().collect::<Vec<_>>(), end);
        }
        statement.visit_children_with(self);
    }

    fn visit_try_stmt(&mut self, statement: &ast::TryStmt) {
        if let Some(handler) = &statement.handler {
            self.add(handler.span.lo, handler.span.hi, handler.body.span, false);
        }
        if let Some(finalizer) = &statement.finalizer {
            self.block(finalizer.span);
        }
        statement.visit_children_with(self);
    }

    fn visit_while_stmt(&mut self, statement: &ast::WhileStmt) {
        self.add(
            statement.body.span().lo,
            statement.body.span().hi,
            statement.body.span(),
            is_constant(&statement.test),
        );
        statement.visit_children_with(self);
    }
}

/// A branch without code.
fn is_empty(statement: &ast::Stmt) -> bool {
    match statement {
        ast::Stmt::Empty(_) => true,
        ast::Stmt::Block(block) => block.stmts.iter().all(is_empty),
        ast::Stmt::Decl(decl) => decl.is_fn_decl(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points at the places of the words in `counts`, in that order.
    fn points(source: &str, counts: &[(&str, u64)]) -> Vec<Point> {
        counts
            .iter()
            .map(|(word, count)| {
                let at = source.find(word).unwrap();
                let line = source[..at].matches('\n').count() as u32 + 1;
                let column = (at - source[..at].rfind('\n').map_or(0, |end| end + 1)) as u32 + 1;
                Point { line, column, count: *count }
            })
            .collect()
    }

    #[track_caller]
    fn check(source: &str, counts: &[(&str, u64)], want: &[(&str, u64)]) {
        let script = Function {
            name: String::new(),
            start: 0,
            end: source.encode_utf16().count(),
            points: points(source, counts),
        };
        let found = report(source, false, &[script]);
        let shown: Vec<(String, u64)> = found[0].ranges[1..]
            .iter()
            .map(|range| {
                let units: Vec<u16> = source.encode_utf16().collect();
                (String::from_utf16(&units[range.start..range.end]).unwrap(), range.count)
            })
            .collect();
        let want: Vec<(String, u64)> = want.iter().map(|(text, count)| ((*text).to_owned(), *count)).collect();
        assert_eq!(shown, want);
    }

    #[test]
    fn blocks() {
        check("if (x) { aa() } else { bb() }", &[("x", 1), ("aa", 1), ("bb", 0)], &[(" else { bb() }", 0)]);
        check(
            "if (x) { aa() } else { bb() }",
            &[("x", 3), ("aa", 1), ("bb", 2)],
            &[("{ aa() }", 1), (" else { bb() }", 2)],
        );
        check("if (true) { aa() } else { const c = 1 }", &[("true", 1), ("aa", 1)], &[(" else { const c = 1 }", 0)]);
        check("for (;;) { aa(); }", &[("for", 1), ("aa", 9)], &[("{ aa(); }", 9)]);
        check("é(); if (x) { aa() }", &[("if", 1), ("aa", 0)], &[("{ aa() }", 0)]);
        check("x ? aa() : bb()", &[("x", 1), ("aa", 1), ("bb", 0)], &[(" : bb()", 0)]);
        check("x && aa()", &[("x", 1), ("aa", 0)], &[(" && aa()", 0)]);
        check("try { aa() } catch { bb() }", &[("aa", 1), ("bb", 0)], &[("catch { bb() }", 0)]);
        check("aa(); bb()", &[("aa", 1), ("bb", 0)], &[]);
    }

    #[test]
    fn what_follows_a_jump() {
        check("if (x) { return } aa()", &[("x", 1), ("return", 1), ("aa", 0)], &[(" aa()", 0)]);
        check("if (x) { return } aa()", &[("x", 2), ("return", 1), ("aa", 1)], &[("{ return }", 1), (" aa()", 1)]);
    }

    #[test]
    fn nesting() {
        check(
            "if (x) { aa(); if (y) { bb() } }",
            &[("x", 2), ("aa", 1), ("y", 1), ("bb", 0)],
            &[("{ aa(); if (y) { bb() } }", 1), ("{ bb() }", 0)],
        );
    }

    #[test]
    fn functions_begin_at_their_first_word() {
        let source =
            "function a() {} class K { static async m() {} get g() {} } const o = { async p() {} }; async () => {};";
        let script = |start: usize, end: usize| Function { name: String::new(), start, end, points: Vec::new() };
        let whole = [
            ("function a() {}", "() {}"),
            ("async m() {}", "() {}"),
            ("get g() {}", "() {}"),
            ("async p() {}", "() {}"),
            ("async () => {}", "() => {}"),
        ];
        let mut functions = vec![script(0, source.len())];
        for (text, inner) in whole {
            let start = source.find(text).unwrap();
            functions.push(script(start + text.find(inner).unwrap(), start + text.len()));
        }
        let found = report(source, false, &functions);
        let shown: Vec<&str> =
            found[1..].iter().map(|each| &source[each.ranges[0].start..each.ranges[0].end]).collect();
        assert_eq!(shown, whole.map(|(text, _)| text));
    }

    #[test]
    fn what_cannot_be_parsed_has_functions_only() {
        let source = "if (";
        let script = Function { name: String::new(), start: 0, end: 4, points: points(source, &[("if", 1)]) };
        let found = report(source, false, &[script]);
        assert_eq!(found[0].ranges, [Range { start: 0, end: 4, count: 1 }]);
    }
}
