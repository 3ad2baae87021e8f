// 1 GiB through a transform: time and peak memory. The source is a hole, so that the disk does not matter.
const fs = require('fs');
const os = require('os');
const path = require('path');
const { Transform, pipeline } = require('stream');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-'));
const source = path.join(dir, 'source');
fs.writeFileSync(source, '');
fs.truncateSync(source, 2 ** 30);
pipeline(
  fs.createReadStream(source),
  new Transform({ transform(chunk, encoding, next) { next(null, chunk); } }),
  fs.createWriteStream('/dev/null'),
  (error) => {
    fs.rmSync(dir, { recursive: true });
    if (error) throw error;
  });
