/**
 * Requests through a dispatcher of undici: one that a program gave to `fetch`, or made the global one with undici's
 * `setGlobalDispatcher`. Node docs: Globals, fetch, "Custom dispatcher"; undici docs: Dispatcher, `dispatch(options, handler)`.
 */
'use strict';

const { Buffer } = require('buffer');
const { Readable } = require('stream');
const { readParts } = require('internal/fetch/body');

/** What came back, with those fields of an IncomingMessage that `fetch` reads. */
class Answer extends Readable {
  complete = false;
  trailers = [];

  constructor(controller, statusCode, headers, statusMessage) {
    super({ read: () => controller.resume?.(), autoDestroy: true });
    this.statusCode = statusCode;
    this.statusMessage = statusMessage ?? '';
    this.rawHeaders = [];
    this.headers = { __proto__: null };
    const add = (name, value) => {
      this.rawHeaders.push(name, value);
      this.headers[name.toLowerCase()] ??= value;
    };
    const raw = controller.rawHeaders;
    if (Array.isArray(raw)) {
      for (let i = 0; i < raw.length; i += 2) add(Buffer.from(raw[i]).latin1Slice(), Buffer.from(raw[i + 1]).latin1Slice());
      return;
    }
    for (const name of Object.keys(headers ?? {})) {
      for (const value of [headers[name]].flat()) add(name, String(value));
    }
  }

  _destroy(error, callback) {
    if (!this.complete) this.controller?.abort(error ?? new Error('The response was not wanted any more'));
    callback(error);
  }
}

async function* bodyOf(body) {
  body.used = true;
  for await (const chunk of body.stream === null ? readParts(body.source) : body.stream) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('Received non-Uint8Array chunk');
    yield chunk;
  }
}

/** An object of names and values in turn. */
function toObject(list) {
  const headers = {};
  for (let i = 0; i < list.length; i += 2) headers[list[i]] = list[i + 1];
  return headers;
}

/** One request and the head of its response. `headers`: names and values in turn. */
function exchange(job, dispatcher, headers) {
  const { url, method, body } = job;
  return new Promise((resolve, reject) => {
    let answer;
    const handler = {
      onRequestStart(controller) {
        job.abort = (reason) => controller.abort(reason);
      },
      onRequestUpgrade() {
        reject(new Error('a response to fetch cannot be an upgrade'));
      },
      onResponseStart(controller, statusCode, head, statusMessage) {
        // Informational responses come before the one that counts.
        if (statusCode < 200) return;
        answer = new Answer(controller, statusCode, head, statusMessage);
        answer.controller = controller;
        resolve(answer);
      },
      onResponseData(controller, chunk) {
        if (answer?.push(chunk) === false) controller.pause?.();
      },
      onResponseEnd() {
        if (answer === undefined) return;
        answer.complete = true;
        answer.push(null);
      },
      onResponseError(controller, error) {
        if (answer === undefined) reject(error);
        else answer.destroy(error);
      },
    };
    const { origin } = url;
    if (typeof dispatcher.dispatch !== 'function') throw new TypeError('agent.dispatch is not a function');
    dispatcher.dispatch({
      path: url.pathname + url.search, origin, method, body: body === null ? null : bodyOf(body), headers: toObject(headers),
      maxRedirections: 0,
    }, handler);
  });
}

module.exports = { exchange };
