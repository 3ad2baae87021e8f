/** The server of this thread: `inspector.open()`, `--inspect` and SIGUSR1. Node docs: Debugger, Inspector. */
'use strict';

const native = binding('inspector');
const process = require('internal/process/object');
const { getOptionValue } = require('internal/options');
const { isAllowed } = require('internal/inspector/permission');

/** What `inspector.url()` returns; undefined while nothing listens. */
let address;
/** Where to listen when nobody says: `--inspect-port`, then the default. Node docs: --inspect-port. */
const HOST_DEFAULT = '127.0.0.1';

function isOpen() {
  return address !== undefined;
}

function url() {
  return address;
}

/** `[host:]port` of an option; both may be missing. */
function parseAddress(text) {
  if (text === undefined || text === '' || text === true) return {};
  const match = /^(?:(\[[^\]]*\]|[^:]*):)?(\d+)$/.exec(text);
  if (match === null) return { host: text.replace(/^\[(.*)\]$/, '$1') };
  return { host: match[1] ? match[1].replace(/^\[(.*)\]$/, '$1') : undefined, port: Number(match[2]) };
}

function uuid() {
  return require('internal/crypto/random').randomUUID();
}

/** Where messages about the server go. Node docs: --inspect-publish-uid. */
function publishes(where) {
  return (getOptionValue('--inspect-publish-uid') ?? 'stderr,http').split(',').includes(where);
}

/** Listens; throws nothing: what goes wrong is said on stderr. Whether it listens now. */
function open(port, host = optionHost() ?? HOST_DEFAULT) {
  const inspected = require('internal/inspector/host');
  const agent = inspected.getAgent();
  port ??= process.debugPort;
  const { title, url: program } = inspected.names();
  native.rename(title, program);
  const id = uuid();
  const found = native.openServer(host, port, {
    id, title, url: program, version: `node.js/${process.version}`, protocol: agent.protocol(), hasDocuments: String(publishes('http')),
  });
  if (typeof found === 'string') {
    process._rawDebug(`Starting inspector on ${host}:${port} failed: ${found}`);
    return false;
  }
  if (require('worker_threads').isMainThread) process.debugPort = found;
  const name = host.includes(':') ? `[${host}]` : host;
  address = `ws://${name}:${found}/${id}`;
  if (publishes('stderr')) {
    process._rawDebug(`Debugger listening on ${address}`);
    process._rawDebug('For help, see: https://nodejs.org/learn/getting-started/debugging');
  }
  startNetwork();
  return true;
}

function optionHost() {
  for (const name of ['--inspect', '--inspect-brk', '--inspect-wait', '--inspect-port']) {
    const { host } = parseAddress(getOptionValue(name));
    if (host !== undefined) return host;
  }
  return undefined;
}

function close() {
  if (address === undefined) return;
  address = undefined;
  native.closeServer();
  require('internal/inspector/host').closeSockets();
}

/** SIGUSR1 came. Node docs: --disable-sigusr1. */
function startBySignal() {
  if (address === undefined && isAllowed()) open();
}

/** What the command line asks for: false, or what to do before the program. */
function wanted() {
  const brk = getOptionValue('--inspect-brk');
  const wait = getOptionValue('--inspect-wait');
  const plain = getOptionValue('--inspect');
  const given = brk ?? wait ?? plain;
  if (given === undefined) return undefined;
  return { ...parseAddress(given), breaks: brk !== undefined, waits: brk !== undefined || wait !== undefined };
}

/** `--inspect`, `--inspect-brk` and `--inspect-wait`: listens, and waits for a client. */
function start() {
  // The permission model turns the options off. Node docs: --permission.
  if (!isAllowed()) return;
  const what = wanted();
  if (!open(process.debugPort, what.host)) return;
  if (!what.waits) return;
  const host = require('internal/inspector/host');
  host.waitForClient();
  if (what.breaks) host.breakOnStart();
}

function startNetwork() {
  if (getOptionValue('--experimental-network-inspection')) require('internal/inspector/network').start();
}

module.exports = { close, isOpen, open, parseAddress, start, startBySignal, url };
