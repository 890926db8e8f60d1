import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openBuilderRoot } from '../builder/builder-root.ts';
import { toImageLayout } from '../store/image-layout.ts';

/** What a plain build printed, and its image as an OCI layout if it made one. */
export interface PlainBuild {
  code: number;
  output: string;
  image: string;
}

/** Options of a plain build. */
export interface PlainOptions {
  buildArgs?: Record<string, string>;
  /** Further arguments of `docker-buildx build`. */
  flags?: string[];
}

/**
 * The builder as root on this machine, without a box and without a cache: the control for the sandbox's tests. It sees
 * the machine's network and its /tmp.
 */
export interface PlainBuildkit {
  /**
   * Builds a folder below the machine's folder for temporary files; a later build replaces the image of the previous
   * one.
   */
  build(context: string, options?: PlainOptions): Promise<PlainBuild>;
  /**
   * An image for Dockerfiles, under a name; replaces another of that name. `write` makes it as a `dir:` folder and
   * returns its digest.
   */
  addBase(name: string, write: (folder: string) => string): void;
  close(): Promise<void>;
}

/** The builder's client, in the builder's root. */
export const BUILDX = '/usr/libexec/docker/cli-plugins/docker-buildx';
const BUILD_TIMEOUT_MS = 120_000;
const START_TIMEOUT_MS = 60_000;

const SETTINGS = {
  'log-level': 'warn',
  'userland-proxy': false,
  features: { 'containerd-snapshotter': true },
  builder: { gc: { enabled: false }, entitlements: { 'network-host': true, 'security-insecure': false } },
};

/** Starts it. Call `close` in the end: one process holds all the others, their mounts and their namespaces. */
export async function openPlainBuildkit(): Promise<PlainBuildkit> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-plain-'));
  for (const name of ['in/bin', 'out', 'store', 'root']) mkdirSync(join(folder, name), { recursive: true });
  copyFileSync(join(import.meta.dirname, 'plain-runtime.sh'), join(folder, 'in/bin/runc'));
  chmodSync(join(folder, 'in/bin/runc'), 0o755);
  writeFileSync(join(folder, 'in/daemon.json'), JSON.stringify(SETTINGS));
  const script = join(import.meta.dirname, 'plain-buildkit.sh');
  const namespaces = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child'];
  const daemon = spawn('unshare', [...namespaces, 'sh', script, openBuilderRoot(), folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(daemon, 'close');
  const close = async (): Promise<void> => {
    daemon.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const pid = await daemonOf(daemon).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const beside = besideDaemon(pid, join(folder, 'root'), [
    'PATH=/in/bin:/usr/bin:/usr/sbin',
    'DOCKER_HOST=unix:///run/docker.sock',
  ]);
  const bases = new Map<string, string>();
  let places = 0;
  let clients = 0;
  return {
    build: async (context, { buildArgs = {}, flags = [] } = {}) => {
      const image = join(folder, 'out', 'image');
      rmSync(image, { recursive: true, force: true });
      const args = ['--builder', 'default', '--progress=plain', '--no-cache', '--network=host', '--provenance=false'];
      args.push('--output', 'type=oci,tar=false,oci-mediatypes=false,dest=/out/image', ...flags);
      for (const [name, layout] of bases) args.push('--build-context', `${name}=${layout}`);
      for (const [name, value] of Object.entries(buildArgs)) args.push('--build-arg', `${name}=${value}`);
      // A client of the same name would not send a file again that changed within its size and its time.
      const client = `DOCKER_CONFIG=/run/client-${++clients}`;
      return { ...(await run('nsenter', [...beside, client, BUILDX, 'build', ...args, context])), image };
    },
    addBase: (name, write) => {
      const place = `in/base-${++places}`;
      const digest = write(join(folder, place));
      toImageLayout(join(folder, place), digest);
      bases.set(name, `oci-layout:///${place}@${digest}`);
    },
    close,
  };
}

/**
 * The process on this machine of the daemon that `child` starts in namespaces of its own, once it listens. Throws with
 * the daemon's errors.
 */
export async function daemonOf(child: ChildProcess): Promise<number> {
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints = `${complaints}${text}`.slice(-4000);
  });
  for (const endMs = performance.now() + START_TIMEOUT_MS; performance.now() < endMs; await sleep(20)) {
    if (child.exitCode !== null) throw new Error(`dockerd ended with ${child.exitCode}: ${complaints}`);
    const pid = firstChildOf(child.pid);
    if (pid !== undefined && existsSync(`/proc/${pid}/root/run/docker.sock`)) return pid;
  }
  throw new Error(`dockerd did not start: ${complaints}`);
}

/** Undefined until it is the daemon: before that, its root is the machine's, which may have a daemon of its own. */
function firstChildOf(pid: number | undefined): number | undefined {
  try {
    const [child = ''] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    return child !== '' && readFileSync(`/proc/${child}/comm`, 'utf8') === 'dockerd\n' ? Number(child) : undefined;
  } catch {
    // One of them has ended; the wait says so.
    return undefined;
  }
}

/** The arguments of nsenter that run a program beside a daemon, in its root. */
export function besideDaemon(pid: number, root: string, environment: readonly string[]): string[] {
  return ['-t', `${pid}`, '--mount', '--pid', '--', 'chroot', root, '/usr/bin/env', '-i', ...environment];
}

function run(program: string, args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const options = { timeout: BUILD_TIMEOUT_MS, maxBuffer: 64 * 2 ** 20 };
    execFile(program, args, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: `${stdout}${stderr}` });
    });
  });
}
