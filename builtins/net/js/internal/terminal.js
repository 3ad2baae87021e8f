/** Handles of terminals, for `tty`. */
'use strict';

const { TTY } = require('internal/net/handles');

/** A handle of the terminal `fd`; if it is none, `info` gets `errno`, `code`, `message` and `syscall`. */
function openTerminal(fd, info) {
  return new TTY(fd, info);
}

module.exports = { openTerminal };
