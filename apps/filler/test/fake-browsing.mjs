/* global setInterval, Buffer */
// A browsing process for tests of whoever owns it; the name of its Chromium says how it behaves.

const how = JSON.parse(process.argv[2]).chromium.executable;
process.once('disconnect', () => process.exit(0));
if (how === 'never ready') setInterval(() => {}, 1_000);
else if (how === 'dies at once') process.exit(3);
else {
  process.on('message', (message) => {
    if (message.do === 'open' && how === 'dies at open') process.kill(process.pid, 'SIGKILL');
    if (message.do === 'open' && how === 'hangs at open') for (;;);
    if (message.do === 'open') process.send({ said: 'opened', visit: message.visit, failure: null });
    if (message.do === 'close') process.send({ said: 'closed', visit: message.visit });
    if (message.do !== 'submit') return;
    if (how === 'reports its environment') {
      const seen = JSON.stringify({ env: Object.keys(process.env), pid: process.pid });
      process.send({ said: 'submitted', visit: message.visit, how: { how: seen, stalled: false } });
    } else if (how === 'dies at submit') process.kill(process.pid, 'SIGKILL');
    else {
      const request = { path: message.form.route, headers: {}, body: Buffer.from(message.form.needle) };
      process.send({ said: 'post', visit: message.visit, post: 1, request });
    }
  });
  process.on('message', (message) => {
    if (message.do === 'answer') {
      const told = message.answer === null ? 'no-request' : 'answered';
      process.send({ said: 'submitted', visit: message.visit, how: { how: told, stalled: false } });
    }
  });
  process.send({ said: 'ready' });
}
