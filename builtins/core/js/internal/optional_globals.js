/** Globals that the command line adds, changes or takes away. Loaded if it does. */
'use strict';

const { getOptionValue } = require('internal/options');

/** Makes the globals of this thread those that the options ask for. */
function arrange() {
  if (getOptionValue('--experimental-eventsource')) {
    const { EventSource } = require('internal/fetch/fetch');
    Object.defineProperty(globalThis, 'EventSource', {
      __proto__: null, value: EventSource, writable: true, enumerable: false, configurable: true,
    });
  }
  if (!getOptionValue('--experimental-websocket')) {
    delete globalThis.WebSocket;
    delete globalThis.CloseEvent;
  }
  if (!getOptionValue('--webstorage') || !getOptionValue('--experimental-webstorage')) {
    delete globalThis.Storage;
    delete globalThis.localStorage;
    delete globalThis.sessionStorage;
  } else if (getOptionValue('--localstorage-file')) {
    const shown = Object.getOwnPropertyDescriptor(globalThis, 'localStorage');
    Object.defineProperty(globalThis, 'localStorage', { __proto__: null, ...shown, enumerable: true });
  }
}

module.exports = { arrange };
