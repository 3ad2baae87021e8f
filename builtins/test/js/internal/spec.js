/** The spec reporter: a tree for people. Node docs: "Test reporters". */
'use strict';

const { relative } = require('path');
const { Transform } = require('stream');
const { formatResult, indentOf, palette, placeOf, symbols } = require('internal/test/format');

class SpecReporter extends Transform {
  /** Started and not yet shown, the innermost first. */
  #starts = [];
  #failed = [];
  #colors = palette();

  constructor() {
    super({ __proto__: null, writableObjectMode: true });
  }

  #result(type, data) {
    this.#starts.shift();
    let prefix = '';
    while (this.#starts.length > 0) {
      const parent = this.#starts.pop();
      prefix += `${indentOf(parent.nesting)}${symbols['arrow:right']}${parent.name}\n`;
    }
    return `${formatResult(type, data, this.#colors, { prefix })}\n`;
  }

  #event({ type, data }) {
    const colors = this.#colors;
    switch (type) {
      case 'test:start':
        this.#starts.unshift(data);
        return '';
      case 'test:pass':
        return this.#result(type, data);
      case 'test:fail':
        if (data.details?.error?.failureType !== 'subtestsFailed') this.#failed.push(data);
        return this.#result(type, data);
      case 'test:stderr':
      case 'test:stdout':
        return data.message;
      case 'test:diagnostic': {
        const color = { info: colors.blue, warn: colors.yellow, error: colors.red }[data.level] ?? colors.blue;
        return `${color}${indentOf(data.nesting)}${symbols[type]}${data.message}${colors.white}\n`;
      }
      case 'test:coverage': {
        const { coverageTable } = require('internal/test/coverage_table');
        return `${colors.blue}${coverageTable(data.summary, symbols[type], colors)}${colors.white}`;
      }
      case 'test:summary':
        // Only of the whole run.
        return data.file === undefined ? this.#failures() : '';
      case 'test:watch:restarted':
        return `\nRestarted at ${new Date().toLocaleString()}\n`;
      case 'test:interrupted': {
        const tests = data.tests.map(({ name, nesting, file, line, column }) => {
          const place = file === undefined ? '' : ` ${colors.gray}(${relative(process.cwd(), file)}:${line}:${column})${colors.white}`;
          return `${indentOf(nesting)}${symbols['warning:alert']}${name}${place}\n`;
        });
        return `\n${colors.yellow}Interrupted while running:${colors.white}\n\n${tests.join('')}`;
      }
      default:
        return '';
    }
  }

  #failures() {
    if (this.#failed.length === 0) return '';
    const colors = this.#colors;
    const parts = [`\n${colors.red}${symbols['test:fail']}failing tests:${colors.white}\n`];
    // Where files are watched, another run may follow.
    for (const data of this.#failed.splice(0)) {
      const line = formatResult('test:fail', { __proto__: null, ...data, nesting: 0 }, colors, { showError: true });
      parts.push(...(data.file === undefined ? [line] : [placeOf(data), line]), '');
    }
    return parts.join('\n');
  }

  _transform(event, _encoding, done) {
    done(null, this.#event(event));
  }
}

module.exports = SpecReporter;
