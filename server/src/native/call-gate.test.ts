import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallGate, type GateCaller } from './call-gate.ts';
import { startApiUnderTest } from './testing/api.ts';

test('a limited number of calls of a kind run at once, others wait, and those above a caller’s, an address’s or the total limit are refused', async () => {
  const gate = new CallGate({ name: 'searches', running: 2, each: 3, eachAddress: 4, total: 5 });
  const ann = callerOf('ann', '192.0.2.1');
  const ben = callerOf('ben', '192.0.2.1');
  const cid = callerOf('cid', '192.0.2.2');
  let running = 0;
  let most = 0;
  const ends: (() => void)[] = [];
  const search = () =>
    new Promise<void>((resolve) => {
      running += 1;
      most = Math.max(most, running);
      ends.push(() => {
        running -= 1;
        resolve();
      });
    });
  const first = [ann, ann, ann].map((caller) => gate.run(caller, search));
  await assert.rejects(gate.run(ann, search), {
    code: 'Throttling',
    status: 429,
    message: /this caller already has 3 searches running or waiting/,
  });
  const second = gate.run(ben, search);
  await assert.rejects(gate.run(ben, search), { code: 'Throttling', status: 429, message: /this address already has/ });
  const third = gate.run(cid, search);
  await assert.rejects(gate.run(cid, search), {
    code: 'ServiceUnavailable',
    status: 503,
    message: /too many searches are waiting/,
  });
  for (let left = 5; left > 0; left -= 1) {
    while (ends.length === 0) await new Promise(setImmediate);
    ends.shift()?.();
  }
  await Promise.all([...first, second, third]);
  assert.equal(most, 2);
  const again = gate.run(ann, search);
  while (ends.length === 0) await new Promise(setImmediate);
  ends.shift()?.();
  await again;
});

test('during a storm of slow searches pages are still answered, and refused searches get Retry-After', async (t) => {
  const api = await startApiUnderTest(t);
  const id = await api.beginBuild();
  const writer = await api.means.logbook.create(id);
  const line = `${'a'.repeat(1000)}\n`;
  for (let number = 0; number < 8; number += 1) await writer.write(Buffer.from(line.repeat(500)));
  await writer.committed();
  const get = (path: string) =>
    fetch(`${api.endpoint}/api/v1/builds/${id}${path}`, { headers: { authorization: api.authorization } });
  const slow = `/log/search?regex=${encodeURIComponent('(a?){40}(a+)+b')}`;
  const storm = Array.from({ length: 30 }, () => get(slow));
  const page = await get('/log?offset=100&limit=10');
  assert.equal(((await page.json()) as { Lines: object[] }).Lines.length, 10);
  const answers = await Promise.all(storm);
  const refused = answers.filter((answer) => answer.status === 429);
  assert.ok(refused.length > 0);
  assert.deepEqual(
    answers.map((answer) => answer.status).filter((status) => ![200, 400, 429].includes(status)),
    [],
  );
  assert.ok(refused.every((answer) => answer.headers.get('retry-after') === '1'));
  for (const answer of answers) await answer.body?.cancel();
});

function callerOf(arn: string, sourceIp: string): GateCaller {
  return { arn, call: { timeMs: 0, sourceIp, secureTransport: false } } as GateCaller;
}
