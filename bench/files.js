// Nanoseconds per operation on files of 1 KiB, and milliseconds of larger work as nanoseconds too.
const fs = require('fs');
const os = require('os');
const path = require('path');
const { Transform, pipeline } = require('stream');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-'));
const file = path.join(dir, 'file.txt');
const large = path.join(dir, 'large.bin');
const copy = path.join(dir, 'copy.bin');
fs.writeFileSync(file, 'x'.repeat(1024));
fs.writeFileSync(large, Buffer.alloc(64 << 20, 'data '));

const now = () => Number(process.hrtime.bigint());
const report = (name, begin, count) => console.log(`${name}\t${((now() - begin) / count).toFixed(1)}`);
const time = (name, count, work) => {
  work();
  const begin = now();
  for (let i = 0; i < count; i++) work();
  report(name, begin, count);
};
const timeAsync = async (name, count, work) => {
  await work();
  const begin = now();
  for (let i = 0; i < count; i++) await work();
  report(name, begin, count);
};
const callback = (work) => new Promise((done, fail) => work((error, value) => (error ? fail(error) : done(value))));

(async () => {
  time('readFileSync 1 KiB', 20000, () => fs.readFileSync(file, 'utf8'));
  time('statSync', 50000, () => fs.statSync(file));
  time('existsSync', 50000, () => fs.existsSync(file));
  await timeAsync('readFile, 64 at once', 100, () => Promise.all(
    Array.from({ length: 64 }, () => callback((done) => fs.readFile(file, done)))));
  await timeAsync('promises.readFile', 5000, () => fs.promises.readFile(file));
  await timeAsync('stream copy, 64 MiB', 3, () => callback((done) =>
    pipeline(fs.createReadStream(large), fs.createWriteStream(copy), done)));
  await timeAsync('transform pipeline, 64 MiB', 3, () => callback((done) => pipeline(
    fs.createReadStream(large),
    new Transform({ transform(chunk, encoding, next) { next(null, chunk); } }),
    new Transform({ transform(chunk, encoding, next) { chunk[0] ^= 1; next(null, chunk); } }),
    fs.createWriteStream(copy), done)));
  fs.rmSync(dir, { recursive: true });
})();
