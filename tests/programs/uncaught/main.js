// 'uncaughtException' and 'unhandledRejection' listeners keep the process alive; the exit code is the program's.
'use strict';
process.on('uncaughtException', (error, origin) => console.log('caught', error.message, origin));
process.on('unhandledRejection', (reason) => console.log('rejected', reason.message));
setTimeout(() => { throw new Error('from a timer'); }, 1);
setTimeout(() => Promise.reject(new Error('from a promise')), 5);
setTimeout(() => { process.exitCode = 3; }, 10);
process.on('exit', (code) => console.log('exit', code));
