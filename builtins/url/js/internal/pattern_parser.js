/**
 * Pattern strings: from text to tokens to parts, and from parts to a RegExp or back to text.
 *
 * A pattern is a list of parts; a part is fixed text or a group, with a modifier ('', '?', '*', '+').
 * Standard: https://urlpattern.spec.whatwg.org, section 2.
 */
'use strict';

const FULL_WILDCARD = '.*';

const NAME_START = /^[$_\p{ID_Start}]$/u;
const NAME_PART = /^[$\u200c\u200d\p{ID_Continue}]$/u;
const isASCII = (char) => char.codePointAt(0) < 0x80;

function escapeRegExp(text) {
  return text.replace(/[.+*?^${}()[\]|/\\]/g, '\\$&');
}

function escapePattern(text) {
  return text.replace(/[+*?:{}()\\]/g, '\\$&');
}

/**
 * Tokens `{ type, index, value }`; `index` counts code points of `chars`. With `lenient`, what
 * is no token is an 'invalid-char'; else it throws.
 */
function tokenize(input, lenient) {
  const chars = Array.from(input);
  const tokens = [];
  let index = 0;
  const add = (type, end, from = index, to = end) => {
    tokens.push({ type, index, value: chars.slice(from, to).join('') });
    index = end;
  };
  const fail = (end, what) => {
    if (!lenient) throw new TypeError(`Invalid pattern: ${what} at ${index}`);
    add('invalid-char', end);
  };
  while (index < chars.length) {
    const char = chars[index];
    if (char === '*') {
      add('asterisk', index + 1);
    } else if (char === '+' || char === '?') {
      add('other-modifier', index + 1);
    } else if (char === '\\') {
      if (index === chars.length - 1) fail(index + 1, 'escape without a character');
      else add('escaped-char', index + 2, index + 1);
    } else if (char === '{') {
      add('open', index + 1);
    } else if (char === '}') {
      add('close', index + 1);
    } else if (char === ':') {
      let end = index + 1;
      if (end < chars.length && NAME_START.test(chars[end])) {
        do end++; while (end < chars.length && NAME_PART.test(chars[end]));
      }
      if (end === index + 1) fail(end, 'name expected');
      else add('name', end, index + 1);
    } else if (char === '(') {
      const end = regexpEnd(chars, index + 1);
      if (end === -1) fail(index + 1, 'malformed regular expression');
      else add('regexp', end, index + 1, end - 1);
    } else {
      add('char', index + 1);
    }
  }
  tokens.push({ type: 'end', index, value: '' });
  return { chars, tokens };
}

/** Behind the ')' of the group that starts at `start`; -1 if it is malformed or captures. */
function regexpEnd(chars, start) {
  let depth = 1;
  for (let i = start; i < chars.length; i++) {
    const char = chars[i];
    if (!isASCII(char) || (i === start && char === '?')) return -1;
    if (char === '\\') {
      if (i === chars.length - 1 || !isASCII(chars[++i])) return -1;
    } else if (char === ')') {
      if (--depth === 0) return i === start ? -1 : i + 1;
    } else if (char === '(') {
      depth++;
      if (chars[i + 1] !== '?') return -1;
    }
  }
  return -1;
}

const segmentWildcard = (delimiter) => `[^${escapeRegExp(delimiter)}]+?`;

class PatternParser {
  constructor(input, options, encode) {
    this.tokens = tokenize(input, false).tokens;
    this.options = options;
    this.encode = encode;
    this.wildcard = segmentWildcard(options.delimiter);
    this.parts = [];
    this.pending = '';
    this.index = 0;
    this.nextNumber = 0;
    this.names = new Set();
  }

  take(...types) {
    const token = this.tokens[this.index];
    if (!types.includes(token.type)) return null;
    this.index++;
    return token;
  }

  need(type) {
    const token = this.take(type);
    if (token === null) throw new TypeError(`Invalid pattern: ${type} expected`);
    return token;
  }

  takeGroup(name) {
    return this.take('regexp') ?? (name === null ? this.take('asterisk') : null);
  }

  takeText() {
    let text = '';
    for (let token; (token = this.take('char', 'escaped-char')) !== null;) text += token.value;
    return text;
  }

  parse() {
    while (this.index < this.tokens.length) {
      const char = this.take('char');
      const name = this.take('name');
      const group = this.takeGroup(name);
      if (name !== null || group !== null) {
        let prefix = char?.value ?? '';
        if (prefix !== '' && prefix !== this.options.prefix) {
          this.pending += prefix;
          prefix = '';
        }
        this.flush();
        this.addPart(prefix, name, group, '', this.take('other-modifier', 'asterisk'));
        continue;
      }
      const fixed = char ?? this.take('escaped-char');
      if (fixed !== null) {
        this.pending += fixed.value;
        continue;
      }
      if (this.take('open') !== null) {
        const prefix = this.takeText();
        const innerName = this.take('name');
        const innerGroup = this.takeGroup(innerName);
        const suffix = this.takeText();
        this.need('close');
        this.addPart(prefix, innerName, innerGroup, suffix, this.take('other-modifier', 'asterisk'));
        continue;
      }
      this.flush();
      this.need('end');
    }
    return this.parts;
  }

  /** Makes a part of the fixed text so far. */
  flush() {
    if (this.pending === '') return;
    const value = this.encode(this.pending);
    this.pending = '';
    this.parts.push({ type: 'fixed-text', value, modifier: '', name: '', prefix: '', suffix: '' });
  }

  addPart(prefix, nameToken, group, suffix, modifierToken) {
    const modifier = modifierToken?.value ?? '';
    if (nameToken === null && group === null && modifier === '') {
      this.pending += prefix;
      return;
    }
    this.flush();
    if (nameToken === null && group === null) {
      if (prefix === '') return;
      const value = this.encode(prefix);
      this.parts.push({ type: 'fixed-text', value, modifier, name: '', prefix: '', suffix: '' });
      return;
    }
    let value = group === null ? this.wildcard : group.type === 'asterisk' ? FULL_WILDCARD : group.value;
    let type = 'regexp';
    if (value === this.wildcard) {
      type = 'segment-wildcard';
      value = '';
    } else if (value === FULL_WILDCARD) {
      type = 'full-wildcard';
      value = '';
    }
    const name = nameToken === null ? `${this.nextNumber++}` : nameToken.value;
    if (this.names.has(name)) throw new TypeError(`Invalid pattern: two groups are called '${name}'`);
    this.names.add(name);
    this.parts.push({
      type, value, modifier, name, prefix: this.encode(prefix), suffix: this.encode(suffix),
    });
  }
}

/** The source of a RegExp for `parts`, and the names of its groups. */
function toRegExpSource(parts, options) {
  let source = '^';
  const names = [];
  for (const { type, value, modifier, name, prefix, suffix } of parts) {
    if (type === 'fixed-text') {
      source += modifier === '' ? escapeRegExp(value) : `(?:${escapeRegExp(value)})${modifier}`;
      continue;
    }
    names.push(name);
    const inner = type === 'segment-wildcard' ? segmentWildcard(options.delimiter) :
      type === 'full-wildcard' ? FULL_WILDCARD : value;
    const once = modifier === '' || modifier === '?';
    const before = escapeRegExp(prefix);
    const after = escapeRegExp(suffix);
    if (prefix === '' && suffix === '') {
      source += once ? `(${inner})${modifier}` : `((?:${inner})${modifier})`;
    } else if (once) {
      source += `(?:${before}(${inner})${after})${modifier}`;
    } else {
      source += `(?:${before}((?:${inner})(?:${after}${before}(?:${inner}))*)${after})`;
      if (modifier === '*') source += '?';
    }
  }
  return { source: `${source}$`, names };
}

const isDigit = (char) => char >= '0' && char <= '9';
const firstOf = (text) => String.fromCodePoint(text.codePointAt(0));

/** Whether a group has to stand in braces to be read as it was. */
function needsBraces(part, before, after, options, customName) {
  if (part.suffix !== '' || (part.prefix !== '' && part.prefix !== options.prefix)) return true;
  if (customName && part.type === 'segment-wildcard' && part.modifier === '' &&
      after !== undefined && after.prefix === '' && after.suffix === '') {
    if (after.type === 'fixed-text' ? NAME_PART.test(firstOf(after.value)) : isDigit(after.name[0])) return true;
  }
  return part.prefix === '' && options.prefix !== '' && before?.type === 'fixed-text' &&
    before.value.endsWith(options.prefix);
}

/** The pattern as text, in its shortest form. */
function toPatternString(parts, options) {
  let out = '';
  parts.forEach((part, index) => {
    const { type, value, modifier, name, prefix, suffix } = part;
    if (type === 'fixed-text') {
      out += modifier === '' ? escapePattern(value) : `{${escapePattern(value)}}${modifier}`;
      return;
    }
    const before = parts[index - 1];
    const customName = !isDigit(name[0]);
    const braces = needsBraces(part, before, parts[index + 1], options, customName);
    if (braces) out += '{';
    out += escapePattern(prefix);
    if (customName) out += `:${name}`;
    if (type === 'regexp') {
      out += `(${value})`;
    } else if (type === 'segment-wildcard') {
      if (!customName) out += `(${segmentWildcard(options.delimiter)})`;
      else if (suffix !== '' && NAME_PART.test(firstOf(suffix))) out += '\\';
    } else if (!customName && (before === undefined || before.type === 'fixed-text' ||
                               before.modifier !== '' || braces || prefix !== '')) {
      out += '*';
    } else {
      out += `(${FULL_WILDCARD})`;
    }
    out += escapePattern(suffix);
    if (braces) out += '}';
    out += modifier;
  });
  return out;
}

/** Compiles one component. `encode` makes fixed text what the URL parser would make of it. */
function compileComponent(input, encode, options) {
  const parts = new PatternParser(input, options, encode).parse();
  const { source, names } = toRegExpSource(parts, options);
  let regexp;
  try {
    regexp = new RegExp(source, options.ignoreCase ? 'vi' : 'v');
  } catch {
    throw new TypeError('Invalid pattern: malformed regular expression');
  }
  return {
    pattern: toPatternString(parts, options),
    regexp,
    names,
    hasRegExpGroups: parts.some((part) => part.type === 'regexp'),
  };
}

module.exports = { compileComponent, escapePattern, tokenize };
