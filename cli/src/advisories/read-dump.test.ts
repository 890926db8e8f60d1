import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { readDump } from './read-dump.ts';
import { severityOfVector } from './severity.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-dumps-'));
after(() => rmSync(folder, { recursive: true }));

const WRITTEN_S = 1_700_000_000;

function file(name: string, content: object | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, Buffer.isBuffer(content) ? content : JSON.stringify(content));
  utimesSync(path, WRITTEN_S, WRITTEN_S);
  return path;
}

const OSV = {
  id: 'GHSA-x',
  modified: '2024-05-01T00:00:00Z',
  aliases: ['CVE-2024-1', 'SNYK-1'],
  summary: 'It breaks.\nBadly.',
  references: [
    { type: 'WEB', url: 'https://web.example' },
    { type: 'ADVISORY', url: 'https://advisory.example' },
  ],
  database_specific: { severity: 'CRITICAL' },
  affected: [
    {
      package: { ecosystem: 'PyPI', name: 'Foo_Bar' },
      ranges: [
        { type: 'GIT', events: [{ introduced: '0' }] },
        {
          type: 'ECOSYSTEM',
          events: [
            { introduced: '0' },
            { fixed: '1.2' },
            { introduced: '2.0' },
            { last_affected: '2.3' },
            { introduced: '3' },
          ],
        },
      ],
      versions: ['1.0'],
    },
    { package: { ecosystem: 'PyPI', name: 'other' }, versions: ['1.0', '1.1'] },
  ],
};

test('reads an entry of OSV: its name at CVE, ranges in the order of their events, and its severity in several notations', async () => {
  const { name, source, dataMs, advisories } = await readDump(file('osv.json', OSV));
  const shared = {
    Name: 'CVE-2024-1',
    Alias: 'GHSA-x',
    Severity: 'High',
    Summary: 'It breaks.',
    Link: 'https://advisory.example',
  };
  const ranges = [{ Introduced: '0', Fixed: '1.2' }, { Introduced: '2.0', LastAffected: '2.3' }, { Introduced: '3' }];
  assert.deepEqual([name, source, dataMs], ['osv PyPI', 'OSV', Date.UTC(2024, 4, 1)]);
  assert.deepEqual(advisories, [
    { ...shared, Ecosystem: 'PyPI', Package: 'foo-bar', Ranges: ranges },
    { ...shared, Ecosystem: 'PyPI', Package: 'other', Ranges: [], Versions: ['1.0', '1.1'] },
  ]);
});

test('reads an export of OSV as it is downloaded, and leaves out what was withdrawn', async () => {
  const old = { ...OSV, id: 'GHSA-old', withdrawn: '2024-01-01T00:00:00Z' };
  const path = file('all.zip', zipOf({ 'GHSA-x.json': JSON.stringify(OSV), 'GHSA-old.json': JSON.stringify(old) }));
  const { name, advisories } = await readDump(path);
  assert.deepEqual([name, advisories.length], ['osv PyPI', 2]);
});

test('reads Debian’s tracker: what is fixed and what is open in each release, and nothing that is undecided or never affected it', async () => {
  const releases = {
    bookworm: { status: 'resolved', fixed_version: '1.0-1', urgency: 'medium**' },
    trixie: { status: 'open', urgency: 'unimportant' },
    bullseye: { status: 'resolved', fixed_version: '0', urgency: 'low' },
    sid: { status: 'undetermined', urgency: 'not yet assigned' },
  };
  const path = file(
    'tracker.json.gz',
    gzipSync(JSON.stringify({ zlib: { 'CVE-2024-2': { description: 'x', releases } } })),
  );
  const { name, dataMs, advisories } = await readDump(path);
  assert.deepEqual([name, dataMs], ['debian tracker', WRITTEN_S * 1000]);
  const told = advisories.map(({ Ecosystem, Package, Name, Severity, Ranges }) => [
    Ecosystem,
    Package,
    Name,
    Severity,
    Ranges,
  ]);
  assert.deepEqual(told, [
    ['Debian:bookworm', 'zlib', 'CVE-2024-2', 'Medium', [{ Introduced: '0', Fixed: '1.0-1' }]],
    ['Debian:trixie', 'zlib', 'CVE-2024-2', 'Low', [{ Introduced: '0' }]],
  ]);
});

test('reads a file of Alpine’s secdb', async () => {
  const secfixes = { '1.2.12-r2': ['CVE-2022-37434 ALPINE-1'], '0': ['CVE-2023-6992'] };
  const json = { distroversion: 'v3.19', reponame: 'main', packages: [{ pkg: { name: 'zlib', secfixes } }] };
  const { name, advisories } = await readDump(file('main.json', json));
  assert.equal(name, 'alpine v3.19/main');
  assert.deepEqual(advisories, [
    {
      Ecosystem: 'Alpine:v3.19',
      Package: 'zlib',
      Name: 'CVE-2022-37434',
      Alias: 'ALPINE-1',
      Severity: 'Unknown',
      Link: 'https://security.alpinelinux.org/vuln/CVE-2022-37434',
      Ranges: [{ Introduced: '0', Fixed: '1.2.12-r2' }],
    },
  ]);
});

test('refuses what is no dump, naming the file', async () => {
  const cases: [string, object | Buffer, RegExp][] = [
    ['object.json', { a: 1 }, /object\.json is not a dump that can be imported/],
    ['empty.json', [], /not a dump/],
    ['text.json', Buffer.from('hello'), /text\.json is not JSON/],
    ['cut.zip', zipOf({ 'a.json': '{}' }).subarray(0, 40), /cut\.zip is not a zip file/],
    ['other.zip', zipOf({ 'a.json': '{}' }), /a\.json in .*other\.zip is not an entry of OSV/],
  ];
  for (const [name, content, words] of cases) await assert.rejects(readDump(file(name, content)), words);
  await assert.rejects(readDump(join(folder, 'none')), /cannot be read \(ENOENT\)/);
});

test('a CVSS vector has the severity that its calculator gives', () => {
  for (const [vector, severity] of [
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 'High'],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', 'Medium'],
    ['CVSS:3.0/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N', 'Low'],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 'Unknown'],
    ['CVSS:3.1/AV:X', undefined],
    ['AV:N/AC:L/Au:N/C:P/I:P/A:P', undefined],
  ] as const)
    assert.equal(severityOfVector(vector), severity, vector);
});

function zipOf(members: Record<string, string>): Buffer {
  const [parts, list]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const [name, text] of Object.entries(members)) {
    const packed = deflateRawSync(text);
    const shared = [20, 0, 8, 0, 0];
    const sizes = [crc32(text), packed.length, Buffer.byteLength(text)];
    const local = Buffer.concat([
      u32(0x04034b50),
      ...shared.map(u16),
      ...sizes.map(u32),
      u16(name.length),
      u16(0),
      Buffer.from(name),
    ]);
    list.push(
      Buffer.concat([
        ...[u32(0x02014b50), u16(20), ...shared.map(u16), ...sizes.map(u32), u16(name.length)],
        ...[u16(0), u16(0), u16(0), u16(0), u32(0), u32(at), Buffer.from(name)],
      ]),
    );
    parts.push(local, packed);
    at += local.length + packed.length;
  }
  const directory = Buffer.concat(list);
  const count = list.length;
  const end = [u32(0x06054b50), u16(0), u16(0), u16(count), u16(count), u32(directory.length), u32(at), u16(0)];
  return Buffer.concat([...parts, directory, ...end]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
