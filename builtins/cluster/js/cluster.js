/** `node:cluster`: the primary's side or a worker's, by how this process was started. */
'use strict';

module.exports = process.env.NODE_UNIQUE_ID === undefined ?
  require('internal/cluster/primary') : require('internal/cluster/worker_side');
