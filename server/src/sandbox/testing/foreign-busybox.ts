import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { download, openApt } from '../builder/debian-packages.ts';
import type { Busybox } from './busybox-image.ts';

/** Debian's names of architectures, if they differ from those of images. */
const DEBIAN_NAMES: Readonly<Record<string, string>> = { arm: 'armhf', ppc64le: 'ppc64el', 386: 'i386' };
const folder = join(tmpdir(), 'slipway-foreign-busybox');

/** For tests: the static busybox of another architecture, from Debian's archive; it is fetched once. */
export async function fetchBusybox(architecture: string): Promise<Busybox> {
  const program = join(folder, architecture);
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    const work = mkdtempSync(join(folder, 'fetch-'));
    try {
      const name = DEBIAN_NAMES[architecture] ?? architecture;
      const source = { suite: 'trixie', architecture: name, say: () => undefined };
      const apt = await openApt(work, source);
      const [file = ''] = await download(work, apt, [{ name: 'busybox-static' }]);
      execFileSync('dpkg-deb', ['-x', file, join(work, 'tree')]);
      const found = ['usr/bin/busybox', 'bin/busybox'].map((path) => join(work, 'tree', path)).find(existsSync);
      if (found === undefined)
        throw new Error(`busybox-static of ${name} has no busybox: ${readdirSync(work).join(' ')}`);
      renameSync(found, program);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  return { program, architecture };
}
