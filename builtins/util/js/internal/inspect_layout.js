/**
 * Where `util.inspect` breaks lines: one line if it fits, columns for lists of short items, else a line per entry.
 *
 * The rules follow what Node prints (docs: options `compact` and `breakLength`): a number for `compact` lets that many
 * inner levels share a line; `true` is the old style with entries beside the opening brace; `false` never shares.
 */
'use strict';

const { getStringWidth, stripVTControlCharacters } = require('internal/util/inspect');

/** Kinds of entries: `key: value`; the bare value; a list which may be followed by `key: value`. */
const OBJECT = 0;
const ARRAY = 1;
const ARRAY_EXTRAS = 2;

// Lists of up to this many entries are not set in columns.
const columnsMinimum = 6;

/** Joins `output`, the entries of one value, to its text. `level` counts from the outermost value, which is 1. */
function layOut(ctx, output, base, open, close, kind, level, value) {
  const lead = base === '' ? '' : `${base} `;
  const newline = `\n${' '.repeat(ctx.indentation)}`;
  if (ctx.compact === true) {
    if (fits(ctx, output, 0, base)) {
      return `${open}${base === '' ? '' : ` ${base}`} ${joined(output, ', ')} ${close}`;
    }
    // The first entry stands beside a lone brace, below anything longer.
    const start = base === '' && open.length === 1 ? ' ' : `${base === '' ? '' : ` ${base}`}${newline}  `;
    return `${open}${start}${joined(output, `,${newline}  `)} ${close}`;
  }
  if (typeof ctx.compact === 'number' && ctx.compact >= 1) {
    const entries = output.length;
    if (kind === ARRAY_EXTRAS && entries > columnsMinimum) output = setInColumns(ctx, output, value);
    if (ctx.currentDepth - level < ctx.compact && entries === output.length) {
      const start = output.length + ctx.indentation + open.length + base.length + 10;
      if (fits(ctx, output, start, base)) {
        const line = joined(output, ', ');
        if (!line.includes('\n')) return `${lead}${open} ${line} ${close}`;
      }
    }
  }
  return `${lead}${open}${newline}  ${joined(output, `,${newline}  `)}${newline}${close}`;
}

/** As `Array.prototype.join`, but by concatenation: engines keep that as a rope, and deep objects are not copied per level. */
function joined(output, separator) {
  let text = output.length === 0 ? '' : output[0];
  for (let i = 1; i < output.length; i++) text += separator + output[i];
  return text;
}

/** Whether the entries fit on one line after `start` characters. */
function fits(ctx, output, start, base) {
  let total = output.length + start;
  if (total + output.length > ctx.breakLength) return false;
  for (let i = 0; i < output.length; i++) {
    total += ctx.colors ? stripVTControlCharacters(output[i]).length : output[i].length;
    if (total > ctx.breakLength) return false;
    // Without a limit only line breaks can tell that entries do not share a line.
    if (ctx.breakLength === Infinity && output[i].includes('\n')) return false;
  }
  return base === '' || !base.includes('\n');
}

// A character is about two and a half times as high as wide: the aim is a square block.
const characterRatio = 2.5;
const columnsMaximum = 15;
const separatorWidth = 2;

/**
 * Sets the entries of a list in columns if that makes them fewer lines; else returns `output` as it is.
 * Numbers line up on the right, everything else on the left.
 */
function setInColumns(ctx, output, value) {
  // "... more items" and named properties keep their own lines.
  let count = output.length;
  if (ctx.maxArrayLength < output.length) count--;
  const widths = new Array(count);
  let total = 0;
  let widest = 0;
  for (let i = 0; i < count; i++) {
    const width = getStringWidth(output[i], ctx.colors);
    widths[i] = width;
    total += width + separatorWidth;
    if (width > widest) widest = width;
  }
  const cell = widest + separatorWidth;
  // Very uneven or very long entries read better one below the other.
  if (!(cell * 3 + ctx.indentation < ctx.breakLength && (total / cell > 5 || widest <= 6))) return output;

  // The typical width counts more than one long exception.
  const typical = Math.max(cell - 3 - Math.sqrt(cell - total / output.length), 1);
  const columns = Math.min(
    Math.round(Math.sqrt(characterRatio * typical * count) / typical),
    Math.floor((ctx.breakLength - ctx.indentation) / cell),
    ctx.compact * 4,
    columnsMaximum);
  if (columns <= 1) return output;

  const columnWidths = [];
  for (let column = 0; column < columns; column++) {
    let width = 0;
    for (let i = column; i < count; i += columns) if (widths[i] > width) width = widths[i];
    columnWidths.push(width + separatorWidth);
  }
  const rightAligned = value !== undefined && everyIsNumber(value, output.length);
  const rows = [];
  for (let first = 0; first < count; first += columns) {
    const end = Math.min(first + columns, count);
    let row = '';
    for (let i = first; i < end; i++) {
      const last = i === end - 1;
      const cellText = last ? output[i] : `${output[i]}, `;
      const space = columnWidths[i - first] - (last ? separatorWidth : 0) -
        (widths[i] + (last ? 0 : separatorWidth));
      if (rightAligned) row += ' '.repeat(space) + cellText;
      else row += last ? cellText : cellText + ' '.repeat(space);
    }
    rows.push(row);
  }
  for (let i = count; i < output.length; i++) rows.push(output[i]);
  return rows;
}

function everyIsNumber(value, count) {
  for (let i = 0; i < count; i++) {
    if (typeof value[i] !== 'number' && typeof value[i] !== 'bigint') return false;
  }
  return true;
}

module.exports = { OBJECT, ARRAY, ARRAY_EXTRAS, layOut };
