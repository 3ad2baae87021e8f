/**
 * Diagnostic reports: one JSON document about the process. Node docs: "Diagnostic report".
 *
 * V8's heap spaces and native stacks do not exist here: those sections are empty.
 */
'use strict';

const process = require('internal/process/object');
const native = binding('process');
const { getOptionValue } = require('internal/options');
const { validateBoolean, validateObject, validateString } = require('internal/validators');

/** Node docs: "Report version". */
const VERSION = 5;

const settings = {
  directory: '', filename: '', compact: false, excludeNetwork: false, excludeEnv: false, signal: 'SIGUSR2',
  reportOnFatalError: false, reportOnSignal: false, reportOnUncaughtException: false,
};
let sequence = 0;

function seconds(micros) {
  return micros / 1e6;
}

function usage(uptime) {
  const row = process.resourceUsage();
  const user = seconds(row.userCPUTime);
  const kernel = seconds(row.systemCPUTime);
  const percent = (time) => uptime > 0 ? time / uptime * 100 : 0;
  return { row, user, kernel, percent };
}

/** Lines of /proc/self/limits by the names that Node gives them. */
const LIMITS = {
  __proto__: null,
  'Max core file size': 'core_file_size_blocks', 'Max data size': 'data_seg_size_bytes',
  'Max file size': 'file_size_blocks', 'Max locked memory': 'max_locked_memory_bytes',
  'Max resident set': 'max_memory_size_bytes', 'Max open files': 'open_files', 'Max stack size': 'stack_size_bytes',
  'Max cpu time': 'cpu_time_seconds', 'Max processes': 'max_user_processes', 'Max address space': 'virtual_memory_bytes',
};

function readProc(file) {
  try {
    return require('fs').readFileSync(file, 'utf8');
  } catch {
    // Not Linux, or /proc is not mounted: the section stays empty.
    return '';
  }
}

function userLimits() {
  const limits = {};
  const figure = (text) => text === 'unlimited' ? text : Number(text);
  for (const line of readProc('/proc/self/limits').split('\n')) {
    const found = /^(Max .*?)\s{2,}(\S+)\s+(\S+)/.exec(line);
    if (found !== null && LIMITS[found[1]]) limits[LIMITS[found[1]]] = { soft: figure(found[2]), hard: figure(found[3]) };
  }
  return limits;
}

function sharedObjects() {
  const names = new Set([process.execPath]);
  for (const line of readProc('/proc/self/maps').split('\n')) {
    const found = /(\/\S+\.so(?:\.\d+)*)$/.exec(line);
    if (found !== null) names.add(found[1]);
  }
  return [...names];
}

function javascriptStack(error) {
  const { 0: message, ...rest } = String(error?.stack ?? error).split('\n');
  const stack = Object.values(rest).map((line) => line.trim()).filter((line) => line !== '');
  const errorProperties = {};
  if (error !== null && typeof error === 'object') {
    for (const name of Object.keys(error)) errorProperties[name] = String(error[name]);
  }
  return { message, stack: stack.length > 0 ? stack : ['Unavailable.'], errorProperties };
}

function networkInterfaces(os) {
  const list = [];
  for (const { 0: name, 1: addresses } of Object.entries(os.networkInterfaces())) {
    for (const { internal, mac, address, netmask, family } of addresses) {
      list.push({ name, internal, mac, address, netmask, family });
    }
  }
  return list;
}

function compose(error, event, trigger, filename) {
  const os = require('os');
  const now = new Date();
  const uptime = process.uptime();
  const { row, user, kernel, percent } = usage(uptime);
  const thread = process.threadCpuUsage();
  const memory = process.memoryUsage();
  const report = {
    header: {
      reportVersion: VERSION,
      event,
      trigger,
      filename,
      dumpEventTime: `${now.toISOString().slice(0, 19)}Z`,
      dumpEventTimeStamp: String(now.getTime()),
      processId: process.pid,
      threadId: 0,
      cwd: process.cwd(),
      commandLine: native.argv(),
      nodejsVersion: process.version,
      glibcVersionRuntime: binding('napi').libcVersion(),
      wordSize: 64,
      arch: process.arch,
      platform: process.platform,
      componentVersions: { ...process.versions },
      release: { ...process.release },
      osName: os.type(),
      osRelease: os.release(),
      osVersion: os.version(),
      osMachine: os.machine(),
      cpus: os.cpus().map(({ model, speed, times }) => ({ model, speed, ...times })),
      host: os.hostname(),
    },
    javascriptStack: javascriptStack(error),
    javascriptHeap: {
      totalMemory: memory.heapTotal,
      usedMemory: memory.heapUsed,
      externalMemory: memory.external,
      heapSpaces: {},
    },
    nativeStack: [],
    resourceUsage: {
      free_memory: os.freemem(),
      total_memory: os.totalmem(),
      rss: memory.rss,
      constrained_memory: process.constrainedMemory(),
      available_memory: process.availableMemory(),
      userCpuSeconds: user,
      kernelCpuSeconds: kernel,
      cpuConsumptionPercent: percent(user + kernel),
      userCpuConsumptionPercent: percent(user),
      kernelCpuConsumptionPercent: percent(kernel),
      maxRss: row.maxRSS * 1024,
      pageFaults: { IORequired: row.majorPageFault, IONotRequired: row.minorPageFault },
      fsActivity: { reads: row.fsRead, writes: row.fsWrite },
    },
    uvthreadResourceUsage: {
      userCpuSeconds: seconds(thread.user),
      kernelCpuSeconds: seconds(thread.system),
      cpuConsumptionPercent: percent(seconds(thread.user + thread.system)),
      userCpuConsumptionPercent: percent(seconds(thread.user)),
      kernelCpuConsumptionPercent: percent(seconds(thread.system)),
      fsActivity: { reads: row.fsRead, writes: row.fsWrite },
    },
    libuv: native.getActiveResources().map((kind) => ({ type: kind.toLowerCase(), is_active: true, is_referenced: true })),
    workers: [],
  };
  if (!settings.excludeNetwork) report.header.networkInterfaces = networkInterfaces(os);
  if (!settings.excludeEnv) report.environmentVariables = { ...process.env };
  report.userLimits = userLimits();
  report.sharedObjects = sharedObjects();
  return report;
}

function synthetic(caller) {
  const error = new Error('JavaScript Callstack');
  Object.defineProperty(error, 'name', { __proto__: null, value: 'Error [ERR_SYNTHETIC]', configurable: true });
  Error.captureStackTrace(error, caller);
  Object.defineProperty(error, 'code', { __proto__: null, value: 'ERR_SYNTHETIC', enumerable: true, configurable: true });
  return error;
}

function two(number) {
  return String(number).padStart(2, '0');
}

/** report.<date>.<time>.<pid>.<tid>.<seq>.json. Node docs: process.report.filename. */
function defaultName() {
  const now = new Date();
  const date = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  return `report.${date}.${time}.${process.pid}.0.${String(++sequence).padStart(3, '0')}.json`;
}

function write(error, event, trigger, name) {
  const file = name || settings.filename || defaultName();
  const data = compose(error, event, trigger, file);
  const text = JSON.stringify(data, null, settings.compact ? 0 : 2);
  if (file === 'stdout' || file === 'stderr') {
    native.write(file === 'stdout' ? 1 : 2, `${text}\n`);
    return file;
  }
  const target = settings.directory && !name?.startsWith('/') ? `${settings.directory}/${file}` : file;
  native.write(2, `\nWriting Node.js report to file: ${file}\n`);
  require('fs').writeFileSync(target, `${text}\n`);
  native.write(2, 'Node.js report completed\n');
  return file;
}

function property(target, name, check) {
  Object.defineProperty(target, name, {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: () => settings[name],
    set(value) {
      check(value, name);
      settings[name] = value;
      if (name === 'reportOnSignal' || name === 'signal') listen();
    },
  });
}

let listening;

function onSignal(signal) {
  write(synthetic(onSignal), 'Signal', signal);
}

function listen() {
  if (listening !== undefined) process.removeListener(listening, onSignal);
  listening = settings.reportOnSignal ? settings.signal : undefined;
  if (listening !== undefined) process.on(listening, onSignal);
}

function checkSignal(value, name) {
  validateString(value, name);
  if (!Object.hasOwn(require('os').constants.signals, value)) {
    const { codes: { ERR_UNKNOWN_SIGNAL } } = require('internal/errors');
    const upper = value.toUpperCase();
    throw new ERR_UNKNOWN_SIGNAL(value, Object.hasOwn(require('os').constants.signals, upper));
  }
}

function createReport() {
  settings.directory = getOptionValue('--report-directory') ?? '';
  settings.filename = getOptionValue('--report-filename') ?? '';
  settings.compact = getOptionValue('--report-compact');
  settings.excludeNetwork = getOptionValue('--report-exclude-network');
  settings.excludeEnv = getOptionValue('--report-exclude-env');
  settings.signal = getOptionValue('--report-signal') ?? 'SIGUSR2';
  settings.reportOnFatalError = getOptionValue('--report-on-fatalerror');
  settings.reportOnSignal = getOptionValue('--report-on-signal');
  settings.reportOnUncaughtException = getOptionValue('--report-uncaught-exception');
  const report = {
    writeReport(file, error) {
      if (file !== null && typeof file === 'object') {
        error = file;
        file = undefined;
      } else if (file !== undefined) {
        validateString(file, 'file');
      }
      if (error === undefined) error = synthetic(report.writeReport);
      else validateObject(error, 'err');
      return write(error, 'JavaScript API', 'API', file);
    },
    getReport(error) {
      if (error === undefined) error = synthetic(report.getReport);
      else validateObject(error, 'err');
      return compose(error, 'JavaScript API', 'GetReport', null);
    },
  };
  for (const name of ['directory', 'filename']) property(report, name, validateString);
  for (const name of ['compact', 'excludeNetwork']) property(report, name, validateBoolean);
  property(report, 'signal', checkSignal);
  for (const name of ['reportOnFatalError', 'reportOnSignal', 'reportOnUncaughtException', 'excludeEnv']) {
    property(report, name, validateBoolean);
  }
  return report;
}

module.exports = { createReport, listen, write };
