/**
 * Filters by tag: `smoke`, `!slow`, `(unit || api) && !db*`. `and`, `or` and `not` are words for the same.
 * Node docs: --experimental-test-tag-filter.
 */
'use strict';

const { codes: { ERR_INVALID_ARG_VALUE } } = require('internal/errors');
const { validateString } = require('internal/validators');

/** A test of a list of tags, or null: all of the expressions must hold. */
function toFilter(expressions) {
  if (expressions == null) return null;
  const tests = [expressions].flat().map((expression, index) => {
    validateString(expression, `options.testTagFilters[${index}]`);
    return compile(expression);
  });
  return tests.length === 0 ? null : (tags) => tests.every((test) => test(tags));
}

function compile(text) {
  const tokens = text.match(/&&|\|\||[!()]|[^\s!()&|]+/g) ?? [];
  let at = 0;
  const fail = () => {
    throw new ERR_INVALID_ARG_VALUE('testTagFilters', text, 'is not a valid tag filter');
  };
  const isWord = (word) => tokens[at]?.toLowerCase() === word;
  const either = () => {
    let left = both();
    while (tokens[at] === '||' || isWord('or')) {
      at++;
      const first = left;
      const second = both();
      left = (tags) => first(tags) || second(tags);
    }
    return left;
  };
  const both = () => {
    let left = one();
    while (tokens[at] === '&&' || isWord('and')) {
      at++;
      const first = left;
      const second = one();
      left = (tags) => first(tags) && second(tags);
    }
    return left;
  };
  const one = () => {
    const token = tokens[at++];
    if (token === undefined || token === ')' || token === '&&' || token === '||') return fail();
    if (token === '!' || token.toLowerCase() === 'not') {
      const inner = one();
      return (tags) => !inner(tags);
    }
    if (token === '(') {
      const inner = either();
      if (tokens[at++] !== ')') fail();
      return inner;
    }
    const pattern = new RegExp(`^${RegExp.escape(token.toLowerCase()).replaceAll('\\*', '.*')}$`);
    return (tags) => tags.some((tag) => pattern.test(tag));
  };
  const test = either();
  if (at !== tokens.length) fail();
  return test;
}

module.exports = { toFilter };
