/**
 * `util.parseArgs`: a command line as options and positionals.
 *
 * One pass makes tokens, a second checks and stores them. Node docs: util.parseArgs.
 */
'use strict';

const {
  codes: {
    ERR_INVALID_ARG_VALUE, ERR_PARSE_ARGS_INVALID_OPTION_VALUE, ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL,
    ERR_PARSE_ARGS_UNKNOWN_OPTION,
  },
} = require('internal/errors');
const {
  validateArray, validateBoolean, validateBooleanArray, validateObject, validateString, validateStringArray,
  validateUnion,
} = require('internal/validators');

const { hasOwn } = Object;

/** What `own` has of its own, not what somebody put on Object.prototype. */
function ownOr(object, key, fallback) {
  return hasOwn(object, key) && object[key] !== undefined ? object[key] : fallback;
}

function parseArgs(config) {
  const args = ownOr(config, 'args', undefined) ?? defaultArgs();
  const strict = ownOr(config, 'strict', true);
  const allowPositionals = ownOr(config, 'allowPositionals', !strict);
  const returnTokens = ownOr(config, 'tokens', false);
  const allowNegative = ownOr(config, 'allowNegative', false);
  const options = ownOr(config, 'options', { __proto__: null });
  validateArray(args, 'args');
  validateBoolean(strict, 'strict');
  validateBoolean(allowPositionals, 'allowPositionals');
  validateBoolean(returnTokens, 'tokens');
  validateBoolean(allowNegative, 'allowNegative');
  validateObject(options, 'options');
  for (const name of Object.keys(options)) validateOption(name, options[name]);

  const tokens = tokenize(args, options);
  const values = { __proto__: null };
  const positionals = [];
  for (const token of tokens) {
    if (token.kind === 'option') {
      const negated = negate(token, options, strict, allowNegative);
      if (strict) {
        checkKnown(token, options, allowPositionals);
        checkUse(token, options, negated);
      }
      store(token.name, negated && token.value === undefined ? false : token.value, options, values);
    } else if (token.kind === 'positional') {
      if (!allowPositionals) throw new ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL(token.value);
      positionals.push(token.value);
    }
  }
  for (const name of Object.keys(options)) {
    const fallback = ownOr(options[name], 'default', undefined);
    if (fallback !== undefined && name !== '__proto__' && values[name] === undefined) values[name] = fallback;
  }
  const result = { values, positionals };
  if (returnTokens) result.tokens = tokens;
  return result;
}

/** The arguments of the program: after the script, or after node's own when there is none. */
function defaultArgs() {
  const { argv, execArgv } = process;
  const inline = execArgv.some((argument) =>
    /^(?:-e|-p|-pe|--eval|--print)(?:$|=)/.test(argument));
  return argv.slice(inline ? 1 : 2);
}

function validateOption(name, option) {
  validateObject(option, `options.${name}`);
  const type = hasOwn(option, 'type') ? option.type : undefined;
  validateUnion(type, `options.${name}.type`, ['string', 'boolean']);
  if (hasOwn(option, 'short')) {
    const { short } = option;
    validateString(short, `options.${name}.short`);
    if (short.length !== 1) {
      throw new ERR_INVALID_ARG_VALUE(`options.${name}.short`, short, 'must be a single character');
    }
  }
  const multiple = ownOr(option, 'multiple', false);
  if (hasOwn(option, 'multiple')) validateBoolean(option.multiple, `options.${name}.multiple`);
  const fallback = ownOr(option, 'default', undefined);
  if (fallback === undefined) return;
  const check = type === 'string' ?
    (multiple ? validateStringArray : validateString) : (multiple ? validateBooleanArray : validateBoolean);
  check(fallback, `options.${name}.default`);
}

function takesValue(options, name) {
  return hasOwn(options, name) && options[name].type === 'string';
}

/** The long name of a short option, which is itself unless `short` of an option says otherwise. */
function longName(options, letter) {
  for (const name of Object.keys(options)) {
    if (ownOr(options[name], 'short', undefined) === letter) return name;
  }
  return letter;
}

/**
 * Tokens of the arguments in order. A group `-abc` is as many options; the first of them that takes a value takes the
 * rest of the group, or the next argument.
 */
function tokenize(args, options) {
  const tokens = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index];
    if (arg === '--') {
      tokens.push({ kind: 'option-terminator', index });
      for (index++; index < args.length; index++) tokens.push({ kind: 'positional', index, value: args[index] });
      break;
    }
    if (typeof arg !== 'string' || arg.length < 2 || arg[0] !== '-') {
      tokens.push({ kind: 'positional', index, value: arg });
    } else if (arg[1] === '-') {
      // `--name`, `--name=value`. From the fourth character on: `--=` is an option called `=`.
      const equals = arg.indexOf('=', 3);
      if (equals !== -1) {
        tokens.push(optionToken(arg.slice(2, equals), arg.slice(0, equals), index, arg.slice(equals + 1), true));
      } else {
        const name = arg.slice(2);
        const next = args[index + 1];
        if (takesValue(options, name) && isValue(next)) {
          tokens.push(optionToken(name, arg, index, next, false));
          index++;
        } else {
          tokens.push(optionToken(name, arg, index));
        }
      }
    } else {
      index = tokenizeGroup(args, index, options, tokens);
    }
  }
  return tokens;
}

/** The options of `-abc`; returns the index of the last argument used. */
function tokenizeGroup(args, index, options, tokens) {
  const arg = args[index];
  for (let at = 1; at < arg.length; at++) {
    const name = longName(options, arg[at]);
    const rawName = `-${arg[at]}`;
    if (!takesValue(options, name)) {
      tokens.push(optionToken(name, rawName, index));
      continue;
    }
    if (at + 1 < arg.length) {
      tokens.push(optionToken(name, rawName, index, arg.slice(at + 1), true));
      return index;
    }
    const next = args[index + 1];
    if (isValue(next)) {
      tokens.push(optionToken(name, rawName, index, next, false));
      return index + 1;
    }
    tokens.push(optionToken(name, rawName, index));
  }
  return index;
}

function isValue(argument) {
  return argument !== undefined && argument !== null;
}

function optionToken(name, rawName, index, value, inlineValue) {
  return { kind: 'option', name, rawName, index, value, inlineValue };
}

/** Whether the option is `--no-name`; its token is then called `name`. */
function negate(token, options, strict, allowNegative) {
  if (!allowNegative || !token.rawName.startsWith('--no-') || hasOwn(options, token.name)) return false;
  const name = token.name.slice(3);
  if (strict) {
    if (!hasOwn(options, name) || options[name].type !== 'boolean') return false;
  } else if (token.value !== undefined || takesValue(options, name)) {
    return false;
  }
  token.name = name;
  return true;
}

function checkKnown(token, options, allowPositionals) {
  if (!hasOwn(options, token.name)) throw new ERR_PARSE_ARGS_UNKNOWN_OPTION(token.rawName, allowPositionals);
}

function checkUse(token, options) {
  const option = options[token.name];
  const short = ownOr(option, 'short', undefined);
  const shown = `${short === undefined ? '' : `-${short}, `}--${token.name}`;
  if (option.type === 'string') {
    if (typeof token.value !== 'string') {
      throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${shown} <value>' argument missing`);
    }
    // `--name -x`: is `-x` a value or an option?
    if (token.inlineValue === false && token.value.length > 1 && token.value[0] === '-') {
      const long = token.rawName.startsWith('--');
      const example = long ? `'${token.rawName}=-XYZ'` : `'--${token.name}=-XYZ' or '${token.rawName}-XYZ'`;
      throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(
        `Option '${token.rawName}' argument is ambiguous.\n` +
        `Did you forget to specify the option argument for '${token.rawName}'?\n` +
        `To specify an option argument starting with a dash use ${example}.`);
    }
  } else if (token.value !== undefined) {
    throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${shown}' does not take an argument`);
  }
}

function store(name, value, options, values) {
  if (name === '__proto__') return;
  const stored = value ?? true;
  if (hasOwn(options, name) && options[name].multiple) (values[name] ??= []).push(stored);
  else values[name] = stored;
}

module.exports = { parseArgs };
