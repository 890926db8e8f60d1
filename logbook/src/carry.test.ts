import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Disk, nodeDisk } from './disk/disk.ts';
import { logFiles } from './disk/log-files.ts';
import { UnreachableLog } from './format/unreachable-log.ts';
import { damageOf, type FollowEvent, type Logbook, NoSuchLog } from './logbook.ts';
import { testLogReader } from './read/log-reader.contract.ts';
import type { ArchiveStore } from './sealed/archive-store.ts';
import { CopiedArchives } from './testing/copied-archives.ts';
import { LateArchives } from './testing/late-archives.ts';
import { bytesOf, fastFolder, linesOf, logOf, messagesOf, openLogbook } from './testing/logbook.ts';
import { MemoryRefs } from './testing/memory-refs.ts';

const COMPLETE = { verdict: 'complete' } as const;

testLogReader('a log that was carried elsewhere', async (t, messages, stepLines) => {
  const { logbook, other } = await openBoth(t);
  const writer = await logbook.create('log-1');
  for (const [at, message] of messages.entries()) {
    if (at % stepLines === 0) writer.stage('DOCKER_IMAGE_BUILD', at / stepLines + 1);
    await writer.line(message);
  }
  await writer.seal(COMPLETE);
  await logbook.carry('log-1');
  const damage = async (): Promise<void> => flip(logFiles(other, 'log-1').archive);
  return { log: await logOf(logbook, 'log-1'), seal: async () => undefined, damage };
});

test('who reads or follows a log while it is carried gets the same lines, and its folder is gone', async (t) => {
  const { logbook, folder } = await openBoth(t);
  const messages = await makeSealed(logbook, 'log-1', 20_000);
  const log = await logOf(logbook, 'log-1');
  const text = await bytesOf(log, 0, (await log.reach()).sizeBytes);
  const reading = log.text(0, text.length)[Symbol.asyncIterator]();
  const parts = [(await reading.next()).value];
  const following = logbook.follow('log-1', 1);
  const first = (await following.next()).value;
  const page = linesOf(await log.page(10, 100));

  await logbook.carry('log-1');

  assert.deepEqual(readdirSync(join(folder, 'lo')), []);
  assert.deepEqual(linesOf(await log.page(10, 100)), page);
  for (let part = await reading.next(); part.done !== true; part = await reading.next()) parts.push(part.value);
  assert.ok(Buffer.concat(parts as Buffer[]).equals(text));
  let followed = 0;
  const count = (event: FollowEvent | undefined) => {
    if (event && 'lineCount' in event) followed = Math.max(followed, event.firstLine + event.lineCount - 1);
  };
  count(first ?? undefined);
  for await (const event of following) count(event);
  assert.equal(followed, messages.length);
  assert.deepEqual(await messagesOf(logbook, 'log-1'), messages);
  assert.deepEqual(await logbook.verify('log-1'), { sealed: true, lineCount: messages.length, damage: [] });
  assert.deepEqual([await logbook.sealedHere(), await logbook.unsealed()], [[], []]);
  await assert.rejects(logbook.create('log-1'), /there is a log log-1 already/);
});

test('a log that could not be put or named stays where it is, and the next try carries it', async (t) => {
  const { logbook, refs, store, folder } = await openBoth(t);
  const messages = await makeSealed(logbook, 'log-1', 100);
  const put = store.put.bind(store);
  store.put = () => Promise.reject(new UnreachableLog('the store is away'));
  await assert.rejects(logbook.carry('log-1'), UnreachableLog);
  store.put = put;
  const keep = refs.keep.bind(refs);
  refs.keep = () => Promise.reject(new Error('the database is away'));
  await assert.rejects(logbook.carry('log-1'), /database is away/);
  assert.deepEqual(await logbook.sealedHere(), ['log-1']);
  assert.deepEqual(await messagesOf(logbook, 'log-1'), messages);
  // Named, but the process died before it removed the folder.
  refs.keep = async (...named) => {
    await keep(...named);
    throw new Error('killed');
  };
  await assert.rejects(logbook.carry('log-1'), /killed/);
  assert.deepEqual(await messagesOf(logbook, 'log-1'), messages);
  store.put = () => assert.fail('it has the log already');
  await logbook.carry('log-1');
  assert.deepEqual(readdirSync(join(folder, 'lo')), []);
  assert.deepEqual(await messagesOf(logbook, 'log-1'), messages);
});

test('a log that is not what its seal says is not carried', async (t) => {
  const { logbook, refs, folder } = await openBoth(t);
  await makeSealed(logbook, 'log-1', 1000);
  flip(logFiles(folder, 'log-1').archive);
  await assert.rejects(logbook.carry('log-1'), (error) => damageOf(error) !== undefined);
  assert.equal(refs.names.size, 0);
  assert.equal((await logbook.verify('log-1'))?.damage.length, 1);
});

test('removing a log takes away its name first, then what is elsewhere and in the folder', async (t) => {
  const { logbook, refs, store, other, left } = await openBoth(t);
  await makeSealed(logbook, 'log-1', 10);
  await logbook.carry('log-1');
  const log = await logOf(logbook, 'log-1');
  await log.page(0);
  const remove = store.remove.bind(store);
  store.remove = () => Promise.reject(new UnreachableLog('the store is away'));
  await logbook.remove('log-1');
  assert.deepEqual(left, ['log-1']);
  assert.equal(refs.names.size, 0);
  assert.equal(await logbook.open('log-1'), undefined);
  await assert.rejects(async () => log.page(0), NoSuchLog);
  store.remove = remove;
  await makeSealed(logbook, 'log-2', 10);
  await logbook.carry('log-2');
  await logbook.remove('log-2');
  assert.equal(await logbook.open('log-2'), undefined);
  assert.deepEqual(readdirSync(join(other, 'lo')), ['log-1']);
});

test('a store that is away is no log that does not exist, and an archive that it lost is damaged', async (t) => {
  const { logbook, refs, store } = await openBoth(t);
  await makeSealed(logbook, 'log-1', 10);
  await logbook.carry('log-1');
  const open = store.open.bind(store);
  store.open = () => Promise.reject(new UnreachableLog('the store is away'));
  await assert.rejects(async () => logbook.open('log-1'), UnreachableLog);
  await assert.rejects(logbook.verify('log-1'), UnreachableLog);
  store.open = open;
  await refs.keep('log-3', 'log-3');
  await assert.rejects(
    async () => logbook.open('log-3'),
    (error) => damageOf(error) !== undefined,
  );
  assert.match((await logbook.verify('log-3'))?.damage[0]?.reason ?? '', /log.ndjson.gz of log-3 is missing/);
});

test('a log that is removed while it is being carried is gone, here and elsewhere', async (t) => {
  const { logbook, refs, store, other } = await openBoth(t);
  await makeSealed(logbook, 'log-1', 10);
  const put = store.put.bind(store);
  store.put = async (...given) => {
    const ref = await put(...given);
    await logbook.remove('log-1');
    return ref;
  };
  await logbook.carry('log-1');
  assert.equal(await logbook.open('log-1'), undefined);
  assert.deepEqual([refs.names.size, readdirSync(join(other, 'lo'))], [0, []]);
});

test('pages of a log that is elsewhere ask nothing of the folder, once it is open', async (t) => {
  let acts = 0;
  const list: Disk['list'] = (path) => {
    acts += 1;
    return nodeDisk.list(path);
  };
  const open: Disk['open'] = (path, mode) => {
    acts += 1;
    return nodeDisk.open(path, mode);
  };
  const { logbook } = await openBoth(t, { ...nodeDisk, list, open });
  const messages = await makeSealed(logbook, 'log-1', 10);
  await logbook.carry('log-1');
  await logbook.open('log-1');
  acts = 0;
  assert.deepEqual(await messagesOf(logbook, 'log-1'), messages);
  assert.equal(acts, 0);
});

interface Both {
  logbook: Logbook;
  folder: string;
  refs: MemoryRefs;
  store: ArchiveStore;
  /** Where the store has its logs. */
  other: string;
  /** What it could not remove. */
  left: string[];
}

async function openBoth(t: TestContext, disk?: Disk): Promise<Both> {
  const [folder, other, refs] = [fastFolder(t), fastFolder(t), new MemoryRefs()];
  const store = new LateArchives(new CopiedArchives(other));
  const left: string[] = [];
  const onLeft = (ref: string) => void left.push(ref);
  const elsewhere = { archives: store, refs, indexBytes: 1_000_000, blockBytes: 0, onLeft };
  return { ...(await openLogbook(t, { folder, elsewhere, ...(disk && { disk }) })), refs, store, other, left };
}

async function makeSealed(logbook: Logbook, logId: string, lineCount: number): Promise<string[]> {
  const messages = Array.from({ length: lineCount }, (_, at) => `line ${at} ${'x'.repeat(at % 90)}`);
  const writer = await logbook.create(logId);
  for (const message of messages) await writer.line(message);
  await writer.seal(COMPLETE);
  return messages;
}

function flip(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0x10;
  writeFileSync(path, bytes);
}
