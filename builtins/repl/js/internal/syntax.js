/**
 * What the engine's own parser says about a piece of input: is it complete, does it await, which names does it declare.
 *
 * Trees are ESTree, with `loc` of 1-based lines and columns from 0, as internal/vm/parser gives them.
 */
'use strict';

const { parse, indexer } = require('internal/vm/parser');

/** Node docs: repl.Recoverable. The input is not wrong, only incomplete. */
class Recoverable extends SyntaxError {
  constructor(err) {
    super();
    this.err = err;
  }
}

/** Engine messages of texts that end inside of a token. */
const ENDS_INSIDE = /^(?:`|template).*literal not terminated before end|reached end of script in the middle|^unterminated comment|^unterminated template|^unexpected end/;

/** Whether more input could make `code`, which failed with `error` of the engine's, right. */
function isRecoverable(error, code) {
  if (error === null || typeof error !== 'object') return false;
  const { message } = error;
  if (ENDS_INSIDE.test(message)) return true;
  // The engine met the end where it wanted something else.
  const place = require('internal/error_place').placeOf(error);
  return place !== undefined && endsAt(code, place.line, place.column);
}

/** As isRecoverable, for code that may await. */
function isRecoverableAsync(code) {
  const { error } = tryParse(`${HEAD}${code}\n})()`);
  if (error === undefined) return false;
  if (ENDS_INSIDE.test(error.message)) return true;
  // The error is in what we put behind the code.
  const place = require('internal/error_place').placeOf(error);
  return place !== undefined && place.line > `${HEAD}${code}`.split('\n').length;
}

/** Whether only space and comments follow a position. */
function endsAt(code, line, column) {
  if (typeof line !== 'number') return false;
  let at = 0;
  for (let number = 1; number < line; number++) {
    const next = code.indexOf('\n', at);
    if (next === -1) return true;
    at = next + 1;
  }
  return /^(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*$/.test(code.slice(at + (column ?? 1) - 1));
}

/** The tree of `code` as a script, or the error. */
function tryParse(code) {
  try {
    return { tree: parse(code) };
  } catch (error) {
    return { error };
  }
}

/** Node docs: repl.isValidSyntax(code). Incomplete input is not valid. */
function isValidSyntax(code) {
  const text = `${code}`;
  if (/^\s*\{/.test(text) && tryParse(`(${text}\n)`).tree !== undefined) return true;
  if (tryParse(text).tree !== undefined) return true;
  return tryParse(`async () => {${text}\n}`).tree !== undefined && text.includes('await');
}

/** Keys of nodes that hold nodes; everything else of a node is data. */
function* childrenOf(node) {
  for (const key of Object.keys(node)) {
    if (key === 'loc') continue;
    const value = node[key];
    if (Array.isArray(value)) {
      for (const item of value) if (item !== null && typeof item === 'object' && typeof item.type === 'string') yield item;
    } else if (value !== null && typeof value === 'object' && typeof value.type === 'string') {
      yield value;
    }
  }
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** Names that a pattern binds. */
function* namesOf(pattern) {
  if (pattern === null || pattern === undefined) return;
  switch (pattern.type) {
    case 'Identifier': yield pattern.name; break;
    case 'ArrayPattern': for (const element of pattern.elements) yield* namesOf(element); break;
    case 'ObjectPattern':
      for (const property of pattern.properties) yield* namesOf(property.type === 'Property' ? property.value : property.argument ?? property.expression);
      break;
    case 'AssignmentPattern':
    case 'AssignmentExpression': yield* namesOf(pattern.left); break;
    case 'RestElement':
    case 'SpreadExpression':
    case 'SpreadElement': yield* namesOf(pattern.argument ?? pattern.expression); break;
    default:
  }
}

/** Names that the statements of a script declare with `let`, `const` or `class`. */
function lexicalNames(code) {
  const { tree } = tryParse(code);
  const names = [];
  for (const statement of tree?.body ?? []) {
    if (statement.type === 'VariableDeclaration' && statement.kind !== 'var') {
      for (const declarator of statement.declarations) names.push(...namesOf(declarator.id));
    } else if (statement.type === 'ClassStatement' || statement.type === 'ClassDeclaration') {
      names.push(...namesOf(statement.id));
    }
  }
  return names;
}

/** Whether a tree awaits, or returns, outside of its functions. `textAt` gives the source from where a node starts. */
function look(node, found, textAt) {
  for (const child of childrenOf(node)) {
    if ((child.type === 'UnaryExpression' && child.operator === 'await') ||
        (child.type === 'VariableDeclaration' && child.kind === 'await using') ||
        (child.type === 'ForOfStatement' && /^for\s+await\b/.test(textAt(child)))) found.awaits = true;
    if (child.type === 'ReturnStatement') found.returns = true;
    if (FUNCTIONS.has(child.type)) continue;
    look(child, found, textAt);
  }
}

const HEAD = '(async () => {\n';

/**
 * A script that runs `code`, which awaits at its top level, as an async function, and whose declarations are still the
 * script's. Its completion value is a promise of `{ value }`. `null` if the code does not await, or cannot be that.
 */
function withTopLevelAwait(code) {
  const source = `${HEAD}${code}\n})()`;
  const { tree } = tryParse(source);
  if (tree === undefined) return null;
  const [only] = tree.body;
  const fn = tree.body.length === 1 ? only.expression?.callee : undefined;
  // `code` may have closed the function itself.
  if (fn?.type !== 'ArrowFunctionExpression' || fn.body?.type !== 'BlockStatement') return null;
  const found = { awaits: false, returns: false };
  const index = indexer(source);
  look(fn.body, found, ({ loc }) => source.slice(index(loc.start)));
  if (!found.awaits || found.returns) return null;
  const rewriter = new Rewriter(source);
  const { body } = fn.body;
  let end = HEAD.length;
  body.forEach((statement, place) => {
    rewriter.statement(statement, true, place === body.length - 1, rewriter.startAfter(end));
    end = rewriter.endOf(statement);
  });
  return rewriter.finish();
}

/** What may stand between tokens. */
const TRIVIA = String.raw`(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*`;
const CLOSERS = new RegExp(`${TRIVIA}\\)`, 'y');
const BETWEEN_STATEMENTS = new RegExp(`(?:${TRIVIA}[;)])*${TRIVIA}`, 'y');

/** Collects edits of a source text. The parser's places leave out parentheses around an expression. */
class Rewriter {
  #edits = [];
  #functions = [];
  #index;
  #source;
  #hoisted = { __proto__: null, let: [], var: [] };

  constructor(source) {
    this.#source = source;
    this.#index = indexer(source);
  }

  #start(node) { return this.#index(node.loc.start); }

  #edit(at, end, text) {
    this.#edits.push({ at, end, text });
  }

  /** The end of a statement or declarator, without its semicolon. */
  endOf(node) {
    let end = this.#index(node.loc.end);
    while (end > 0 && /[\s;]/.test(this.#source[end - 1])) end--;
    for (;;) {
      CLOSERS.lastIndex = end;
      if (!CLOSERS.test(this.#source)) return end;
      end = CLOSERS.lastIndex;
    }
  }

  /** Where the statement after `end` starts. */
  startAfter(end) {
    BETWEEN_STATEMENTS.lastIndex = end;
    BETWEEN_STATEMENTS.test(this.#source);
    return BETWEEN_STATEMENTS.lastIndex;
  }

  /** `start` is where a statement of the top starts. */
  statement(node, top, last, start = this.#start(node)) {
    switch (node.type) {
      case 'ExpressionStatement':
        if (last) {
          this.#edit(start, start, 'return { value: (');
          this.#edit(this.endOf(node), this.endOf(node), ') }');
        }
        break;
      case 'VariableDeclaration': this.declaration(node, top); break;
      case 'FunctionDeclaration':
        if (top) {
          this.#hoisted.var.push(node.id.name);
          this.#functions.push(`this.${node.id.name} = ${node.id.name}; `);
        }
        break;
      case 'ClassDeclaration':
      case 'ClassStatement':
        if (top) {
          this.#hoisted.let.push(node.id.name);
          this.#edit(start, start, `${node.id.name}=`);
          // A class that is an expression does not end its statement.
          this.#edit(this.endOf(node), this.endOf(node), ';');
        }
        break;
      case 'ForStatement':
        if (node.init?.type === 'VariableDeclaration') this.declaration(node.init, false, true);
        this.inner(node);
        break;
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'ForAwaitStatement':
        if (node.left.type === 'VariableDeclaration' && node.left.kind === 'var') {
          const [{ id }] = node.left.declarations;
          this.#hoisted.var.push(...namesOf(id));
          this.#edit(this.#start(node.left), this.#start(id), '');
        }
        this.inner(node);
        break;
      default: this.inner(node);
    }
  }

  /** `var` in blocks is the script's, too. */
  inner(node) {
    for (const child of childrenOf(node)) {
      if (FUNCTIONS.has(child.type) || child.type.startsWith('Class')) continue;
      if (child.type === 'VariableDeclaration') {
        if (child !== node.init && child !== node.left) this.declaration(child, false);
      } else if (child.type === 'ForStatement' || child.type.startsWith('ForIn') || child.type.startsWith('ForOf')) {
        this.statement(child, false, false);
      } else {
        this.inner(child);
      }
    }
  }

  /** `let a = x, b` is `void ((a = x), (b = undefined))` of a hoisted `let`. */
  declaration(node, top, inFor = false) {
    if (!top && node.kind !== 'var') return;
    if (node.kind.includes('using')) return;
    const names = this.#hoisted[node.kind === 'var' ? 'var' : 'let'];
    const { declarations } = node;
    for (const { id } of declarations) names.push(...namesOf(id));
    const first = this.#start(declarations[0]);
    this.#edit(this.#start(node), first, inFor ? '' : 'void (');
    for (const declarator of declarations) {
      const { init } = declarator;
      const missing = init === null || init === undefined;
      if (inFor && missing) continue;
      this.#edit(this.#start(declarator), this.#start(declarator), '(');
      const end = this.endOf(declarator);
      this.#edit(end, end, missing ? '=undefined)' : ')');
    }
    if (!inFor) this.#edit(this.endOf(node), this.endOf(node), ')');
  }

  finish() {
    // Insertions at one place keep the order in which they were made.
    const edits = this.#edits.map((edit, order) => ({ ...edit, order })).sort((a, b) => a.at - b.at || a.end - b.end || a.order - b.order);
    let text = '';
    let at = 0;
    for (const edit of edits) {
      text += this.#source.slice(at, edit.at) + edit.text;
      at = Math.max(at, edit.end);
    }
    text += this.#source.slice(at);
    const { let: lets, var: vars } = this.#hoisted;
    const declare = (keyword, names) => (names.length > 0 ? `${keyword} ${[...new Set(names)].join(', ')}; ` : '');
    return { text: `${declare('let', lets)}${declare('var', vars)}${text.replace(HEAD, () => `(async () => { ${this.#functions.join('')}`)}`, lexical: lets };
  }
}

module.exports = { Recoverable, childrenOf, isRecoverable, isRecoverableAsync, isValidSyntax, lexicalNames, namesOf, tryParse, withTopLevelAwait };
