import assert from 'node:assert/strict';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import type { Header } from 'tar-stream';
import { applyLayer, emptyTree, type LayerEntry } from './image-tree.ts';
import { writeImageFolder } from './write-image-folder.ts';

type Given = [name: string, content: string, header?: Partial<Header>];

/** An image with these layers, whose files contain the given texts. */
function imageOf(...layers: Given[][]) {
  const texts: string[] = [];
  const root = emptyTree();
  for (const [at, layer] of layers.entries()) {
    const entries = layer.map(([name, content, header]): LayerEntry => {
      texts.push(content);
      const type = name.endsWith('/') ? 'directory' : 'file';
      const full = { name, type, mode: 0o644, mtime: new Date(1000), uid: 5, gid: 5, size: content.length, ...header };
      return { name, header: full as Header, offsetBytes: texts.length - 1 };
    });
    applyLayer(root, at, entries);
  }
  return { root, read: (node: { offsetBytes: number }) => Readable.from([texts[node.offsetBytes] ?? '']) };
}

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-written-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

const LONGEST = 'ü'.repeat(127);
const link = (to: string): Partial<Header> => ({ type: 'symlink', linkname: to, size: 0 });
const hardLink = (to: string): Partial<Header> => ({ type: 'link', linkname: to, size: 0 });

test('merges layers by the rules of the image format: later ones win, and whiteouts hide what is below them', async (t) => {
  const folder = folderFor(t);
  const image = imageOf(
    [
      ['a/', ''],
      ['a/old', '1'],
      ['a/kept', '1'],
      ['b/', ''],
      ['b/x', '1'],
      ['b/y/z', '1'],
      ['lib', '', link('usr/lib')],
    ],
    [
      ['a/.wh.old', ''],
      ['a/kept', '2'],
      ['b/new', '2'],
      ['b/.wh..wh..opq', ''],
      ['lib/f', '2'],
      ['./again', '', hardLink('a/kept')],
    ],
  );
  const { files, leftOut } = await writeImageFolder(image, join(folder, 'out'));
  assert.deepEqual(readdirSync(join(folder, 'out'), { recursive: true }).sort(), [
    ...['a', 'a/kept', 'again', 'b', 'b/new', 'lib', 'lib/f'],
  ]);
  assert.equal(readFileSync(join(folder, 'out/again'), 'utf8'), '2');
  assert.equal(lstatSync(join(folder, 'out/again')).ino, lstatSync(join(folder, 'out/a/kept')).ino);
  assert.deepEqual([files, leftOut], [4, []]);
  await writeImageFolder(imageOf([['a/kept', '3']]), join(folder, 'out'));
  assert.equal(readFileSync(join(folder, 'out/a/kept'), 'utf8'), '3', 'over what is there');
  assert.equal(readFileSync(join(folder, 'out/again'), 'utf8'), '2', 'and through no hard link');
});

test('writes nothing outside the folder, through names, links, or links of an earlier image', async (t) => {
  const folder = folderFor(t);
  const out = join(folder, 'out');
  const victim = join(folder, 'victim');
  mkdirSync(victim);
  writeFileSync(join(victim, 'file'), 'mine');
  for (const name of ['../x', 'a/../../x', 'a/..', 'nul\0'])
    assert.throws(() => imageOf([[name, 'x']]), /the image holds a file whose name cannot be written here/, name);
  for (const to of ['../victim/file', '/etc/passwd', 'nothing'])
    assert.throws(() => imageOf([['a', '', hardLink(to)]]), /whose name cannot|hard link to a missing file/, to);
  const climbing = imageOf(
    [
      ['to', '', link('../victim')],
      ['file', '', link(join(victim, 'file'))],
    ],
    [
      ['to/file', 'theirs'],
      ['file', 'theirs'],
    ],
  );
  await writeImageFolder(climbing, out);
  assert.equal(readFileSync(join(out, 'to/file'), 'utf8'), 'theirs');
  rmSync(out, { recursive: true });
  await writeImageFolder(
    imageOf([
      ['to', '', link('../victim')],
      ['to-file', '', link('../victim/file')],
    ]),
    out,
  );
  assert.equal(readlinkSync(join(out, 'to')), '../victim');
  await writeImageFolder(
    imageOf([
      ['to/file', 'theirs'],
      ['to/more', 'theirs'],
      ['to-file', 'theirs'],
    ]),
    out,
  );
  assert.ok(lstatSync(join(out, 'to')).isDirectory());
  assert.deepEqual([readdirSync(victim), readFileSync(join(victim, 'file'), 'utf8')], [['file'], 'mine']);
});

test('keeps modes except setuid and setgid, makes no device, and removes no folder for a file', async (t) => {
  const folder = folderFor(t);
  const image = imageOf([
    ['tool', 'x', { mode: 0o6755 }],
    ['closed/', '', { mode: 0o3500 }],
    ['closed/in', 'x', { mode: 0o400 }],
    ['null', '', { type: 'character-device', devmajor: 1, devminor: 3, size: 0 }],
    ['pipe', '', { type: 'fifo', size: 0 }],
    ['-rf', 'x'],
    [LONGEST, 'x'],
    ['timeless', 'x', { mtime: new Date(Number.NaN) }],
  ]);
  const { leftOut } = await writeImageFolder(image, folder);
  const modeOf = (name: string) => lstatSync(join(folder, name)).mode & 0o7777;
  assert.deepEqual(['tool', 'closed', 'closed/in'].map(modeOf), [0o755, 0o1500, 0o400]);
  assert.deepEqual(leftOut, [join(folder, 'null'), join(folder, 'pipe')]);
  assert.deepEqual(readdirSync(folder).sort(), ['-rf', 'closed', 'timeless', 'tool', LONGEST]);
  await writeImageFolder(image, folder);
  await assert.rejects(
    writeImageFolder(imageOf([['closed', 'x']]), folder),
    /closed is a folder, but the image has a file there/,
  );
});
