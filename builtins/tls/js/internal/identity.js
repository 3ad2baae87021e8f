/** Whether a certificate is a host's. Node docs: tls.checkServerIdentity. RFC 6125 §6.4. */
'use strict';

const { codes: { ERR_TLS_CERT_ALTNAME_FORMAT, ERR_TLS_CERT_ALTNAME_INVALID } } = require('internal/errors');

/** The labels of a name, without the final dot; a label of nothing spoils the name. */
function splitHost(host) {
  return withoutFinalDot(host).replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()).split('.');
}

function withoutFinalDot(host) {
  return host.endsWith('.') ? host.slice(0, -1) : host;
}

/** Whether `pattern` covers the host; a wildcard may stand in the first label. */
function covers(hostParts, pattern, wildcards) {
  if (!pattern) return false;
  const parts = splitHost(pattern);
  if (hostParts.length !== parts.length || parts.includes('')) return false;
  // RFC 6125 §6.4.3: characters beyond ASCII would have to be encoded.
  // eslint-disable-next-line no-control-regex
  if (parts.some((part) => /[^\x00-\x7f]/.test(part))) return false;
  for (let i = hostParts.length - 1; i > 0; i--) if (hostParts[i] !== parts[i]) return false;
  const [hostLabel, label] = [hostParts[0], parts[0]];
  const stars = label.split('*');
  if (stars.length === 1 || label.includes('xn--')) return hostLabel === label;
  if (!wildcards || stars.length > 2 || parts.length <= 2) return false;
  const [prefix, suffix] = stars;
  return prefix.length + suffix.length <= hostLabel.length && hostLabel.startsWith(prefix) && hostLabel.endsWith(suffix);
}

/** Splits `DNS:a, IP Address:1.2.3.4`; quoted values are JSON strings and may hold commas. */
function splitAltNames(text) {
  const names = [];
  let current = '';
  for (let at = 0; at < text.length;) {
    const quote = text.indexOf('"', at);
    const comma = text.indexOf(', ', at);
    if (comma !== -1 && (quote === -1 || comma < quote)) {
      names.push(current + text.slice(at, comma));
      current = '';
      at = comma + 2;
    } else if (quote !== -1) {
      current += text.slice(at, quote);
      const match = /^"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/.exec(text.slice(quote));
      if (match === null) throw new ERR_TLS_CERT_ALTNAME_FORMAT();
      current += JSON.parse(match[0]);
      at = quote + match[0].length;
    } else {
      current += text.slice(at);
      at = text.length;
    }
  }
  names.push(current);
  return names;
}

function canonicalIP(text) {
  return binding('net').parseIp(text)?.[0];
}

/** Node docs: tls.checkServerIdentity: the error, or undefined. */
function checkServerIdentity(hostname, cert) {
  const { subject, subjectaltname } = cert;
  const dnsNames = [];
  const ips = [];
  hostname = `${hostname}`;
  if (subjectaltname) {
    const names = subjectaltname.includes('"') ? splitAltNames(subjectaltname) : subjectaltname.split(', ');
    for (const name of names) {
      if (name.startsWith('DNS:')) dnsNames.push(name.slice(4));
      else if (name.startsWith('IP Address:')) ips.push(canonicalIP(name.slice(11)));
    }
  }
  let valid = false;
  let reason = 'Unknown reason';
  hostname = withoutFinalDot(hostname);
  if (require('net').isIP(hostname)) {
    valid = ips.includes(canonicalIP(hostname));
    if (!valid) reason = `IP: ${hostname} is not in the cert's list: ${ips.join(', ')}`;
  } else if (dnsNames.length > 0 || subject?.CN) {
    const parts = splitHost(hostname);
    if (dnsNames.length > 0) {
      valid = dnsNames.some((name) => covers(parts, name, true));
      if (!valid) reason = `Host: ${hostname}. is not in the cert's altnames: ${subjectaltname}`;
    } else {
      const { CN } = subject;
      valid = Array.isArray(CN) ? CN.some((name) => covers(parts, name, true)) : covers(parts, CN, true);
      if (!valid) reason = `Host: ${hostname}. is not cert's CN: ${CN}`;
    }
  } else {
    reason = 'Cert does not contain a DNS name';
  }
  return valid ? undefined : new ERR_TLS_CERT_ALTNAME_INVALID(reason, hostname, cert);
}

module.exports = { checkServerIdentity };
