/** The evaluator of a REPL: scripts in its context, with `await` at the top level. */
'use strict';

const vm = require('vm');
const { codes: { ERR_SCRIPT_EXECUTION_INTERRUPTED } } = require('internal/errors');
const {
  Recoverable, isRecoverable, isRecoverableAsync, lexicalNames, tryParse, withTopLevelAwait,
} = require('internal/repl/syntax');

/** A text that starts as a block does but is an expression: `{ a: 1 }`. */
function asExpression(code, isAsync = false) {
  if (!/^\s*\{/.test(code) || /;\s*$/.test(code)) return undefined;
  const wrapped = `(${code.trim()})\n`;
  return tryParse(isAsync ? `async () => ${wrapped}` : wrapped).tree === undefined ? undefined : wrapped;
}

function compile(code, file) {
  return new vm.Script(code, { filename: file, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER });
}

/** What Node says instead of V8's words about `import` declarations. */
function adviseImport(error, code) {
  const match = /^\s*import\s+(?:([\s\S]*?)\s+from\s+)?(["'])([^"']*)\2/.exec(code);
  if (match === null) return;
  const [, clause, , specifier] = match;
  let advice = `await import(${JSON.stringify(specifier)});`;
  if (clause !== undefined) {
    const names = [];
    let star;
    const braces = /\{([^}]*)\}/.exec(clause);
    const rest = clause.replace(/\{[^}]*\}/, '').split(',').map((part) => part.trim()).filter((part) => part !== '');
    for (const part of rest) {
      const all = /^\*\s+as\s+(\S+)$/.exec(part);
      if (all !== null) [, star] = all;
      else names.push(`default: ${part}`);
    }
    if (braces !== null) {
      for (const part of braces[1].split(',').map((name) => name.trim()).filter((name) => name !== '')) {
        names.push(part.replace(/\s+as\s+/, ': '));
      }
    }
    const target = star !== undefined && names.length === 0 ? star : `{ ${names.join(', ')} }`;
    advice = `const ${target} = ${advice}`;
  }
  error.message = `Cannot use import statement inside the Node.js REPL, alternatively use dynamic import: ${advice}`;
}

/** The error of a text that does not compile: incomplete, or wrong. */
function syntaxError(code, file, thrown) {
  if (!(thrown instanceof SyntaxError)) return thrown;
  // The engine's own words tell whether the end came too early.
  const { error = thrown } = tryParse(code);
  if (isRecoverable(error, code)) return new Recoverable(thrown);
  // As the body of an async function it may only be incomplete.
  if (code.includes('await') && isRecoverableAsync(code)) return new Recoverable(thrown);
  if (/^import declarations|^Cannot use import statement/.test(error.message ?? '')) adviseImport(thrown, code);
  require('internal/repl/errors').rememberSource(thrown, code);
  return thrown;
}

/** `eval` of a REPLServer. */
function evaluate(server, code, context, file, callback) {
  if (code === '\n' || code.trim() === '') {
    callback(null);
    return;
  }
  const { REPL_MODE_STRICT } = require('internal/repl/server');
  const strict = server.replMode === REPL_MODE_STRICT ? "'use strict'; void 0; " : '';
  let source = code;
  let awaits;
  if (code.includes('await')) {
    const expression = asExpression(code, true);
    awaits = (expression === undefined ? null : withTopLevelAwait(expression)) ?? withTopLevelAwait(code);
    if (awaits !== null) source = awaits.text;
    else awaits = undefined;
  }
  if (awaits === undefined) source = asExpression(code) ?? code;
  let script;
  try {
    script = compile(`${strict}${source}`, file);
  } catch (error) {
    callback(syntaxError(code, file, error));
    return;
  }
  let result;
  try {
    result = run(server, script, context);
  } catch (error) {
    declare(server, source);
    const { domain } = process;
    // A domain that the command entered is to hear of it, not the REPL.
    if (domain && domain.listenerCount('error') > 0) {
      domain.emit('error', error);
      domain.exit();
      server.clearBufferedCommand();
      return;
    }
    const thrown = failure(error);
    callback(thrown[0], thrown[1]);
    return;
  }
  declare(server, source);
  if (awaits === undefined) {
    callback(null, result);
    return;
  }
  settle(server, result, callback);
}

/** `throw null` and the like are errors, too. */
function failure(error) {
  return [error ?? new Thrown(error)];
}

/** Carries a thrown value that is none: `null` and `undefined` mean success to callbacks. */
class Thrown {
  constructor(value) {
    this.value = value;
  }
}

function declare(server, source) {
  for (const name of lexicalNames(source)) server.lexicalNames.add(name);
}

function run(server, script, context) {
  const options = { displayErrors: false, breakOnSigint: server.breakEvalOnSigint };
  let wasRaw;
  // The terminal makes SIGINT of ctrl+C only while it is not raw.
  if (server.breakEvalOnSigint && server.terminal) wasRaw = server._setRawMode(false);
  try {
    return server.useGlobal ? script.runInThisContext(options) : script.runInContext(context, options);
  } finally {
    if (wasRaw !== undefined) server._setRawMode(wasRaw);
  }
}

/** Waits for a command that awaits. */
function settle(server, promise, callback) {
  let over = false;
  let onSignal;
  const end = (...result) => {
    if (over) return;
    over = true;
    if (onSignal !== undefined) process.removeListener('SIGINT', onSignal);
    callback(...result);
  };
  const interrupt = () => end(new ERR_SCRIPT_EXECUTION_INTERRUPTED());
  if (server.breakEvalOnSigint) {
    onSignal = interrupt;
    process.on('SIGINT', onSignal);
  }
  server.hold(interrupt);
  promise.then((result) => end(null, result?.value), (error) => end(...failure(error)));
}

module.exports = { Thrown, asExpression, evaluate };
