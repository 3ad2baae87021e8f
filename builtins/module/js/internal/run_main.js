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

/** Node's code for "the loop is empty and the program still awaits". */
const kUnsettledTopLevelAwait = 13;

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
  if (file.endsWith('.mjs') || file.endsWith('.mts') || file.endsWith('.wasm')) return true;
  if (file.endsWith('.cjs') || file.endsWith('.cts')) return false;
  const isTypescript = file.endsWith('.ts');
  if (file.endsWith('.js') || isTypescript) return resolver.packageType(file) === 'module';
  // Without extension: by package as well.
  return path.extname(file) === '' && resolver.packageType(file) === 'module';
}

/** Says at exit that the program never settled, and gives the exit code for it. */
function handleUnsettled() {
  process.exitCode ??= kUnsettledTopLevelAwait;
  if (process.exitCode !== kUnsettledTopLevelAwait) return;
  const found = lazyEsm().unsettledAwait();
  let text = 'Warning: Detected unsettled top-level await';
  if (found !== undefined) text += ` at ${found.url}:${found.line}\n${found.text}\n${' '.repeat(found.column)}^\n\n\n`;
  require('fs').writeSync(2, `${text}\n`);
}

/** Runs `work`, the promise of the program; exit code 13 if it never settles. */
async function untilSettled(work) {
  process.on('exit', handleUnsettled);
  try {
    return await work();
  } finally {
    process.off('exit', handleUnsettled);
  }
}

/** Modules of `--import`, one after the other, then the program. */
async function runImports(imports) {
  const { importModule } = lazyEsm();
  const base = `${require('url').pathToFileURL(`${process.cwd()}/`)}`;
  for (const specifier of imports) await importModule(specifier, base);
}

/**
 * Runs the file that `main` names as the program. `Module.runMain` is this function, so that packages can replace it.
 */
function executeUserEntryPoint(main = process.argv[1]) {
  let file;
  let isUrl = false;
  if (getOptionValue('--entry-url') && URL.canParse(main, `file://${process.cwd()}/`)) {
    isUrl = true;
  } else {
    file = resolveMainPath(main);
  }
  if (!isUrl && !usesEsmLoader(file)) {
    Module._load(main, null, true);
    return undefined;
  }
  const url = isUrl ? new URL(main, require('url').pathToFileURL(`${process.cwd()}/`)).href :
    require('url').pathToFileURL(file ?? path.resolve(main)).href;
  return untilSettled(async () => {
    const imports = getOptionValue('--import') ?? [];
    if (imports.length > 0) await runImports(imports);
    return lazyEsm().runMain(url);
  });
}

/** `--require` modules before the program. `--import` modules are run by the entry point, which awaits them. */
function preload(requires) {
  if (requires?.length > 0) Module._preloadModules(requires);
}

function evalModule(name) {
  const module = new Module(name);
  module.filename = path.join(process.cwd(), name);
  module.paths = Module._nodeModulePaths(process.cwd());
  return module;
}

/** Whether a text that is no script is an ES module instead. */
function isModuleText(code) {
  if (getOptionValue('--detect-module') === false || getOptionValue('--input-type') === 'commonjs') return false;
  return native.parsesAsModule(code);
}

/**
 * `--eval`: runs `code` as a script with `require`, `module`, `exports`, `__filename` and `__dirname` as globals; with
 * `print` its completion value goes to stdout. A text that only parses as an ES module runs as one.
 */
function evalScript(code, print = false, name = '[eval]') {
  const { defineProperty } = Object;
  const module = evalModule(name);
  const imports = getOptionValue('--import') ?? [];
  const run = () => {
    const values = {
      __dirname: '.',
      __filename: name,
      exports: module.exports,
      module,
      require: cjs.makeRequire(module),
    };
    for (const [key, value] of Object.entries(values)) {
      defineProperty(globalThis, key, { __proto__: null, value, configurable: true, enumerable: true, writable: true });
    }
    let result;
    try {
      result = native.runScript(code, name, `${module.filename}`);
    } catch (error) {
      if (error instanceof SyntaxError && error.fileName === name) {
        if (!print && isModuleText(code)) return evalModuleSource(code);
        require('internal/module/syntax_errors').decorate(error, code, name, 'commonjs', false);
      }
      throw error;
    }
    if (print) require('internal/console/global').log(result);
    return undefined;
  };
  if (imports.length > 0) return untilSettled(async () => {
    await runImports(imports);
    return run();
  });
  return run();
}

let evalCount = 0;

/** `--input-type=module --eval`: runs `code` as an ES module in the working folder. */
function evalModuleSource(code) {
  const { pathToFileURL } = require('url');
  evalCount++;
  const url = `${pathToFileURL(`${process.cwd()}/`)}[eval${evalCount}]`;
  return untilSettled(async () => {
    const imports = getOptionValue('--import') ?? [];
    if (imports.length > 0) await runImports(imports);
    return lazyEsm().evaluateSource(code, url);
  });
}

/** `--check`: compiles a file without running it. Throws its SyntaxError. */
function checkSyntax(main) {
  const file = resolveMainPath(main) ?? path.resolve(main);
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
  evalModule: evalModuleSource,
  evalScript,
  executeUserEntryPoint,
  handleUnsettled,
  preload,
  resolveMainPath,
};
