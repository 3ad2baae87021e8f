/**
 * Diagnostics channels as builtins publish on them: as long as nobody has loaded `diagnostics_channel` there is no channel, and
 * asking costs one look into a map. Node docs: diagnostics_channel, "Built-in Channels".
 */
'use strict';

const { cache } = require('internal/loader');

const channels = new Map();

/** The channel `name`, if it has subscribers. */
function subscribedChannel(name) {
  const loaded = cache.get('diagnostics_channel');
  if (loaded === undefined || !loaded.loaded) return undefined;
  let channel = channels.get(name);
  if (channel === undefined) channels.set(name, channel = loaded.exports.channel(name));
  return channel.hasSubscribers ? channel : undefined;
}

module.exports = { subscribedChannel };
