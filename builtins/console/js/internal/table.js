/** `console.table`: which rows and columns a value has, and the box around them. */
'use strict';

const { getStringWidth, inspect } = require('internal/util/inspect');
const { validateArray } = require('internal/validators');
const { isMap, isMapIterator, isSet, isSetIterator } = require('internal/util/types');
const { remainingItems } = require('internal/util/inspect_value');

const indexHeader = '(index)';
const iterationHeader = '(iteration index)';
const keyHeader = 'Key';
const valuesHeader = 'Values';

// Cells are one line: objects with more keys than this only say what they are.
const cellKeysMax = 2;

/** The table as text; undefined for what has no rows. `getOptions` gives the console's inspect options. */
function draw(data, properties, getOptions) {
  if (data === null || typeof data !== 'object') return undefined;
  if (properties !== undefined) validateArray(properties, 'properties');
  const options = getOptions();
  const cell = (value) => {
    const depth = value !== null && typeof value === 'object' && !Array.isArray(value) &&
      Object.keys(value).length > cellKeysMax ? -1 : 0;
    return inspect(value, { depth, maxArrayLength: 3, breakLength: Infinity, ...options });
  };
  if (isMap(data)) return drawPairs([...data], cell);
  if (isMapIterator(data) || isSetIterator(data)) {
    const { items, isPairs } = remainingItems(data);
    if (isMapIterator(data) && isPairs) return drawPairs(items, cell);
    return drawColumns([iterationHeader, valuesHeader], items.map((item, index) => [String(index), cell(item)]));
  }
  if (isSet(data)) {
    return drawColumns([iterationHeader, valuesHeader], [...data].map((item, index) => [String(index), cell(item)]));
  }
  return drawRows(data, properties, cell);
}

function drawPairs(pairs, cell) {
  return drawColumns([iterationHeader, keyHeader, valuesHeader],
    pairs.map(([key, value], index) => [String(index), cell(key), cell(value)]));
}

/** A row per own property; a column per key of a row that is an object, and one for values that are none. */
function drawRows(data, properties, cell) {
  const columns = new Map();
  const values = new Map();
  const indices = Object.keys(data);
  indices.forEach((index, row) => {
    const item = data[index];
    const isPrimitive = item === null || (typeof item !== 'object' && typeof item !== 'function');
    if (isPrimitive && properties === undefined) {
      values.set(row, cell(item));
      return;
    }
    for (const key of properties ?? Object.keys(item)) {
      let column = columns.get(key);
      if (column === undefined) columns.set(key, column = new Map());
      if (!isPrimitive && Object.hasOwn(item, key)) column.set(row, cell(item[key]));
    }
  });
  const header = [indexHeader, ...Array.from(columns.keys(), String)];
  const lists = [...columns.values()];
  if (values.size !== 0) {
    header.push(valuesHeader);
    lists.push(values);
  }
  return drawColumns(header, indices.map((index, row) => [index, ...lists.map((list) => list.get(row) ?? '')]));
}

function drawColumns(header, rows) {
  const widths = header.map((text) => getStringWidth(text) + 2);
  for (const row of rows) {
    row.forEach((text, column) => {
      widths[column] = Math.max(widths[column], getStringWidth(text) + 2);
    });
  }
  const bars = widths.map((width) => '\u2500'.repeat(width));
  let out = `\u250c${bars.join('\u252c')}\u2510\n${drawRow(header, widths)}\u251c${bars.join('\u253c')}\u2524\n`;
  for (const row of rows) out += drawRow(row, widths);
  return `${out}\u2514${bars.join('\u2534')}\u2518`;
}

function drawRow(row, widths) {
  const cells = row.map((text, column) => ` ${text}${' '.repeat(widths[column] - getStringWidth(text) - 1)}`);
  return `\u2502${cells.join('\u2502')}\u2502\n`;
}

module.exports = { draw };
