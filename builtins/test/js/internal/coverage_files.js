/**
 * From V8's coverage reports to a summary by file: lines, branches and functions that ran.
 *
 * Reports of several processes are merged function by function. A range stands for a branch; a line has the count of the last
 * range that covers all of it. Where a script has a source map, its ranges are moved to the original files first.
 * Node docs: "Collecting code coverage", event 'test:coverage'.
 */
'use strict';

const fs = require('fs');
const path = require('path');
const { fileURLToPath } = require('url');

/** The text of a file, by line. Offsets are in UTF-16 units, without the line's end. */
class Source {
  constructor(text) {
    this.lines = [];
    let ignored = 0;
    let disabled = false;
    for (const { start, end } of linesOf(text)) {
      const line = text.slice(start, end);
      const enables = disabled && line.includes('/* node:coverage enable */');
      // As in Node, an empty line counts until a range says that it did not run.
      const entry = { line: this.lines.length + 1, start, end, count: start === end ? 1 : 0, ignore: disabled || ignored > 0 };
      this.lines.push(entry);
      if (ignored > 0) ignored--;
      if (enables) {
        disabled = false;
      } else if (line.includes('/* node:coverage disable */')) {
        disabled = true;
      } else if (!disabled) {
        const next = /\/\* node:coverage ignore next (?:(\d+) )?\*\//.exec(line);
        if (next !== null) ignored = next[1] === undefined ? 1 : Number(next[1]);
      }
    }
  }

  /** The place of the line that `offset` lies in. */
  indexAt(offset) {
    let low = 0;
    let high = this.lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lines[middle].start <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function linesOf(text) {
  const found = [];
  const ends = /\r?\n|\u2028|\u2029/g;
  let start = 0;
  for (let match; (match = ends.exec(text)) !== null; start = ends.lastIndex) found.push({ start, end: match.index });
  if (start < text.length || found.length === 0) found.push({ start, end: text.length });
  return found;
}

/** Sums up reports: `{ workingDirectory, files, totals, thresholds }`, the data of 'test:coverage'. */
function summarize(reports, workingDirectory, settings) {
  const wanted = filterOf(workingDirectory, settings);
  const scripts = new Map();
  const maps = new Map();
  for (const report of reports) {
    if (sourceMapsEnabled()) {
      for (const { 0: url, 1: entry } of Object.entries(report['source-map-cache'] ?? {})) maps.set(url, entry);
    }
    for (const { url, functions } of report.result) {
      if (!isUsersFile(url)) continue;
      const merged = scripts.get(url);
      scripts.set(url, merged === undefined ? functions : mergeFunctions(merged, functions));
    }
  }
  /** path -> { source, functions } */
  const files = new Map();
  for (const { 0: url, 1: functions } of scripts) {
    if (maps.has(url)) moveToSources(url, functions, maps.get(url), wanted, files);
    else addFile(url, functions, wanted, files);
  }
  if (settings.includeAll) addUnloaded(workingDirectory, wanted, files);
  const list = [...files].map(({ 0: name, 1: file }) => countFile(name, file))
    .sort((a, b) => a.path.localeCompare(b.path));
  return {
    workingDirectory, files: list, totals: totalsOf(list),
    thresholds: { line: settings.line, branch: settings.branch, function: settings.function },
  };
}

function sourceMapsEnabled() {
  return process.sourceMapsEnabled === true || require('internal/options').getOptionValue('--enable-source-maps') === true;
}

/** Not ours, no package's, and not what mock.module() put in the place of a file. */
function isUsersFile(url) {
  return url.startsWith('file:') && !url.includes('/node_modules/') && !url.includes('node-test-mock');
}

function filterOf(workingDirectory, { exclude, include }) {
  const excluded = exclude ?? require('internal/test/files').defaultPatterns();
  return (file) => {
    const relative = path.relative(workingDirectory, file);
    const matches = (glob) => path.matchesGlob(relative, glob) || path.matchesGlob(file, glob);
    if (excluded.some(matches)) return false;
    return include === undefined || include.some(matches);
  };
}

function readSource(file) {
  try {
    return new Source(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    // It was made by a test, and is gone.
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function addFile(url, functions, wanted, files) {
  // The same file may have been loaded under several URLs.
  const file = fileURLToPath(url);
  if (!wanted(file)) return;
  const source = readSource(file);
  if (source === undefined) return;
  const before = files.get(file);
  files.set(file, { source, functions: before === undefined ? functions : mergeFunctions(before.functions, functions) });
}

/** Node docs: --test-coverage-include-all. */
function addUnloaded(workingDirectory, wanted, files) {
  const exclude = (entry) => path.basename(entry) === 'node_modules';
  for (const name of fs.globSync('**/*.{js,mjs,cjs,ts,mts,cts}', { cwd: workingDirectory, exclude })) {
    const file = path.resolve(workingDirectory, name);
    if (files.has(file) || !wanted(file)) continue;
    const source = readSource(file);
    if (source === undefined) continue;
    for (const line of source.lines) if (line !== source.lines[0] || line.start !== line.end) line.count = 0;
    files.set(file, { source, functions: [] });
  }
}

// ---------------------------------------------------------------- merging

function keyOf({ ranges: { 0: { startOffset, endOffset } } }) {
  return `${startOffset}-${endOffset}`;
}

/** The functions of one script in two processes. */
function mergeFunctions(before, added) {
  const merged = new Map(before.map((fn) => [keyOf(fn), fn]));
  for (const fn of added) {
    const key = keyOf(fn);
    const known = merged.get(key);
    if (known === undefined || (fn.isBlockCoverage && !known.isBlockCoverage)) merged.set(key, fn);
    else if (fn.isBlockCoverage) merged.set(key, { ...known, ranges: mergeRanges(known.ranges, fn.ranges) });
  }
  return [...merged.values()];
}

/**
 * Ranges that both have are added up. One that only one has stays as it is if it ran; if it did not, only where the other did
 * not run either.
 */
function mergeRanges(before, added) {
  const find = (ranges, { startOffset, endOffset }) => (
    ranges.find((range) => range.startOffset === startOffset && range.endOffset === endOffset)
  );
  const onlyBefore = before.filter((range) => find(added, range) === undefined);
  const onlyAdded = added.filter((range) => find(before, range) === undefined);
  const isKept = (range, others) => range.count > 0 || others.some((other) => (
    other.count === 0 && other.startOffset <= range.startOffset && other.endOffset >= range.endOffset
  ));
  const merged = [
    ...onlyBefore.filter((range) => isKept(range, onlyAdded)), ...onlyAdded.filter((range) => isKept(range, onlyBefore)),
  ];
  for (const range of before) {
    const other = find(added, range);
    if (other !== undefined) merged.push({ ...range, count: range.count + other.count });
  }
  return merged.sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
}

// ---------------------------------------------------------------- source maps

/** Adds the functions of a script to the files that its source map names. */
function moveToSources(url, functions, { data, lineLengths }, wanted, files) {
  const { codes: { ERR_SOURCE_MAP_CORRUPT, ERR_SOURCE_MAP_MISSING_SOURCE } } = require('internal/errors');
  if (data == null) throw new ERR_SOURCE_MAP_CORRUPT(url);
  const { SourceMap } = require('internal/module/source_maps');
  const map = new SourceMap(data, { lineLengths });
  const generated = new GeneratedText(lineLengths);
  const sources = new Map();
  (data.sources ?? []).forEach((sourceUrl, index) => {
    if (sourceUrl === null || !sourceUrl.startsWith('file:')) return;
    const file = fileURLToPath(sourceUrl);
    const content = data.sourcesContent?.[index];
    const source = typeof content === 'string' ? new Source(content) : readSource(file);
    if (source === undefined) throw new ERR_SOURCE_MAP_MISSING_SOURCE(sourceUrl, url);
    sources.set(sourceUrl, { file, source, functions: [] });
  });
  for (const fn of functions) {
    for (const { 0: entry, 1: ranges } of Map.groupBy(
      fn.ranges.flatMap((range) => originalRange(range, map, generated, sources) ?? []), ({ entry: at }) => at)) {
      entry.functions.push({ ...fn, ranges: ranges.map(({ range }) => range) });
    }
  }
  for (const { file, source, functions: moved } of sources.values()) {
    if (moved.length === 0 || !wanted(file)) continue;
    const before = files.get(file);
    files.set(file, { source, functions: before === undefined ? moved : mergeFunctions(before.functions, moved) });
  }
}

/** Lines of a generated text of which only their lengths are known. */
class GeneratedText {
  #starts = [];

  constructor(lineLengths) {
    let offset = 0;
    for (const length of lineLengths) {
      this.#starts.push(offset);
      offset += length + 1;
    }
  }

  /** { line, column }, both from 0. As in Node, where a line begins is still the end of the one before. */
  place(offset) {
    let line = 0;
    let high = this.#starts.length - 1;
    while (line < high) {
      const middle = (line + high + 1) >> 1;
      if (this.#starts[middle] < offset) line = middle;
      else high = middle - 1;
    }
    return { line, column: offset - this.#starts[line] };
  }
}

/** A range in the original file; undefined if it begins and ends in different ones, or in none. */
function originalRange({ startOffset, endOffset, count }, map, generated, sources) {
  const first = firstEntry(map, generated.place(startOffset));
  const last = generated.place(Math.max(startOffset, endOffset - 1));
  const end = map.findEntry(last.line, last.column);
  if (first?.originalSource === undefined || first.originalSource !== end.originalSource) return undefined;
  const entry = sources.get(first.originalSource);
  if (entry === undefined) return undefined;
  const { lines } = entry.source;
  const startLine = lines[first.originalLine];
  const endLine = lines[end.originalLine];
  if (startLine === undefined || endLine === undefined) return undefined;
  const from = Math.min(startLine.start + first.originalColumn, startLine.end);
  const to = Math.min(endLine.start + end.originalColumn + 1, endLine.end);
  if (to < from) return undefined;
  return { entry, range: { startOffset: from, endOffset: to, count } };
}

/** The mapping at a place, or the first one of the script. */
function firstEntry(map, { line, column }) {
  const entry = map.findEntry(line, column);
  if (entry.originalSource !== undefined) return entry;
  let at = line;
  const { lineLengths } = map;
  while (at < lineLengths.length && map.findEntry(at, lineLengths[at]).originalSource === undefined) at++;
  if (at === lineLengths.length) return undefined;
  let low = 0;
  let high = lineLengths[at];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (map.findEntry(at, middle).originalSource === undefined) low = middle + 1;
    else high = middle;
  }
  return map.findEntry(at, low);
}

// ---------------------------------------------------------------- counting

/** The lines that a range touches. A line's end belongs to it. */
function touched(source, { startOffset, endOffset }) {
  const { lines } = source;
  const found = [];
  for (let index = source.indexAt(startOffset); index < lines.length && lines[index].start < endOffset; index++) {
    found.push(lines[index]);
  }
  return found;
}

function countFile(name, { source, functions }) {
  const branches = [];
  const functionRows = [];
  let coveredBranchCount = 0;
  let coveredFunctionCount = 0;
  for (const { 0: index, 1: fn } of functions.entries()) {
    const { functionName, isBlockCoverage, ranges } = fn;
    let highest = 0;
    let isIgnored = false;
    let firstLine;
    for (const { 0: at, 1: range } of ranges.entries()) {
      const lines = touched(source, range);
      const allIgnored = lines.length > 0 && lines.every((line) => line.ignore);
      for (const line of lines) {
        const isWhole = range.startOffset <= line.start && range.endOffset >= line.end;
        if (isWhole || (range.count > 0 && line.count === 0)) line.count = range.count;
      }
      highest = Math.max(highest, range.count);
      if (at === 0) {
        firstLine = lines[0]?.line;
        isIgnored = allIgnored;
      }
      if (!isBlockCoverage) continue;
      branches.push({ line: lines[0]?.line, count: range.count });
      if (range.count !== 0 || allIgnored) coveredBranchCount++;
    }
    // The first one is the script itself.
    if (index === 0) continue;
    functionRows.push({ name: functionName, count: highest, line: firstLine });
    if (highest > 0 || isIgnored) coveredFunctionCount++;
  }
  const { lines } = source;
  const coveredLineCount = lines.filter((line) => line.ignore || line.count > 0).length;
  return {
    path: name,
    totalLineCount: lines.length,
    totalBranchCount: branches.length,
    totalFunctionCount: functionRows.length,
    coveredLineCount,
    coveredBranchCount,
    coveredFunctionCount,
    coveredLinePercent: percent(coveredLineCount, lines.length),
    coveredBranchPercent: percent(coveredBranchCount, branches.length),
    coveredFunctionPercent: percent(coveredFunctionCount, functionRows.length),
    functions: functionRows,
    branches,
    lines: lines.filter((line) => !line.ignore).map(({ line, count }) => ({ line, count })),
  };
}

function percent(covered, total) {
  return total === 0 ? 100 : (covered / total) * 100;
}

function totalsOf(files) {
  const sum = (key) => files.reduce((total, file) => total + file[key], 0);
  const totals = {};
  for (const key of ['totalLineCount', 'totalBranchCount', 'totalFunctionCount', 'coveredLineCount', 'coveredBranchCount',
    'coveredFunctionCount']) totals[key] = sum(key);
  totals.coveredLinePercent = percent(totals.coveredLineCount, totals.totalLineCount);
  totals.coveredBranchPercent = percent(totals.coveredBranchCount, totals.totalBranchCount);
  totals.coveredFunctionPercent = percent(totals.coveredFunctionCount, totals.totalFunctionCount);
  return totals;
}

module.exports = { summarize };
