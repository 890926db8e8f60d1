import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FollowEvent, type Logbook, NoSuchLog } from '../logbook.ts';
import { fastFolder, linesOf, messagesOf, openLogbook } from '../testing/logbook.ts';
import { ChangeSignal } from './change-signal.ts';

test('followers that start at any time and line get every line once, in order, up to the seal', async (context) => {
  const { logbook } = await openLogbook(context, { folder: fastFolder(context) });
  const writer = await logbook.create('log-1');
  const following = [1, 1, 50, 777].map((from) => collect(logbook, from));
  for (let batch = 0; batch < 40; batch += 1) {
    await writer.write(Buffer.from(Array.from({ length: 100 }, (_, at) => `line ${batch} ${at}\n`).join('')));
    if (batch % 7 === 0) await writer.committed();
    if (batch === 20) following.push(collect(logbook, 1), collect(logbook, 2500));
  }
  await writer.seal({ verdict: 'complete' });
  following.push(collect(logbook, 3990));
  const all = await messagesOf(logbook, 'log-1');
  assert.equal(all.length, 4000);
  const starts = [1, 1, 50, 777, 1, 2500, 3990];
  for (const [at, messages] of (await Promise.all(following)).entries()) {
    assert.deepEqual(messages, all.slice((starts[at] ?? 1) - 1));
  }
});

test('a follower from past the end waits for its line', async (context) => {
  const { logbook } = await openLogbook(context);
  const writer = await logbook.create('log-1');
  const following = collect(logbook, 3);
  for (const message of ['one', 'two', 'three']) await writer.line(message);
  await writer.seal({ verdict: 'complete' });
  assert.deepEqual(await following, ['three']);
});

test('a slow follower delays neither the writer nor others, and misses nothing', async (context) => {
  const { logbook } = await openLogbook(context, { folder: fastFolder(context) });
  const writer = await logbook.create('log-1');
  const slow = logbook.follow('log-1', 1);
  await writer.line('first');
  await slow.next();
  for (let at = 0; at < 1000; at += 1) await writer.line(`line ${at}`);
  const quick = collect(logbook, 1);
  await writer.seal({ verdict: 'complete' });
  assert.equal((await quick).length, 1001);
  let rest = 0;
  for await (const event of slow) rest += event.lineCount;
  assert.equal(rest, 1000);
});

test('followers at the same line share the same bytes', async (context) => {
  const { logbook } = await openLogbook(context);
  const writer = await logbook.create('log-1');
  const first = logbook.follow('log-1', 1).next();
  const second = logbook.follow('log-1', 1).next();
  await writer.line('one');
  const [one, other] = [await first, await second] as { value: FollowEvent }[];
  assert.equal(one?.value.bytes, other?.value.bytes);
});

test('a follower gets at most 8 KiB at once, but a longer line whole, of a running log and of a sealed one', async (context) => {
  const { logbook } = await openLogbook(context, { lineLimitBytes: 64 * 1024 });
  const writer = await logbook.create('log-1');
  const separator = '},{"LineNumber":7';
  const lengths = [10, 40_000, ...Array.from({ length: 30 }, () => 3000), 10, ...Array.from({ length: 500 }, () => 1)];
  for (const length of lengths) await writer.line(length === 10 ? separator : 'x'.repeat(length));
  await writer.committed();
  const expected = await messagesOf(logbook, 'log-1');
  const running: FollowEvent[] = [];
  const cursor = logbook.cursor('log-1', 1, () => undefined);
  for (let event = await cursor.next(); event !== undefined; event = await cursor.next()) running.push(event);
  cursor.close();
  await writer.seal({ verdict: 'complete' });
  const sealed: FollowEvent[] = [];
  for await (const event of logbook.follow('log-1', 1)) sealed.push(event);
  for (const events of [running, sealed]) {
    const texts = events.flatMap((event) => linesOf(event).map((line) => line.Message));
    assert.deepEqual(texts, expected);
    const sizes = events.filter(({ lineCount }) => lineCount > 1).map(({ bytes }) => bytes.length);
    assert.ok(Math.max(...sizes) <= 8 * 1024, `${sizes}`);
    assert.ok(events.length < 40, `${events.length} events`);
  }
});

test('wakes at once for the first change, and once for those that follow soon after', async () => {
  const signal = new ChangeSignal(20);
  const woken: string[] = [];
  signal.next(() => woken.push('first'));
  signal.notify();
  assert.deepEqual(woken, ['first']);
  const second = new Promise<void>((resolve) => signal.next(resolve)).then(() => woken.push('second'));
  signal.notify();
  signal.notify();
  assert.deepEqual(woken, ['first']);
  await second;
  assert.deepEqual(woken, ['first', 'second']);
});

test('a cursor wakes once after it returned nothing, not while lines wait for it, and not when it is closed', async (context) => {
  const { logbook } = await openLogbook(context);
  const writer = await logbook.create('log-1');
  const woken: number[] = [];
  const cursors = [0, 1, 2].map((at) => logbook.cursor('log-1', 1, () => woken.push(at)));
  for (const cursor of cursors.slice(0, 2)) assert.equal(await cursor.next(), undefined);
  cursors[1]?.close();
  for (const message of ['one', 'two']) {
    await writer.line(message);
    await writer.committed();
  }
  await writer.seal({ verdict: 'complete' });
  assert.deepEqual(woken, [0]);
  assert.deepEqual(await Promise.all(cursors.map(async (cursor) => (await cursor.next())?.lineCount)), [
    2,
    undefined,
    2,
  ]);
  assert.deepEqual(
    cursors.map((cursor) => cursor.end),
    ['sealed', 'closed', 'sealed'],
  );
  for (const cursor of cursors) cursor.close();
});

test('an aborted follower ends, and removing or closing a log ends its followers', async (context) => {
  const { logbook } = await openLogbook(context);
  const writer = await logbook.create('log-1');
  const stop = new AbortController();
  const following = collect(logbook, 1, stop.signal);
  stop.abort();
  assert.deepEqual(await following, []);
  assert.deepEqual(await collect(logbook, 1, stop.signal), []);
  const open = collect(logbook, 1);
  await writer.line('one');
  await logbook.close();
  assert.deepEqual(await open, ['one']);
});

test('refuses to follow a log that does not exist', async (context) => {
  const { logbook } = await openLogbook(context);
  await assert.rejects(logbook.follow('log-1', 1).next(), NoSuchLog);
});

async function collect(logbook: Logbook, fromLine: number, signal?: AbortSignal): Promise<string[]> {
  const messages: string[] = [];
  for await (const event of logbook.follow('log-1', fromLine, signal === undefined ? {} : { signal })) {
    const lines = JSON.parse(`[${event.bytes.toString()}]`) as { LineNumber: number; Message: string }[];
    assert.equal(lines.length, event.lineCount);
    if (lines.length > 0) assert.equal(lines[0]?.LineNumber, event.firstLine);
    messages.push(...lines.map((line) => line.Message));
  }
  return messages;
}
