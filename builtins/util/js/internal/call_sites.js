/** What `util.getCallSites` knows about the frames of its caller. */
'use strict';

/** Frames of the engine's own plumbing count when a stack is captured, and are left out when it is shown: as many more are asked for. */
const HIDDEN_FRAMES_MAX = 16;

/** Up to `count` frames above the function `below`; with `mapped`, at the places that source maps name. */
function collect(count, below, mapped) {
  const { stackTraceLimit, prepareStackTrace } = Error;
  const target = {};
  let sites;
  try {
    Error.stackTraceLimit = count + HIDDEN_FRAMES_MAX;
    Error.prepareStackTrace = (_, callSites) => callSites;
    Error.captureStackTrace(target, below);
    sites = target.stack;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
  if (!Array.isArray(sites)) return [];
  return sites.slice(0, count).map((site) => {
    const column = site.getColumnNumber() ?? 0;
    const found = {
      __proto__: null,
      functionName: site.getFunctionName() ?? '',
      scriptId: String(site.getScriptId?.() ?? site.scriptId ?? 0),
      scriptName: site.getScriptNameOrSourceURL?.() ?? site.getFileName() ?? '',
      lineNumber: site.getLineNumber() ?? 0,
      columnNumber: column,
      column,
    };
    if (mapped) toOriginal(found);
    return found;
  });
}

/** Node docs: util.getCallSites, `sourceMap`. */
function toOriginal(site) {
  const entry = require('internal/module/source_maps').findSourceMap(site.scriptName)?.findEntry(site.lineNumber - 1, site.columnNumber - 1);
  if (entry?.originalSource === undefined) return;
  site.scriptName = entry.originalSource;
  site.lineNumber = entry.originalLine + 1;
  site.columnNumber = site.column = entry.originalColumn + 1;
}

module.exports = { collect };
