import { execFile } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { authoritiesOf } from './authorities.ts';
import {
  download,
  openApt,
  type PackageSource,
  planInstall,
  unpackPackages,
  withWorkFolder,
} from './debian-packages.ts';

const run = promisify(execFile);

/** What every Debian system has, and no package asks for. */
const ESSENTIAL =
  'base-files base-passwd bash coreutils dash diffutils dpkg findutils grep gzip hostname libc-bin mawk sed'.split(' ');
const UNPACKED_WITHOUT = ['man', 'locale', 'info', 'lintian', 'bash-completion', 'zsh', 'fish', 'vim'];
const FOLDERS = ['dev', 'proc', 'sys', 'run', 'root', 'tmp', 'var/tmp', 'var/cache', 'var/log'];

/**
 * Writes the root file system of a Debian image with these packages to a tar file, for `slipway image import`. The
 * packages are fetched and checked by apt, and unpacked; their scripts do not run, so what these would make, and a
 * server needs, is made here. The list of packages is where scanners look for it.
 */
export async function makeBaseImage(
  file: string,
  { packages, ...source }: PackageSource & { packages: readonly string[] },
): Promise<void> {
  const to = resolve(file);
  await withWorkFolder(async (work) => {
    const apt = await openApt(work, source);
    const planned = await planInstall(apt, [...ESSENTIAL, ...packages]);
    source.say(`fetching ${planned.length} packages`);
    const files = await download(work, apt, planned);
    const root = join(work, 'root');
    await unpackPackages(join(work, 'archives'), root, UNPACKED_WITHOUT);
    for (const folder of FOLDERS) mkdirSync(join(root, folder), { recursive: true, mode: 0o755 });
    await settle(root);
    await writeStatus(root, files);
    await run('chmod', ['1777', join(root, 'tmp'), join(root, 'var/tmp')]);
    await run('tar', ['-C', root, '--numeric-owner', '--sort=name', '-cf', `${work}/base.tar`, '.']);
    await run('cp', [`${work}/base.tar`, `${to}.partial`]);
    renameSync(`${to}.partial`, to);
  });
}

/** Makes what the scripts of the packages would make. */
async function settle(root: string): Promise<void> {
  for (const name of ['passwd', 'group'])
    cpSync(join(root, 'usr/share/base-passwd', `${name}.master`), join(root, 'etc', name));
  writeFileSync(join(root, 'etc/ssl/certs/ca-certificates.crt'), authoritiesOf(root), { mode: 0o644 });
  for (const [link, target] of [
    ['usr/bin/sh', 'dash'],
    ['usr/bin/awk', 'mawk'],
  ] as const)
    if (!existsSync(join(root, link))) symlinkSync(target, join(root, link));
  const docs = join(root, 'usr/share/doc');
  await run('find', [docs, '-type', 'f', '!', '-name', 'copyright', '-delete']);
}

/** The list of installed packages, as dpkg keeps it. */
async function writeStatus(root: string, files: readonly string[]): Promise<void> {
  const folder = join(root, 'var/lib/dpkg');
  for (const name of ['info', 'updates']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'available'), '');
  for (const file of files) {
    const { stdout } = await run('dpkg-deb', ['--field', file]);
    appendFileSync(join(folder, 'status'), stdout.replace('\n', '\nStatus: install ok installed\n').concat('\n'));
  }
}
