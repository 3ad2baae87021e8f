'use strict';

/**
 * Graphs of ES modules that load asynchronously, because hooks of `module.register()` answer: `makeLoader` gives the loader that
 * internal/module/esm uses while there are such hooks.
 */

const native = binding('module');
const esm = require('internal/module/esm');

/** Whether a job is the source of a module, which has its place in the map already. */
const isSource = (job) => job.compiled !== undefined && job.run === undefined;

/**
 * A loader of what `resolve(specifier, parentURL, attributes)` and `load(url, format, attributes)` answer; `ready()` is waited
 * for first. `resolveSync` and `loadSync` are their synchronous counterparts.
 */
function makeLoader({ load, loadSync, ready, resolve, resolveSync }) {
  /** Promises of jobs that are being loaded, so that two importers share one. */
  const loading = new Map();

  async function open(url, format, attributes, isMain) {
    const type = attributes.type ?? '';
    const key = esm.keyOf(url, type);
    const known = esm.jobs.get(key);
    if (known !== undefined) return known;
    let promise = loading.get(key);
    if (promise === undefined) {
      promise = (async () => {
        const job = new esm.Job(url, type);
        job.isMain = isMain;
        const loaded = await load(url, format, attributes);
        esm.translate(job, loaded);
        return job;
      })();
      loading.set(key, promise);
    }
    return promise;
  }

  async function openSource({ url, format }) {
    return esm.jobs.get(esm.sourceKeyOf(url)) ?? esm.openSource(url, await load(url, format, esm.kNoAttributes));
  }

  async function loadRequests(root) {
    const seen = new Set([root]);
    try {
      for (const job of seen) {
        if (isSource(job) || esm.jobs.get(esm.keyOf(job.url, job.type)) === job) continue;
        const children = await Promise.all(job.requests.map(async ({ specifier, sourcePhase, type }) => {
          const asked = esm.attributesOf(type);
          const found = await resolve(specifier, job.url, asked);
          if (sourcePhase) return openSource(found);
          return open(found.url, found.format, found.importAttributes ?? asked, false);
        }));
        job.jobs = children;
        native.moduleSetLinked(job.record, children.map((child) => child.record));
        for (const child of children) seen.add(child);
      }
    } catch (error) {
      for (const job of seen) loading.delete(esm.keyOf(job.url, job.type));
      throw error;
    }
    for (const job of seen) {
      if (isSource(job)) continue;
      const key = esm.keyOf(job.url, job.type);
      esm.jobs.set(key, job);
      loading.delete(key);
    }
    return root;
  }

  return {
    /** Loads the graph that a specifier means, breadth first, the requests of a module in parallel. */
    async loadGraph(specifier, parentURL, attributes, isMain) {
      await ready();
      const { url, format, importAttributes } = await resolve(specifier, parentURL, attributes);
      const root = await open(url, format, importAttributes ?? attributes, isMain);
      return loadRequests(root);
    },
    /** The source of a module, for `import.source()`. */
    async loadSource(specifier, parentURL) {
      await ready();
      return (await openSource(await resolve(specifier, parentURL, esm.kNoAttributes))).compiled;
    },
    loadSync,
    /** The graph of a module whose text is there already. */
    async loadText(url, source) {
      await ready();
      const job = new esm.Job(url, '');
      job.isMain = true;
      esm.translate(job, { format: 'module', source });
      return loadRequests(job);
    },
    resolveSync,
  };
}

module.exports = { makeLoader };
