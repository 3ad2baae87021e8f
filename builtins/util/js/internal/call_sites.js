/** What `util.getCallSites` knows about the frames of its caller. */
'use strict';

/** Up to `count` frames above the function `below`. */
function collect(count, below) {
  const { stackTraceLimit, prepareStackTrace } = Error;
  const target = {};
  let sites;
  try {
    Error.stackTraceLimit = count;
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
    return {
      __proto__: null,
      functionName: site.getFunctionName() ?? '',
      scriptId: String(site.getScriptId?.() ?? site.scriptId ?? 0),
      scriptName: site.getScriptNameOrSourceURL?.() ?? site.getFileName() ?? '',
      lineNumber: site.getLineNumber() ?? 0,
      columnNumber: column,
      column,
    };
  });
}

module.exports = { collect };
