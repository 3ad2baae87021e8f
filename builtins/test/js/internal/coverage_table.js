/** The coverage report as a table, for the spec and tap reporters. Node docs: "Collecting code coverage". */
'use strict';

const path = require('path');

const FILE = 'file';
const ALL = 'all files';
const UNCOVERED = 'uncovered lines';
/** Titles of the columns with figures. */
const FIGURES = ['line %', 'branch %', 'funcs %'];
/** ' | ' between columns: before each figure and before the uncovered lines. */
const FIGURES_WIDTH = FIGURES.reduce((width, title) => width + 3 + title.length, 3);

/** Percentages above these are green and yellow; what is left is red. */
const HIGH = 90;
const MEDIUM = 50;

/** '3-5 9' for lines that did not run. */
function uncovered(lines) {
  const parts = [];
  let first;
  let last;
  const close = () => {
    if (first !== undefined) parts.push(first === last ? `${first}` : `${first}-${last}`);
    first = undefined;
  };
  for (const { line, count } of lines) {
    if (count > 0) continue;
    if (first !== undefined && line === last + 1) {
      last = line;
      continue;
    }
    close();
    first = last = line;
  }
  close();
  return parts.join(' ');
}

/** Files below the folders that lead to them. */
function rowsOf({ files, workingDirectory }) {
  const rows = [];
  let open = [];
  for (const file of files) {
    const parts = path.relative(workingDirectory, file.path).split(path.sep);
    const name = parts.pop();
    let shared = 0;
    while (shared < open.length && shared < parts.length && open[shared] === parts[shared]) shared++;
    for (let depth = shared; depth < parts.length; depth++) rows.push({ depth, name: parts[depth] });
    open = parts;
    const { coveredBranchPercent, coveredFunctionPercent, coveredLinePercent, lines } = file;
    rows.push({
      depth: parts.length, name, figures: [coveredLinePercent, coveredBranchPercent, coveredFunctionPercent],
      uncovered: uncovered(lines),
    });
  }
  return rows;
}

/** The beginning of a text that is too long. */
function cutEnd(text, width) {
  return text.length > width ? `${text.slice(0, width - 1)}\u2026` : text;
}

/** The end of a text that is too long. */
function cutStart(text, width) {
  return text.length > width ? `\u2026${width > 1 ? text.slice(1 - width) : ''}` : text;
}

function colorOf(value, colors) {
  if (value > HIGH) return colors.green;
  return value > MEDIUM ? colors.yellow : colors.red;
}

/**
 * The report, each line after `prefix`. `colors` is what internal/test/format's palette() gives, or undefined. Terminals of
 * known width get narrower columns.
 */
function coverageTable(summary, prefix, colors) {
  const rows = rowsOf(summary);
  const deepest = Math.max(0, ...rows.map(({ depth }) => depth));
  let fileWidth = Math.max(ALL.length, ...rows.map(({ name }) => name.length + deepest));
  let uncoveredWidth = Math.max(UNCOVERED.length, ...rows.map((row) => (row.uncovered ?? '').length));
  let width = fileWidth + FIGURES_WIDTH + uncoveredWidth + 1;
  const columns = process.stdout.columns ? process.stdout.columns - prefix.length : Infinity;
  if (Number.isFinite(columns)) {
    fileWidth = Math.min(fileWidth, Math.max(Math.floor(columns / 2), 1));
    uncoveredWidth = Math.max(1, Math.min(uncoveredWidth, columns - fileWidth - FIGURES_WIDTH - 1));
    width = Math.max(0, Math.min(width, columns));
  }
  const paint = (text, value) => colors?.colored ? `${colorOf(value, colors)}${text}${colors.blue}` : text;
  const line = (text) => `${prefix}${text}\n`;
  const rule = line('-'.repeat(width));
  const row = ({ depth = 0, name, figures = [], uncovered: missed = '' }, isFile) => {
    const room = fileWidth - depth;
    let title = cutStart(name, Math.max(room, 1)).padEnd(room);
    if (isFile) title = paint(title, (figures[0] + figures[1] + figures[2]) / 3);
    const cells = FIGURES.map((heading, index) => {
      const value = figures[index];
      const text = typeof value === 'string' ? value : value === undefined ? '' : value.toFixed(2);
      return paint(text.padStart(heading.length), value);
    });
    return line(`${' '.repeat(depth)}${title} | ${cells.join(' | ')} | ${cutEnd(missed, uncoveredWidth)}`);
  };
  let text = line('start of coverage report') + rule + row({ name: FILE, figures: FIGURES, uncovered: UNCOVERED }) + rule;
  for (const entry of rows) text += row(entry, entry.figures !== undefined);
  const { coveredBranchPercent, coveredFunctionPercent, coveredLinePercent } = summary.totals;
  text += rule + row({ name: ALL, figures: [coveredLinePercent, coveredBranchPercent, coveredFunctionPercent] }) + rule;
  return text + line('end of coverage report');
}

module.exports = { coverageTable };
