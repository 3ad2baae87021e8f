/** `dns.promises` is `dns/promises`. */
'use strict';

module.exports = { promises: require('dns/promises') };
