/** The order of tests by chance, the same for the same seed. Node docs: "Randomizing tests execution order". */
'use strict';

const SEED_MAX = 0xffffffff;

/** Numbers from 0 up to 1, by the mulberry32 generator. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Shuffles in place (Fisher and Yates). */
function shuffle(list, random) {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

function newSeed() {
  return Math.floor(Math.random() * (SEED_MAX + 1));
}

module.exports = { SEED_MAX, generator, newSeed, shuffle };
