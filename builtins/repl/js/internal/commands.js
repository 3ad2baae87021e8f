/** `.help` and its siblings. Node docs: "Commands and special keys". */
'use strict';

const fs = require('fs');

function define(server) {
  const add = (keyword, help, action) => server.defineCommand(keyword, { help, action });
  add('break', 'Sometimes you get stuck, this gets you out', function action() {
    this.clearBufferedCommand();
    this.displayPrompt();
  });
  add('clear', server.useGlobal ? "Alias for .break" : 'Break, and also clear the local context', function action() {
    this.clearBufferedCommand();
    if (!this.useGlobal) {
      this.output.write('Clearing context...\n');
      this.resetContext();
    }
    this.displayPrompt();
  });
  add('exit', 'Exit the REPL', function action() {
    this.close();
  });
  add('help', 'Print this help message', help);
  add('save', 'Save all evaluated commands in this REPL session to a file', save);
  add('load', 'Load JS from a file into the REPL session', load);
  if (server.terminal) {
    add('editor', 'Enter editor mode', function action() {
      this.enterEditor();
      this.output.write('// Entering editor mode (Ctrl+D to finish, Ctrl+C to cancel)\n');
    });
  }
}

const help = { action() {
  const names = Object.keys(this.commands).sort();
  const width = Math.max(...names.map((name) => name.length)) + 3;
  for (const name of names) {
    const { help: text } = this.commands[name];
    this.output.write(`.${name}${text === undefined ? '' : ' '.repeat(width - name.length) + text}\n`);
  }
  this.output.write('\nPress Ctrl+C to abort current expression, Ctrl+D to exit the REPL\n');
  this.displayPrompt();
} }.action;

const save = { action(file) {
  try {
    if (file === '') {
      const { codes: { ERR_MISSING_ARGS } } = require('internal/errors');
      throw new ERR_MISSING_ARGS('file');
    }
    fs.writeFileSync(file, this.lines.join('\n'));
    this.output.write(`Session saved to: ${file}\n`);
  } catch (error) {
    if (error.code === 'ERR_MISSING_ARGS') this.output.write(`${error.message}\n`);
    else this.output.write(`Failed to save: ${file}\n`);
  }
  this.displayPrompt();
} }.action;

const load = { action(file) {
  try {
    if (file === '') {
      const { codes: { ERR_MISSING_ARGS } } = require('internal/errors');
      throw new ERR_MISSING_ARGS('file');
    }
    const stats = fs.statSync(file);
    if (stats?.isFile()) {
      this.loadText(fs.readFileSync(file, 'utf8'));
    } else {
      this.output.write(`Failed to load: ${file} is not a valid file\n`);
    }
  } catch (error) {
    if (error.code === 'ERR_MISSING_ARGS') this.output.write(`${error.message}\n`);
    else this.output.write(`Failed to load: ${file}\n`);
  }
  this.displayPrompt();
} }.action;

module.exports = { define };
