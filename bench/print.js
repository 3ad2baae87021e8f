// console.log to a pipe: the reader takes what comes.
const N = 50000;
const begin = process.hrtime.bigint();
for (let i = 0; i < N; i++) console.log('a line of text that a program logs', i);
process.stdout.write('', () => {
  console.log(`console.log to a pipe\t${(Number(process.hrtime.bigint() - begin) / N).toFixed(1)}`);
});
