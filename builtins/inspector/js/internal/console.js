/**
 * What the console tells the inspector: `inspector.console`, and the methods of the global console once a client wants to hear of them.
 * Node docs: inspector.console.
 */
'use strict';

const globalConsole = require('internal/console/global');

/** Who hears: `observer(method, args)`. */
let observer;
const counts = new Map();
const timers = new Map();
let profiles = 0;

function labelOf(args) {
  return args.length === 0 || args[0] === undefined ? 'default' : `${args[0]}`;
}

function elapsed(label) {
  const since = timers.get(label);
  return since === undefined ? undefined : `${label}: ${performance.now() - since} ms`;
}

/** Methods whose message is not their arguments: what they say instead, or undefined. */
const special = {
  __proto__: null,
  assert: (args) => args[0] ? undefined : ['assert', args.slice(1)],
  clear: () => ['clear', []],
  count(args) {
    const label = labelOf(args);
    const count = (counts.get(label) ?? 0) + 1;
    counts.set(label, count);
    return ['count', [`${label}: ${count}`]];
  },
  countReset(args) {
    counts.delete(labelOf(args));
  },
  group: (args) => ['group', args.length > 0 ? args : ['console.group']],
  groupCollapsed: (args) => ['groupCollapsed', args.length > 0 ? args : ['console.groupCollapsed']],
  groupEnd: () => ['groupEnd', ['console.groupEnd']],
  time(args) {
    const label = labelOf(args);
    if (!timers.has(label)) timers.set(label, performance.now());
  },
  timeEnd(args) {
    const text = elapsed(labelOf(args));
    timers.delete(labelOf(args));
    return text === undefined ? undefined : ['timeEnd', [text]];
  },
  timeLog(args) {
    const text = elapsed(labelOf(args));
    return text === undefined ? undefined : ['timeLog', [text, ...args.slice(1)]];
  },
  trace: (args) => ['trace', args.length > 0 ? args : ['console.trace']],
};

const plain = ['debug', 'error', 'info', 'log', 'warn', 'dir', 'dirxml', 'table'];

/** Tells the observer of a call. */
function tell(method, args) {
  const message = method in special ? special[method](args) : [method, args];
  if (message !== undefined) observer?.(message[0], message[1]);
}

const names = [
  'debug', 'error', 'info', 'log', 'warn', 'dir', 'dirxml', 'table', 'trace', 'group', 'groupCollapsed', 'groupEnd', 'clear', 'count',
  'countReset', 'assert', 'profile', 'profileEnd', 'time', 'timeLog', 'timeEnd', 'timeStamp', 'context',
];

function profile(begins, args) {
  const host = require('internal/inspector/host');
  if (!host.agent?.someEnabled('Profiler')) return;
  if (begins) profiles++;
  else if (profiles === 0) return;
  const title = args.length > 0 ? `${args[0]}` : `Profile ${profiles}`;
  host.agent.profiler.consoleProfile(begins, title, String(profiles));
  if (!begins) profiles--;
}

const console = {};
for (const name of names) {
  console[name] = {
    [name](...args) {
      if (name === 'profile' || name === 'profileEnd') profile(name === 'profile', args);
      else if (name !== 'timeStamp' && name !== 'context') tell(name, args);
      else return globalConsole[name](...args);
      return undefined;
    },
  }[name];
}

/** From now on calls of the global console's methods go to `observe(method, args)`, too. */
function watch(observe) {
  if (observer !== undefined) return;
  observer = observe;
  for (const name of [...plain, ...Object.keys(special), 'profile', 'profileEnd']) {
    const original = globalConsole[name];
    const isProfile = name === 'profile' || name === 'profileEnd';
    const wrapped = function(...args) {
      if (isProfile) profile(name === 'profile', args);
      else tell(name, args);
      return Reflect.apply(original, this, args);
    };
    Object.defineProperty(wrapped, 'name', { __proto__: null, configurable: true, value: name });
    Object.defineProperty(wrapped, 'length', { __proto__: null, configurable: true, value: original.length });
    Object.defineProperty(globalConsole, name, {
      __proto__: null, configurable: true, enumerable: true, value: wrapped, writable: true,
    });
  }
}

module.exports = { console, watch };
