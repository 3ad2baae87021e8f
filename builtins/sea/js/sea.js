/** `node:sea`: this program is not a single executable application. Node docs: "Single-executable application API". */
'use strict';

const { codes: { ERR_NOT_IN_SINGLE_EXECUTABLE_APPLICATION } } = require('internal/errors');

/** Node docs: sea.isSea. */
function isSea() {
  return false;
}

function refuse() {
  throw new ERR_NOT_IN_SINGLE_EXECUTABLE_APPLICATION();
}

module.exports = { getAsset: refuse, getAssetAsBlob: refuse, getAssetKeys: refuse, getRawAsset: refuse, isSea };
