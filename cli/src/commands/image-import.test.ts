import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { type RegistryUnderTest, startRegistryUnderTest } from '../../../server/src/routes/testing/registry.ts';
import { Importer } from '../testing/image-import.ts';

const run = promisify(execFile);

let registry: RegistryUnderTest;
let importer: Importer;
let work: string;

before(async () => {
  registry = await startRegistryUnderTest();
  importer = new Importer(registry);
  work = await mkdtemp(join(tmpdir(), 'slipway-import-test-'));
  // The command's own temporary folders are looked for here, where nobody else has any.
  process.env.TMPDIR = join(work, 'tmp');
  await mkdir(process.env.TMPDIR);
  await mkdir(join(work, 'root/bin'), { recursive: true });
  await mkdir(join(work, 'root/etc'));
  await writeFile(join(work, 'root/bin/sh'), '#!/bin/false\n', { mode: 0o755 });
  await writeFile(join(work, 'root/etc/motd'), `${'welcome '.repeat(10_000)}\n`);
  await run('tar', ['-C', join(work, 'root'), '-cf', join(work, 'rootfs.tar'), '.']);
  for (const [program, end] of [
    ['gzip', 'gz'],
    ['xz', 'xz'],
    ['zstd', 'zst'],
  ] as const) {
    await run('sh', ['-c', `${program} -c rootfs.tar > rootfs.tar.${end}`], { cwd: work });
  }
});

after(async () => {
  await registry?.[Symbol.asyncDispose]();
  if (work) await rm(work, { recursive: true, force: true });
});

for (const name of ['rootfs.tar', 'rootfs.tar.gz', 'rootfs.tar.xz', 'rootfs.tar.zst']) {
  test(`imports a root file system from ${name}, and the same files come back`, async (context) => {
    const { digest } = await importer.import(join(work, name), `team/base:${name.replaceAll('.', '-')}`);
    const pulled = await importer.pull(context, `team/base:${name.replaceAll('.', '-')}`);
    assert.equal(pulled.digest, digest);
    const layer = pulled.manifest.layers[0]?.digest.slice(7) ?? '';
    const plain = await run('sh', ['-c', 'gzip -dc "$0" | sha256sum', join(pulled.folder, layer)]);
    const diffId = `sha256:${plain.stdout.slice(0, 64)}`;
    assert.deepEqual(pulled.config.rootfs.diff_ids, [diffId]);
    assert.equal(diffId, await sha256(join(work, 'rootfs.tar')));
    assert.deepEqual(pulled.config.config.Cmd, ['/bin/sh']);
  });
}

test('keeps a gzip archive byte for byte as the layer', async (context) => {
  await importer.import(join(work, 'rootfs.tar.gz'), 'team/kept');
  const pulled = await importer.pull(context, 'team/kept:latest');
  assert.equal(pulled.manifest.layers[0]?.digest, await sha256(join(work, 'rootfs.tar.gz')));
});

test('makes the same image from the same files, and uploads nothing twice', async () => {
  const first = await importer.import(join(work, 'rootfs.tar'), 'team/twice:a');
  const second = await importer.import(join(work, 'rootfs.tar.xz'), 'team/twice:b');
  assert.equal(second.digest, first.digest);
  assert.match(second.stderr, /^present sha256:/m);
  assert.doesNotMatch(second.stderr, /^sending/m);
});

test('puts a name without a namespace into library, and says how to build on it', async () => {
  const { stdout } = await importer.import(join(work, 'rootfs.tar'), 'debian:bookworm');
  assert.match(stdout, /^imported library\/debian:bookworm$/m);
  assert.match(stdout, /^build on it: FROM debian:bookworm$/m);
});

test('imports an OCI layout as folder, tar and compressed tar, digest unchanged', async (context) => {
  await importer.import(join(work, 'rootfs.tar'), 'team/source:v1');
  const layout = join(work, 'layout');
  await importer.copy('team/source:v1', `oci:${layout}:v1`);
  const index = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8'));
  await run('tar', ['-C', layout, '-cf', join(work, 'layout.tar'), 'blobs', 'index.json', 'oci-layout']);
  await run('sh', ['-c', 'gzip -c layout.tar > layout.tar.gz'], { cwd: work });
  for (const name of ['layout', 'layout.tar', 'layout.tar.gz']) {
    const repository = `team/oci-${name.replaceAll('.', '-')}`;
    const { digest } = await importer.import(join(work, name), repository);
    assert.equal(digest, index.manifests[0].digest, name);
    assert.equal((await importer.pull(context, `${repository}:latest`)).digest, digest, name);
  }
});

test('imports an index of several platforms with everything it refers to', async () => {
  const layout = await layoutCopy('multi');
  const top = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8'));
  const [child] = top.manifests;
  const list = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: ['amd64', 'arm64'].map((architecture) => ({ ...child, platform: { os: 'linux', architecture } })),
  };
  const text = JSON.stringify(list);
  const hex = createHash('sha256').update(text).digest('hex');
  await writeFile(join(layout, 'blobs/sha256', hex), text);
  const entry = { mediaType: list.mediaType, digest: `sha256:${hex}`, size: text.length };
  await writeFile(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [entry] }));
  assert.equal((await importer.import(layout, 'team/multi:v1')).digest, `sha256:${hex}`);
});

test('imports the output of docker save with an unchanged image id, also compressed and in its old form', async (context) => {
  await importer.import(join(work, 'rootfs.tar'), 'team/saved:v1');
  const original = await importer.pull(context, 'team/saved:v1');
  await importer.copy('team/saved:v1', `docker-archive:${join(work, 'saved.tar')}:team/saved:v1`);
  await run('sh', ['-c', 'xz -c saved.tar > saved.tar.xz'], { cwd: work });
  await makeOldShape(join(work, 'saved.tar'), join(work, 'old.tar'));
  for (const name of ['saved.tar', 'saved.tar.xz', 'old.tar']) {
    const target = `team/again:${name.replaceAll('.', '-')}`;
    await importer.import(join(work, name), target);
    const pulled = await importer.pull(context, target);
    assert.equal(pulled.manifest.config.digest, original.manifest.config.digest, name);
  }
});

test('chooses one of several images by its name, and lists them if that is ambiguous', async () => {
  const folder = join(work, 'two');
  await mkdir(folder);
  await run('tar', ['-C', folder, '-xf', join(work, 'saved.tar')]);
  const [image] = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  const images = ['a:one', 'b:two'].map((tag) => ({ ...image, RepoTags: [tag] }));
  await rm(join(folder, 'manifest.json'));
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(images));
  await run('sh', ['-c', 'tar -cf ../two.tar *'], { cwd: folder });
  await importer.fails(
    [join(work, 'two.tar'), 'team/two:three'],
    2,
    /holds 2 images \(a:one, b:two\); choose one with --ref/,
  );
  await importer.fails([join(work, 'two.tar'), 'team/two', '--ref', 'c:x'], 2, /does not have exactly one image "c:x"/);
  await importer.import(join(work, 'two.tar'), 'team/two:two');
  await importer.import(join(work, 'two.tar'), 'team/two:x', '--ref', 'a:one');
});

test('names what is wrong with the input, exit code 2', async () => {
  await importer.fails([join(work, 'nothing.tar'), 'team/a'], 2, /nothing\.tar cannot be read: ENOENT/);
  await importer.fails([join(work, 'root'), 'team/a'], 2, /is not an OCI layout .*tar -C/);
  await importer.fails(['/dev/null', 'team/a'], 2, /neither a file nor a folder/);
  await writeFile(join(work, 'empty'), '');
  await importer.fails([join(work, 'empty'), 'team/a'], 2, /contains no files/);
  await writeFile(join(work, 'text'), 'no tar at all\n'.repeat(100));
  await importer.fails([join(work, 'text'), 'team/a'], 2, /text is not a tar archive/);
  await writeFile(join(work, 'x.zip'), 'PK\u0003\u0004 and so on');
  await importer.fails([join(work, 'x.zip'), 'team/a'], 2, /x\.zip is zip; give a tar archive/);
  for (const name of ['rootfs.tar', 'rootfs.tar.gz', 'rootfs.tar.xz', 'rootfs.tar.zst']) {
    const cut = join(work, `cut-${name}`);
    await cp(join(work, name), cut);
    await truncate(cut, Math.floor((await stat(cut)).size / 2));
    await importer.fails([cut, 'team/a'], 2, /cut-rootfs.*(cut off|no tar archive)/);
  }
  await importer.fails([join(work, 'rootfs.tar')], 2, /the name is missing/);
  await importer.fails([join(work, 'rootfs.tar'), 'a/b/c'], 2, /is not a valid image name/);
  await importer.fails(
    [join(work, 'rootfs.tar'), 'team/a', '--mirror', 'http://x'],
    2,
    /--mirror works only with --debootstrap/,
  );
  await importer.fails([join(work, 'rootfs.tar'), 'team/a', '--arch', '../x'], 2, /is not an architecture/);
  await importer.fails(['--debootstrap', 'book worm', 'team/a'], 2, /not a suite/);
  await importer.fails(['--debootstrap', 'bookworm', 'rootfs.tar', 'team/a'], 2, /only the NAME\[:TAG\]/);
});

test('refuses a layout that is incomplete, was altered, or reaches outside itself', async () => {
  const missing = await layoutCopy('missing');
  for (const name of await readdir(join(missing, 'blobs/sha256'))) {
    const file = join(missing, 'blobs/sha256', name);
    if (!(await readFile(file)).toString('latin1').startsWith('{')) await rm(file);
  }
  await importer.fails([missing, 'team/a'], 2, /has no blobs\/sha256\/[0-9a-f]{64}: the image is not complete/);

  const altered = await layoutCopy('altered');
  const { manifests } = JSON.parse(await readFile(join(altered, 'index.json'), 'utf8'));
  const manifestFile = join(altered, 'blobs/sha256', manifests[0].digest.slice(7));
  await writeFile(manifestFile, `${await readFile(manifestFile, 'utf8')} `);
  await importer.fails([altered, 'team/a'], 2, /has other content/);

  const outside = await layoutCopy('outside');
  await writeFile(
    join(outside, 'index.json'),
    JSON.stringify({ manifests: [{ digest: 'sha256:../../../../etc/passwd' }] }),
  );
  await importer.fails([outside, 'team/a'], 2, /not a sha256 digest/);

  const linked = await layoutCopy('linked');
  await rename(join(linked, 'index.json'), join(work, 'elsewhere.json'));
  await symlink(join(work, 'elsewhere.json'), join(linked, 'index.json'));
  await importer.fails([linked, 'team/a'], 2, /has no index\.json/);
});

test('refuses a saved image whose layers do not match its configuration', async () => {
  const folder = join(work, 'forged');
  await mkdir(folder);
  await run('tar', ['-C', folder, '-xf', join(work, 'saved.tar')]);
  const [image] = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  await rm(join(folder, image.Layers[0]), { force: true });
  await cp(join(work, 'layout.tar'), join(folder, image.Layers[0]));
  await run('sh', ['-c', 'tar -cf ../forged.tar *'], { cwd: folder });
  await importer.fails([join(work, 'forged.tar'), 'team/a'], 2, /is not the one its configuration names/);
});

test('passes on the server’s message with exit code 3, and reports with exit code 4 if no server answers', async () => {
  const file = join(work, 'rootfs.tar');
  await importer.fails([file, 'team/missing'], 3, /team\/missing does not exist; create it first/);
  await importer.fails([file, 'team/a'], 3, /log in to the registry: .*wrong/, { accessKeySecret: 'wrong' });
  await importer.fails([file, 'team/a'], 4, /does not answer/, { endpoint: 'http://127.0.0.1:9' });
});

async function layoutCopy(name: string): Promise<string> {
  const copy = join(work, `layout-${name}`);
  await cp(join(work, 'layout'), copy, { recursive: true });
  return copy;
}

// docker save before version 25: `ID/layer.tar`, with a link if a layer was already written.
async function makeOldShape(saved: string, old: string): Promise<void> {
  const folder = `${old}.folder`;
  await mkdir(folder);
  await run('tar', ['-C', folder, '-xf', saved, '--exclude=repositories']);
  const [image] = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  const [first, second] = ['1'.repeat(64), '2'.repeat(64)];
  await mkdir(join(folder, first));
  await mkdir(join(folder, second));
  await rename(join(folder, image.Layers[0]), join(folder, first, 'layer.tar'));
  await symlink(`../${first}/layer.tar`, join(folder, second, 'layer.tar'));
  await rm(join(folder, 'manifest.json'));
  const text = JSON.stringify([{ ...image, Layers: [`${second}/layer.tar`] }]);
  await writeFile(join(folder, 'manifest.json'), text);
  await run('sh', ['-c', `tar -cf "$0" ${first} ${second} ${image.Config} manifest.json`, old], { cwd: folder });
}

async function sha256(file: string): Promise<string> {
  return `sha256:${createHash('sha256')
    .update(await readFile(file))
    .digest('hex')}`;
}
