import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openApt, unpackPackages } from '../../../server/src/sandbox/builder/debian-packages.ts';

const run = promisify(execFile);

const SUITE = 'bookworm';
const CACHE = '/var/cache/slipway/debian-packages';
/** Programs that steps call, in addition to the requested packages. */
const SHELL = ['dash', 'coreutils', 'findutils', 'grep', 'sed', 'make'];

/**
 * The files of Debian packages and their dependencies, one tar file per set: apt fetches them and checks Debian's
 * signature; they are unpacked, not installed. The tar files are kept for the next time.
 */
export async function debianFiles<Name extends string>(
  sets: Readonly<Record<Name, readonly string[]>>,
): Promise<Record<Name, string>> {
  const names = Object.keys(sets) as Name[];
  const files = Object.fromEntries(names.map((name) => [name, join(CACHE, `${name}.tar`)])) as Record<Name, string>;
  const missing = names.filter((name) => !existsSync(files[name]));
  if (missing.length === 0) return files;
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(join(CACHE, 'making-'));
  try {
    const apt = await openApt(work, { suite: SUITE, say: (line) => console.log(line) });
    for (const name of missing) {
      const place = join(work, name);
      mkdirSync(join(place, 'archives', 'partial'), { recursive: true });
      const archives = `Dir::Cache::archives=${join(place, 'archives')}`;
      await apt('-o', archives, 'install', '--download-only', '-y', '-qq', '--', ...SHELL, ...sets[name]);
      await unpack(join(place, 'archives'), join(place, 'root'));
      await run('tar', ['-C', join(place, 'root'), '--numeric-owner', '-cf', join(place, 'made.tar'), '.']);
      renameSync(join(place, 'made.tar'), files[name]);
      rmSync(place, { recursive: true });
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return files;
}

async function unpack(archives: string, root: string): Promise<void> {
  await unpackPackages(archives, root, ['doc', 'man', 'locale', 'info']);
  for (const name of ['tmp', 'root', 'proc', 'dev', 'sys', 'etc']) mkdirSync(join(root, name), { recursive: true });
  chmodSync(join(root, 'tmp'), 0o1777);
  if (!existsSync(join(root, 'usr/bin/sh'))) symlinkSync('dash', join(root, 'usr/bin/sh'));
}
