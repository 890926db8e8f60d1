import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BUILDER_FOLDER, openBuilderRoot, readBuilderRoot } from './builder-root.ts';
import { makeCurrent, publishFolder } from './current-folder.ts';
import { download, openApt, type PackageSource, planInstall, withWorkFolder } from './debian-packages.ts';
import { EMULATORS_KIND, type Emulators, emulatorNames, findEmulators, readEmulators } from './emulators.ts';

const run = promisify(execFile);

/** Its programs need no library and no other file. */
const PACKAGE_NAME = 'qemu-user';
const FOLDER_NAME = /^emulators-[0-9a-z-]+$/;

let making: Promise<string> | undefined;

/**
 * Makes the emulators if this machine has none; returns their folder. Builds that need them at the same time wait for
 * the same run.
 */
export async function ensureEmulators(say: PackageSource['say']): Promise<string> {
  const there = findEmulators();
  if (there !== undefined) return there;
  making ??= makeEmulators(say).finally(() => {
    making = undefined;
  });
  return making;
}

/**
 * Makes emulators from the Debian suite of the builder's root, in the same way, and makes them the current ones.
 * Returns their folder. Running boxes keep the emulators that they began with.
 */
export async function makeEmulators(say: PackageSource['say']): Promise<string> {
  const { suite, archive } = readBuilderRoot(openBuilderRoot());
  return withWorkFolder(async (work) => {
    const apt = await openApt(work, { suite, archive, say });
    const chosen = (await planInstall(apt, [PACKAGE_NAME])).filter(({ name }) => name === PACKAGE_NAME);
    const { version = '' } = chosen[0] ?? {};
    const emulators: Emulators = { suite, architecture: process.arch, version, madeAt: new Date().toISOString() };
    const folder = folderOf(emulators);
    if (existsSync(folder)) return makeCurrent(folder, EMULATORS_KIND);
    say(`fetching ${PACKAGE_NAME} ${version}`);
    const [file = ''] = await download(work, apt, chosen);
    const made = join(work, 'emulators');
    mkdirSync(made, { mode: 0o755 });
    const unpack =
      'set -e; file=$1 to=$2; shift 2; dpkg-deb --fsys-tarfile "$file" | tar -x -C "$to" --strip-components=3 -- "$@"';
    await run('sh', ['-c', unpack, 'unpack', file, made, ...emulatorNames.map((name) => `./usr/bin/${name}`)]);
    for (const name of emulatorNames) chmodSync(join(made, name), 0o755);
    writeFileSync(join(made, 'emulators.json'), `${JSON.stringify(emulators, null, 2)}\n`, { mode: 0o644 });
    return place(made);
  });
}

/**
 * Makes emulators that came with a builder's root from another machine the current ones: takes the folders in `from`.
 */
export async function installImported(from: string): Promise<void> {
  for (const name of readdirSync(from).filter((each) => FOLDER_NAME.test(each))) {
    await place(join(from, name));
    // If the machine has them already, they were not taken.
    rmSync(join(from, name), { recursive: true, force: true });
  }
}

function place(made: string): Promise<string> {
  const emulators = readEmulators(made);
  if (emulators.architecture !== process.arch)
    throw new Error(`the emulators were made for ${emulators.architecture}, and this machine is ${process.arch}`);
  return publishFolder(made, folderOf(emulators), EMULATORS_KIND);
}

function folderOf({ suite, architecture, version }: Emulators): string {
  const key = JSON.stringify([suite, architecture, version, emulatorNames]);
  return join(BUILDER_FOLDER, `emulators-${suite}-${createHash('sha256').update(key).digest('hex').slice(0, 16)}`);
}
