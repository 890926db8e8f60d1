import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { CliError, EXIT_CODES } from '../error/cli-error.ts';

/** A Debian or Ubuntu system to be made from its packages. */
export interface DebootstrapOptions {
  /** `bookworm`, `noble`. */
  suite: string;
  mirror?: string | undefined;
  /** Where the tree and its archive are made; the caller removes it. */
  workFolder: string;
  signal?: AbortSignal | undefined;
  onOutput(chunk: Buffer): void;
}

/** Makes the root file system and packs it; returns the tar file. Needs root on Linux and debootstrap. */
export async function runDebootstrap(options: DebootstrapOptions): Promise<string> {
  const { suite, mirror, workFolder } = options;
  if (!/^[a-z][a-z0-9.-]*$/.test(suite)) {
    throw new CliError(EXIT_CODES.usage, `"${suite}" is not a suite; give a release name such as bookworm`);
  }
  if (process.platform !== 'linux') {
    throw new CliError(EXIT_CODES.machine, 'debootstrap runs on Linux only; make a tar archive there and import that');
  }
  if (process.getuid?.() !== 0) {
    throw new CliError(EXIT_CODES.machine, 'debootstrap needs root: run the command with sudo');
  }
  const target = join(workFolder, 'root');
  const archive = join(workFolder, 'rootfs.tar');
  await mkdir(target, { mode: 0o755 });
  // In namespaces of its own: what it mounts and starts is gone with it, however it ends.
  const isolated = ['setpriv', '--pdeathsig', 'KILL', '--', 'sh', '-c', UNCONFINED, 'sh'];
  const namespaces = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private', '--'];
  const made = ['debootstrap', '--variant=minbase', suite, target, ...(mirror === undefined ? [] : [mirror])];
  await run([...isolated, ...namespaces, ...made], options);
  for (const cache of ['var/cache/apt/archives', 'var/lib/apt/lists']) {
    await rm(join(target, cache), { recursive: true, force: true });
    await mkdir(join(target, cache, 'partial'), { recursive: true });
  }
  const kept = ['--numeric-owner', '--xattrs', '--xattrs-include=security.capability', '--sort=name'];
  await run(['tar', ...kept, '-C', target, '-cf', archive, '.'], options);
  return archive;
}

/**
 * A shell script that runs its arguments. Ubuntu's AppArmor profile takes root's rights from programs that `unshare`
 * starts, so the script asks the kernel to run the next program without a profile, as for the boxes of builds
 * (server/src/sandbox/box/unconfined.sh).
 */
export const UNCONFINED = `{ echo 'exec unconfined' >/proc/self/attr/apparmor/exec; } 2>/dev/null || :; exec "$@"`;

async function run(command: string[], options: DebootstrapOptions): Promise<void> {
  const [program = '', ...args] = command;
  const name = command.includes('debootstrap') ? 'debootstrap' : program;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let lastWords = '';
  const output = (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString()).slice(-2000);
    options.onOutput(chunk);
  };
  child.stdout.on('data', output);
  child.stderr.on('data', output);
  const kill = () => child.kill('SIGKILL');
  options.signal?.addEventListener('abort', kill, { once: true });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (options.signal?.aborted) throw new CliError(EXIT_CODES.cancelled, 'cancelled');
    if (code === 127) {
      throw new CliError(EXIT_CODES.machine, 'debootstrap is not installed: apt-get install debootstrap');
    }
    if (code !== 0) {
      const line = lastWords.trim().split('\n').at(-1) ?? '';
      throw new CliError(EXIT_CODES.machine, `${name} failed (${code ?? 'killed'}): ${line}`);
    }
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError(EXIT_CODES.machine, `${program} cannot be started: ${(cause as Error).message}`, { cause });
  } finally {
    options.signal?.removeEventListener('abort', kill);
  }
}
