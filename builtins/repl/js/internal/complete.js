/**
 * Completions: keywords, names of the context, members, modules and files. Node docs: "Tab completion".
 *
 * Nothing of the user's runs for it: the expression before the last dot is read from its tree, and a call, a getter or a
 * proxy on the way means that there are no completions.
 */
'use strict';

const { types: { isProxy } } = require('util');
const { parse } = require('internal/vm/parser');

const builtinModules = require('module').builtinModules.filter((name) => !name.startsWith('_'));

const KEYWORDS = ['async', 'await', 'break', 'case', 'catch', 'const', 'continue', 'debugger', 'default', 'delete', 'do', 'else',
  'export', 'false', 'finally', 'for', 'function', 'if', 'import', 'in', 'instanceof', 'let', 'new', 'null', 'return',
  'switch', 'this', 'throw', 'true', 'try', 'typeof', 'var', 'void', 'while', 'with', 'yield'];

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const REQUIRE = /\brequire\s*\(\s*['"`](([\w@./:-]+\/)?(?:[\w@./:-]*))(?![^'"`])$/;
const IMPORT = /\bimport\s*\(\s*['"`](([\w@./:-]+\/)?(?:[\w@./:-]*))(?![^'"`])$/;
const CLOSED = /\b(?:require|import)\s*\(\s*(['"`])[^'"`]*\1\s*$/;
const FILE = /\bfs(?:\.promises)?\.\s*[a-z][a-zA-Z]+\(\s*["'](.*)$/;

/** What cannot be known without running code. */
class Unknown extends Error {}

function unknown() {
  throw new Unknown();
}

/** Groups, nearest first, as one list: farthest first, an empty name between them, none twice. */
function flatten(groups) {
  const seen = new Set();
  const lists = [];
  for (const group of groups) {
    const list = [...new Set(group)].filter((name) => !seen.has(name)).sort();
    for (const name of list) seen.add(name);
    if (list.length > 0) lists.unshift(list);
  }
  return lists.flatMap((list, index) => (index === 0 ? list : ['', ...list]));
}

function startsWith(name, filter) {
  return name.toLowerCase().startsWith(filter.toLowerCase());
}

/** Calls back with `[completions, the text that they replace]`. */
function complete(server, text, callback) {
  let result;
  try {
    result = find(server, text);
  } catch (error) {
    if (!(error instanceof Unknown)) {
      callback(error);
      return;
    }
    result = [[], text];
  }
  if (typeof result === 'function') result(callback);
  else callback(null, result);
}

function find(server, text) {
  text = text.trimStart();
  const command = /^\.(\w*)$/.exec(text);
  if (command !== null) {
    const names = Object.keys(server.commands).filter((name) => name.startsWith(command[1]));
    return [names.sort(), command[1]];
  }
  const required = REQUIRE.exec(text);
  if (required !== null) return modulesFor(server, required, true);
  const imported = IMPORT.exec(text);
  if (imported !== null) return modulesFor(server, imported, false);
  if (CLOSED.test(text)) return [[], undefined];
  const file = FILE.exec(text);
  if (file !== null) return filesFor(file[1]);
  if (text === '' || /[\w.$\u0080-\uffff]$/.test(text) || /[\s([{,;=+\-*/!?:&|<>~^%]$/.test(text)) return namesFor(server, text);
  return [[], undefined];
}

// -------------------------------------------------------------- modules and files

function listOf(folder) {
  try {
    return require('fs').readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function modulesFor(server, match, isRequire) {
  const [, on, folder = ''] = match;
  const path = require('path');
  if (on === '.') return [['./', '../'], on];
  if (on === '..') return [['../'], on];
  const relative = /^\.\.?\//.test(on);
  const extensions = isRequire ? Object.keys(require('module').Module._extensions) : ['.js', '.mjs', '.cjs', '.json', '.node', '.wasm'];
  const group = [];
  const paths = relative ? [process.cwd()] : [...server.module.paths, ...require('module').globalPaths];
  for (const start of paths) {
    const base = path.resolve(start, folder);
    for (const entry of listOf(base)) addEntry(group, base, folder, entry, extensions, isRequire);
  }
  const groups = [];
  const wanted = group.filter((name) => name.startsWith(on));
  if (wanted.length > 0) groups.push(wanted);
  if (!relative) {
    const { builtinModules: list } = require('repl');
    const plain = list.filter((name) => !name.startsWith('node:') && name.startsWith(on));
    const schemed = require('module').builtinModules.filter((name) => !name.startsWith('_'))
      .map((name) => (name.startsWith('node:') ? name : `node:${name}`)).filter((name) => name.startsWith(on));
    groups.push(plain, schemed);
  }
  return [flatten(groups), on];
}

function addEntry(group, base, folder, entry, extensions, isRequire) {
  const { name } = entry;
  const path = require('path');
  const extension = path.extname(name);
  const stem = name.slice(0, name.length - extension.length);
  // Versioned folders of tools, and what is loaded without being named.
  if (/-\d+\.\d+(\.\d+)?$/.test(name) || name === '.npm') return;
  if (!isFolder(entry, base)) {
    if (extensions.includes(extension) && (!folder.startsWith('.') && folder === '' ? stem !== 'index' : stem !== 'index')) {
      group.push(`${folder}${isRequire ? stem : name}`);
    }
    return;
  }
  group.push(`${folder}${name}/`);
  const full = path.resolve(base, name);
  const inside = listOf(full);
  if (inside.some((each) => extensions.some((suffix) => each.name === `index${suffix}`) || each.name === 'package.json')) {
    group.push(`${folder}${name}`);
  }
}

function isFolder(entry, base) {
  if (entry.isDirectory()) return true;
  if (!entry.isSymbolicLink()) return false;
  try {
    return require('fs').statSync(require('path').resolve(base, entry.name)).isDirectory();
  } catch {
    return false;
  }
}

function filesFor(given) {
  const path = require('path');
  const fs = require('fs');
  let folder = given;
  let start = '';
  let list;
  try {
    list = fs.readdirSync(folder);
  } catch {
    start = path.basename(given);
    folder = path.dirname(given);
    list = listOf(folder).map((entry) => entry.name);
  }
  return [list.filter((name) => name.startsWith(start)).sort(), start];
}

// -------------------------------------------------------------- names

/** Where the expression that ends before `end` starts: names, members, literals and groups. */
function expressionStart(tokens, last) {
  let at = last;
  for (;;) {
    const token = tokens[at];
    if (token === undefined) return undefined;
    if (token.text === ')' || token.text === ']') {
      at = openerOf(tokens, at);
      if (at === -1) return undefined;
      const before = tokens[at - 1];
      if (before?.text === '.') return undefined;
      const isOperand = before !== undefined && (before.kind === 'name' && !KEYWORDS_BEFORE.has(before.text) || before.kind === 'string' ||
        before.text === ')' || before.text === ']' || before.text === '?.');
      if (isOperand) {
        at -= before.text === '?.' ? 2 : 1;
        continue;
      }
      return tokens[at].start;
    }
    if (token.kind !== 'name' && token.kind !== 'string' && token.kind !== 'number') return undefined;
    const before = tokens[at - 1];
    if (before !== undefined && (before.text === '.' || before.text === '?.')) {
      at -= 2;
      continue;
    }
    return token.start;
  }
}

/** Keywords after which a bracket starts an expression. */
const KEYWORDS_BEFORE = new Set(['return', 'typeof', 'void', 'delete', 'in', 'of', 'instanceof', 'new', 'await', 'yield', 'throw', 'case', 'else']);

function openerOf(tokens, at) {
  let depth = 0;
  for (let i = at; i >= 0; i--) {
    const { text, kind } = tokens[i];
    if (kind === 'string') continue;
    if (text === ')' || text === ']' || text === '}') depth++;
    else if (text === '(' || text === '[' || text === '{') {
      depth--;
      if (depth === 0) return i;
    }
  }
  return -1;
}

const TOKEN = /\s+|\/\/.*|\/\*[\s\S]*?\*\/|(?<string>"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'|`(?:[^`\\]|\\[\s\S])*`)|(?<number>(?:\d[\w]*\.?[\d_]*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[\p{ID_Start}$_#][\p{ID_Continue}$]*)|(?<other>\?\.(?!\d)|[\s\S])/uy;

function tokenize(text) {
  const tokens = [];
  TOKEN.lastIndex = 0;
  for (let match; TOKEN.lastIndex < text.length && (match = TOKEN.exec(text)) !== null;) {
    const { groups } = match;
    const kind = groups.string !== undefined ? 'string' : groups.number !== undefined ? 'number' : groups.name !== undefined ? 'name' :
      groups.other !== undefined ? 'other' : undefined;
    if (kind !== undefined) tokens.push({ kind, text: match[0], start: match.index, end: TOKEN.lastIndex });
  }
  return tokens;
}

function namesFor(server, text) {
  const filter = /[\p{ID_Continue}$]*$/u.exec(text)[0];
  const head = text.slice(0, text.length - filter.length);
  const tokens = tokenize(head);
  const last = tokens.at(-1);
  // Within a string or template there is nothing to complete.
  if (tokens.some((token) => token.kind === 'other' && /["'`]/.test(token.text))) return [[], text];
  if (last !== undefined && (last.text === '.' || last.text === '?.')) {
    const start = expressionStart(tokens, tokens.length - 2);
    if (start === undefined) return [[], text];
    const expression = head.slice(start, last.start);
    const on = head.slice(start) + filter;
    return membersFor(server, expression, head.slice(start), filter, on);
  }
  if (/^\d/.test(filter)) return [[], text];
  if (last?.kind === 'name' && /^(?:let|const|var|class|function)$/.test(last.text)) return [[], filter];
  return [flatten(globalGroups(server, filter)), filter];
}

function globalGroups(server, filter) {
  const { context } = server;
  const groups = [];
  for (let proto = Object.getPrototypeOf(context); proto !== null; proto = Object.getPrototypeOf(proto)) groups.push(ownNames(proto));
  const own = [...ownNames(context), ...server.lexicalNames];
  if (!server.useGlobal) own.push(...realmNames(context));
  groups.push(own);
  const wanted = groups.map((group) => group.filter((name) => startsWith(name, filter)));
  if (filter !== '') wanted.push(KEYWORDS.filter((name) => startsWith(name, filter)));
  return wanted;
}

/** Names that the realm of a context has besides its sandbox. */
function realmNames(context) {
  const { contexts } = require('internal/vm/contexts');
  const global = contexts.get(context)?.global;
  return global === undefined ? [] : ownNames(global);
}

/** Own names that are identifiers, without the oldest accessors of Object.prototype. */
function ownNames(object) {
  const names = [];
  for (const name of Object.getOwnPropertyNames(object)) {
    if (IDENTIFIER.test(name) && !/^__(?:define|lookup)[GS]etter__$/.test(name)) names.push(name);
  }
  return names;
}

function membersFor(server, expression, prefix, filter, on) {
  let tree;
  try {
    tree = parse(`(${expression}\n)`);
  } catch {
    return [[], on];
  }
  const [statement] = tree.body;
  if (tree.body.length !== 1 || statement.type !== 'ExpressionStatement') return [[], on];
  const names = new Set();
  try {
    collect(statement.expression, names);
  } catch (error) {
    if (!(error instanceof Unknown)) throw error;
    return [[], on];
  }
  const finish = (values) => {
    let value;
    try {
      value = evaluate(statement.expression, values);
    } catch (error) {
      if (!(error instanceof Unknown)) throw error;
      return [[], on];
    }
    return [flatten(memberGroups(value).map((group) => group.filter((name) => startsWith(name, filter)).map((name) => prefix + name))), on];
  };
  const { kDefaultEval } = require('internal/repl/server');
  if (server[kDefaultEval]) {
    const values = new Map();
    for (const name of names) values.set(name, lookUp(server, name));
    return finish(values);
  }
  return (callback) => askAll(server, [...names], (values) => callback(null, finish(values)));
}

/** The value of a name of the context; a name that there is not gives Unknown. */
function lookUp(server, name) {
  try {
    const script = new (require('vm').Script)(`${name}`, { filename: 'REPL' });
    const options = { displayErrors: false };
    return { value: server.useGlobal ? script.runInThisContext(options) : script.runInContext(server.context, options) };
  } catch {
    return undefined;
  }
}

/** As lookUp, for a server with an `eval` of the program's. */
function askAll(server, names, done) {
  const values = new Map();
  const next = (index) => {
    if (index === names.length) {
      done(values);
      return;
    }
    server.eval(names[index], server.context, 'repl', (error, value) => {
      values.set(names[index], error ? undefined : { value });
      next(index + 1);
    });
  };
  next(0);
}

function memberGroups(value) {
  if (value === null || value === undefined || isProxy(value)) return [];
  const groups = [];
  const first = typeof value === 'object' || typeof value === 'function' ? value : Object.getPrototypeOf(value);
  for (let at = first, depth = 0; at !== null && depth < 64; at = Object.getPrototypeOf(at), depth++) {
    if (isProxy(at)) break;
    groups.push(ownNames(at));
  }
  return groups;
}

/** Names that an expression reads. Throws Unknown for what would run code. */
function collect(node, names) {
  switch (node.type) {
    case 'Identifier': names.add(node.name); break;
    case 'Literal':
    case 'ThisExpression': break;
    case 'TemplateLiteral': node.elements.forEach((each) => collect(each, names)); break;
    case 'ArrayExpression': node.elements.forEach((each) => { if (each !== null) collect(each, names); }); break;
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      collect(node.object, names);
      if (node.computed) collect(node.property, names);
      break;
    case 'OptionalExpression':
      collect(node.expression ?? unknown(), names);
      break;
    case 'BinaryExpression':
    case 'LogicalExpression': collect(node.left, names); collect(node.right, names); break;
    case 'ConditionalExpression': collect(node.test, names); collect(node.consequent, names); collect(node.alternate, names); break;
    default: unknown();
  }
}

function evaluate(node, values) {
  switch (node.type) {
    case 'Identifier': return (values.get(node.name) ?? unknown()).value;
    case 'Literal': return node.value;
    case 'ThisExpression': return globalThis;
    case 'TemplateLiteral': return node.elements.map((each) => primitive(evaluate(each, values))).join('');
    case 'ArrayExpression': return node.elements.map((each) => (each === null ? undefined : evaluate(each, values)));
    case 'OptionalExpression': return evaluate(node.expression, values);
    case 'MemberExpression':
    case 'OptionalMemberExpression': return member(node, values);
    case 'BinaryExpression': return binary(node.operator, primitive(evaluate(node.left, values)), primitive(evaluate(node.right, values)));
    case 'LogicalExpression': {
      const left = evaluate(node.left, values);
      if (node.operator === '&&') return left ? evaluate(node.right, values) : left;
      if (node.operator === '||') return left ? left : evaluate(node.right, values);
      return left ?? evaluate(node.right, values);
    }
    case 'ConditionalExpression': return evaluate(evaluate(node.test, values) ? node.consequent : node.alternate, values);
    default: return unknown();
  }
}

function primitive(value) {
  return value !== null && (typeof value === 'object' || typeof value === 'function' || typeof value === 'symbol') ? unknown() : value;
}

function binary(operator, left, right) {
  switch (operator) {
    case '+': return left + right;
    case '-': return left - right;
    case '*': return left * right;
    case '/': return left / right;
    case '%': return left % right;
    case '**': return left ** right;
    case '<': return left < right;
    case '>': return left > right;
    case '<=': return left <= right;
    case '>=': return left >= right;
    case '==': return left == right; // eslint-disable-line eqeqeq
    case '!=': return left != right; // eslint-disable-line eqeqeq
    case '===': return left === right;
    case '!==': return left !== right;
    default: return unknown();
  }
}

function member(node, values) {
  const object = evaluate(node.object, values);
  if (object === null || object === undefined) unknown();
  let key;
  if (node.computed) {
    key = evaluate(node.property, values);
    if (typeof key !== 'symbol') key = `${primitive(key)}`;
  } else {
    key = node.property.name ?? node.property.value;
  }
  return read(object, key);
}

/** A property, unless reading it would run code. */
function read(object, key) {
  for (let at = Object(object); at !== null; at = Object.getPrototypeOf(at)) {
    if (isProxy(at)) unknown();
    const descriptor = Object.getOwnPropertyDescriptor(at, key);
    if (descriptor === undefined) continue;
    if (!('value' in descriptor)) unknown();
    return descriptor.value;
  }
  return unknown();
}

module.exports = { builtinModules, complete };
