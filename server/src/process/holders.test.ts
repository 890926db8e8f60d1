import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Holders } from './holders.ts';

test('a command that connects before the server is ready, and one that connects later, keep it running until both have left', async (t) => {
  const { holders, path } = await listen(t);
  const early = connect(path);
  await once(early, 'connect');
  holders.ready(GREETING);
  const late = connect(path);
  for (const socket of [early, late]) {
    const [heard] = (await once(socket, 'data')) as [Buffer];
    const { dev, ino } = statSync(dirname(path), { bigint: true });
    assert.deepEqual(JSON.parse(String(heard)), { ...GREETING, Folder: `${dev}:${ino}` });
  }
  let isLeft = false;
  void holders.allLeft.then(() => {
    isLeft = true;
  });
  assert.equal(holders.starterLeft(), true, 'the server stays for others');
  early.destroy();
  await once(early, 'close');
  // An answer to a third one shows that the server has noticed the first one leave.
  const third = connect(path);
  await once(third, 'data');
  assert.equal(isLeft, false);
  late.destroy();
  third.destroy();
  await holders.allLeft;
});

test('a server without another command ends with the one that started it', async (t) => {
  const { holders } = await listen(t);
  holders.ready(GREETING);
  assert.equal(holders.starterLeft(), false);
  await holders.allLeft;
});

test('a greeted command stays connected until the server gives up its port, even while it is stopping', async (t) => {
  const { holders, path } = await listen(t);
  holders.ready(GREETING);
  const greeted = connect(path);
  t.after(() => greeted.destroy());
  await once(greeted, 'data');
  holders.leave();
  const late = connect(path);
  late.resume();
  await once(late, 'close');
  assert.equal(greeted.readyState, 'open');
  holders.end();
  await once(greeted, 'close');
});

test('a stopping server closes the connection of a command without a message', async (t) => {
  const { holders, path } = await listen(t);
  const waiting = connect(path);
  await once(waiting, 'connect');
  holders.leave();
  for (const socket of [waiting, connect(path)]) {
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk;
    });
    await once(socket, 'close');
    assert.equal(heard, '');
  }
});

const GREETING = { Endpoint: 'http://127.0.0.1:8720', Embedded: true };

async function listen(t: TestContext): Promise<{ holders: Holders; path: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-holders-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'holders.sock');
  // The leftovers of a killed server.
  writeFileSync(path, '');
  const holders = await Holders.listen(path);
  t.after(() => holders.leave());
  return { holders, path };
}
