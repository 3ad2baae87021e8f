for (const name of ['fs', 'path', 'http', 'https', 'net', 'stream', 'crypto', 'zlib', 'child_process', 'util', 'url', 'events', 'os']) {
  require(name);
}
