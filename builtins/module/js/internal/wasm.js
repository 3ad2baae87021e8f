'use strict';

/**
 * WebAssembly as ES modules: `import source` and `import` of `.wasm` files.
 *
 * The engine knows source phase imports only, so a module that is evaluated is a generated ES module: it imports what the
 * WebAssembly imports, instantiates, and exports what the instance has. Both phases of a URL share one `WebAssembly.Module`.
 * Node docs: "Modules: ECMAScript modules", Wasm modules.
 */

const native = binding('module');
require('internal/module/wasm_api').extend();

/** What the engine compiles ES modules with; needed again where a module is compiled by hand. */
const compileOptions = { builtins: ['js-string'], importedStringConstants: 'wasm:js/string-constants' };

/** The error for the first name that ES modules reserve. */
function reservedName(bytes, url) {
  const { Module, LinkError } = WebAssembly;
  const module = new Module(bytes, compileOptions);
  const isReserved = (name) => name.startsWith('wasm:') || name.startsWith('wasm-js:');
  for (const { module: from, name } of Module.imports(module)) {
    if (from.startsWith('wasm-js:')) return new LinkError(`Invalid Wasm import "${from}" in ${url}`);
    if (isReserved(name)) return new LinkError(`Invalid Wasm import name "${name}" in ${url}`);
  }
  const reserved = Module.exports(module).find(({ name }) => isReserved(name));
  return reserved === undefined ? undefined : new LinkError(`Invalid Wasm export name "${reserved.name}" in ${url}`);
}

/**
 * Makes the job's record one of which only the source can be imported; the `WebAssembly.Module` is `job.compiled`.
 * Throws CompileError, LinkError.
 */
function compileSourcePhase(job, source) {
  const { LinkError } = WebAssembly;
  try {
    job.record = native.compileWasmSource(source, job.url);
  } catch (error) {
    if (error instanceof LinkError) throw reservedName(source, job.url) ?? error;
    const path = job.url.startsWith('file:') ? require('url').fileURLToPath(job.url) : job.url;
    error.message = `${path}: ${error.message}`;
    throw error;
  }
  job.compiled = native.moduleSource(job.record);
}

/**
 * Makes the job's record an ES module around an instance of `job.compiled`. What it imports from other WebAssembly modules are
 * their exports themselves, so that globals are shared.
 */
function compileEvaluationPhase(job) {
  require('internal/util').emitExperimentalWarning('Importing WebAssembly module instances');
  const { Global, Instance, Module } = WebAssembly;
  const specifiers = Array.from(new Set(Module.imports(job.compiled).map(({ module }) => module)));
  const names = Module.exports(job.compiled).map(({ name }) => name).filter((name) => name.isWellFormed());
  const imports = specifiers.map((specifier, index) => `import*as $i${index} from${JSON.stringify(specifier)};`).join('');
  const namespaces = specifiers.map((specifier, index) => `$i${index}`).join(',');
  const variables = names.map((name, index) => `let $${index}=e[${index}];`).join('');
  job.run = (given) => {
    const table = { __proto__: null };
    specifiers.forEach((specifier, index) => {
      const at = job.requests.findIndex((request) => request.specifier === specifier);
      table[specifier] = job.jobs[at]?.instanceExports ?? given[index];
    });
    const { exports } = new Instance(job.compiled, table);
    job.instanceExports = exports;
    return names.map((name) => {
      const value = exports[name];
      if (!(value instanceof Global)) return value;
      try {
        return value.value;
      } catch {
        // A vector has no value in JavaScript; Node leaves its export undefined.
        return undefined;
      }
    });
  };
  job.names = names;
  job.record = native.compileModule(`${imports}const e=import.meta.run([${namespaces}]);${variables}` +
    `export{${names.map((name, index) => `$${index} as ${JSON.stringify(name)}`).join(',')}};`, job.url, job);
  job.requests = native.moduleRequests(job.record);
}

module.exports = { compileEvaluationPhase, compileSourcePhase };
