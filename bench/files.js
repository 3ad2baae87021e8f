const fs = require('fs');
const os = require('os');
const path = require('path');
const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'bench-')), 'file.txt');
fs.writeFileSync(file, 'x'.repeat(1024));
const time = (name, count, work) => {
  work();
  const begin = process.hrtime.bigint();
  for (let i = 0; i < count; i++) work();
  console.log(`${name}\t${(Number(process.hrtime.bigint() - begin) / count).toFixed(1)}`);
};
time('readFileSync 1 KiB', 20000, () => fs.readFileSync(file, 'utf8'));
time('statSync', 50000, () => fs.statSync(file));
time('existsSync', 50000, () => fs.existsSync(file));
time('Buffer.from + toString', 200000, () => Buffer.from('hello world, this is text').toString());
time('path.join', 500000, () => path.join('/a/b', '../c', 'd.js'));
time('new URL', 50000, () => new URL('https://example.com:8080/a/b?c=d#e').href);
time('JSON round trip', 50000, () => JSON.parse(JSON.stringify({ a: 1, b: [1, 2, 3], c: { d: 'text' } })));
fs.rmSync(path.dirname(file), { recursive: true });
