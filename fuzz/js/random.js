// Reproducible randomness for the fuzzers in JavaScript: xorshift128, seeded by the first argument. The second is how long to
// run, in seconds; the third a number of rounds instead, after which a digest of all outcomes is printed: to compare runtimes.
'use strict';

let [a, b, c, d] = [Number(process.argv[2] ?? Date.now()) >>> 0 || 1, 0x9e3779b9, 0x243f6a88, 0xb7e15162];

function next() {
  const t = a ^ (a << 11);
  [a, b, c] = [b, c, d];
  d = (d ^ (d >>> 19) ^ t ^ (t >>> 8)) >>> 0;
  return d;
}
for (let i = 0; i < 20; i++) next();

const below = (limit) => next() % limit;
const pick = (list) => list[below(list.length)];
const bytes = (max) => {
  const out = Buffer.alloc(below(max + 1));
  const kind = below(4);
  for (let i = 0; i < out.length; i++) {
    // Bytes of one kind meet the interesting borders more often than evenly spread ones.
    if (kind === 0) out[i] = below(256);
    else if (kind === 1) out[i] = pick([0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xff, 0x61]);
    else if (kind === 2) out[i] = pick([0, 0xd8, 0xdc, 0xde, 0x3d, 0x41, 0x30]);
    else out[i] = 0x20 + below(96);
  }
  return out;
};

/** A few bytes changed, cut, repeated or inserted. */
function mutate(input) {
  let out = Buffer.from(input);
  for (let times = 1 + below(4); times > 0; times--) {
    const at = below(out.length + 1);
    const kind = below(5);
    if (kind === 0 && out.length > 0) out[below(out.length)] = below(256);
    else if (kind === 1) out = out.subarray(0, at);
    else if (kind === 2) out = Buffer.concat([out.subarray(0, at), bytes(8), out.subarray(at)]);
    else if (kind === 3) out = Buffer.concat([out.subarray(0, at), out.subarray(below(at + 1))]);
    else if (out.length > 0) out[below(out.length)] ^= 1 << below(8);
  }
  return out;
}

const seed = process.argv[2];
const seconds = Number(process.argv[3] ?? 10);
const rounds = process.argv[4] === undefined ? Infinity : Number(process.argv[4]);

/** Runs `round` until the time is up; what it returns goes into the digest. */
async function fuzz(round) {
  const hash = require('crypto').createHash('sha1');
  const end = Date.now() + (rounds === Infinity ? seconds * 1000 : 1e9);
  let count = 0;
  try {
    for (; count < rounds && Date.now() < end; count++) {
      let outcome = round(count);
      if (outcome instanceof Promise) outcome = await outcome;
      hash.update(`${outcome}`);
      if (process.env.FUZZ_VERBOSE) console.log(count, outcome);
    }
  } catch (error) {
    console.error(`round ${count} of seed ${seed}:`, error);
    process.exit(1);
  }
  console.log(`ok, ${count} rounds${rounds === Infinity ? '' : `, ${hash.digest('hex')}`}`);
  process.exit(0);
}

module.exports = { below, bytes, fuzz, mutate, next, pick };
