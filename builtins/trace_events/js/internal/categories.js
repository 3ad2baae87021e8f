/** Categories of events. Node docs: Trace events. */
'use strict';

const CATEGORIES = [
  'node', 'node.async_hooks', 'node.bootstrap', 'node.console', 'node.dns.native', 'node.environment', 'node.fs.async', 'node.fs.sync',
  'node.fs_dir.async', 'node.fs_dir.sync', 'node.http', 'node.net.native', 'node.perf', 'node.perf.timerify', 'node.perf.usertiming',
  'node.promises.rejections', 'node.threadpoolwork.async', 'node.threadpoolwork.sync', 'node.vm.script', 'v8',
];

/** All of them, sorted. */
function all() {
  return [...CATEGORIES].sort();
}

module.exports = { all };
