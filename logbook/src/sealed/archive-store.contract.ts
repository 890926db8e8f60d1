import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { type LogFiles, logFiles } from '../disk/log-files.ts';
import { damageOf, Logbook, type Seal } from '../logbook.ts';
import { fastFolder } from '../testing/logbook.ts';
import type { ArchiveDraft, ArchiveRef, ArchiveStore, StoredArchive } from './archive-store.ts';

/** A store that was made for a test, and what can happen to it. */
export interface StoreUnderTest {
  store: ArchiveStore;
  /** Where the drafts of its logs are made. */
  folder: string;
  /** The same store, which fails from one of its acts on, counted from 1. */
  failing: (fromAct: number) => ArchiveStore | Promise<ArchiveStore>;
  /** Removes one of the two files of a log. */
  lose: (ref: ArchiveRef, file: 'archive' | 'index') => Promise<void>;
}

const LINES = 4000;
/** More than any store needs for a put. */
const ACTS_LIMIT = 60;

/** The promises of a store of sealed logs, checked for one implementation. */
export function testArchiveStore(name: string, make: (t: TestContext) => Promise<StoreUnderTest>): void {
  test(`${name}: a sealed log is the same bytes as its draft, whole, in part and as a stream`, async (t) => {
    const { store, folder } = await make(t);
    const made = await sealedLog(t);
    const ref = await store.put('log-1', made.draft(folder, 'log-1'));
    const archive = await store.open(ref);
    const { length } = made.archive;
    assert.deepEqual([archive.archiveBytes, bytesOf(archive.index)], [length, made.index]);
    for (const [from, to] of [
      [0, length],
      [0, 1],
      [10, 5000],
      [length - 10, length],
      [7, 7],
    ] as const) {
      assert.deepEqual(await read(archive, from, to), made.archive.subarray(from, to), `bytes ${from} to ${to}`);
      if (from < to) assert.deepEqual(await buffer(archive.stream(from, to)), made.archive.subarray(from, to));
    }
    archive.close();
  });

  test(`${name}: reads in progress at the same time each return their own bytes`, async (t) => {
    const { store, folder } = await make(t);
    const made = await sealedLog(t);
    const archive = await store.open(await store.put('log-1', made.draft(folder, 'log-1')));
    const starts = Array.from({ length: 12 }, (_, at) => at * 2500);
    const all = await Promise.all(starts.map((start) => read(archive, start, start + 2500)));
    for (const [at, start] of starts.entries()) assert.deepEqual(all[at], made.archive.subarray(start, start + 2500));
    archive.close();
  });

  test(`${name}: a put that is cut off at any of its acts changes no other log, and can be repeated`, async (t) => {
    const { store, folder, failing } = await make(t);
    const made = await sealedLog(t);
    const kept = await store.put('log-1', made.draft(folder, 'log-1'));
    for (let act = 1; ; act += 1) {
      assert.ok(act < ACTS_LIMIT);
      const logId = `log-2-${act}`;
      const put = () => made.draft(folder, logId);
      const isPut = await (await failing(act)).put(logId, put()).then(
        () => true,
        () => false,
      );
      const ref = isPut ? undefined : await store.put(logId, put());
      for (const each of [kept, ...(ref === undefined ? [] : [ref])]) {
        const archive = await store.open(each);
        assert.deepEqual(bytesOf(archive.index), made.index, `act ${act}`);
        assert.deepEqual(await read(archive, 0, archive.archiveBytes), made.archive, `act ${act}`);
        archive.close();
      }
      if (isPut) return assert.ok(act > 2, 'the store was made to fail');
    }
  });

  test(`${name}: a log that lacks one of its files is damaged, not empty`, async (t) => {
    const { store, folder, lose } = await make(t);
    const made = await sealedLog(t);
    for (const [file, told] of [
      ['archive', /log\.ndjson\.gz of .* is missing/],
      ['index', /log\.idx of .* is missing/],
    ] as const) {
      const ref = await store.put(`log-${file}`, made.draft(folder, `log-${file}`));
      await lose(ref, file);
      await assert.rejects(
        async () => store.open(ref),
        (error) => told.test(damageOf(error)?.message ?? ''),
      );
    }
  });

  test(`${name}: a removed log is gone, others stay, and removing it again succeeds`, async (t) => {
    const { store, folder } = await make(t);
    const made = await sealedLog(t);
    const [one, two] = [
      await store.put('log-1', made.draft(folder, 'log-1')),
      await store.put('log-2', made.draft(folder, 'log-2')),
    ];
    await store.remove(one);
    await store.remove(one);
    await assert.rejects(
      async () => store.open(one),
      (error) => damageOf(error) !== undefined,
    );
    const archive = await store.open(two);
    assert.deepEqual(await read(archive, 0, archive.archiveBytes), made.archive);
    archive.close();
  });
}

/** Bytes of an archive, which are the test's own. */
async function read(archive: StoredArchive, fromByte: number, toByte: number): Promise<Buffer> {
  const answer = archive.read(fromByte, toByte);
  return answer instanceof Promise ? answer : Buffer.from(answer);
}

function bytesOf(index: StoredArchive['index']): Buffer {
  const bytes = Buffer.alloc(index.sizeBytes());
  assert.equal(index.read(bytes, 0), bytes.length);
  // A part of it, from a place in the middle.
  const part = Buffer.alloc(40);
  const got = index.read(part, bytes.length - 24);
  assert.deepEqual(part.subarray(0, got), bytes.subarray(-24));
  return bytes;
}

export interface SealedFiles {
  archive: Buffer;
  index: Buffer;
  seal: Seal;
  /** A draft of the log, new each time, in the folder of a log below this one. */
  draft: (root: string, logId: string) => ArchiveDraft;
}

/** A sealed log of several blocks. */
export async function sealedLog(
  t: TestContext,
  { messages, stepLines }: { messages: readonly string[]; stepLines: number } = {
    messages: numbered(),
    stepLines: LINES,
  },
): Promise<SealedFiles> {
  const folder = fastFolder(t);
  const logbook = await Logbook.open({ folder });
  const writer = await logbook.create('log-0');
  for (const [at, message] of messages.entries()) {
    if (at % stepLines === 0) writer.stage('DOCKER_IMAGE_BUILD', at / stepLines + 1);
    await writer.line(message);
  }
  const seal = await writer.seal({ verdict: 'complete' });
  await logbook.close();
  const files = logFiles(folder, 'log-0');
  return {
    archive: readFileSync(files.archive),
    index: readFileSync(files.sealedIndex),
    seal,
    draft: (root, logId) => draftOf(files, seal, logFiles(root, logId)),
  };
}

function numbered(): string[] {
  return Array.from({ length: LINES }, (_, at) => `line ${at} ${(at * 7919) % 65_537} ${'-'.repeat(at % 50)}`);
}

function draftOf(from: LogFiles, seal: Seal, to: LogFiles): ArchiveDraft {
  mkdirSync(to.folder, { recursive: true });
  copyFileSync(from.archive, to.archiveTemp);
  copyFileSync(from.sealedIndex, to.sealedIndexTemp);
  return { seal, archivePath: to.archiveTemp, indexPath: to.sealedIndexTemp };
}
