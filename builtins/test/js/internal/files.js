/** Which files are tests. Node docs: "Running tests from the command line". */
'use strict';

const path = require('path');
const { getOptionValue } = require('internal/options');

function defaultPatterns() {
  const stripped = getOptionValue('--strip-types') !== false && getOptionValue('--experimental-strip-types') !== false;
  return [`**/{test,test/**/*,test-*,*[._-]test}.{${stripped ? 'js,mjs,cjs,ts,mts,cts' : 'js,mjs,cjs'}}`];
}

/** The files that patterns stand for, sorted. Node docs: "Running tests from the command line". */
function findFiles(globPatterns, cwd) {
  const wanted = globPatterns?.length > 0 ? globPatterns : defaultPatterns();
  const explicit = globPatterns?.length > 0;
  const found = new Set();
  for (const pattern of wanted) {
    const options = { cwd };
    if (!explicit || !pattern.includes('node_modules')) {
      options.exclude = (name) => (typeof name === 'string' ? path.basename(name) : name.name) === 'node_modules';
    }
    for (const file of require('fs').globSync(pattern, options)) {
      const full = path.resolve(cwd, file);
      try {
        if (require('fs').statSync(full).isDirectory() && !explicit) continue;
      } catch {
        continue;
      }
      found.add(file);
    }
  }
  return [...found].sort();
}

module.exports = { defaultPatterns, findFiles };
