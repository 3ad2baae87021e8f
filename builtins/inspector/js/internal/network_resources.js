/** Resources that clients may load, by URL. Node docs: inspector.NetworkResources.put(). */
'use strict';

const { validateString } = require('internal/validators');

const resources = new Map();

/** Node docs: inspector.NetworkResources.put(url, data). */
function put(url, data) {
  validateString(url, 'url');
  validateString(data, 'data');
  if (require('internal/options').getOptionValue('--experimental-inspector-network-resource') !== true) {
    process.emitWarning('The --experimental-inspector-network-resource option is not enabled. Please enable it to use the putNetworkResource function');
    return;
  }
  resources.set(url, data);
}

function get(url) {
  return resources.get(url);
}

module.exports = { get, put };
