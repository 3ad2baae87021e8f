/** Whether the program may inspect itself. Node docs: Permission Model, --allow-inspector. */
'use strict';

/** Whether it may. */
function isAllowed() {
  const { permission } = process;
  return permission === undefined || permission.has('inspector');
}

/** Throws ERR_ACCESS_DENIED where the permission model forbids it; `resource` says what was wanted. */
function check(resource) {
  if (isAllowed()) return;
  const { codes: { ERR_ACCESS_DENIED } } = require('internal/errors');
  throw new ERR_ACCESS_DENIED('Access to this API has been restricted. Use --allow-inspector to manage permissions.', 'Inspector', resource);
}

module.exports = { check, isAllowed };
