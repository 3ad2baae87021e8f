/** Data that every new worker of this thread gets a copy of. Node docs: worker.setEnvironmentData. */
'use strict';

let data = new Map();

function setEnvironmentData(key, value) {
  if (value === undefined) data.delete(key);
  else data.set(key, value);
}

function getEnvironmentData(key) {
  return data.get(key);
}

module.exports = { all: () => data, getEnvironmentData, replace: (map) => data = map, setEnvironmentData };
