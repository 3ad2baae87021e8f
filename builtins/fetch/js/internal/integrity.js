/** Whether bytes are what `integrity` says. W3C Subresource Integrity §3.3. */
'use strict';

/** By strength. */
const ALGORITHMS = ['sha256', 'sha384', 'sha512'];

/** The digests of the strongest algorithm that a list names; none if it has nothing that counts. */
function strongest(text) {
  let best = -1;
  let digests = [];
  for (const item of text.split(/[\t\n\f\r ]+/)) {
    const match = /^(sha256|sha384|sha512)-([A-Za-z0-9+/_-]+)={0,2}(?:\?.*)?$/.exec(item);
    if (match === null) continue;
    const strength = ALGORITHMS.indexOf(match[1]);
    if (strength > best) {
      best = strength;
      digests = [];
    }
    if (strength === best) digests.push(match[2].replaceAll('-', '+').replaceAll('_', '/'));
  }
  return { algorithm: ALGORITHMS[best], digests };
}

/** Whether `bytes` match. */
function matches(text, bytes) {
  const { algorithm, digests } = strongest(text);
  if (algorithm === undefined) return true;
  const actual = require('crypto').hash(algorithm, bytes, 'base64').replace(/=+$/, '');
  return digests.includes(actual);
}

module.exports = { matches };
