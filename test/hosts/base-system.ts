import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a fresh machine starts with; it includes nothing that the README's commands must install. */
const PACKAGES = 'git,sudo,ca-certificates';
const CACHE = '/var/cache/slipway-hosts';
const KEPT_MS = 7 * 24 * 3_600_000;

/**
 * The folder of a minimal Debian system, made by debootstrap and kept for a week. Its packages come from the same
 * archive as this machine's. Throws with debootstrap's last output.
 */
export async function baseSystem(suite: string): Promise<string> {
  const folder = join(CACHE, suite);
  const made = statSync(folder, { throwIfNoEntry: false });
  if (made && Date.now() - made.mtimeMs < KEPT_MS) return folder;
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(CACHE, { recursive: true, mode: 0o700 });
  try {
    await debootstrap([`--include=${PACKAGES}`, suite, unfinished, ...mirror()]);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

async function debootstrap(args: readonly string[]): Promise<void> {
  const child = spawn('debootstrap', ['--variant=minbase', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let words = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-2000);
    });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`debootstrap ${args.join(' ')} ended with ${code}:\n${words}`);
}

/** The archive that apt uses here, if this is Debian; otherwise debootstrap uses its default. */
function mirror(): string[] {
  const targets = ['indextargets', '--format', '$(ORIGIN)/$(LABEL) $(SITE)', 'Created-By: Packages'];
  const sites = execFileSync('apt-get', targets, { encoding: 'utf8' }).split('\n');
  const own = sites.find((line) => line.startsWith('Debian/Debian '))?.split(' ')[1];
  return own === undefined || !existsSync('/etc/debian_version') ? [] : [own];
}
