/** Small things that the parts of readline share: escape codes and character lengths. */
'use strict';

/** Control Sequence Introducer codes. ECMA-48. */
const CSI = {
  clearToLineBeginning: '\x1b[1K',
  clearToLineEnd: '\x1b[0K',
  clearLine: '\x1b[2K',
  clearScreenDown: '\x1b[0J',
};

/** What ends a line of input. */
const LINE_ENDING = /\r\n|\n|\r(?!\n)|\u2028|\u2029/g;

/** UTF-16 units of the character that ends before `index`: 0, 1 or 2. */
function charLengthLeft(text, index) {
  if (index <= 0) return 0;
  const before = text.codePointAt(index - 2);
  if ((index > 1 && before >= 0x10000) || text.codePointAt(index - 1) >= 0x10000) return 2;
  return 1;
}

/** UTF-16 units of the character at `index`; 1 at the end, so that one may still move right. */
function charLengthAt(text, index) {
  if (text.length <= index) return 1;
  return text.codePointAt(index) >= 0x10000 ? 2 : 1;
}

/** The longest prefix that all of `texts` have. */
function commonPrefix(texts) {
  if (texts.length === 0) return '';
  if (texts.length === 1) return texts[0];
  let [first] = texts;
  for (const text of texts) {
    let i = 0;
    while (i < first.length && first[i] === text[i]) i++;
    first = first.slice(0, i);
  }
  return first;
}

/** The code that puts the cursor at column `x` (from 0), of row `y` if given. */
function cursorToCode(x, y) {
  return typeof y === 'number' ? `\x1b[${y + 1};${x + 1}H` : `\x1b[${x + 1}G`;
}

/** The code that moves the cursor by `dx` columns and `dy` rows; may be empty. */
function moveCursorCode(dx, dy) {
  let code = '';
  if (dx < 0) code += `\x1b[${-dx}D`;
  else if (dx > 0) code += `\x1b[${dx}C`;
  if (dy < 0) code += `\x1b[${-dy}A`;
  else if (dy > 0) code += `\x1b[${dy}B`;
  return code;
}

/** The code that clears the line left (-1) or right (1) of the cursor, or all of it (0). */
function clearLineCode(direction) {
  if (direction < 0) return CSI.clearToLineBeginning;
  return direction > 0 ? CSI.clearToLineEnd : CSI.clearLine;
}

module.exports = {
  CSI,
  LINE_ENDING,
  charLengthAt,
  charLengthLeft,
  clearLineCode,
  commonPrefix,
  cursorToCode,
  moveCursorCode,
};
