import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { constants, gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { type MemberUnderTest, tarOf } from '#tar/testing/tar.ts';
import { goProgram, rpmDatabase } from '../testing/image-layer.ts';
import type { Package } from './inventory.ts';
import { readImage } from './read-image.ts';
import { readInventory } from './read-inventory.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-scan-'));
after(() => rmSync(folder, { recursive: true }));

const LIMITS = { entries: 10_000, unpackedBytes: 64 * 2 ** 20 };
let made = 0;

function layerOf(bytes: Buffer): { file: string; digest: string } {
  const file = join(folder, `layer-${made}`);
  writeFileSync(file, bytes);
  made += 1;
  return { file, digest: `sha256:${made}` };
}

async function read(layers: (readonly MemberUnderTest[] | Buffer)[], limits = LIMITS) {
  const given = layers.map((each) => layerOf(Buffer.isBuffer(each) ? each : gzipSync(tarOf(each))));
  const found = await readImage({ layers: given, scratch: folder, limits });
  if ('mistake' in found) return found.mistake;
  const { distribution, packages } = found.inventory;
  const place = (layer: string) => given.findIndex(({ digest }) => digest === layer);
  const told = ({ name, version, format, source, path, layer }: Package) =>
    `${format} ${name} ${version}${source ? ` of ${source.name} ${source.version}` : ''} at ${path} in ${place(layer)}`;
  return [
    distribution ? `${distribution.id} ${distribution.version}` : 'no distribution',
    ...packages.map(told).sort(),
  ];
}

const RPM = 'var/lib/rpm/rpmdb.sqlite';
const OS = { name: 'usr/lib/os-release', content: 'ID=debian\nVERSION_ID="12"\n' };
const dpkg = (name: string, version: string, more = '') =>
  `Package: ${name}\nStatus: install ok installed\n${more}Version: ${version}\nDescription: x\n more: y\n\n`;

test('reads the packages of each package manager, whatever compression the layers have', async () => {
  const lock = {
    lockfileVersion: 3,
    packages: { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/t': { version: '2', dev: true } },
  };
  const first = [
    OS,
    {
      name: './var/lib/dpkg/status',
      content:
        dpkg('libc6', '2.36-9', 'Source: glibc (2.36-8)\n') +
        'Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n\n',
    },
    { name: 'var/lib/dpkg/status.d/tzdata', content: 'Package: tzdata\nVersion: 2024a\n' },
    { name: 'lib/apk/db/installed', content: 'C:Q1\nP:libssl3\nV:3.1.4-r0\no:openssl\nL:Apache-2.0\n\n' },
  ];
  const second = [
    { name: 'app/node_modules/left-pad/package.json', content: '{"name":"left-pad","version":"1.3.0"}' },
    { name: 'app/node_modules/@s/p/package.json', content: '{"name":"@s/p","version":"2.0.0"}' },
    { name: 'app/node_modules/left-pad/test/package.json', content: '{"name":"no","version":"1.0.0"}' },
    { name: 'app/package-lock.json', content: '{"packages":{"node_modules/other":{"version":"1"}}}' },
    { name: 'srv/package-lock.json', content: JSON.stringify(lock) },
    {
      name: 'usr/lib/python3/site-packages/Foo_Bar-1.0.dist-info/METADATA',
      content: 'Name: Foo_Bar\nVersion: 1.0\n\nName: no\n',
    },
    {
      name: 'usr/bin/tool',
      content: goProgram(
        'go1.22.3',
        'dep\texample.com/m\tv1.2.3\th1:x\ndep\texample.com/o\tv1.0.0\n=>\texample.com/n\tv2.0.0\n',
      ),
    },
    {
      name: RPM,
      content: rpmDatabase(folder, [
        { name: 'bash', version: '5.1', release: '2.el9', epoch: 1, source: 'bash-5.1-2.el9.src.rpm' },
      ]),
    },
  ];
  assert.deepEqual(await read([gzipSync(tarOf(first)), zstdCompressSync(tarOf(second))]), [
    'debian 12',
    'apk libssl3 3.1.4-r0 of openssl 3.1.4-r0 at lib/apk/db/installed in 0',
    'dpkg libc6 2.36-9 of glibc 2.36-8 at var/lib/dpkg/status in 0',
    'dpkg tzdata 2024a at var/lib/dpkg/status.d/tzdata in 0',
    'golang example.com/m 1.2.3 at usr/bin/tool in 1',
    'golang example.com/n 2.0.0 at usr/bin/tool in 1',
    'golang stdlib 1.22.3 at usr/bin/tool in 1',
    'npm @s/p 2.0.0 at app/node_modules/@s/p/package.json in 1',
    'npm a 1.0.0 at srv/package-lock.json in 1',
    'npm left-pad 1.3.0 at app/node_modules/left-pad/package.json in 1',
    'python foo-bar 1.0 at usr/lib/python3/site-packages/Foo_Bar-1.0.dist-info/METADATA in 1',
    'rpm bash 1:5.1-2.el9 of bash 1:5.1-2.el9 at var/lib/rpm/rpmdb.sqlite in 1',
  ]);
});

test('the confined process reads an RPM database, whose copy is removed afterwards', async () => {
  const bash = { name: 'bash', version: '5.1', release: '2.el9', epoch: 0, source: 'bash-5.1-2.el9.src.rpm' };
  const layer = layerOf(gzipSync(tarOf([{ name: RPM, content: rpmDatabase(folder, [bash]) }])));
  const scratch = mkdtempSync(join(folder, 'scratch-'));
  const { packages } = await readInventory([layer], scratch, new AbortController().signal);
  assert.deepEqual([packages.map(({ name }) => name), readdirSync(scratch)], [['bash'], []]);
});

test('reads the database that RPM 4.18 itself wrote, without the public key in it and the package that was removed', async () => {
  const content = gunzipSync(readFileSync(join(import.meta.dirname, '../testing/rpmdb.sqlite.gz')));
  const line = (name: string, version: string) => `rpm ${name} ${version} of probe ${version} at ${RPM} in 0`;
  assert.deepEqual(await read([[{ name: RPM, content }]]), [
    'no distribution',
    // Its header has the names of 150 files and is larger than a page.
    line('probe', '7:1.2-3'),
    line('probe-part1', '2.1-3'),
    line('probe-part3', '2.3-3'),
  ]);
});

test('finds a Go program whose first bytes arrive in two pieces', async () => {
  // A layer is read in pieces of this size, and what a piece unpacks to is passed on at its end.
  const pieceBytes = 256 * 1024;
  const program = { name: 'usr/bin/tool', content: goProgram('go1.22.3', '') };
  const firstPiece = (layer: Buffer) =>
    gunzipSync(layer.subarray(0, pieceBytes), { finishFlush: constants.Z_SYNC_FLUSH }).length;
  const layerAfter = (blocks: number) =>
    gzipSync(tarOf([{ name: 'before', content: Buffer.alloc(blocks * 512) }, program]), { level: 0 });
  const blocks = Math.floor(firstPiece(layerAfter(500)) / 512) - 3;
  const startBytes = (blocks + 2) * 512;
  const layer = layerAfter(blocks);
  // A name in gzip's header moves what follows it.
  const name = Buffer.from(`${'n'.repeat(firstPiece(layer) - startBytes - 3)}\0`);
  const moved = Buffer.concat([layer.subarray(0, 10), name, layer.subarray(10)]);
  moved[3] = 8;
  assert.equal(firstPiece(moved), startBytes + 2);
  assert.deepEqual(await read([moved]), ['no distribution', 'golang stdlib 1.22.3 at usr/bin/tool in 0']);
});

test('applies the changes and deletions of upper layers, and assigns a package to the layer that added it', async () => {
  const npm = (name: string) => ({
    name: `a/node_modules/${name}/package.json`,
    content: `{"name":"${name}","version":"1.0.0"}`,
  });
  const base = [
    OS,
    { name: 'var/lib/dpkg/status', content: dpkg('a', '1') + dpkg('b', '1') },
    npm('kept'),
    npm('gone'),
  ];
  const more = [
    { name: 'var/lib/dpkg/status', content: dpkg('a', '1') + dpkg('b', '2') },
    { name: 'a/node_modules/.wh.gone', content: '' },
    npm('new'),
  ];
  assert.deepEqual(await read([base, more]), [
    'debian 12',
    'dpkg a 1 at var/lib/dpkg/status in 0',
    'dpkg b 2 at var/lib/dpkg/status in 1',
    'npm kept 1.0.0 at a/node_modules/kept/package.json in 0',
    'npm new 1.0.0 at a/node_modules/new/package.json in 1',
  ]);
  // A folder in the oldest archives.
  assert.deepEqual(await read([base, [{ name: 'a/' }]]), await read([base]));
  const opaque = [{ name: 'a/.wh..wh..opq', content: '' }, npm('only')];
  assert.deepEqual((await read([base, opaque])).slice(3), ['npm only 1.0.0 at a/node_modules/only/package.json in 1']);
  const link = [{ name: 'a/node_modules', type: '2', linkName: '/elsewhere' }];
  assert.deepEqual((await read([base, link])).length, 3);
});

test('reports what cannot be read, and never takes it for an image without packages', async () => {
  const cases: [(readonly MemberUnderTest[] | Buffer)[], RegExp][] = [
    [
      [Buffer.from('no archive at all, but long enough to be looked at as one'.repeat(20))],
      /cannot be read: it is not a tar archive/,
    ],
    [[gzipSync(tarOf([OS])).subarray(0, 60)], /cannot be decompressed|not a tar archive/],
    [[[{ name: RPM, content: Buffer.from('SQLite format 3\0rubbish') }]], /RPM database is broken/],
    ...['-wal', '-journal'].map((of): [(readonly MemberUnderTest[])[], RegExp] => [
      [[{ name: RPM, content: rpmDatabase(folder, []) }], [{ name: `${RPM}${of}`, content: 'x' }]],
      /in use when the image was made/,
    ]),
    [[[{ name: 'var/lib/rpm/Packages', content: Buffer.alloc(100) }]], /Packages cannot be read/],
    [[[{ name: 'var/lib/dpkg/status', content: dpkg('a'.repeat(1000), '1') }]], /name or version of more than/],
    [[[{ name: 'a/node_modules/a/package.json', content: Buffer.alloc(5 * 2 ** 20) }]], /larger than 4194304 bytes/],
  ];
  for (const [layers, words] of cases) assert.match(String(await read(layers)), words);
});

test('gives up at its limit on an image that unpacks to very much, or has very many files', async () => {
  const bomb = [{ name: 'zeros', content: Buffer.alloc(2 * 2 ** 20) }];
  assert.match(String(await read([bomb, bomb], { ...LIMITS, unpackedBytes: 3 * 2 ** 20 })), /unpacks to more bytes/);
  const files = Array.from({ length: 101 }, (_, at) => ({ name: `f${at}`, content: '' }));
  assert.match(String(await read([files], { ...LIMITS, entries: 100 })), /more files/);
});

test('skips links that lead nowhere, out of the image or to themselves', async () => {
  const links = [
    { name: 'a', type: '2', linkName: 'a' },
    { name: 'var/lib/dpkg/status', type: '2', linkName: '/etc/shadow' },
    { name: '../../etc/os-release', content: 'ID=alpine\nVERSION_ID=3.19.1\n' },
    { name: 'lib/apk/db/installed', type: '1', linkName: '/proc/self/environ' },
  ];
  assert.deepEqual(await read([links]), ['alpine 3.19.1']);
});
