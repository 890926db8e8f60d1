import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';

const APPLETS =
  'sh cat cp dd df echo env false grep head hostname id kill ln ls mkdir mkfifo mknod mount mv nc ping ps readlink rm seq sleep stat ' +
  'su tail tee test touch tr true uname wc wget yes';

/** The busybox of a platform: its program, and the platform that its image names. */
export interface Busybox {
  program: string;
  architecture: string;
}

const own: Busybox = { program: '/bin/busybox', architecture: process.arch === 'x64' ? 'amd64' : process.arch };

/** For tests: an image of busybox as a `dir:` folder at `folder`, made on this machine. Returns the manifest's digest. */
export function writeBusyboxImage(
  folder: string,
  config: object = {},
  busybox = own,
  packing: Packing = 'gzip',
): string {
  return writeImage(folder, makeTree(busybox.program), config, { architecture: busybox.architecture, packing });
}

/**
 * How a layer is packed. `estargz` is gzip in many members with a table of contents; readers that do not know it read
 * it as one stream (https://github.com/containerd/stargz-snapshotter/blob/main/docs/estargz.md).
 */
export type Packing = 'gzip' | 'zstd' | 'estargz';

/** For tests: an image of one layer, a tar. */
export function writeImage(
  folder: string,
  tar: Buffer,
  config: object = {},
  { architecture = own.architecture, packing = 'gzip' as Packing } = {},
): string {
  mkdirSync(folder, { recursive: true });
  const blob = (content: Buffer): { digest: string; size: number } => {
    const hex = createHash('sha256').update(content).digest('hex');
    writeFileSync(join(folder, hex), content);
    return { digest: `sha256:${hex}`, size: content.length };
  };
  const layer = blob(packed(tar, packing));
  const image = {
    architecture,
    os: 'linux',
    created: '2026-01-01T00:00:00Z',
    config: { Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'], Cmd: ['sh'], ...config },
    rootfs: { type: 'layers', diff_ids: [`sha256:${createHash('sha256').update(tar).digest('hex')}`] },
    history: [{ created: '2026-01-01T00:00:00Z', created_by: 'busybox' }],
  };
  const configBlob = blob(Buffer.from(JSON.stringify(image)));
  const manifest = JSON.stringify(
    packing === 'gzip' ? dockerManifest(configBlob, layer) : ociManifest(configBlob, layer, packing),
  );
  writeFileSync(join(folder, 'manifest.json'), manifest);
  writeFileSync(join(folder, 'version'), 'Directory Transport Version: 1.1\n');
  return `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
}

interface Blob {
  digest: string;
  size: number;
}

function dockerManifest(config: Blob, layer: Blob): object {
  const type = 'application/vnd.docker';
  return {
    schemaVersion: 2,
    mediaType: `${type}.distribution.manifest.v2+json`,
    config: { mediaType: `${type}.container.image.v1+json`, ...config },
    layers: [{ mediaType: `${type}.image.rootfs.diff.tar.gzip`, ...layer }],
  };
}

function ociManifest(config: Blob, layer: Blob, packing: Packing): object {
  const type = 'application/vnd.oci.image';
  const annotations = { 'containerd.io/snapshot/stargz/toc.digest': `sha256:${'0'.repeat(64)}` };
  return {
    schemaVersion: 2,
    mediaType: `${type}.manifest.v1+json`,
    config: { mediaType: `${type}.config.v1+json`, ...config },
    layers: [
      packing === 'zstd'
        ? { mediaType: `${type}.layer.v1.tar+zstd`, ...layer }
        : { mediaType: `${type}.layer.v1.tar+gzip`, ...layer, annotations },
    ],
  };
}

function packed(tar: Buffer, packing: Packing): Buffer {
  if (packing === 'gzip') return gzipSync(tar, { level: 1 });
  if (packing === 'zstd') return zstdCompressSync(tar);
  const members = Array.from({ length: 8 }, (_, at) => {
    const part = Math.ceil(tar.length / 8);
    return gzipSync(tar.subarray(at * part, (at + 1) * part), { level: 1 });
  });
  return Buffer.concat([...members, gzipSync(Buffer.alloc(0))]);
}

function makeTree(program: string): Buffer {
  const tree = mkdtempSync(join(tmpdir(), 'slipway-busybox-'));
  try {
    for (const folder of ['bin', 'etc', 'root', 'tmp', 'proc', 'dev', 'sys', 'var']) mkdirSync(join(tree, folder));
    copyFileSync(program, join(tree, 'bin/busybox'));
    for (const applet of APPLETS.split(' ')) symlinkSync('busybox', join(tree, 'bin', applet));
    writeFileSync(join(tree, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
    writeFileSync(join(tree, 'etc/group'), 'root:x:0:\n');
    const options = ['--sort=name', '--owner=0', '--group=0', '--mtime=@0'];
    return execFileSync('tar', ['-C', tree, ...options, '-cf', '-', '.'], { maxBuffer: 64 * 2 ** 20 });
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}
