'use strict';

/**
 * What Node adds to `WebAssembly`: `compileStreaming` and `instantiateStreaming` of responses, which the global object has from the start
 * and which load this; and the prototype of modules, added when fetch or a WebAssembly module is loaded.
 * WebAssembly Web API; Node docs: Errors, ERR_WEBASSEMBLY_RESPONSE.
 */

const { codes: { ERR_INVALID_ARG_TYPE, ERR_WEBASSEMBLY_RESPONSE } } = require('internal/errors');

/** The bytes of a response that may be compiled. */
async function bytesOf(source) {
  const response = await source;
  if (!(response instanceof Response)) {
    throw new ERR_INVALID_ARG_TYPE('source', ['Response', 'Promise resolving to Response'], response);
  }
  const type = response.headers.get('Content-Type');
  if (type !== 'application/wasm') throw new ERR_WEBASSEMBLY_RESPONSE(`has unsupported MIME type '${type}'`);
  if (!response.ok) throw new ERR_WEBASSEMBLY_RESPONSE(`has status code ${response.status}`);
  if (response.bodyUsed) throw new ERR_WEBASSEMBLY_RESPONSE('body has already been used');
  return response.arrayBuffer();
}

let methods;

/** The methods of the global object `WebAssembly` that take responses. */
function streaming() {
  if (methods !== undefined) return methods;
  const { compile, instantiate, CompileError } = globalThis.WebAssembly;
  const compileBytes = async (name, source, options) => {
    const bytes = await bytesOf(source);
    try {
      return await compile(bytes, options);
    } catch (error) {
      if (error instanceof CompileError) error.message = `WebAssembly.${name}(): ${error.message}`;
      throw error;
    }
  };
  return methods = {
    compileStreaming: (source, options) => compileBytes('compileStreaming', source, options),
    async instantiateStreaming(source, imports, options) {
      const module = await compileBytes('instantiateStreaming', source, options);
      return { module, instance: await instantiate(module, imports) };
    },
  };
}

let extended = false;

/** Gives modules their prototype, once. */
function extend() {
  const api = globalThis.WebAssembly;
  if (extended || api === undefined) return;
  extended = true;
  streaming();
  const moduleSource = binding('module').abstractModuleSource();
  Object.setPrototypeOf(api.Module, moduleSource);
  Object.setPrototypeOf(api.Module.prototype, moduleSource.prototype);
}

module.exports = { extend, streaming };
