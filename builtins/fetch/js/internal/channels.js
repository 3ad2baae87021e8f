/**
 * What `fetch` tells on diagnostics channels, under the names that undici gives them; instrumentations add headers here.
 * undici docs: "Diagnostics Channel Support".
 */
'use strict';

const { subscribedChannel } = require('internal/diagnostics');
const { cache } = require('internal/loader');

/** A request as subscribers see it. */
class Request {
  constructor(job, headers) {
    const { url, method, body } = job;
    this.method = method;
    this.body = body;
    this.completed = false;
    this.aborted = false;
    this.path = url.pathname + url.search;
    this.origin = url.origin;
    this.protocol = url.protocol;
    this.host = null;
    this.contentLength = body?.length ?? null;
    this.contentType = job.headers.get('content-type');
    /** Names and values in turn. */
    this.headers = headers;
  }

  /** Adds to what will be sent, before it is. */
  addHeader(name, value) {
    this.headers.push(`${name}`, `${value}`);
    return this;
  }
}

/** The request for subscribers, told of; undefined while nobody can have subscribed. */
function create(job, headers) {
  if (!cache.has('diagnostics_channel')) return undefined;
  const request = new Request(job, headers);
  subscribedChannel('undici:request:create')?.publish({ request });
  return request;
}

/** Follows the exchange of a ClientRequest. */
function follow(request, req, url) {
  const connectParams = {
    host: url.host, hostname: url.hostname, protocol: url.protocol, port: url.port, servername: null, localAddress: null,
  };
  req.once('socket', (socket) => {
    const sent = () => {
      subscribedChannel('undici:client:sendHeaders')?.publish({ request, headers: req._header, socket });
    };
    if (!socket.connecting) {
      process.nextTick(sent);
      return;
    }
    subscribedChannel('undici:client:beforeConnect')?.publish({ connectParams, connector: null });
    const failed = (error) => {
      subscribedChannel('undici:client:connectError')?.publish({ connectParams: { ...connectParams, version: 'h1' }, connector: null, error });
    };
    socket.once('error', failed);
    socket.once(socket.encrypted ? 'secureConnect' : 'connect', () => {
      socket.removeListener('error', failed);
      subscribedChannel('undici:client:connected')?.publish({ connectParams: { ...connectParams, version: 'h1' }, connector: null, socket });
      sent();
    });
  });
  req.once('finish', () => subscribedChannel('undici:request:bodySent')?.publish({ request }));
  req.once('response', (incoming) => {
    const channel = subscribedChannel('undici:request:headers');
    if (channel !== undefined) {
      const { Buffer } = require('buffer');
      const headers = incoming.rawHeaders.map((text) => Buffer.from(text, 'latin1'));
      channel.publish({ request, response: { statusCode: incoming.statusCode, headers, statusText: incoming.statusMessage } });
    }
    incoming.once('end', () => {
      request.completed = true;
      subscribedChannel('undici:request:trailers')?.publish({ request, trailers: incoming.rawTrailers });
    });
  });
}

/** The request failed. */
function fail(request, error) {
  request.aborted = true;
  subscribedChannel('undici:request:error')?.publish({ request, error });
}

module.exports = { create, fail, follow };
