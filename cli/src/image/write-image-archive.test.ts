import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Pack, pack } from 'tar-stream';
import { readImageFiles } from './image-files.ts';
import { type PulledImage, partFile } from './pulled-image.ts';
import { writeFilesTar, writeLayout } from './write-image-archive.ts';
import { writeImageFolder } from './write-image-folder.ts';

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-archive-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** An image of one layer, in the form in which it was fetched. */
function imageOf(folder: string, layer: Buffer): PulledImage {
  mkdirSync(folder, { recursive: true });
  const put = (bytes: Buffer) => {
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    writeFileSync(partFile(folder, digest), bytes);
    return { mediaType: 'application/x', digest, size: bytes.length };
  };
  const [manifest, config] = [put(Buffer.from('{}')), put(Buffer.from('{"os":"linux"}'))];
  return { folder, top: manifest, images: [{ platform: 'linux/amd64', manifest, config, layers: [put(layer)] }] };
}

async function filesOf(folder: string, layer: Buffer) {
  const [image] = imageOf(folder, layer).images;
  assert.ok(image);
  return readImageFiles(image, folder);
}

async function tarOf(fill: (tar: Pack) => void): Promise<Buffer> {
  const tar = pack();
  fill(tar);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

test('writes a tar with the image’s owners, modes, times and extended attributes, however large they are', async (t) => {
  const folder = folderFor(t);
  const made = join(folder, 'made');
  mkdirSync(made);
  for (const name of ['-rf', 'x'.repeat(255), 'ünï', 'new\nline']) writeFileSync(join(made, name), name);
  const from = join(folder, 'from.tar');
  const tarred = (...args: string[]) =>
    execFileSync('tar', ['-cf', from, '-C', made, ...args, '.']) && readFileSync(from);
  const list = (file: string) =>
    execFileSync('tar', ['-tvf', file, '--numeric-owner', '--utc', '--full-time'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => !line.endsWith(' ./'))
      .map((line) => line.replace(' ./', ' ').replace(/ +/g, ' '))
      .sort();
  for (const [at, args] of [
    ['--format=pax', '--owner=:3000000000', '--group=:300000', '--mode=0', '--mtime=@-5'],
    ['--format=gnu', '--owner=:3000000000', '--group=:2000000', '--mode=7755', '--mtime=@9000000000'],
    ['--format=ustar', '--owner=:1000', '--group=:7', '--mode=640', '--mtime=@1000000000'],
  ].entries()) {
    const names = args.includes('--format=ustar') ? ['--exclude=xxx*'] : [];
    const files = await filesOf(join(folder, `parts-${at}`), tarred(...args, ...names));
    await writeFilesTar([{ files }], join(folder, 'to.tar'));
    assert.deepEqual(list(join(folder, 'to.tar')), list(from), args[0]);
  }
  const pax = { 'SCHILY.xattr.user.x': 'kept' };
  const files = await filesOf(folder, await tarOf((tar) => void tar.entry({ name: 'f', pax }, 'f')));
  await writeFilesTar([{ files, below: 'linux_amd64' }], join(folder, 'to.tar'));
  assert.ok(readFileSync(join(folder, 'to.tar')).includes(' SCHILY.xattr.user.x=kept\n'));
  assert.match(list(join(folder, 'to.tar')).join(), / linux_amd64\/f$/);
});

test('refuses an image with a name that is not UTF-8 in forms where the name would change', async (t) => {
  const folder = folderFor(t);
  const made = join(folder, 'made');
  mkdirSync(made);
  const bytes = Buffer.concat([Buffer.from(`${made}/caf`), Buffer.from([0xe9])]);
  const tarred = (format: string) =>
    execFileSync('tar', ['-c', `--format=${format}`, '-C', made, '.'], { maxBuffer: 2 ** 20 });
  writeFileSync(bytes, '');
  for (const format of ['gnu', 'pax', 'ustar'])
    await assert.rejects(
      filesOf(folder, tarred(format)),
      /holds a name that is not UTF-8: ".*caf.*type=oci keeps/,
      format,
    );
  rmSync(bytes);
  symlinkSync(Buffer.from([0xe9]), join(made, 'link'));
  await assert.rejects(filesOf(folder, tarred('gnu')), /holds a name that is not UTF-8/);
});

test('follows no link in a folder of layouts or of platforms', async (t) => {
  const folder = folderFor(t);
  const [out, victim] = [join(folder, 'out'), join(folder, 'victim')];
  mkdirSync(victim);
  writeFileSync(join(victim, 'file'), 'mine');
  const image = imageOf(join(folder, 'parts'), Buffer.alloc(1024));
  const name = { full: 'host/team/app:1', tag: '1' };
  const target = { path: out, isFolder: true, docker: false };
  const written = () => readdirSync(out, { recursive: true }).map(String).sort();
  await writeLayout(image, name, target);
  const sound = written();
  assert.equal(sound.length, 2 + 2 + 3);

  const blob = join('blobs/sha256', image.top.digest.slice(7));
  for (const [link, to] of [
    ['blobs', victim],
    ['blobs/sha256', victim],
    [blob, join(victim, 'file')],
    ['index.json', join(victim, 'file')],
    ['oci-layout', join(victim, 'none')],
  ] as const) {
    rmSync(join(out, link), { recursive: true });
    symlinkSync(to, join(out, link));
    await writeLayout(image, name, target);
    assert.deepEqual(written(), sound, link);
    assert.ok(!lstatSync(join(out, link)).isSymbolicLink(), link);
  }
  symlinkSync(victim, join(out, 'linux_amd64'));
  const files = await filesOf(join(folder, 'files'), await tarOf((tar) => void tar.entry({ name: 'file' }, 'theirs')));
  await writeImageFolder(files, out, 'linux_amd64');
  assert.equal(readFileSync(join(out, 'linux_amd64/file'), 'utf8'), 'theirs');
  assert.equal(lstatSync(join(out, 'linux_amd64')).mode & 0o777, 0o755);
  assert.deepEqual([readdirSync(victim), readFileSync(join(victim, 'file'), 'utf8')], [['file'], 'mine']);
});
