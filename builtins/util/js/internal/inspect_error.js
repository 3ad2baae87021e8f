/**
 * How `util.inspect` draws errors: the stack, with the header corrected to say which class it is.
 *
 * A stack begins with the name that an error had when it was made, often a base class's; the class is put in front.
 * Frames shared with the cause's stack and frames that repeat are folded. With colours, frames of Node itself are grey,
 * the working directory too, and names of packages are underlined.
 */
'use strict';

const { formatValue } = require('internal/util/inspect');
const { hasOwn } = Object;
const errorToString = Function.prototype.call.bind(Error.prototype.toString);
const objectToString = Function.prototype.call.bind(Object.prototype.toString);

/**
 * The text before an error's properties. Removes from `keys` what the text tells already and adds `cause` and `errors`,
 * which are hidden properties.
 */
function formatError(ctx, error, constructor, tag, keys) {
  let stack;
  try {
    stack = stackText(ctx, error);
  } catch {
    // Its name or message cannot be read: there is only its class.
    return objectToString(error);
  }
  removeRepeatedKeys(ctx, keys, error, stack);
  addHiddenKey(keys, error, 'cause');
  // Errors may have numbers of their own in `errors`; lists of errors are worth showing.
  if (Array.isArray(ownValue(error, 'errors'))) addHiddenKey(keys, error, 'errors');
  stack = nameClass(stack, error, constructor, tag);

  const framesStart = stack.indexOf('\n    at', messageEnd(error, stack));
  if (framesStart === -1) {
    stack = `[${stack}]`;
  } else {
    let text = stack.slice(0, framesStart);
    const lines = foldFrames(ctx, stackFrames(ctx, error, stack.slice(framesStart + 1)));
    if (ctx.colors) {
      const paint = framePainter(ctx);
      for (const line of lines) text += `\n${paint(line)}`;
    } else {
      text += `\n${lines.join('\n')}`;
    }
    stack = text;
  }
  if (ctx.indentation !== 0) {
    stack = stack.replaceAll('\n', `\n${' '.repeat(ctx.indentation)}`);
  }
  return stack;
}

function stackText(ctx, error) {
  let stack;
  try {
    stack = error.stack;
  } catch {
    // A getter that throws: the header must do.
  }
  if (!stack) return errorToString(error);
  if (typeof stack === 'string') return stack;
  // Somebody's Error.prepareStackTrace made something else of it.
  ctx.seen.push(error);
  ctx.indentation += 4;
  const { compact, depth } = ctx;
  ctx.compact = false;
  ctx.depth = Infinity;
  const text = formatValue(ctx, stack, 0);
  ctx.compact = compact;
  ctx.depth = depth;
  ctx.indentation -= 4;
  ctx.seen.pop();
  return `${errorToString(error)}\n    ${text}`;
}

function ownValue(error, key) {
  if (!hasOwn(error, key)) return undefined;
  try {
    return error[key];
  } catch {
    return undefined;
  }
}

function addHiddenKey(keys, error, key) {
  if (hasOwn(error, key) && !keys.includes(key)) keys.push(key);
}

function removeRepeatedKeys(ctx, keys, error, stack) {
  if (ctx.showHidden || keys.length === 0) return;
  for (const name of ['name', 'message', 'stack']) {
    const index = keys.indexOf(name);
    if (index === -1) continue;
    let value;
    try {
      value = error[name];
    } catch {
      if (name !== 'stack') continue;
    }
    if (typeof value !== 'string' || stack.includes(value)) keys.splice(index, 1);
  }
}

/** Where the message ends in the stack: a message may have lines that look like frames. */
function messageEnd(error, stack) {
  let message;
  try {
    ({ message } = error);
  } catch {
    return 0;
  }
  if (typeof message !== 'string' || message === '') return 0;
  const at = stack.indexOf(message);
  return at === -1 ? 0 : at + message.length;
}

/** The name that a stack begins with: what stands before the colon or the frames, or a lone word that ends in Error. */
function leadingName(stack) {
  const end = stack.search(/:|\n\s+at/);
  const lead = stack.slice(0, Math.max(end, 0));
  if (/^[A-Z][\w ()[\]-]+$/.test(lead)) return lead;
  return /^[\w-]*Error$/.test(stack) ? stack : '';
}

/** Puts the class in front: `Foo [Error]: message`. */
function nameClass(stack, error, constructor, tag) {
  let name = 'Error';
  let own;
  try {
    own = error.name;
  } catch {
    own = undefined;
  }
  if (own !== undefined && own !== null) {
    if (typeof own !== 'string') return nameOddly(stack, String(own), constructor);
    name = own;
  }
  let known = 0;
  let full;
  if (constructor === null) {
    const shown = leadingName(stack);
    known = shown.length;
    full = `[${shown || 'Error'}: null prototype]`;
    if (tag !== '' && tag !== shown) full += ` [${tag}]`;
  } else {
    if (!name.endsWith('Error') || !stack.startsWith(name)) return stack;
    const after = stack[name.length];
    if (after !== undefined && after !== ':' && after !== '\n') return stack;
    known = name.length;
    full = tag !== '' && tag !== constructor ? `${constructor} [${tag}]` : constructor;
    if (full === name) return stack;
  }
  if (!full.includes(name)) return `${full} [${name}]${stack.slice(known)}`;
  return known === 0 ? `${full}: ${stack}` : `${full}${stack.slice(known)}`;
}

/** A name that is no string tells little about the class, which goes behind it. */
function nameOddly(stack, name, constructor) {
  const at = stack.indexOf(name);
  if (at === -1 || constructor === null) return stack;
  return `${stack.slice(0, at + name.length)} [${constructor}]${stack.slice(at + name.length)}`;
}

/** The frames of `text` as lines; those it shares with the stack of the error's cause are one line. */
function stackFrames(ctx, error, text) {
  const frames = text.split('\n');
  let cause;
  try {
    ({ cause } = error);
  } catch {
    return frames;
  }
  // Rendering an error twice is no cause for folding.
  if (cause === undefined || cause === null || typeof cause !== 'object' || !(isError(cause))) return frames;
  const causeStack = ownStack(cause);
  const causeStart = causeStack.indexOf('\n    at');
  if (causeStart === -1) return frames;
  const causeFrames = causeStack.slice(causeStart + 1).split('\n');
  const shared = sharedRun(frames, causeFrames);
  if (shared !== undefined) {
    // The first and the last of them stay, as landmarks.
    const skipped = shared.length - 2;
    const line = `    ... ${skipped} lines matching cause stack trace ...`;
    frames.splice(shared.start + 1, skipped, ctx.stylize(line, 'undefined'));
  }
  return frames;
}

function isError(value) {
  return require('internal/util/types').isNativeError(value) || value instanceof Error;
}

function ownStack(error) {
  try {
    return typeof error.stack === 'string' ? error.stack : '';
  } catch {
    return '';
  }
}

// A run that two stacks share is folded from this many frames on.
const sharedFramesMin = 4;

/** The first run of frames that both lists have, as `{ start, length }` in `ours`; undefined without a long one. */
function sharedRun(ours, theirs) {
  for (const [start, frame] of ours.entries()) {
    const at = theirs.indexOf(frame);
    if (at === -1) continue;
    const differs = ours.slice(start).findIndex((line, offset) => line !== theirs[at + offset]);
    const length = differs === -1 ? ours.length - start : differs;
    if (length >= sharedFramesMin) return { start, length };
  }
  return undefined;
}

// Stacks up to this many lines are shown whole; fewer lines than this are not worth folding.
const unfoldedLinesMax = 10;
const foldedLinesMin = 3;

/** Folds runs of frames that repeat, as deep recursion makes them. */
function foldFrames(ctx, lines) {
  if (lines.length <= unfoldedLinesMax) return lines;
  const out = [];
  let at = 0;
  while (at < lines.length) {
    const { length, repeats } = repeatedRun(lines, at);
    const folded = length * repeats;
    if (folded < foldedLinesMin) {
      out.push(lines[at++]);
      continue;
    }
    for (let i = 0; i < length; i++) out.push(lines[at + i]);
    out.push(ctx.stylize(repeats === 1 ?
      `    ... collapsed ${length} duplicate lines matching above lines ...` :
      `    ... collapsed ${folded} duplicate lines matching above ${length} lines ${repeats} times...`, 'undefined'));
    at += length + folded;
  }
  return out;
}

/** How long a run from `at` on repeats directly, and how often; the run that saves most of the two nearest. */
function repeatedRun(lines, at) {
  let best = { length: 0, repeats: 0 };
  let next = at;
  for (let tries = 0; tries < 2; tries++) {
    next = lines.indexOf(lines[at], next + 1);
    if (next === -1) break;
    const length = next - at;
    let repeats = 0;
    while (repeatsAt(lines, at, length, at + length * (repeats + 1))) repeats++;
    if (length * repeats > best.length * best.repeats) best = { length, repeats };
    if (length === 1) break;
  }
  return best;
}

function repeatsAt(lines, start, length, at) {
  if (at + length > lines.length) return false;
  for (let i = 0; i < length; i++) if (lines[start + i] !== lines[at + i]) return false;
  return true;
}

const packageName = /([/\\]node_modules[/\\])(@[^/\\]+[/\\][^/\\]+|[^/\\]+)(?=[/\\])/g;

/** A function that colours one frame. */
function framePainter(ctx) {
  const directories = workingDirectories();
  return (line) => {
    if (!line.startsWith('    at ')) return line;
    const bracket = line.lastIndexOf('(');
    const place = bracket === -1 ? line.slice('    at '.length) : line.slice(bracket + 1);
    if (place.startsWith('node:')) return ctx.stylize(line, 'undefined');
    let painted = line.replace(packageName, (_, folder, name) => folder + ctx.stylize(name, 'module'));
    for (const directory of directories) {
      const at = painted.indexOf(directory);
      if (at === -1) continue;
      const bracketed = painted[at - 1] === '(';
      const start = bracketed ? at - 1 : at;
      const end = at + directory.length;
      const grey = ctx.stylize(painted.slice(start, end), 'undefined');
      if (bracketed && painted.endsWith(')')) {
        painted = `${painted.slice(0, start)}${grey}${painted.slice(end, -1)}${ctx.stylize(')', 'undefined')}`;
      } else {
        painted = painted.slice(0, start) + grey + painted.slice(end);
      }
      break;
    }
    return painted;
  };
}

/** The working directory as it stands in stacks: as a URL for ES modules, and as a path. */
function workingDirectories() {
  let cwd;
  try {
    cwd = process.cwd();
  } catch {
    return []; // it was removed
  }
  if (!cwd.endsWith('/')) cwd += '/';
  const path = encodeURI(cwd).replace(/[?#]/g, encodeURIComponent).replace(/%(?:5B|5D|7C)/g, decodeURIComponent);
  return [`file://${path}`, cwd];
}

module.exports = { formatError };
