/**
 * How many colours a terminal has, judged by environment variables alone: there is no way to ask.
 * Node docs: tty, writeStream.getColorDepth, writeStream.hasColors.
 */
'use strict';

const { validateInteger } = require('internal/validators');

// Depths in bits.
const COLORS_2 = 1;
const COLORS_16 = 4;
const COLORS_256 = 8;
const COLORS_16M = 24;

/** `TERM` as a whole, in lower case. */
const TERMINALS = new Map([
  ...['cons25', 'console', 'cygwin', 'dtterm', 'eterm', 'gnome', 'hurd', 'jfbterm', 'konsole',
      'kterm', 'mlterm', 'putty', 'st'].map((name) => [name, COLORS_16]),
  ...['mosh', 'rxvt-unicode-24bit', 'terminator', 'xterm-kitty'].map((name) => [name, COLORS_16M]),
]);

/** Families of terminals with 16 colours. */
const FAMILIES = /ansi|color|linux|direct|^con[0-9]*x[0-9]|^rxvt|^screen|^xterm|^vt100|^vt220/;

/** Services whose logs show colours. */
const CI_SERVICES = [
  ['APPVEYOR', COLORS_256], ['BUILDKITE', COLORS_256], ['CIRCLECI', COLORS_16M],
  ['DRONE', COLORS_256], ['GITEA_ACTIONS', COLORS_16M], ['GITHUB_ACTIONS', COLORS_16M],
  ['GITLAB_CI', COLORS_256], ['TRAVIS', COLORS_256],
];

let warned = false;

/** Whoever sets FORCE_COLOR and NO_COLOR wants to know which of them wins. */
function warnIfIgnored(env) {
  if (warned) return;
  const name = ['NODE_DISABLE_COLORS', 'NO_COLOR'].find((key) => env[key] !== undefined && env[key] !== '');
  if (name === undefined) return;
  warned = true;
  process.emitWarning(
    `The '${name}' env is ignored due to the 'FORCE_COLOR' env being set.`, 'Warning');
}

function forcedDepth(env) {
  switch (env.FORCE_COLOR) {
    case '':
    case '1':
    case 'true':
      warnIfIgnored(env);
      return COLORS_16;
    case '2':
      warnIfIgnored(env);
      return COLORS_256;
    case '3':
      warnIfIgnored(env);
      return COLORS_16M;
    default:
      return COLORS_2;
  }
}

function ciDepth(env) {
  for (const [name, depth] of CI_SERVICES) if (name in env) return depth;
  return env.CI_NAME === 'codeship' ? COLORS_256 : COLORS_2;
}

function programDepth(env) {
  switch (env.TERM_PROGRAM) {
    case 'iTerm.app':
      return !env.TERM_PROGRAM_VERSION || /^[0-2]\./.test(env.TERM_PROGRAM_VERSION) ?
        COLORS_256 : COLORS_16M;
    case 'HyperTerm':
    case 'MacTerm':
      return COLORS_16M;
    case 'Apple_Terminal':
      return COLORS_256;
  }
  return undefined;
}

/** Bits per colour: 1, 4, 8 or 24. */
function getColorDepth(env = process.env) {
  if (env.FORCE_COLOR !== undefined) return forcedDepth(env);
  if (env.NODE_DISABLE_COLORS || env.NO_COLOR || env.TERM === 'dumb') return COLORS_2;
  if (env.TMUX) return COLORS_16M;
  if ('TF_BUILD' in env && 'AGENT_NAME' in env) return COLORS_16;
  if ('CI' in env) return ciDepth(env);
  if ('TEAMCITY_VERSION' in env) {
    // Colours came with 9.1.
    return /^(?:9\.0*[1-9]\d*\.|\d{2,}\.)/.test(env.TEAMCITY_VERSION) ? COLORS_16 : COLORS_2;
  }
  const byProgram = programDepth(env);
  if (byProgram !== undefined) return byProgram;
  if (env.COLORTERM === 'truecolor' || env.COLORTERM === '24bit') return COLORS_16M;
  if (env.TERM) {
    if (env.TERM.includes('truecolor')) return COLORS_16M;
    if (env.TERM.startsWith('xterm-256')) return COLORS_256;
    const term = env.TERM.toLowerCase();
    if (TERMINALS.has(term)) return TERMINALS.get(term);
    if (FAMILIES.test(term)) return COLORS_16;
  }
  return env.COLORTERM ? COLORS_16 : COLORS_2;
}

/** `hasColors([count][, env])`: whether there are at least `count` colours; 16 if not given. */
function hasColors(count, env) {
  if (env === undefined && (count === undefined || (typeof count === 'object' && count !== null))) {
    env = count;
    count = 16;
  } else {
    validateInteger(count, 'count', 2);
  }
  return count <= 2 ** this.getColorDepth(env);
}

module.exports = { getColorDepth, hasColors };
