// An ADS client: for each line {"read": name, "type": one of node-ads'} it answers OK and what it read, as JSON.
const ads = require('node-ads');
const readline = require('node:readline');

const client = ads.connect(
  {
    host: '127.0.0.1',
    port: Number(process.argv[2]),
    amsNetIdTarget: process.argv[3],
    amsNetIdSource: process.argv[4],
    amsPortTarget: 851,
    timeout: 5000,
  },
  () => console.log('READY'),
);
client.on('error', (error) => console.error(error));

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const { read, type, write } = JSON.parse(line);
  const handle = { symname: read, bytelength: ads[type] };
  const done = (error, answer) =>
    console.log(error ? `FAILED ${error}` : `OK ${JSON.stringify(answer.value)}`);
  if (write === undefined) {
    client.read(handle, done);
  } else {
    client.write({ ...handle, value: write }, (error) => (error ? done(error) : client.read(handle, done)));
  }
}).on('close', () => process.exit(0));
