/**
 * `node:os`: facts about the machine.
 *
 * Functions without arguments turn into their result when a primitive is wanted, so that
 * `${os.hostname}` works.
 * Node docs: os.
 */
'use strict';

const { codes: { ERR_SYSTEM_ERROR } } = require('internal/errors');
const { validateInt32 } = require('internal/validators');
const { getSystemErrorMessage, getSystemErrorName } = require('internal/util');

const native = binding('os');

const PRIORITY_HIGHEST = -20;
const PRIORITY_LOW = 19;

/** What binding.getPriority adds to an errno, to tell it from a priority. */
const ERRNO_OFFSET = -1000;

function throwSystemError(errno, syscall) {
  throw new ERR_SYSTEM_ERROR({
    errno,
    code: getSystemErrorName(errno),
    message: getSystemErrorMessage(errno),
    syscall,
  });
}

let unameParts;

/** What `uname(2)` says; it never changes but for the host's name. */
function uname(index) {
  unameParts ??= native.uname();
  return unameParts[index];
}

const arch = () => process.arch;
const platform = () => process.platform;
const availableParallelism = () => native.availableParallelism();
const freemem = () => native.freemem();
const totalmem = () => native.totalmem();
const hostname = () => native.uname()[1];
const uptime = () => native.uptime();
const getOSType = () => uname(0);
const getOSRelease = () => uname(2);
const getOSVersion = () => uname(3);
const getMachine = () => uname(4);

/** One entry per logical CPU: model, speed in MHz, and times in milliseconds. */
function cpus() {
  const flat = native.cpus();
  const out = [];
  for (let i = 0; i < flat.length; i += 7) {
    out.push({
      model: flat[i],
      speed: flat[i + 1],
      times: {
        user: flat[i + 2], nice: flat[i + 3], sys: flat[i + 4], idle: flat[i + 5], irq: flat[i + 6],
      },
    });
  }
  return out;
}

function endianness() {
  return new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 'LE' : 'BE';
}

function loadavg() {
  return native.loadavg();
}

/** `$HOME`, else what the account says. */
function homedir() {
  const fromEnv = process.env.HOME;
  if (fromEnv !== undefined) return fromEnv;
  const home = native.homedir();
  if (typeof home === 'number') throwSystemError(home, 'uv_os_homedir');
  return home;
}

function tmpdir() {
  const { env } = process;
  const path = env.TMPDIR || env.TMP || env.TEMP || '/tmp';
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** The nice value of a process; 0 is this one. */
function getPriority(pid) {
  if (pid === undefined) pid = 0;
  else validateInt32(pid, 'pid');
  const priority = native.getPriority(pid);
  if (priority < ERRNO_OFFSET) throwSystemError(priority - ERRNO_OFFSET, 'uv_os_getpriority');
  return priority;
}

/** `setPriority([pid, ]priority)` */
function setPriority(pid, priority) {
  if (priority === undefined) {
    priority = pid;
    pid = 0;
  }
  validateInt32(pid, 'pid');
  validateInt32(priority, 'priority', PRIORITY_HIGHEST, PRIORITY_LOW);
  const errno = native.setPriority(pid, priority);
  if (errno < 0) throwSystemError(errno, 'uv_os_setpriority');
}

/** Bits set from the left of a netmask; null if it is none. */
function prefixLength(netmask, family) {
  const groups = family === 'IPv6' ? ipv6Groups(netmask) : netmask.split('.').map(Number);
  const width = family === 'IPv6' ? 16 : 8;
  const bits = groups.map((group) => group.toString(2).padStart(width, '0')).join('');
  const ones = bits.indexOf('0');
  if (ones === -1) return bits.length;
  return bits.indexOf('1', ones) === -1 ? ones : null;
}

function ipv6Groups(address) {
  const [left, right] = address.split('::');
  const parse = (text) => text ? text.split(':').map((group) => parseInt(group, 16)) : [];
  const head = parse(left);
  const tail = parse(right);
  return [...head, ...new Array(8 - head.length - tail.length).fill(0), ...tail];
}

/** Addresses by the name of their interface; only interfaces that are up. */
function networkInterfaces() {
  const flat = native.networkInterfaces();
  if (typeof flat === 'number') throwSystemError(flat, 'uv_interface_addresses');
  const out = {};
  for (let i = 0; i < flat.length; i += 7) {
    const [name, address, netmask, family, mac, internal, scopeid] = flat.slice(i, i + 7);
    const prefix = prefixLength(netmask, family);
    const cidr = prefix === null ? null : `${address}/${prefix}`;
    const entry = { address, netmask, family, mac, internal, cidr };
    if (scopeid !== -1) entry.scopeid = scopeid;
    (out[name] ??= []).push(entry);
  }
  return out;
}

/** The account this process runs as; `options.encoding` as of Buffer, 'buffer' for bytes. */
function userInfo(options) {
  let encoding = 'utf8';
  if (typeof options === 'object' && options !== null && options.encoding !== undefined) {
    encoding = `${options.encoding}`;
  }
  const info = native.userInfo();
  if (typeof info === 'number') throwSystemError(info, 'uv_os_get_passwd');
  const [uid, gid, ...texts] = info;
  if (encoding !== 'buffer' && !Buffer.isEncoding(encoding)) encoding = 'utf8';
  const [username, dir, shell] = texts.map((bytes) => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return encoding === 'buffer' ? buffer : buffer.toString(encoding);
  });
  return { __proto__: null, uid, gid, username, homedir: dir, shell };
}

module.exports = {
  arch,
  availableParallelism,
  cpus,
  endianness,
  freemem,
  getPriority,
  homedir,
  hostname,
  loadavg,
  networkInterfaces,
  platform,
  release: getOSRelease,
  setPriority,
  tmpdir,
  totalmem,
  type: getOSType,
  userInfo,
  uptime,
  version: getOSVersion,
  machine: getMachine,
};

for (const fn of [
  arch, availableParallelism, endianness, freemem, homedir, hostname, platform, getOSRelease,
  tmpdir, totalmem, getOSType, uptime, getOSVersion, getMachine,
]) {
  fn[Symbol.toPrimitive] = () => fn();
}

const readOnly = (value, configurable) =>
  ({ __proto__: null, configurable, enumerable: true, value, writable: false });

Object.defineProperties(module.exports, {
  constants: {
    __proto__: null,
    configurable: false,
    enumerable: true,
    value: require('internal/os/constants'),
    writable: false,
  },
  EOL: readOnly('\n', true),
  devNull: readOnly('/dev/null', true),
});
