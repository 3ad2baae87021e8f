/** `--test-global-setup`: a module whose functions run before all tests and after. Node docs: "Global setup and teardown". */
'use strict';

const { validateFunction } = require('internal/validators');

/** Runs `globalSetup` of the module at `file`. Returns what runs its `globalTeardown`. */
async function setUp(file, cwd = process.cwd()) {
  if (!file) return noTeardown;
  const { pathToFileURL } = require('url');
  const path = require('path');
  const url = pathToFileURL(path.resolve(cwd, file)).href;
  const found = await require('internal/test/load').importFrom(url, pathToFileURL(`${cwd}/`).href);
  const pick = (name) => {
    const fn = found[name] ?? found.default?.[name];
    if (fn !== undefined) validateFunction(fn, name);
    return fn;
  };
  const globalSetup = pick('globalSetup');
  const globalTeardown = pick('globalTeardown');
  await globalSetup?.();
  let done = false;
  return async () => {
    if (done) return;
    done = true;
    await globalTeardown?.();
  };
}

async function noTeardown() {}

module.exports = { setUp };
