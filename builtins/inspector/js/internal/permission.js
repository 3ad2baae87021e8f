/** Whether the program may inspect itself. Node docs: Permission Model, --allow-inspector. */
'use strict';

/** Throws ERR_ACCESS_DENIED where the permission model forbids it. */
function check() {
  const { permission } = process;
  if (permission === undefined || permission.has('inspector')) return;
  const { codes: { ERR_ACCESS_DENIED } } = require('internal/errors');
  throw new ERR_ACCESS_DENIED('Access to this API has been restricted. Use --allow-inspector to manage permissions.', 'Inspector', '');
}

module.exports = { check };
