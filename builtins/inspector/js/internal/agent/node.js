/** Node's own domains: NodeRuntime, NodeWorker, NodeTracing, Target, Network, Storage, DOMStorage, IO. Node docs: Inspector. */
'use strict';

let ProtocolError;

/** Workers that sessions look at. */
class Workers {
  #agent;
  /** From the id of an attached session, as clients know it, to `{ session, handle, threadId, isTarget }`. */
  #attached = new Map();
  #last = 0;

  constructor(agent) {
    this.#agent = agent;
    if (agent.host.hasTargets()) agent.host.watchThreads(agent.host.targetsWait());
    agent.endHooks.push((session) => {
      for (const { 0: id, 1: worker } of this.#attached) if (worker.session === session) this.#drop(id, worker);
      this.#watch();
    });
  }

  #drop(id, worker) {
    this.#attached.delete(id);
    this.#agent.host.disconnectThread(worker.handle);
  }

  /** Hears of new threads while anybody wants to. */
  #watch() {
    const all = [...this.#agent.sessions.values()];
    const wanted = all.filter((session) => session.data.workers !== undefined || session.data.autoAttach !== undefined);
    const waits = wanted.some((session) => session.data.workers?.waits || session.data.autoAttach?.waits) || this.#agent.host.targetsWait();
    if (wanted.length > 0 || this.#agent.host.hasTargets()) this.#agent.host.watchThreads(waits);
    else this.#agent.host.unwatchThreads();
  }

  enable({ waitForDebuggerOnStart }, session) {
    session.data.workers = { waits: waitForDebuggerOnStart };
    this.#watch();
    for (const { 0: id, 1: title, 2: url } of this.#agent.host.threads()) this.#attach(session, id, title, url, false, false);
  }

  disable(session) {
    session.data.workers = undefined;
    for (const { 0: id, 1: worker } of this.#attached) if (worker.session === session && !worker.isTarget) this.#drop(id, worker);
    this.#watch();
  }

  /** A thread began. */
  began(id, title, url, waits) {
    for (const session of [...this.#agent.sessions.values()]) {
      if (session.data.workers !== undefined) this.#attach(session, id, title, url, waits, false);
      if (this.#agent.host.hasTargets()) {
        session.notify('Target.targetCreated', { targetInfo: this.#targetInfo(id, title, url, false) });
        if (session.data.autoAttach !== undefined) this.#attach(session, id, title, url, waits, true);
      }
    }
  }

  #targetInfo(id, title, url, attached) {
    return { targetId: String(id), type: 'node_worker', title, url, attached, canAccessOpener: true };
  }

  #attach(session, threadId, title, url, waits, isTarget) {
    for (const worker of this.#attached.values()) if (worker.session === session && worker.threadId === threadId && worker.isTarget === isTarget) return;
    const sessionId = String(++this.#last);
    const handle = this.#agent.host.connectThread(threadId, (text) => {
      if (!this.#attached.has(sessionId)) return;
      if (text === undefined) this.#gone(sessionId, session, isTarget, threadId);
      else if (isTarget) session.send({ ...JSON.parse(text), sessionId });
      else session.notify('NodeWorker.receivedMessageFromWorker', { sessionId, message: text });
    });
    if (handle === undefined) return;
    this.#attached.set(sessionId, { session, handle, threadId, isTarget });
    if (isTarget) {
      session.notify('Target.attachedToTarget', { sessionId, targetInfo: this.#targetInfo(threadId, title, url, true), waitingForDebugger: waits });
    } else {
      session.notify('NodeWorker.attachedToWorker', {
        sessionId, workerInfo: { workerId: String(threadId), type: 'worker', title, url }, waitingForDebugger: waits,
      });
    }
  }

  #gone(sessionId, session, isTarget, threadId) {
    this.#attached.delete(sessionId);
    if (isTarget) {
      session.notify('Target.detachedFromTarget', { sessionId, targetId: String(threadId) });
    } else {
      session.notify('NodeWorker.detachedFromWorker', { sessionId });
    }
  }

  post({ sessionId, message }, session) {
    const worker = this.#attached.get(sessionId);
    if (worker?.session === session) this.#agent.host.postThread(worker.handle, message);
  }

  detach({ sessionId }, session) {
    const worker = this.#attached.get(sessionId);
    if (worker?.session !== session) return;
    this.#drop(sessionId, worker);
    session.notify('NodeWorker.detachedFromWorker', { sessionId });
  }

  autoAttach({ autoAttach, waitForDebuggerOnStart }, session) {
    if (!this.#agent.host.hasTargets()) throw new ProtocolError("'Target.setAutoAttach' wasn't found", 'method');
    session.data.autoAttach = autoAttach ? { waits: waitForDebuggerOnStart } : undefined;
    this.#watch();
    if (!autoAttach) return;
    for (const { 0: id, 1: title, 2: url } of this.#agent.host.threads()) this.#attach(session, id, title, url, true, true);
  }

  /** A message with a session id goes to the thread that it is attached to. */
  forward(session, message) {
    const worker = this.#attached.get(message.sessionId);
    if (worker === undefined || worker.session !== session || !worker.isTarget) return false;
    const { sessionId, ...inner } = message;
    void sessionId;
    this.#agent.host.postThread(worker.handle, JSON.stringify(inner));
    return true;
  }
}

/** Streams of resources that clients read. */
class Streams {
  #open = new Map();
  #last = 0;

  open(text) {
    const handle = String(++this.#last);
    this.#open.set(handle, { text, at: 0 });
    return handle;
  }

  read({ handle, offset, size }) {
    const stream = this.#open.get(handle);
    if (stream === undefined) return { data: '', eof: true };
    if (offset !== undefined) stream.at = offset;
    const end = size === undefined ? stream.text.length : stream.at + size;
    const data = stream.text.slice(stream.at, end);
    stream.at = Math.min(end, stream.text.length);
    return { data, eof: data.length === 0 };
  }

  close({ handle }) {
    this.#open.delete(handle);
  }
}

/** Bodies that are kept for a request, in bytes; the oldest go first. DevTools protocol: Network.enable, maxTotalBufferSize. */
const BODIES_BYTES_MAX = 100 * 1024 * 1024;

class Network {
  #agent;
  #requests = new Map();
  #bytes = 0;

  constructor(agent) {
    this.#agent = agent;
  }

  /** An event of the program, already in the protocol's form; data is base64. */
  emit(name, params) {
    switch (name) {
      case 'requestWillBeSent':
        this.#requests.set(params.requestId, {
          requestText: params.charset === 'utf-8', responseText: false, sent: [], received: [], finished: !params.request.hasPostData,
          responseFinished: false, streaming: new Set(),
        });
        delete params.charset;
        break;
      case 'responseReceived': {
        const request = this.#requests.get(params.requestId);
        if (request !== undefined) request.responseText = params.response.charset === 'utf-8';
        break;
      }
      case 'dataSent': return this.#dataSent(params);
      case 'dataReceived': return this.#dataReceived(params);
      case 'loadingFailed': this.#requests.delete(params.requestId); break;
      case 'loadingFinished': {
        const request = this.#requests.get(params.requestId);
        if (request !== undefined) request.responseFinished = true;
        break;
      }
      default:
    }
    this.#agent.broadcast('Network', `Network.${name}`, params);
    return undefined;
  }

  #keep(list, data) {
    list.push(data);
    this.#bytes += data.length;
    for (const { 0: id, 1: request } of this.#requests) {
      if (this.#bytes <= BODIES_BYTES_MAX) break;
      for (const each of [...request.sent, ...request.received]) this.#bytes -= each.length;
      this.#requests.delete(id);
    }
  }

  #dataSent({ requestId, finished, data }) {
    const request = this.#requests.get(requestId);
    if (request === undefined) return;
    if (finished) request.finished = true;
    else this.#keep(request.sent, data);
  }

  #dataReceived(params) {
    const request = this.#requests.get(params.requestId);
    if (request === undefined) return;
    if (request.streaming.size === 0) {
      this.#keep(request.received, params.data);
      return;
    }
    for (const session of request.streaming) if (session.enabled.has('Network')) session.notify('Network.dataReceived', params);
  }

  #find(requestId) {
    const request = this.#requests.get(requestId);
    if (request === undefined) throw new ProtocolError('Request not found', 'params');
    return request;
  }

  postData({ requestId }) {
    const request = this.#find(requestId);
    if (!request.finished) throw new ProtocolError('Request data is not finished yet');
    if (!request.requestText) throw new ProtocolError('Unable to serialize binary request body');
    return { postData: this.#agent.host.fromBase64(JSON.stringify(request.sent), true) };
  }

  body({ requestId }) {
    const request = this.#find(requestId);
    if (!request.responseFinished) throw new ProtocolError('Response data is not finished yet');
    if (request.streaming.size > 0) throw new ProtocolError('Response body of the request is been streamed');
    return { body: this.#agent.host.fromBase64(JSON.stringify(request.received), request.responseText), base64Encoded: !request.responseText };
  }

  stream({ requestId }, session) {
    const request = this.#find(requestId);
    request.streaming.add(session);
    const bufferedData = this.#agent.host.fromBase64(JSON.stringify(request.received), false);
    request.received = [];
    return { bufferedData };
  }
}

function install(agent, names) {
  ({ ProtocolError } = names);
  const { host } = agent;
  const workers = agent.workers = new Workers(agent);
  const streams = new Streams();
  const network = agent.network = new Network(agent);
  agent.forward = (session, message) => workers.forward(session, message);
  const toggle = (domain) => ({
    [`${domain}.disable`]: [undefined, (_, session) => void session.enabled.delete(domain)],
    [`${domain}.enable`]: [undefined, (_, session) => void session.enabled.add(domain)],
  });
  agent.define({
    ...toggle('NodeRuntime'),
    ...toggle('Network'),
    ...toggle('DOMStorage'),
    'NodeRuntime.enable': [undefined, (_, session) => {
      session.enabled.add('NodeRuntime');
      if (host.isWaiting()) session.notify('NodeRuntime.waitingForDebugger', {});
    }],
    'NodeRuntime.notifyWhenWaitingForDisconnect': [{ enabled: 'boolean' }, ({ enabled }, session) => {
      session.data.notifiesAtEnd = enabled;
    }],
    'NodeTracing.getCategories': [undefined, () => ({ categories: Array.from(host.traceCategories()) })],
    'NodeTracing.start': [{ traceConfig: 'object' }, ({ traceConfig }, session) => {
      if (session.data.tracing) throw new ProtocolError('Call NodeTracing::end to stop tracing before updating the config');
      const categories = traceConfig.includedCategories ?? [];
      if (categories.length === 0) throw new ProtocolError('At least one category should be enabled');
      session.data.tracing = host.startTracing(categories.join(','), (text) => {
        session.notify('NodeTracing.dataCollected', { value: JSON.parse(text) });
      });
    }],
    'NodeTracing.stop': [undefined, (_, session) => {
      const { tracing } = session.data;
      session.data.tracing = undefined;
      if (tracing !== undefined) host.stopTracing(tracing);
      session.notify('NodeTracing.tracingComplete', {});
    }],
    'NodeWorker.detach': [{ sessionId: 'string' }, (params, session) => workers.detach(params, session)],
    'NodeWorker.disable': [undefined, (_, session) => workers.disable(session)],
    'NodeWorker.enable': [{ waitForDebuggerOnStart: 'boolean' }, (params, session) => workers.enable(params, session)],
    'NodeWorker.sendMessageToWorker': [{ message: 'string', sessionId: 'string' }, (params, session) => workers.post(params, session)],
    'Network.getRequestPostData': [{ requestId: 'string' }, (params) => network.postData(params)],
    'Network.getResponseBody': [{ requestId: 'string' }, (params) => network.body(params)],
    'Network.loadNetworkResource': [{ url: 'string' }, ({ url }) => {
      if (!host.hasResources()) throw new ProtocolError("'Network.loadNetworkResource' wasn't found", 'method');
      const text = host.resource(url);
      return { resource: text === undefined ? { success: false } : { success: true, stream: streams.open(text) } };
    }],
    'Network.streamResourceContent': [{ requestId: 'string' }, (params, session) => network.stream(params, session)],
    'Target.setAutoAttach': [{ autoAttach: 'boolean', waitForDebuggerOnStart: 'boolean' }, (params, session) => workers.autoAttach(params, session)],
    'Storage.getStorageKey': [{ frameId: 'string?' }, () => {
      const storageKey = host.storageKey();
      if (storageKey === undefined) throw new ProtocolError('Could not resolve the storage key path');
      return { storageKey };
    }],
    'DOMStorage.getDOMStorageItems': [{ storageId: 'object' }, ({ storageId }) => {
      const text = host.storageItems(storageId.isLocalStorage === true);
      if (text === undefined) throw new ProtocolError('Could not read DOM storage items');
      return { entries: JSON.parse(text) };
    }],
  });
  if (host.hasResources()) {
    agent.define({
      'IO.close': [{ handle: 'string' }, (params) => streams.close(params)],
      'IO.read': [{ handle: 'string', offset: 'number?', size: 'number?' }, (params) => streams.read(params)],
    });
  }
}

module.exports = { install };
