import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';

const runFile = promisify(execFile);
const PROGRAMS = ['/usr/bin/busybox', '/bin/busybox'];
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64', arm: 'arm', ppc64: 'ppc64le' };
// Part of the version label: if we change the layout, the image is replaced at the next start.
const LAYOUT = '1';

/** Name of the label that says what an image was made from. */
export const BUSYBOX_VERSION_LABEL = 'io.slipway.busybox';

/** The version label of an image made from this machine's busybox, `BusyBox v1.35.0 (Debian …) layout 1`. */
export async function readBusyboxVersion(): Promise<{ program: string; version: string }> {
  const program = await findProgram();
  const { stdout } = await runFile(program, ['--help'], { timeout: 10_000 });
  const name = /^BusyBox v\S+(?: \([^)]*\))?/.exec(stdout)?.[0];
  if (name === undefined) throw new Error(`${program} does not say its version`);
  return { program, version: `${name} layout ${LAYOUT}` };
}

/** Whether a version label is of a newer layout, or of the same one with a newer busybox. */
export function isNewer(label: string, than: string): boolean {
  const layoutOf = (each: string) => Number(/ layout (\d+)$/.exec(each)?.[1] ?? 0);
  const layouts = layoutOf(label) - layoutOf(than);
  return layouts > 0 || (layouts === 0 && VERSIONS.compare(label, than) > 0);
}

/** 10 is more than 9. */
const VERSIONS = new Intl.Collator('en', { numeric: true });

/**
 * Writes an image of one layer (busybox with a link for each of its applets, two users, an open /tmp) into `folder` in
 * `dir:` form. The same busybox gives the same bytes. `program` must be statically linked, as in Debian's
 * busybox-static.
 */
export async function writeBusyboxImage(folder: string, busybox: { program: string; version: string }): Promise<void> {
  const layer = await makeLayer(busybox.program);
  const compressed = gzipSync(layer);
  const created = '1970-01-01T00:00:00Z';
  const config = Buffer.from(
    JSON.stringify({
      architecture: ARCHITECTURES[arch()] ?? arch(),
      os: 'linux',
      created,
      config: {
        Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
        Cmd: ['sh'],
        Labels: { [BUSYBOX_VERSION_LABEL]: busybox.version },
      },
      rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
      history: [{ created, created_by: `slipway: ${busybox.version}` }],
    }),
  );
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: {
      mediaType: 'application/vnd.docker.container.image.v1+json',
      size: config.length,
      digest: digestOf(config),
    },
    layers: [
      {
        mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
        size: compressed.length,
        digest: digestOf(compressed),
      },
    ],
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'version'), 'Directory Transport Version: 1.1\n');
  await writeFile(join(folder, digestOf(compressed).slice(7)), compressed);
  await writeFile(join(folder, digestOf(config).slice(7)), config);
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

async function findProgram(): Promise<string> {
  for (const program of PROGRAMS) {
    if (await stat(program).then(() => true, isMissing)) return program;
  }
  throw new Error('busybox is not installed: apt-get install busybox-static');
}

function isMissing(cause: unknown): false {
  if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
  throw cause;
}

async function makeLayer(program: string): Promise<Buffer> {
  const root = await mkdtemp(join(tmpdir(), 'slipway-busybox-'));
  try {
    for (const name of ['bin', 'dev', 'etc', 'home', 'proc', 'sys', 'usr', 'usr/bin', 'usr/sbin', 'var', 'var/tmp']) {
      await mkdir(join(root, name), { mode: 0o755 });
    }
    await copyFile(program, join(root, 'bin/busybox'));
    await chmod(join(root, 'bin/busybox'), 0o755);
    const { stdout } = await runFile(program, ['--list'], { timeout: 10_000 });
    for (const applet of stdout.split('\n').filter((name) => /^[\w.[-]+$/.test(name) && name !== 'busybox')) {
      await symlink('busybox', join(root, 'bin', applet));
    }
    // Too many scripts use `#!/usr/bin/env` to leave it out.
    await symlink('../../bin/busybox', join(root, 'usr/bin/env'));
    const passwd = 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n';
    await writeFile(join(root, 'etc/passwd'), passwd);
    await writeFile(join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
    for (const [name, mode] of [
      ['root', 0o700],
      ['tmp', 0o1777],
      ['var/tmp', 0o1777],
    ] as const) {
      await mkdir(join(root, name), { recursive: true });
      await chmod(join(root, name), mode);
    }
    return await packFolder(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

// GNU tar with the options that reproducible-builds.org recommends: order, owner, time and header format are all fixed.
async function packFolder(root: string): Promise<Buffer> {
  const archive = `${root}.tar`;
  const args = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--format=ustar'];
  try {
    await runFile('tar', [...args, '-C', root, '-cf', archive, '.']);
    return await readFile(archive);
  } finally {
    await rm(archive, { force: true });
  }
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
