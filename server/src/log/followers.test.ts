import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiUnderTest, startApiUnderTest } from '#native/testing/api.ts';

const LINE_BYTES = 200;

test('followers that never read delay neither the writer nor other followers, and are dropped with a reason', async (t) => {
  const api = await startApiUnderTest(t, { stallMs: 1000, lastWordMs: 600_000 });
  const id = await api.beginBuild();
  const writer = await api.means.logbook.create(id);
  // More than the kernel buffers for a socket that nobody reads.
  const backlog = 100_000;
  for (let line = 1; line <= backlog; line += 1000) await writer.write(linesOf(line, 1000));
  await writer.committed();
  const sleepers = Array.from({ length: 10 }, () => openStream(t, api, id, '?from=1', { reads: false }));
  const readers = Array.from({ length: 10 }, () => openStream(t, api, id, `?from=${backlog + 1}`, { reads: true }));
  await until(() => api.followers.count === 20);
  for (let line = backlog + 1; line <= backlog + 1000; line += 10) {
    await writer.write(linesOf(line, 10));
    await sleep(2);
  }
  await writer.committed();
  await api.endBuild(id);
  await writer.seal({ verdict: 'complete' });
  for (const reader of readers) {
    await reader.ended;
    const numbers = numbersIn(reader.text());
    assert.deepEqual(
      numbers,
      Array.from({ length: 1000 }, (_, at) => backlog + 1 + at),
    );
    assert.match(reader.text(), /event: end\ndata: \{"Status":"SUCCESS"/);
  }
  await until(() => api.followers.dropped === sleepers.length);
  for (const sleeper of sleepers) {
    sleeper.read();
    await sleeper.ended;
    assert.match(sleeper.text(), /event: dropped\ndata: \{"Reason":"nothing was read for 1 seconds"\}\n\n$/);
  }
  assert.equal(api.followers.dropped, sleepers.length);
});

test('an address or a caller above its limit of streams gets 429 with Retry-After', async (t) => {
  const api = await startApiUnderTest(t, { each: 3, total: 100 });
  const id = await api.beginBuild();
  await api.means.logbook.create(id);
  for (let number = 1; number <= 3; number++) openStream(t, api, id, '', { reads: true });
  await until(() => api.followers.count === 3);
  const url = `${api.endpoint}/api/v1/builds/${id}/log/stream`;
  const refused = await fetch(url, { headers: { authorization: api.authorization } });
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get('retry-after'), '1');
  assert.equal(((await refused.json()) as { Code: string }).Code, 'Throttling');
});

test('a follower of a quiet log gets heartbeats, and a draining server asks it to reconnect', async (t) => {
  const api = await startApiUnderTest(t, { heartbeatMs: 20 });
  const id = await api.beginBuild();
  const follower = openStream(t, api, id, '', { reads: true });
  await until(() => follower.text().split(': heartbeat\n\n').length > 3);
  await api.followers.drain();
  await follower.ended;
  assert.match(follower.text(), /event: reconnect\ndata: \{"Reason":"the server is stopping"\}/);
  const late = await fetch(`${api.endpoint}/api/v1/builds/${id}/log/stream`, {
    headers: { authorization: api.authorization },
  });
  assert.equal(late.status, 503);
});

test('a server that stops lets a command ask for the result of the build that it followed', async (t) => {
  const api = await startApiUnderTest(t);
  const id = await api.beginBuild();
  const writer = await api.means.logbook.create(id);
  // More than the kernel buffers: the log has ended, and the command still reads it.
  for (let line = 1; line <= 100_000; line += 1000) await writer.write(linesOf(line, 1000));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const ask = async (path: string) => {
    const headers = { authorization: api.authorization };
    const asked = request(`${api.endpoint}/api/v1/builds/${id}${path}`, { agent, headers }).end();
    return ((await once(asked, 'response')) as [IncomingMessage])[0];
  };
  const stream = await ask('/log/stream?from=1');
  await writer.seal({ verdict: 'complete' });
  await api.endBuild(id);
  let isDrained = false;
  const drained = api.followers.drain(600_000).then(() => (isDrained = true));
  assert.match((await stream.setEncoding('utf8').toArray()).join(''), /event: end\ndata: \{"Status":"SUCCESS"/);
  await once((await ask('')).resume(), 'end');
  assert.equal(isDrained, false);
  agent.destroy();
  await drained;
  const headers = { authorization: api.authorization };
  assert.equal((await fetch(`${api.endpoint}/api/v1/builds/${id}/log/stream`, { headers })).status, 503);
});

test('a follower of a log damaged on disk, running or sealed, gets the sound lines before the damage and then an error that names it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-damaged-'));
  const api = await startApiUnderTest(t, {}, folder);
  const id = await api.beginBuild();
  const writer = await api.means.logbook.create(id);
  await writer.write(linesOf(1, 2000));
  await writer.committed();
  const files = join(folder, 'logs', id.slice(0, 2), id);
  for (const name of ['hot.ndjson', 'log.ndjson.gz']) {
    if (name !== 'hot.ndjson') await writer.seal({ verdict: 'complete' });
    const sound = readFileSync(join(files, name));
    const damaged = Buffer.from(sound);
    const at = sound.length - 100;
    damaged[at] = (sound[at] ?? 0) ^ 1;
    writeFileSync(join(files, name), damaged);
    const follower = openStream(t, api, id, '', { reads: true });
    await follower.ended;
    for (const path of ['log?offset=1999', 'log/search?q=absent']) {
      const headers = { authorization: api.authorization };
      const refused = await fetch(`${api.endpoint}/api/v1/builds/${id}/${path}`, { headers });
      const { Code, Message } = (await refused.json()) as { Code: string; Message: string };
      assert.deepEqual([refused.status, Code], [500, 'BUILD_LOG_DAMAGED'], path);
      assert.match(Message, /lines \d+ to 2000\. /);
    }
    writeFileSync(join(files, name), sound);
    const [, data = ''] = /event: failed\ndata: (.*)\n\n$/.exec(follower.text()) ?? [];
    const { Code, Message } = JSON.parse(data) as { Code: string; Message: string };
    assert.equal(Code, 'BUILD_LOG_DAMAGED');
    const [, firstDamaged] = /lines (\d+) to 2000\. .*slipway log verify/.exec(Message) ?? [];
    const numbers = numbersIn(follower.text());
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
    );
    // An event has at most 128 lines and is sent whole or not at all.
    assert.ok(
      numbers.length < Number(firstDamaged) && numbers.length >= Number(firstDamaged) - 128,
      `${name}: ${Message}`,
    );
  }
});

interface OpenStream {
  text(): string;
  /** Starts reading. */
  read(): void;
  ended: Promise<unknown>;
}

/** A stream on a plain socket, so that a test can leave it unread. */
function openStream(t: TestContext, api: ApiUnderTest, id: string, query: string, how: { reads: boolean }): OpenStream {
  const { host, hostname, port } = new URL(api.endpoint);
  const socket: Socket = connect(Number(port), hostname);
  t.after(() => socket.destroy());
  const head = `GET /api/v1/builds/${id}/log/stream${query} HTTP/1.0\r\nhost: ${host}\r\nauthorization: ${api.authorization}\r\n\r\n`;
  socket.write(head);
  socket.on('error', () => socket.destroy());
  let text = '';
  const read = (): void => {
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  };
  if (how.reads) read();
  return { text: () => text, read, ended: once(socket, 'close') };
}

function linesOf(first: number, count: number): Buffer {
  const lines = Array.from({ length: count }, (_, at) => `line ${first + at} `.padEnd(LINE_BYTES, '.'));
  return Buffer.from(`${lines.join('\n')}\n`);
}

function numbersIn(text: string): number[] {
  return [...text.matchAll(/\{"LineNumber":(\d+),/g)].map((match) => Number(match[1]));
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5);
}
