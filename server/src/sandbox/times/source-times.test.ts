import assert from 'node:assert/strict';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryFolder } from '../../../../test/support/slipway.ts';
import { changeOwner } from '../folder/owner-folder.ts';
import { skipLongReason } from '../testing/sandbox.ts';
import {
  keepSourceTimes,
  readFolderTimes,
  type SourceFolder,
  setOtherTime,
  setSourceTimes,
  takeSourceTimes,
} from './source-times.ts';

const SELF = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
/** Whether a test can give files to another user. */
const noRoot = SELF.uid !== 0 && 'only root can work as another user';
const OTHER = { uid: 51_234, gid: 51_234 };
const SENT_SECONDS = 1_700_000_000;

/** A source that is fetched again and again, and the times that its files had in each build. */
class Source {
  readonly path: string;
  isFetched = false;
  archive: string | undefined;
  owner = SELF;
  readonly #store: string;

  constructor(t: TestContext) {
    this.path = temporaryFolder(t);
    this.#store = join(temporaryFolder(t), 'store.img');
  }

  /** Has these files, and no others, all with the same time. */
  write(files: Record<string, string>, seconds = SENT_SECONDS): this {
    rmSync(this.path, { recursive: true, force: true });
    mkdirSync(this.path);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(this.path, name, '..'), { recursive: true });
      writeFileSync(join(this.path, name), text);
      utimesSync(join(this.path, name), seconds, seconds);
    }
    return this;
  }

  /** Sets the times for a build that makes an image. Returns why they do not tell the files apart, or undefined. */
  async set(): Promise<string | undefined> {
    const folder: SourceFolder = { name: undefined, path: this.path, isFetched: this.isFetched, archive: this.archive };
    const times = takeSourceTimes(this.#store);
    const place = { owner: this.owner, onStart: () => undefined, signal: new AbortController().signal };
    const reason = await setSourceTimes(times, [folder], place);
    if (reason === undefined) keepSourceTimes(times);
    return reason;
  }

  recordedPaths(): string[] {
    const { files } = readFolderTimes(join(this.#store, '../source-times/source.times'));
    return Object.keys(files).toSorted();
  }

  async timeOf(name: string): Promise<bigint> {
    return lstatSync(join(this.path, name), { bigint: true }).mtimeNs;
  }
}

test('a file that is the same has the time that it had before, and one that changed has another', async (t) => {
  const source = new Source(t).write({ a: 'first', 'folder/b': 'same' });
  assert.equal(await source.set(), undefined);
  const [a, b] = [await source.timeOf('a'), await source.timeOf('folder/b')];
  assert.equal(a, BigInt(SENT_SECONDS) * 1_000_000_000n, 'the first build leaves the times of a source as they are');
  await source.write({ a: 'other', 'folder/b': 'same' }).set();
  const other = await source.timeOf('a');
  assert.notEqual(other, a, 'the same size and second');
  assert.equal(await source.timeOf('folder/b'), b);
  await source.write({ a: 'other', 'folder/b': 'same' }).set();
  assert.deepEqual([await source.timeOf('a'), await source.timeOf('folder/b')], [other, b]);
});

test('no two contents of a file have the same time, whatever comes and goes between them', async (t) => {
  const source = new Source(t);
  const contents = new Map<bigint, string>();
  for (const text of ['x', 'y', undefined, 'z', 'x', 'x', undefined, undefined, 'y', 'w', 'x']) {
    await source.write(text === undefined ? { other: 'o' } : { file: text }).set();
    if (text === undefined) continue;
    const at = await source.timeOf('file');
    assert.equal(contents.get(at) ?? text, text);
    contents.set(at, text);
  }
});

test('a sent file with another time is another file; the times of a fetched source mean nothing', async (t) => {
  const source = new Source(t).write({ a: 'same' });
  await source.set();
  const before = await source.timeOf('a');
  await source.write({ a: 'same' }, SENT_SECONDS + 60).set();
  assert.notEqual(await source.timeOf('a'), before);
  assert.equal(Number((await source.timeOf('a')) / 1_000_000_000n), SENT_SECONDS + 60);
  source.isFetched = true;
  const sent = await source.timeOf('a');
  await source.write({ a: 'same' }, SENT_SECONDS + 120.5).set();
  assert.equal(await source.timeOf('a'), sent);
});

test('of a source that was unpacked from the same archive, only the files that were given a time are looked at', async (t) => {
  const source = new Source(t);
  const send = async (archive: string, text: string, same = 'same') => {
    source.archive = archive;
    source.write({ a: text, same, linked: '' });
    linkSync(join(source.path, 'linked'), join(source.path, 'again'));
    assert.equal(await source.set(), undefined);
    return Promise.all(['a', 'same', 'linked'].map((name) => source.timeOf(name)));
  };
  const first = await send('1', 'first');
  const changed = await send('2', 'other');
  assert.notEqual(changed[0], first[0]);
  assert.equal(changed[1], first[1]);
  // The archive has not changed, so this file cannot have changed either: nothing reads it.
  const again = await send('2', 'other', 'SAME');
  assert.deepEqual(again.slice(0, 2), changed.slice(0, 2));
  assert.notEqual(again[2], changed[2], 'a file with several names');
  assert.notEqual((await send('3', 'other', 'SAME'))[1], first[1], 'all files of another archive are read');
  assert.deepEqual(source.recordedPaths(), ['a', 'same']);
});

test('of a source whose files all have the times of the same archive, no file is looked at', async (t) => {
  const source = new Source(t).write({ a: 'first' });
  source.archive = '1';
  await source.set();
  rmSync(source.path, { recursive: true });
  assert.equal(await source.set(), undefined);
  assert.deepEqual(source.recordedPaths(), ['a']);
  source.write({ a: 'other' });
  source.archive = '2';
  await source.set();
  assert.notEqual(await source.timeOf('a'), BigInt(SENT_SECONDS) * 1_000_000_000n);
});

test('a file with several names has a new time in each build', async (t) => {
  const source = new Source(t);
  const seen = new Set<bigint>();
  for (let build = 0; build < 3; build += 1) {
    source.write({ a: 'linked' });
    linkSync(join(source.path, 'a'), join(source.path, 'b'));
    await source.set();
    assert.equal(await source.timeOf('a'), await source.timeOf('b'));
    seen.add(await source.timeOf('a'));
  }
  assert.equal(seen.size, 3);
});

test('links are not followed, and names may have any bytes', async (t) => {
  const outside = join(temporaryFolder(t), 'outside');
  writeFileSync(outside, 'not of the source');
  utimesSync(outside, 1.5, 1.5);
  const source = new Source(t).write({ 'new\nline': '1', ['__proto__']: '2' });
  symlinkSync(outside, join(source.path, 'link'));
  symlinkSync('/', join(source.path, 'root'));
  writeFileSync(Buffer.from(`${source.path}/\xff\xfe`, 'latin1'), 'no UTF-8');
  assert.equal(await source.set(), undefined);
  assert.equal(lstatSync(outside).mtimeMs, 1500);
  assert.deepEqual(source.recordedPaths(), ['__proto__', 'new\nline', '\xff\xfe']);
  const before = await source.timeOf('__proto__');
  await source.write({ ['__proto__']: '3' }).set();
  assert.notEqual(await source.timeOf('__proto__'), before);
});

test('a file that its owner cannot read has a new time in each build', { skip: noRoot }, async (t) => {
  const source = new Source(t);
  source.owner = OTHER;
  const seen = new Set<bigint>();
  for (let build = 0; build < 3; build += 1) {
    source.write({ closed: 'same' });
    chmodSync(join(source.path, 'closed'), 0);
    await changeOwner(source.path, OTHER);
    assert.equal(await source.set(), undefined);
    seen.add(await source.timeOf('closed'));
  }
  assert.equal(seen.size, 3);
});

test('a folder that its owner cannot read makes the whole source new', { skip: noRoot }, async (t) => {
  const closed = new Source(t).write({ 'folder/a': 'closed' });
  closed.owner = OTHER;
  chmodSync(join(closed.path, 'folder'), 0);
  await changeOwner(closed.path, OTHER);
  assert.match((await closed.set()) ?? '', /permission denied/);
});

test('a source of very much content is new as a whole', async (t) => {
  const source = new Source(t).write({ holes: '' });
  truncateSync(join(source.path, 'holes'), 2 ** 42);
  assert.equal(await source.set(), 'it is too large');
});

test('a source of very long names is new as a whole', { skip: skipLongReason }, async (t) => {
  const source = new Source(t);
  const folder = join(source.path, ...Array.from({ length: 14 }, () => '\u0001'.repeat(255)));
  mkdirSync(folder, { recursive: true });
  for (let file = 0; file < 9500; file += 1) writeFileSync(join(folder, `${file}`), '');
  assert.equal(await source.set(), 'its names are too long');
});

test('works as the owner of the source, who may change no file of another user', { skip: noRoot }, async (t) => {
  const source = new Source(t).write({ a: '1' }, SENT_SECONDS + 0.25);
  source.owner = OTHER;
  chmodSync(source.path, 0o755);
  assert.match((await source.set()) ?? '', /not permitted/);
  assert.equal(lstatSync(join(source.path, 'a')).mtimeMs, SENT_SECONDS * 1000 + 250);
});

test('the record of times is gone while a build runs, and begins again unless the build put it back', (t) => {
  const store = join(temporaryFolder(t), 'store.img');
  const first = takeSourceTimes(store);
  assert.equal(first.build, 1);
  keepSourceTimes({ ...first, build: 7 });
  assert.deepEqual(takeSourceTimes(store), { ...first, build: 8 });
  const next = takeSourceTimes(store);
  assert.notEqual(next.client, first.client);
  keepSourceTimes({ ...next, build: 49_999 });
  const last = takeSourceTimes(store);
  assert.notEqual(last.client, next.client, 'there are no more times under this name');
  assert.equal(last.build, 1);
});

test('a file beside the source never has the time of one in it', async (t) => {
  const [file, other] = [join(temporaryFolder(t), 'Dockerfile'), join(temporaryFolder(t), 'Dockerfile')];
  for (const path of [file, other]) writeFileSync(path, '');
  const fraction = (path: string) => Number(lstatSync(path, { bigint: true }).mtimeNs % 1_000_000_000n);
  setOtherTime(file, { build: 1 });
  setOtherTime(other, { build: 2 });
  assert.ok(fraction(file) > 500_000_000 && fraction(other) > fraction(file));
});
