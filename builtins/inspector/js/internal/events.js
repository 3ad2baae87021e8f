/** Events that a program tells the inspector: `inspector.Network`, `inspector.DOMStorage`. Node docs: Inspector, "Integration with DevTools". */
'use strict';

const { validateObject } = require('internal/validators');
const { getOptionValue } = require('internal/options');

/** The agent, if anybody inspects this thread. */
function agentOf() {
  return require('internal/loader').cache.get('internal/inspector/host')?.exports.agent;
}

function need(condition, name) {
  if (!condition) throw new Error(`Missing ${name} in event`);
}

const readString = (params, name, path = name) => {
  need(typeof params[name] === 'string', path);
  return params[name];
};
const readNumber = (params, name, path = name) => {
  need(typeof params[name] === 'number', path);
  return params[name];
};
const readObject = (params, name) => {
  need(params[name] !== null && typeof params[name] === 'object', name);
  return params[name];
};

function readHeaders(from, path) {
  const headers = readObject(from, 'headers', path);
  const out = {};
  for (const name of Object.keys(headers)) {
    if (typeof headers[name] !== 'string') throw new Error('Invalid header value in event');
    out[name] = headers[name];
  }
  return out;
}

function readData(params) {
  need(ArrayBuffer.isView(params.data), 'data');
  const { Buffer } = require('buffer');
  const { buffer, byteOffset, byteLength } = params.data;
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

/** Who caused it. */
const initiator = (agent) => ({ type: 'script', stack: { callFrames: agent.scripts.currentFrames(undefined, true) } });

const times = (params) => ({ requestId: readString(params, 'requestId'), timestamp: readNumber(params, 'timestamp') });

const network = {
  requestWillBeSent(params, agent) {
    const out = { requestId: readString(params, 'requestId'), timestamp: readNumber(params, 'timestamp'), wallTime: readNumber(params, 'wallTime') };
    const request = readObject(params, 'request');
    return {
      ...out,
      request: {
        url: readString(request, 'url', 'request.url'), method: readString(request, 'method', 'request.method'),
        headers: readHeaders(request), hasPostData: request.hasPostData === true,
      },
      initiator: initiator(agent),
      charset: params.charset,
    };
  },
  responseReceived(params) {
    const out = { ...times(params), type: readString(params, 'type') };
    const response = readObject(params, 'response');
    return {
      ...out,
      response: {
        url: readString(response, 'url', 'response.url'), status: readNumber(response, 'status', 'response.status'),
        statusText: readString(response, 'statusText', 'response.statusText'), headers: readHeaders(response),
        mimeType: typeof response.mimeType === 'string' ? response.mimeType : '',
        charset: typeof response.charset === 'string' ? response.charset : '',
      },
    };
  },
  loadingFinished: times,
  loadingFailed: (params) => ({ ...times(params), type: readString(params, 'type'), errorText: readString(params, 'errorText') }),
  dataSent(params) {
    const requestId = readString(params, 'requestId');
    if (params.finished === true) return { requestId, finished: true };
    return { ...times(params), dataLength: readNumber(params, 'dataLength'), data: readData(params) };
  },
  dataReceived: (params) => ({
    ...times(params), dataLength: readNumber(params, 'dataLength'), encodedDataLength: readNumber(params, 'encodedDataLength'), data: readData(params),
  }),
  webSocketCreated: (params, agent) => ({ requestId: readString(params, 'requestId'), url: readString(params, 'url'), initiator: initiator(agent) }),
  webSocketClosed: times,
  webSocketHandshakeResponseReceived(params) {
    const out = times(params);
    const response = readObject(params, 'response');
    return {
      ...out,
      response: {
        status: readNumber(response, 'status', 'response.status'), statusText: readString(response, 'statusText', 'response.statusText'),
        headers: readHeaders(response),
      },
    };
  },
};

const Network = {};
for (const name of Object.keys(network)) {
  Network[name] = {
    [name](params) {
      if (params !== undefined) validateObject(params, 'params');
      if (!getOptionValue('--experimental-network-inspection')) return;
      const agent = agentOf();
      if (agent === undefined || !agent.someEnabled('Network')) return;
      agent.network.emit(name, JSON.parse(JSON.stringify(network[name](params ?? {}, agent))));
    },
  }[name];
}

function storageId(params) {
  const id = readObject(params, 'storageId');
  return { securityOrigin: readString(id, 'securityOrigin'), storageKey: readString(id, 'storageKey'), isLocalStorage: id.isLocalStorage === true };
}

const storage = {
  domStorageItemAdded: (params) => ({ storageId: storageId(params), key: readString(params, 'key'), newValue: readString(params, 'newValue') }),
  domStorageItemRemoved: (params) => ({ storageId: storageId(params), key: readString(params, 'key') }),
  domStorageItemUpdated: (params) => ({
    storageId: storageId(params), key: readString(params, 'key'), oldValue: readString(params, 'oldValue'), newValue: readString(params, 'newValue'),
  }),
  domStorageItemsCleared: (params) => ({ storageId: storageId(params) }),
};

const DOMStorage = {};
for (const name of Object.keys(storage)) {
  DOMStorage[name] = {
    [name](params) {
      if (params !== undefined) validateObject(params, 'params');
      const agent = agentOf();
      if (agent === undefined || !agent.someEnabled('DOMStorage')) return;
      agent.broadcast('DOMStorage', `DOMStorage.${name}`, storage[name](params ?? {}));
    },
  }[name];
}

/** Node docs: inspector.DOMStorage.registerStorage. */
DOMStorage.registerStorage = function registerStorage(params) {
  if (params !== undefined) validateObject(params, 'params');
  const { isLocalStorage, storageMap } = params ?? {};
  need(typeof isLocalStorage === 'boolean', 'isLocalStorage');
  need(storageMap !== null && typeof storageMap === 'object', 'storageMap');
  require('internal/inspector/storage').register(isLocalStorage, storageMap);
};

const NetworkResources = {
  put(url, data) {
    require('internal/inspector/network_resources').put(url, data);
  },
};

module.exports = { DOMStorage, Network, NetworkResources };
