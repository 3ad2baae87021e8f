// Hooks of module.register() run on a thread of their own: with data and ports, before this thread goes on.
import assert from 'node:assert';
import { register } from 'node:module';
import { MessageChannel } from 'node:worker_threads';

const { port1, port2 } = new MessageChannel();
const hooks = `
  import { isMainThread } from 'node:worker_threads';
  let port;
  export async function initialize(data) { port = data.port; await new Promise((resolve) => setTimeout(resolve, 5)); }
  export async function resolve(specifier, context, nextResolve) {
    if (specifier !== 'virtual:x') return nextResolve(specifier, context);
    port.postMessage(isMainThread);
    return { url: 'virtual:x', shortCircuit: true };
  }
  export async function load(url, context, nextLoad) {
    if (url !== 'virtual:x') return nextLoad(url, context);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return { format: 'module', source: 'export default import.meta.url', shortCircuit: true };
  }`;
const told = new Promise((resolve) => port1.once('message', resolve));
assert.strictEqual(register(`data:text/javascript,${encodeURIComponent(hooks)}`, { data: { port: port2 }, transferList: [port2] }), undefined);
assert.strictEqual((await import('virtual:x')).default, 'virtual:x');
assert.strictEqual(await told, false);
await assert.rejects(import('virtual:y'), { code: 'ERR_UNSUPPORTED_ESM_URL_SCHEME' });
port1.close();
