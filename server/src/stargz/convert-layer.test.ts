import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { readTar } from '#tar/tar-reader.ts';
import { type MemberUnderTest, tarOf } from '#tar/testing/tar.ts';
import { convertLayer } from './convert-layer.ts';
import type { TocEntry } from './toc.ts';

const BIG = Buffer.alloc(9 * 2 ** 20, 'slipway');
const MEMBERS: MemberUnderTest[] = [
  { name: './', type: '5', mode: 0o755 },
  { name: './bin/', type: '5', mode: 0o755 },
  { name: './bin/big', content: BIG, mode: 0o4755, records: { 'SCHILY.xattr.user.x': 'y' } },
  { name: './bin/link', type: '2', linkName: 'big' },
  { name: './bin/hard', type: '1', linkName: './bin/big' },
  { name: './etc/', type: '5' },
  { name: './etc/empty' },
  { name: `./etc/${'n'.repeat(80)}/long`, records: { path: `./etc/${'n'.repeat(150)}/long` }, content: 'l' },
  { name: './dev', type: '3' },
  { name: './.wh.gone' },
];

async function convert(archive: Buffer, first: readonly string[] = []) {
  const [layer, toc]: [Buffer[], Buffer[]] = [[], []];
  const output = {
    write: async (bytes: Buffer) => void layer.push(Buffer.from(bytes)),
    writeToc: async (bytes: Buffer) => void toc.push(bytes),
    readToc: async function* () {
      yield* toc;
    },
  };
  // In pieces that end anywhere.
  async function* pieces() {
    for (let at = 0; at < archive.length; at += 60_001) yield archive.subarray(at, at + 60_001);
  }
  const converted = await convertLayer(async () => pieces(), output, first);
  return { converted, bytes: Buffer.concat(layer), toc: Buffer.concat(toc) };
}

/** Every member as a text that has all of it. */
async function listed(archive: Buffer): Promise<string[]> {
  const members: string[] = [];
  for await (const { header, content } of readTar(
    (async function* () {
      yield archive;
    })(),
  )) {
    const hash = createHash('sha256');
    for await (const part of content()) hash.update(part);
    const { records, ...rest } = header;
    members.push(JSON.stringify({ ...rest, records: [...records], content: hash.digest('hex') }));
  }
  return members;
}

const isOwn = (member: string) => /"name":"(stargz\.index\.json|\.(no\.)?prefetch\.landmark)"/.test(member);

test('a converted layer is the same archive with a landmark and a table of contents, and says where each chunk is', async () => {
  const archive = tarOf(MEMBERS);
  const { converted, bytes, toc } = await convert(archive);
  const unpacked = gunzipSync(bytes);
  assert.deepEqual(
    (await listed(unpacked)).filter((member) => !isOwn(member)),
    await listed(archive),
  );
  const sha256 = (of: Buffer) => `sha256:${createHash('sha256').update(of).digest('hex')}`;
  assert.equal(converted.digest, sha256(bytes));
  assert.equal(converted.diffId, sha256(unpacked));
  assert.equal(converted.tocDigest, sha256(toc));
  assert.deepEqual([converted.sizeBytes, converted.unpackedBytes], [bytes.length, unpacked.length]);
  const { version, entries } = JSON.parse(toc.toString()) as { version: number; entries: TocEntry[] };
  assert.equal(version, 1);
  assert.deepEqual(
    entries.map(({ name, type }) => `${type} ${name.slice(0, 12)}`),
    [
      ...['reg .no.prefetch', 'dir ./', 'dir ./bin/', 'reg ./bin/big', 'chunk ./bin/big', 'chunk ./bin/big'],
      ...['symlink ./bin/link', 'hardlink ./bin/hard', 'dir ./etc/', 'reg ./etc/empty', 'reg ./etc/nnnnnn'],
      ...['char ./dev', 'reg ./.wh.gone'],
    ],
  );
  const [, , , big, second, third] = entries;
  assert.deepEqual(
    [big?.digest, big?.size, big?.mode, big?.xattrs],
    [sha256(BIG), BIG.length, 0o4755, { 'user.x': 'eQ==' }],
  );
  // Each chunk can be read alone.
  for (const [index, chunk] of [big, second, third].entries()) {
    const content = BIG.subarray(index * 2 ** 22, (index + 1) * 2 ** 22);
    const end = [second, third, entries[10]][index]?.offset;
    assert.equal(chunk?.chunkDigest, sha256(content));
    assert.ok(gunzipSync(bytes.subarray(chunk.offset, end)).subarray(0, content.length).equals(content));
  }
  const footer = bytes.subarray(-51);
  assert.equal(gunzipSync(footer).length, 0);
  const [, tocOffset = ''] = /^([0-9a-f]{16})STARGZ$/.exec(footer.toString('latin1', 16, 38)) ?? [];
  const table = gunzipSync(bytes.subarray(Number.parseInt(tocOffset, 16)));
  assert.ok(table.subarray(512, 512 + toc.length).equals(toc));
});

test('the same layer gives the same bytes, also when it was converted before', async () => {
  const once = await convert(tarOf(MEMBERS));
  assert.deepEqual((await convert(tarOf(MEMBERS))).converted, once.converted);
  assert.deepEqual((await convert(gunzipSync(once.bytes))).converted, once.converted);
});

test('files that are asked for come first, with their folders and what they are hard links to, and nothing is lost', async () => {
  const archive = tarOf(MEMBERS);
  const { bytes, toc } = await convert(archive, ['/etc/empty', '/bin/hard', '/not/there']);
  const { entries } = JSON.parse(toc.toString()) as { entries: TocEntry[] };
  const names = entries.filter(({ type }) => type !== 'chunk').map(({ name }) => name);
  assert.deepEqual(names.slice(0, 6), [
    ...['./bin/', './bin/big', './bin/hard', './etc/', './etc/empty'],
    '.prefetch.landmark',
  ]);
  const kept = (await listed(gunzipSync(bytes))).filter((member) => !isOwn(member));
  assert.deepEqual(kept.sort(), (await listed(archive)).sort());
  assert.equal(
    (JSON.parse((await convert(archive, ['/none'])).toc.toString()) as { entries: TocEntry[] }).entries[0]?.name,
    '.no.prefetch.landmark',
  );
  const folder = await convert(archive, ['/etc/']);
  assert.match(folder.toc.toString(), /"\.\/etc\/empty".*"\.\/etc\/n+\/long".*"\.prefetch\.landmark"/);
});

test('an archive that is cut off, damaged, or has what no image can hold is refused with the reason', async () => {
  const archive = tarOf(MEMBERS);
  const damaged = Buffer.from(archive);
  damaged[0] = 0x7f;
  for (const [given, reason] of [
    [archive.subarray(0, 3_000_000), /ends within ".\/bin\/big"/],
    [archive.subarray(0, 700), /ends within a header/],
    [damaged, /not a tar archive, or is damaged/],
    [tarOf([{ name: 'a', type: 'S' }]), /"a" is of a kind that cannot be converted/],
    [tarOf([{ name: 'a', records: { 'GNU.sparse.major': '1' } }]), /of a kind that cannot be converted/],
    [tarOf([{ name: 'x', type: 'x', content: '9999 a=b\n' }]), /extension of a header is malformed/],
    [tarOf([{ name: 'x', type: 'x', content: Buffer.alloc(2 ** 21) }]), /more than 1048576 bytes/],
  ] as const)
    await assert.rejects(convert(given), reason);
});

test('an empty layer becomes one that has a landmark alone', async () => {
  const { toc } = await convert(tarOf([]));
  assert.deepEqual(
    (JSON.parse(toc.toString()) as { entries: TocEntry[] }).entries.map(({ name }) => name),
    ['.no.prefetch.landmark'],
  );
});
