'use strict';
/** What an empty program must not load, as each of these costs every start. */
const heavy = [
  'assert', 'child_process', 'crypto', 'dns', 'http', 'http2', 'https', 'net', 'readline', 'repl', 'stream', 'string_decoder',
  'tls', 'tty', 'worker_threads', 'zlib',
];
// Node has these in its snapshot; anode has none.
if (process.versions.anode !== undefined) {
  heavy.push('async_hooks', 'buffer', 'diagnostics_channel', 'fs', 'internal/fs/utils', 'internal/module/esm',
    'internal/process/methods', 'internal/util', 'internal/util/inspect', 'internal/util/types', 'module', 'timers', 'url', 'util');
}
const loaded = new Set(process.moduleLoadList);
const found = heavy.filter((id) => loaded.has(`NativeModule ${id}`));
console.log('loaded at start:', found.length === 0 ? 'none of the heavy ones' : found.join(' '));
