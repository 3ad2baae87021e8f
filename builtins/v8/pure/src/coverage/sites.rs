//! From a source to the places that V8 counts at.
//!
//! V8 has counters for branches, bodies of loops, cases, handlers, right sides of logical operators, and for what follows a statement or
//! an expression after which control may be elsewhere. The engine counts instructions, so each of our sites also says how its
//! count is found: by a jump, which is matched with those of the bytecode in the order in which the engine emits them, or by the first
//! instruction that lies in a part of the source.

use super::Text;
use swc_common::input::StringInput;
use swc_common::{BytePos, Span, Spanned};
use swc_ecma_ast as ast;
use swc_ecma_parser::{EsSyntax, Parser, Syntax};
use swc_ecma_visit::{Visit, VisitWith};

/// From where to where, in UTF-16 units.
pub(super) type Extent = (usize, usize);

/// A place that V8 counts at.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub(super) start: usize,
    /// `None`: until the next site, or the end of what is around.
    pub(super) end: Option<usize>,
    /// Where its first instruction is looked for, if no jump tells: in the first of these that has any.
    pub(super) probe: Vec<Extent>,
    /// The engine leaves out branches of constant conditions: without an instruction, it did not run.
    pub(super) may_be_folded: bool,
    /// A handler of exceptions without code, behind this block.
    pub(super) handles: Option<Extent>,
}

/// A jump that the engine emits for an expression, with the sites that it tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Jump {
    And(Option<usize>),
    /// Goes on behind the jump once the value is there.
    Await(usize),
    Coalesce(Option<usize>),
    /// A condition: what follows it, and where it leads otherwise.
    Condition {
        holds: Option<usize>,
        fails: Option<usize>,
    },
    /// Of an optional chain: what follows it, if there is something to go on with.
    Link(usize),
    Or(Option<usize>),
    Yield(usize),
}

/// A part of the source whose jumps are known.
#[derive(Clone, Debug)]
pub(super) struct Root {
    pub(super) extent: Extent,
    pub(super) jumps: Vec<Jump>,
    /// It has constructs whose jumps are not modelled here.
    pub(super) is_opaque: bool,
}

/// The sites of one function.
#[derive(Clone, Debug, Default)]
pub(super) struct FunctionSites {
    pub(super) extent: Extent,
    /// Not one function of the source, but the fields of a class.
    pub(super) is_fields: bool,
    pub(super) roots: Vec<Root>,
    pub(super) sites: Vec<Site>,
}

/// What is in a source.
#[derive(Default)]
pub(super) struct Tree {
    /// The script itself is the last one.
    pub(super) functions: Vec<FunctionSites>,
    pub(super) classes: Vec<Class>,
}

/// A class.
pub(super) struct Class {
    pub(super) extent: Extent,
    pub(super) fields: Vec<Field>,
}

/// A field or a static block of a class.
pub(super) struct Field {
    pub(super) extent: Extent,
    pub(super) is_static: bool,
}

/// What V8 names the function of all fields, or of all static fields and blocks, spans.
pub(super) fn extent_of_fields(fields: &[Field], is_static: bool) -> Option<Extent> {
    let own = || fields.iter().filter(|field| field.is_static == is_static).map(|field| field.extent);
    Some((own().map(|extent| extent.0).min()?, own().map(|extent| extent.1).max()?))
}

/// Functions and sites of a source; none if it cannot be parsed.
pub(super) fn tree_of(source: &str, is_module: bool, text: &Text) -> Tree {
    let syntax = Syntax::Es(EsSyntax {
        allow_return_outside_function: true,
        allow_super_outside_method: true,
        explicit_resource_management: true,
        import_attributes: true,
        ..EsSyntax::default()
    });
    // A parser's positions begin at 1: 0 means "nowhere".
    let input = StringInput::new(source, BytePos(1), BytePos(1 + source.len() as u32));
    let mut parser = Parser::new(syntax, input, None);
    let mut collector = Collector { source, text, tree: Tree::default(), open: Vec::new() };
    collector.enter((0, text.length));
    if is_module {
        let Ok(module) = parser.parse_module() else { return Tree::default() };
        collector.list(&module.body.iter().map(Item::of).collect::<Vec<_>>());
    } else {
        let Ok(script) = parser.parse_commonjs() else { return Tree::default() };
        collector.statements(&script.body);
    }
    collector.leave();
    collector.tree
}

/// A member of a list of statements.
#[derive(Clone, Copy)]
enum Item<'a> {
    Declaration(&'a ast::ModuleDecl),
    Statement(&'a ast::Stmt),
}

impl<'a> Item<'a> {
    fn of(item: &'a ast::ModuleItem) -> Item<'a> {
        match item {
            ast::ModuleItem::ModuleDecl(declaration) => Item::Declaration(declaration),
            ast::ModuleItem::Stmt(statement) => Item::Statement(statement),
        }
    }

    fn span(self) -> Span {
        match self {
            Item::Declaration(declaration) => declaration.span(),
            Item::Statement(statement) => statement.span(),
        }
    }

    /// Declarations of functions and imports are no code where they stand.
    fn is_code(self) -> bool {
        match self {
            Item::Declaration(ast::ModuleDecl::ExportDecl(export)) => !export.decl.is_fn_decl(),
            Item::Declaration(ast::ModuleDecl::ExportDefaultDecl(export)) => !export.decl.is_fn_expr(),
            Item::Declaration(declaration) => declaration.is_export_default_expr(),
            Item::Statement(ast::Stmt::Decl(ast::Decl::Fn(_)) | ast::Stmt::Empty(_)) => false,
            Item::Statement(ast::Stmt::Decl(ast::Decl::Var(variables))) => {
                variables.kind != ast::VarDeclKind::Var || variables.decls.iter().any(|each| each.init.is_some())
            }
            Item::Statement(_) => true,
        }
    }
}

/// Where control goes on behind a statement that may lead elsewhere; `None` for one that does not.
fn continuation(statement: &ast::Stmt) -> Option<BytePos> {
    use ast::Stmt;
    match statement {
        Stmt::Break(_) | Stmt::Continue(_) | Stmt::Return(_) | Stmt::Switch(_) | Stmt::Throw(_) | Stmt::Try(_) => {
            Some(statement.span().hi)
        }
        Stmt::DoWhile(each) => Some(each.body.span().hi),
        Stmt::For(each) => Some(each.body.span().hi),
        Stmt::ForIn(each) => Some(each.body.span().hi),
        Stmt::ForOf(each) => Some(each.body.span().hi),
        Stmt::If(each) => Some(each.alt.as_ref().unwrap_or(&each.cons).span().hi),
        Stmt::Labeled(each) if each.body.is_block() => Some(each.body.span().hi),
        Stmt::Labeled(each) => continuation(&each.body),
        Stmt::While(each) => Some(each.body.span().hi),
        _ => None,
    }
}

fn is_jump(statement: &ast::Stmt) -> bool {
    use ast::Stmt;
    matches!(statement, Stmt::Break(_) | Stmt::Continue(_) | Stmt::Return(_) | Stmt::Throw(_))
}

/// Whether the engine knows the outcome of a condition when it compiles it.
fn is_constant(test: &ast::Expr) -> bool {
    match test {
        ast::Expr::Bin(binary) => is_constant(&binary.left) && is_constant(&binary.right),
        ast::Expr::Lit(literal) => !matches!(literal, ast::Lit::Regex(_)),
        ast::Expr::Paren(paren) => is_constant(&paren.expr),
        ast::Expr::Unary(unary) => is_constant(&unary.arg),
        _ => false,
    }
}

/// The outcome of a condition, if that is plain.
fn outcome(test: &ast::Expr) -> Option<bool> {
    match test {
        ast::Expr::Lit(ast::Lit::Bool(value)) => Some(value.value),
        ast::Expr::Lit(ast::Lit::Null(_)) => Some(false),
        ast::Expr::Lit(ast::Lit::Num(number)) => Some(number.value != 0.0 && !number.value.is_nan()),
        ast::Expr::Paren(paren) => outcome(&paren.expr),
        ast::Expr::Unary(unary) if unary.op == ast::UnaryOp::Bang => outcome(&unary.arg).map(|value| !value),
        _ => None,
    }
}

/// A branch without code.
fn is_empty(statement: &ast::Stmt) -> bool {
    match statement {
        ast::Stmt::Block(block) => block.stmts.iter().all(is_empty),
        ast::Stmt::Decl(decl) => decl.is_fn_decl(),
        ast::Stmt::Empty(_) => true,
        _ => false,
    }
}

/// A function that is being read.
#[derive(Default)]
struct Open {
    sites: FunctionSites,
    root: Option<Root>,
}

struct Collector<'a> {
    source: &'a str,
    text: &'a Text,
    tree: Tree,
    /// The innermost function last.
    open: Vec<Open>,
}

impl Collector<'_> {
    fn extent(&self, span: Span) -> Extent {
        (self.text.unit(span.lo), self.text.unit(span.hi))
    }

    fn enter(&mut self, extent: Extent) {
        let sites = FunctionSites { extent, ..FunctionSites::default() };
        self.open.push(Open { sites, root: None });
    }

    fn leave(&mut self) {
        if let Some(open) = self.open.pop() {
            self.tree.functions.push(open.sites);
        }
    }

    /// Adds a site to the innermost function; its number.
    fn site(&mut self, start: BytePos, end: Option<BytePos>, probe: &[Span], may_be_folded: bool) -> usize {
        let site = Site {
            start: self.text.unit(start),
            end: end.map(|end| self.text.unit(end)),
            probe: probe.iter().map(|span| self.extent(*span)).collect(),
            may_be_folded,
            handles: None,
        };
        let Some(open) = self.open.last_mut() else { return 0 };
        open.sites.sites.push(site);
        open.sites.sites.len() - 1
    }

    fn jump(&mut self, jump: Jump) {
        if let Some(root) = self.open.last_mut().and_then(|open| open.root.as_mut()) {
            root.jumps.push(jump);
        }
    }

    fn opaque(&mut self) {
        if let Some(root) = self.open.last_mut().and_then(|open| open.root.as_mut()) {
            root.is_opaque = true;
        }
    }

    /// Reads a part of the source whose instructions have positions in `span`.
    fn root(&mut self, lo: BytePos, hi: BytePos, read: impl FnOnce(&mut Self)) {
        let extent = (self.text.unit(lo), self.text.unit(hi));
        let new = Root { extent, jumps: Vec::new(), is_opaque: false };
        let Some(open) = self.open.last_mut() else { return };
        let outer = open.root.replace(new);
        read(self);
        let Some(open) = self.open.last_mut() else { return };
        if let Some(root) = std::mem::replace(&mut open.root, outer) {
            open.sites.roots.push(root);
        }
    }

    fn root_of(&mut self, node: &(impl Spanned + VisitWith<Self>)) {
        let span = node.span();
        self.root(span.lo, span.hi, |this| node.visit_with(this));
    }

    fn statements(&mut self, list: &[ast::Stmt]) {
        self.list(&list.iter().map(Item::Statement).collect::<Vec<_>>());
    }

    /// What follows a statement that may lead elsewhere has a count of its own.
    fn list(&mut self, items: &[Item<'_>]) {
        for (index, item) in items.iter().enumerate() {
            let statement = match item {
                Item::Declaration(declaration) => {
                    self.root_of(*declaration);
                    continue;
                }
                Item::Statement(statement) => statement,
            };
            statement.visit_with(self);
            let Some(at) = continuation(statement) else { continue };
            let rest: Vec<Span> =
                items[index + 1..].iter().filter(|item| item.is_code()).map(|item| item.span()).collect();
            if rest.is_empty() {
                continue;
            }
            // Nothing goes on behind a jump.
            let probe: &[Span] = if is_jump(statement) { &[] } else { &rest };
            self.site(at, None, probe, is_jump(statement));
            if let ast::Stmt::Try(each) = statement
                && let (Some(handler), Some(_)) = (&each.handler, &each.finalizer)
            {
                self.site(handler.span.hi, None, &rest, false);
            }
        }
    }

    /// Where the token behind `from` begins: what is there but white space and comments.
    fn token_after(&self, from: BytePos) -> BytePos {
        let start = self.source.get(from.0 as usize - 1..).unwrap_or_default();
        let mut rest = start;
        loop {
            rest = rest.trim_start();
            let end = if rest.starts_with("//") {
                rest.find(['\n', '\r', '\u{2028}', '\u{2029}'])
            } else if rest.starts_with("/*") {
                rest.find("*/").map(|at| at + 2)
            } else {
                break;
            };
            rest = end.and_then(|end| rest.get(end..)).unwrap_or_default();
        }
        BytePos(from.0 + (start.len() - rest.len()) as u32)
    }

    /// `from`, or the end of the semicolon that comes next.
    fn behind_semicolon(&self, from: BytePos) -> BytePos {
        let next = self.token_after(from);
        let is_semicolon = self.source.as_bytes().get(next.0 as usize - 1) == Some(&b';');
        if is_semicolon { next + BytePos(1) } else { from }
    }

    /// A member of a class; `static` does not belong to it.
    fn member_start(&self, span: Span, is_static: bool) -> BytePos {
        if !is_static {
            return span.lo;
        }
        let rest = self.source.get(span.lo.0 as usize - 1..).unwrap_or_default();
        let after = rest.strip_prefix("static").unwrap_or(rest).trim_start();
        BytePos(span.lo.0 + (rest.len() - after.len()) as u32)
    }

    /// A function from its first word on.
    fn function(
        &mut self,
        start: BytePos,
        end: BytePos,
        body: Option<&ast::FunctionBody>,
        params: impl FnOnce(&mut Self),
    ) {
        self.enter((self.text.unit(start), self.text.unit(end)));
        self.root(start, body.map_or(end, |body| body.span.lo), params);
        if let Some(body) = body {
            self.statements(&body.stmts);
        }
        self.leave();
    }

    fn method(&mut self, start: BytePos, function: &ast::Function) {
        self.function(start, function.span.hi, function.body.as_ref(), |this| function.params.visit_with(this));
    }

    /// The body of a loop, which runs while a condition holds.
    fn body(&mut self, body: &ast::Stmt, may_be_folded: bool) -> usize {
        let span = body.span();
        self.site(span.lo, Some(span.hi), &[span], may_be_folded)
    }

    fn logical(&mut self, binary: &ast::BinExpr) {
        binary.left.visit_with(self);
        let folded = is_constant(&binary.left);
        let (left, right) = (binary.left.span(), binary.right.span());
        let site = self.site(self.token_after(left.hi), Some(right.hi), &[right], folded);
        if !folded {
            self.jump(match binary.op {
                ast::BinaryOp::LogicalAnd => Jump::And(Some(site)),
                ast::BinaryOp::LogicalOr => Jump::Or(Some(site)),
                _ => Jump::Coalesce(Some(site)),
            });
        }
        binary.right.visit_with(self);
    }

    fn fields(&mut self, class: &ast::Class, fields: &[Field], is_static: bool) {
        let Some(extent) = extent_of_fields(fields, is_static) else { return };
        self.enter(extent);
        if let Some(open) = self.open.last_mut() {
            open.sites.is_fields = true;
        }
        for member in &class.body {
            match member {
                ast::ClassMember::ClassProp(property) if property.is_static == is_static => {
                    if let Some(value) = &property.value {
                        self.root_of(&**value);
                    }
                }
                ast::ClassMember::PrivateProp(property) if property.is_static == is_static => {
                    if let Some(value) = &property.value {
                        self.root_of(&**value);
                    }
                }
                ast::ClassMember::StaticBlock(block) if is_static => self.statements(&block.body.stmts),
                _ => {}
            }
        }
        self.leave();
    }
}

impl Visit for Collector<'_> {
    fn visit_array_lit(&mut self, array: &ast::ArrayLit) {
        if array.elems.iter().flatten().any(|element| element.spread.is_some()) {
            self.opaque();
        }
        array.visit_children_with(self);
    }

    fn visit_array_pat(&mut self, pattern: &ast::ArrayPat) {
        self.opaque();
        pattern.visit_children_with(self);
    }

    fn visit_arrow_expr(&mut self, arrow: &ast::ArrowExpr) {
        match &*arrow.body {
            ast::ArrowFunctionBody::FunctionBody(body) => {
                self.function(arrow.span.lo, arrow.span.hi, Some(body), |this| arrow.params.visit_with(this));
            }
            ast::ArrowFunctionBody::Expr(body) => {
                self.enter(self.extent(arrow.span));
                self.root(arrow.span.lo, body.span().lo, |this| arrow.params.visit_with(this));
                self.root_of(&**body);
                self.leave();
            }
        }
    }

    fn visit_assign_expr(&mut self, assignment: &ast::AssignExpr) {
        if assignment.left.is_pat() {
            assignment.right.visit_with(self);
            assignment.left.visit_with(self);
            return;
        }
        assignment.left.visit_with(self);
        match assignment.op {
            ast::AssignOp::AndAssign => self.jump(Jump::And(None)),
            ast::AssignOp::NullishAssign => self.jump(Jump::Coalesce(None)),
            ast::AssignOp::OrAssign => self.jump(Jump::Or(None)),
            _ => {}
        }
        assignment.right.visit_with(self);
    }

    fn visit_assign_pat(&mut self, pattern: &ast::AssignPat) {
        self.jump(Jump::Condition { holds: None, fails: None });
        pattern.right.visit_with(self);
        pattern.left.visit_with(self);
    }

    fn visit_assign_pat_prop(&mut self, property: &ast::AssignPatProp) {
        if property.value.is_some() {
            self.jump(Jump::Condition { holds: None, fails: None });
        }
        property.visit_children_with(self);
    }

    fn visit_await_expr(&mut self, expression: &ast::AwaitExpr) {
        expression.visit_children_with(self);
        let site = self.site(self.behind_semicolon(expression.span.hi), None, &[], false);
        self.jump(Jump::Await(site));
    }

    fn visit_bin_expr(&mut self, binary: &ast::BinExpr) {
        if matches!(binary.op, ast::BinaryOp::LogicalAnd | ast::BinaryOp::LogicalOr | ast::BinaryOp::NullishCoalescing)
        {
            self.logical(binary);
        } else {
            binary.visit_children_with(self);
        }
    }

    fn visit_block_stmt(&mut self, block: &ast::BlockStmt) {
        self.statements(&block.stmts);
    }

    fn visit_call_expr(&mut self, call: &ast::CallExpr) {
        if call.args.iter().any(|argument| argument.spread.is_some()) || call.callee.is_super_() {
            self.opaque();
        }
        call.visit_children_with(self);
    }

    fn visit_class(&mut self, class: &ast::Class) {
        self.opaque();
        // The semicolon behind a field does not belong to it.
        let field = |span: Span, is_static| {
            let text = self.source.get(span.lo.0 as usize - 1..span.hi.0 as usize - 1).unwrap_or_default();
            let end = span.hi - BytePos((text.len() - text.trim_end_matches(';').len()) as u32);
            Some(Field { is_static, extent: self.extent(Span::new(span.lo, end)) })
        };
        let fields: Vec<Field> = class
            .body
            .iter()
            .filter_map(|member| match member {
                ast::ClassMember::ClassProp(property) => field(property.span, property.is_static),
                ast::ClassMember::PrivateProp(property) => field(property.span, property.is_static),
                ast::ClassMember::StaticBlock(block) => field(block.span, true),
                _ => None,
            })
            .collect();
        self.fields(class, &fields, false);
        self.fields(class, &fields, true);
        self.tree.classes.push(Class { extent: self.extent(class.span), fields });
        class.super_class.visit_with(self);
        class.body.visit_with(self);
    }

    fn visit_class_method(&mut self, method: &ast::ClassMethod) {
        method.key.visit_with(self);
        self.method(self.member_start(method.span, method.is_static), &method.function);
    }

    fn visit_class_prop(&mut self, property: &ast::ClassProp) {
        property.key.visit_with(self);
    }

    fn visit_cond_expr(&mut self, condition: &ast::CondExpr) {
        condition.test.visit_with(self);
        let folded = is_constant(&condition.test);
        let (cons, alt) = (condition.cons.span(), condition.alt.span());
        let holds = self.site(self.token_after(condition.test.span().hi), Some(cons.hi), &[cons], folded);
        let fails = self.site(self.token_after(cons.hi), Some(alt.hi), &[alt], folded);
        if !folded {
            self.jump(Jump::Condition { holds: Some(holds), fails: Some(fails) });
        }
        condition.cons.visit_with(self);
        condition.alt.visit_with(self);
    }

    fn visit_constructor(&mut self, constructor: &ast::Constructor) {
        let span = constructor.span;
        self.function(span.lo, span.hi, constructor.body.as_ref(), |this| constructor.params.visit_with(this));
    }

    fn visit_do_while_stmt(&mut self, statement: &ast::DoWhileStmt) {
        self.body(&statement.body, false);
        statement.body.visit_with(self);
        self.root(statement.body.span().hi, statement.span.hi, |this| {
            statement.test.visit_with(this);
            if !is_constant(&statement.test) {
                this.jump(Jump::Condition { holds: None, fails: None });
            }
        });
    }

    fn visit_expr_stmt(&mut self, statement: &ast::ExprStmt) {
        self.root(statement.span.lo, statement.span.hi, |this| statement.expr.visit_with(this));
    }

    fn visit_fn_decl(&mut self, declaration: &ast::FnDecl) {
        self.method(declaration.function.span.lo, &declaration.function);
    }

    fn visit_fn_expr(&mut self, expression: &ast::FnExpr) {
        self.method(expression.function.span.lo, &expression.function);
    }

    fn visit_for_in_stmt(&mut self, statement: &ast::ForInStmt) {
        self.root(statement.span.lo, statement.right.span().hi, |this| {
            this.opaque();
            statement.left.visit_with(this);
            statement.right.visit_with(this);
        });
        self.body(&statement.body, false);
        statement.body.visit_with(self);
    }

    fn visit_for_of_stmt(&mut self, statement: &ast::ForOfStmt) {
        self.root(statement.span.lo, statement.right.span().hi, |this| {
            this.opaque();
            statement.left.visit_with(this);
            statement.right.visit_with(this);
        });
        self.body(&statement.body, false);
        statement.body.visit_with(self);
    }

    fn visit_for_stmt(&mut self, statement: &ast::ForStmt) {
        if let Some(init) = &statement.init {
            self.root_of(init);
        }
        let folded = statement.test.as_ref().is_some_and(|test| is_constant(test));
        let holds = Some(self.body(&statement.body, folded));
        if let Some(test) = &statement.test {
            let span = test.span();
            self.root(span.lo, span.hi, |this| {
                test.visit_with(this);
                if !folded {
                    this.jump(Jump::Condition { holds, fails: None });
                }
            });
        }
        if let Some(update) = &statement.update {
            self.root_of(&**update);
        }
        statement.body.visit_with(self);
    }

    fn visit_function(&mut self, function: &ast::Function) {
        self.method(function.span.lo, function);
    }

    fn visit_getter_prop(&mut self, getter: &ast::GetterProp) {
        getter.key.visit_with(self);
        self.method(getter.span.lo, &getter.function);
    }

    fn visit_if_stmt(&mut self, statement: &ast::IfStmt) {
        let folded = is_constant(&statement.test);
        let known = outcome(&statement.test);
        let branch = |this: &mut Self, start: BytePos, branch: &ast::Stmt, is_taken: Option<bool>| {
            let span = branch.span();
            // V8 does not count in empty statements.
            if branch.is_empty() || is_taken == Some(false) {
                this.site(start, Some(span.hi), &[], true);
                return None;
            }
            // It runs as often as what is around it.
            if is_taken == Some(true) {
                return None;
            }
            Some(this.site(start, Some(span.hi), &[span], folded && !is_empty(branch)))
        };
        let cons = statement.cons.span();
        let holds = branch(self, cons.lo, &statement.cons, known);
        let fails = statement.alt.as_ref().and_then(|alt| branch(self, cons.hi, alt, known.map(|value| !value)));
        self.root(statement.span.lo, statement.test.span().hi, |this| {
            statement.test.visit_with(this);
            if !folded {
                this.jump(Jump::Condition { holds, fails });
            }
        });
        statement.cons.visit_with(self);
        statement.alt.visit_with(self);
    }

    fn visit_method_prop(&mut self, method: &ast::MethodProp) {
        method.key.visit_with(self);
        self.method(method.key.span().lo.min(method.function.span.lo), &method.function);
    }

    fn visit_new_expr(&mut self, call: &ast::NewExpr) {
        if call.args.iter().flatten().any(|argument| argument.spread.is_some()) {
            self.opaque();
        }
        call.visit_children_with(self);
    }

    fn visit_opt_chain_expr(&mut self, chain: &ast::OptChainExpr) {
        let span = chain.span;
        // A link ends with itself, even if it goes on.
        let link = |this: &mut Self, before: BytePos| {
            let site = this.site(this.token_after(before), Some(span.hi), &[], false);
            this.jump(Jump::Link(site));
        };
        match &*chain.base {
            ast::OptChainBase::Call(call) => {
                if call.args.iter().any(|argument| argument.spread.is_some()) {
                    self.opaque();
                }
                call.callee.visit_with(self);
                if chain.optional {
                    link(self, call.callee.span().hi);
                }
                call.args.visit_with(self);
            }
            ast::OptChainBase::Member(member) => {
                member.obj.visit_with(self);
                if chain.optional {
                    link(self, member.obj.span().hi);
                }
                member.prop.visit_with(self);
            }
        }
    }

    fn visit_private_method(&mut self, method: &ast::PrivateMethod) {
        self.method(self.member_start(method.span, method.is_static), &method.function);
    }

    fn visit_private_prop(&mut self, _: &ast::PrivateProp) {}

    fn visit_return_stmt(&mut self, statement: &ast::ReturnStmt) {
        self.root(statement.span.lo, statement.span.hi, |this| statement.arg.visit_with(this));
    }

    fn visit_setter_prop(&mut self, setter: &ast::SetterProp) {
        setter.key.visit_with(self);
        self.method(setter.span.lo, &setter.function);
    }

    fn visit_static_block(&mut self, _: &ast::StaticBlock) {}

    fn visit_switch_stmt(&mut self, statement: &ast::SwitchStmt) {
        self.root(statement.span.lo, statement.discriminant.span().hi, |this| statement.discriminant.visit_with(this));
        for (index, case) in statement.cases.iter().enumerate() {
            if let Some(test) = &case.test {
                self.root(case.span.lo, test.span().hi, |this| test.visit_with(this));
            }
            let end = case.cons.last().map_or(case.span.hi, |last| last.span().hi);
            // One without code goes on into the next that has some.
            let probe: Vec<Span> =
                statement.cases[index..].iter().flat_map(|each| &each.cons).map(Spanned::span).collect();
            self.site(case.span.lo, Some(end), &probe, false);
            self.statements(&case.cons);
        }
    }

    fn visit_throw_stmt(&mut self, statement: &ast::ThrowStmt) {
        self.root(statement.span.lo, statement.span.hi, |this| statement.arg.visit_with(this));
    }

    fn visit_try_stmt(&mut self, statement: &ast::TryStmt) {
        self.statements(&statement.block.stmts);
        if let Some(handler) = &statement.handler {
            // Nothing is emitted for a handler of nothing.
            let is_idle = statement.block.stmts.iter().all(is_empty);
            let site = self.site(handler.span.lo, Some(handler.span.hi), &[handler.span], is_idle);
            let block = self.extent(statement.block.span);
            if let Some(site) = self.open.last_mut().and_then(|open| open.sites.sites.get_mut(site)) {
                site.handles = Some(block);
            }
            if let Some(param) = &handler.param {
                self.root(handler.span.lo, handler.body.span.lo, |this| param.visit_with(this));
            }
            self.statements(&handler.body.stmts);
        }
        if let Some(finalizer) = &statement.finalizer {
            let before = statement.handler.as_ref().map_or(statement.block.span.hi, |handler| handler.span.hi);
            self.site(self.token_after(before), Some(finalizer.span.hi), &[finalizer.span], false);
            self.statements(&finalizer.stmts);
        }
    }

    fn visit_var_decl(&mut self, variables: &ast::VarDecl) {
        self.root(variables.span.lo, variables.span.hi, |this| variables.decls.visit_with(this));
    }

    fn visit_var_declarator(&mut self, variable: &ast::VarDeclarator) {
        variable.init.visit_with(self);
        variable.name.visit_with(self);
    }

    fn visit_while_stmt(&mut self, statement: &ast::WhileStmt) {
        let folded = is_constant(&statement.test);
        let holds = Some(self.body(&statement.body, folded));
        self.root(statement.span.lo, statement.test.span().hi, |this| {
            statement.test.visit_with(this);
            if !folded {
                this.jump(Jump::Condition { holds, fails: None });
            }
        });
        statement.body.visit_with(self);
    }

    fn visit_yield_expr(&mut self, expression: &ast::YieldExpr) {
        expression.visit_children_with(self);
        if expression.delegate {
            self.opaque();
        }
        let site = self.site(self.behind_semicolon(expression.span.hi), None, &[], false);
        self.jump(Jump::Yield(site));
    }
}
