'use strict';

/**
 * How a program starts: `anode app.js`, `--eval`, `--check`, `--require` and `--import`.
 *
 * Nothing here catches what the program throws: errors reach the runtime's handler of uncaught exceptions.
 */

const native = binding('module');
const cjs = require('internal/module/cjs');
const resolver = require('internal/module/resolve');
const { getOptionValue } = require('internal/options');
const path = require('path');

const { Module } = cjs;
const lazyEsm = () => require('internal/module/esm');
const lazyTypescript = () => require('internal/module/typescript');

/** The file that the main program's name means; false if there is none. */
function resolveMainPath(main) {
  const { preserveSymlinksMain } = resolver;
  const found = Module._findPath(path.resolve(main), null, true);
  if (!found) return undefined;
  return preserveSymlinksMain ? found : native.realPath(found) ?? found;
}

/** Whether the ES loader runs the main program. */
function usesEsmLoader(file) {
  if (getOptionValue('--experimental-loader')?.length > 0 || getOptionValue('--import')?.length > 0) return true;
  if (file === undefined) return false;
  if (file.endsWith('.mjs') || file.endsWith('.wasm')) return true;
  if (file.endsWith('.cjs') || file.endsWith('.cts')) return false;
  if (file.endsWith('.mts')) return lazyTypescript().stripsTypes();
  const isTypescript = file.endsWith('.ts') && lazyTypescript().stripsTypes();
  if (file.endsWith('.js') || isTypescript) return resolver.packageType(file) === 'module';
  // Without extension: by package as well.
  return path.extname(file) === '' && resolver.packageType(file) === 'module';
}

/** How many promises of the program have not settled. */
let unsettled = 0;

/** Whether the loop ended while the program still awaits: exit code 13. */
function hasUnsettledMain() {
  return unsettled > 0;
}

/** Says where the program awaits for ever. */
function warnUnsettled() {
  if (getOptionValue('--warnings') === false) return;
  const found = lazyEsm().unsettledAwait();
  let text = 'Warning: Detected unsettled top-level await';
  if (found !== undefined) text += ` at ${found.url}:${found.line}\n${found.text}\n${' '.repeat(found.column)}^\n\n\n`;
  require('fs').writeSync(2, `${text}\n`);
}

/** Runs `work`, the promise of the program. */
async function untilSettled(work) {
  unsettled++;
  try {
    return await work();
  } finally {
    unsettled--;
  }
}

let loadersRegistered = false;

/** Hooks of `--experimental-loader`, as module.register() takes them; once. */
function registerLoaders() {
  if (loadersRegistered) return;
  loadersRegistered = true;
  const loaders = getOptionValue('--experimental-loader') ?? [];
  if (loaders.length === 0) return;
  require('internal/util').emitExperimentalWarning('`--experimental-loader`',
    '`--experimental-loader` may be removed in the future; instead use `register()`:\n', undefined);
  const { register } = require('internal/module/async_hooks');
  const base = `${require('url').pathToFileURL(`${process.cwd()}/`)}`;
  for (const loader of loaders) register(loader, base);
}

/** Modules of `--import`, one after the other. */
async function runImports(imports) {
  registerLoaders();
  const { importModule } = lazyEsm();
  const base = `${require('url').pathToFileURL(`${process.cwd()}/`)}`;
  for (const specifier of imports) await importModule(specifier, base);
}

/**
 * Runs the file that `main` names as the program. `Module.runMain` is this function, so that packages can replace it.
 */
function executeUserEntryPoint(main = process.argv[1]) {
  registerLoaders();
  if (getOptionValue('--entry-url') && URL.canParse(main, `file://${process.cwd()}/`)) {
    require('internal/util').emitExperimentalWarning('--entry-url');
    const url = new URL(main, require('url').pathToFileURL(`${process.cwd()}/`)).href;
    return untilSettled(() => lazyEsm().runMain(url));
  }
  main = path.resolve(main);
  process.argv[1] = main;
  const file = resolveMainPath(main);
  if (!usesEsmLoader(file)) {
    Module._load(main, null, true);
    return undefined;
  }
  const url = require('url').pathToFileURL(file ?? main).href;
  return untilSettled(() => lazyEsm().runMain(url));
}

/** Starts the program through `Module.runMain`, which a preloaded module may have replaced. */
function startUserProgram(main) {
  if (getOptionValue('--input-type')) throw new (require('internal/errors').codes.ERR_INPUT_TYPE_NOT_ALLOWED)();
  process.argv[1] = path.resolve(main);
  return (Module.runMain ?? executeUserEntryPoint)(main);
}

/** Runs the text of the main file, which turned out to be an ES module. */
function runModuleText(source, url) {
  untilSettled(() => lazyEsm().evaluateSource(source, url));
}

/** `--require` modules, then those of `--import`, then `start()`. */
function preload(requires, imports, start) {
  const isFile = getOptionValue('--eval') === undefined && getOptionValue('--print') === undefined;
  if (isFile && process.argv.length > 1) process.argv[1] = path.resolve(process.argv[1]);
  Module._preloadModules(requires);
  if (imports.length === 0) {
    start();
    return undefined;
  }
  return untilSettled(async () => {
    await runImports(imports);
    return start();
  });
}

/** The working folder; where it is gone, that of the executable. */
function folderOfEval() {
  try {
    return process.cwd();
  } catch {
    return path.dirname(process.execPath);
  }
}

function evalModule(name) {
  const module = new Module(name);
  const folder = folderOfEval();
  module.filename = path.join(folder, name);
  module.paths = Module._nodeModulePaths(folder);
  return module;
}

/** Whether a text that is no script is an ES module instead. */
function isModuleText(code) {
  if (getOptionValue('--experimental-detect-module') === false || getOptionValue('--input-type')) return false;
  return native.parsesAsModule(code);
}

/** Whether `error` is of compiling the script `name`, and not thrown by its code. */
function isCompileError(error, code, name) {
  if (!(error instanceof SyntaxError) || require('internal/error_place').placeOf(error)?.file !== name) return false;
  try {
    new (require('vm').Script)(code, { filename: name });
    return false;
  } catch {
    return true;
  }
}

/**
 * `--eval` and standard input: runs `code` as a script with `require`, `module`, `exports`, `__filename` and `__dirname` as
 * globals; with `print` its completion value goes to stdout. A text that only parses as an ES module runs as one.
 */
function evalCode(code, print = false, name = '[eval]') {
  registerLoaders();
  const inputType = getOptionValue('--input-type');
  if (inputType === 'module' || inputType === 'module-typescript') {
    if (print) throw new (require('internal/errors').codes.ERR_EVAL_ESM_CANNOT_PRINT)();
    return evalModuleSource(inputType === 'module' ? code : lazyTypescript().stripEval(code, name));
  }
  if (inputType === 'commonjs-typescript') code = lazyTypescript().stripEval(code, name);
  require('internal/process/source_lines').rememberSource(name, code);
  addBuiltinGlobals();
  const module = evalModule(name);
  const values = {
    __dirname: '.',
    __filename: name,
    exports: module.exports,
    module,
    require: cjs.makeRequire(module),
  };
  for (const [key, value] of Object.entries(values)) {
    Object.defineProperty(globalThis, key, { __proto__: null, value, configurable: true, enumerable: true, writable: true });
  }
  let result;
  let types;
  for (;;) {
    try {
      result = require('internal/process/execution').runScript(code, name, module.filename);
      break;
    } catch (error) {
      if (!isCompileError(error, code, name)) native.throwAgain(error);
      if (!print && isModuleText(code)) {
        // ES modules have none of these.
        for (const key of Object.keys(values)) delete globalThis[key];
        return evalModuleSource(code);
      }
      // Perhaps it is TypeScript. An error of the JavaScript that this gives is not worth another look.
      if (types === undefined && !inputType && lazyTypescript().stripsTypes()) {
        types = lazyTypescript().tryStrip(code);
        if (types.code !== undefined && types.code !== code) {
          ({ code } = types);
          require('internal/process/source_lines').rememberSource(name, code);
          continue;
        }
      }
      require('internal/module/syntax_errors').decorate(error, code, name, 'commonjs', false, types?.message);
      throw error;
    }
  }
  if (print) printResult(result);
  return undefined;
}

/** `--print`: a promise when it has settled, or when the process ends. */
function printResult(result) {
  const { log } = require('internal/console/global');
  if (!require('internal/util/types').isPromise(result) || native.promiseState(result) === undefined) {
    log(result);
    return;
  }
  let printed = false;
  const print = () => {
    if (printed) return;
    printed = true;
    log(result);
  };
  const { 0: state } = native.promiseState(result);
  if (state !== 0) {
    print();
    return;
  }
  process.on('exit', print);
  Promise.prototype.then.call(result, print, (error) => {
    print();
    throw error;
  });
}

/** `fs`, `os` and all the others as globals that load on first use. */
function addBuiltinGlobals() {
  const { loadBuiltin, plainIds } = require('internal/module/builtins');
  for (const id of plainIds) {
    // `crypto` is the module here, not Web Crypto.
    if (id[0] === '_' || id.includes('/') || (id !== 'crypto' && Object.hasOwn(globalThis, id))) continue;
    const define = (value) => Object.defineProperty(globalThis, id, {
      __proto__: null, configurable: true, enumerable: false, value, writable: true,
    });
    Object.defineProperty(globalThis, id, {
      __proto__: null,
      configurable: true,
      enumerable: false,
      get() {
        const value = loadBuiltin(id);
        define(value);
        return value;
      },
      set: define,
    });
  }
}

let evalCount = 0;

/** `--input-type=module --eval`: runs `code` as an ES module in the working folder. */
function evalModuleSource(code) {
  require('internal/loader').cache.get('internal/inspector/host')?.exports.cancelBreak();
  const { pathToFileURL } = require('url');
  evalCount++;
  const url = `${pathToFileURL(`${process.cwd()}/`)}[eval${evalCount}]`;
  require('internal/process/source_lines').rememberSource(url, code);
  return untilSettled(() => lazyEsm().evaluateSource(code, url));
}

/** `--check`: compiles a file without running it. Throws its SyntaxError. */
function checkSyntax(main) {
  const file = resolveMainPath(main);
  // Throws the error that running it would give.
  if (file === undefined) return Module._resolveFilename(path.resolve(main), null, true);
  const source = cjs.stripBom(require('fs').readFileSync(file, 'utf8'));
  return checkSource(source, file);
}

/** As checkSyntax, for the text on stdin. */
function checkSource(source, file) {
  const formats = require('internal/module/formats');
  const inputType = getOptionValue('--input-type');
  const format = file === '[stdin]' ? inputType || undefined : formats.fileFormat(file, true);
  if (format === 'module' || (format === undefined && formats.detectsModule(source, file))) {
    try {
      native.compileModule(source, require('url').pathToFileURL(file).href, undefined);
    } catch (error) {
      require('internal/module/syntax_errors').addSourceLine(error, source, file);
      throw error;
    }
    return;
  }
  cjs.wrapSafe(file, source, undefined, format);
}

module.exports = {
  checkSource,
  checkSyntax,
  evalCode,
  executeUserEntryPoint: startUserProgram,
  hasUnsettledMain,
  untilSettled,
  preload,
  resolveMainPath,
  runMain: executeUserEntryPoint,
  runModuleText,
  warnUnsettled,
};
