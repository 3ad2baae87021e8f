/** What both halves of `node:path` share: `format`. Node docs: path.format. */
'use strict';

const { validateObject } = require('internal/validators');

/**
 * Joins the parts of `pathObject`: `dir` wins over `root`, `base` over `name` + `ext`; an `ext`
 * without its dot gets one. Throws ERR_INVALID_ARG_TYPE for anything but an object.
 */
function _format(sep, pathObject) {
  validateObject(pathObject, 'pathObject');
  const dir = pathObject.dir || pathObject.root;
  let base = pathObject.base;
  if (!base) {
    const ext = pathObject.ext;
    base = (pathObject.name || '') + (!ext ? '' : ext[0] === '.' ? ext : `.${ext}`);
  }
  if (!dir) return base;
  return dir === pathObject.root ? dir + base : dir + sep + base;
}

module.exports = { _format };
