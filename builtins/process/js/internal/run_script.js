/**
 * `--run name`: runs a script of the nearest package.json in the shell. Node docs: Command-line API, `--run`.
 *
 * Neither hooks of other scripts (`pre`, `post`) nor npm's variables: only the folders of node_modules/.bin in PATH, and two
 * variables that name the script and its package.json.
 */
'use strict';

const fs = require('fs');
const path = require('path');

/** Exit code of whatever is wrong. */
const EXIT_FAILED = 1;

function fail(text) {
  fs.writeSync(2, `${text}\n`);
  process.exit(EXIT_FAILED);
}

/** Folders from the working folder to the root. */
function* foldersUp(from) {
  for (let folder = from; ; folder = path.dirname(folder)) {
    yield folder;
    if (path.dirname(folder) === folder) return;
  }
}

function findPackage(from) {
  for (const folder of foldersUp(from)) {
    const file = path.join(folder, 'package.json');
    if (fs.existsSync(file)) return file;
  }
  return fail(`Can't find package.json for directory ${from}`);
}

/** The scripts of a package.json. */
function scriptsOf(file) {
  let json;
  try {
    json = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return fail(`Can't parse ${file}`);
  }
  if (json === null || typeof json !== 'object' || Array.isArray(json)) fail(`Root value unexpected not an object for ${file}\n`);
  const { scripts } = json;
  if (scripts === null || typeof scripts !== 'object') return fail(`Can't find "scripts" field in ${file}`);
  return scripts;
}

/** An argument as the shell takes it for one word. */
function quote(argument) {
  if (argument === '') return "''";
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

function run(name, args) {
  const cwd = process.cwd();
  const file = findPackage(cwd);
  const scripts = scriptsOf(file);
  const command = Object.hasOwn(scripts, name) ? scripts[name] : undefined;
  if (command === undefined) {
    const known = Object.entries(scripts).map(([key, value]) => `\n  ${key}: ${value}`).join('');
    return fail(`Missing script: "${name}" for ${file}\n\nAvailable scripts are:${known}`);
  }
  if (typeof command !== 'string') return fail(`Script "${name}" is unexpectedly not a string for ${file}\n`);
  const bins = [...foldersUp(cwd)].map((folder) => path.join(folder, 'node_modules', '.bin'))
    .filter((folder) => fs.existsSync(folder));
  const { status, signal, error } = require('child_process').spawnSync('/bin/sh', ['-c', [command, ...args.map(quote)].join(' ')], {
    cwd: path.dirname(file),
    env: {
      ...process.env,
      NODE_RUN_PACKAGE_JSON_PATH: file,
      NODE_RUN_SCRIPT_NAME: name,
      PATH: [...bins, process.env.PATH ?? ''].join(path.delimiter),
    },
    stdio: 'inherit',
  });
  if (error !== undefined) return fail(error.message);
  return process.exit(status === 0 || signal ? 0 : EXIT_FAILED);
}

module.exports = { run };
