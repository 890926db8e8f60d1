import { execFile, spawn } from 'node:child_process';
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

/** What a plain build printed, and its image as an OCI layout where it made one. */
export interface PlainBuild {
  code: number;
  output: string;
  image: string;
}

/** What of a plain build can be chosen. */
export interface PlainOptions {
  buildArgs?: Record<string, string>;
  /** Further arguments of `docker-buildx build`. */
  flags?: string[];
}

/**
 * The builder as root on this machine, without a box and without a cache: the control of what the sandbox does. It sees the machine's network
 * and its /tmp.
 */
export interface PlainBuildkit {
  /** Builds a folder below the machine's folder for temporary files; a later build takes the image of the one before away. */
  build(context: string, options?: PlainOptions): Promise<PlainBuild>;
  /** An image for Dockerfiles, under a name, in place of another of that name: `write` makes it as a `dir:` folder and gives its digest. */
  addBase(name: string, write: (folder: string) => string): void;
  close(): Promise<void>;
}

const BUILD_TIMEOUT_MS = 120_000;
const START_TIMEOUT_MS = 30_000;

const settings = {
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
  writeFileSync(join(folder, 'in/daemon.json'), JSON.stringify(settings));
  const script = join(import.meta.dirname, 'plain-buildkit.sh');
  const namespaces = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child'];
  const daemon = spawn('unshare', [...namespaces, 'sh', script, openBuilderRoot(), folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaints = '';
  daemon.stderr.on('data', (chunk: Buffer) => {
    complaints = `${complaints}${chunk}`.slice(-4000);
  });
  const ended = once(daemon, 'close');
  const close = async (): Promise<void> => {
    daemon.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const inside = await waitForDaemon(daemon.pid, folder).catch(async (error: unknown) => {
    await close();
    throw new Error(`plain BuildKit did not start: ${complaints}`, { cause: error });
  });
  const bases = new Map<string, string>();
  let places = 0;
  return {
    build: async (context, { buildArgs = {}, flags = [] } = {}) => {
      const image = join(folder, 'out', 'image');
      rmSync(image, { recursive: true, force: true });
      const args = ['--builder', 'default', '--progress=plain', '--no-cache', '--network=host', '--provenance=false'];
      args.push('--output', 'type=oci,tar=false,oci-mediatypes=false,dest=/out/image', ...flags);
      for (const [name, layout] of bases) args.push('--build-context', `${name}=${layout}`);
      for (const [name, value] of Object.entries(buildArgs)) args.push('--build-arg', `${name}=${value}`);
      return { ...(await inside('/usr/libexec/docker/cli-plugins/docker-buildx', 'build', ...args, context)), image };
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

type Inside = (...command: string[]) => Promise<{ code: number; output: string }>;

/** Waits until the daemon answers, and gives the way to run a program beside it. */
async function waitForDaemon(pid: number | undefined, folder: string): Promise<Inside> {
  const environment = [
    'PATH=/in/bin:/usr/bin:/usr/sbin',
    'DOCKER_HOST=unix:///run/docker.sock',
    'DOCKER_CONFIG=/run/client',
  ];
  const endMs = Date.now() + START_TIMEOUT_MS;
  for (; Date.now() < endMs; await sleep(50)) {
    const [first] = childrenOf(pid);
    if (first === undefined || !existsSync(`/proc/${first}/root/run/docker.sock`)) continue;
    const enter = ['-t', first, '--mount', '--pid', '--', 'chroot', join(folder, 'root'), '/usr/bin/env', '-i'];
    return (...command) => run('nsenter', [...enter, ...environment, ...command]);
  }
  throw new Error('its socket did not come');
}

function childrenOf(pid: number | undefined): string[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .split(' ')
      .filter((child) => child !== '');
  } catch {
    // It has ended; the wait says so.
    return [];
  }
}

function run(program: string, args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const options = { timeout: BUILD_TIMEOUT_MS, maxBuffer: 64 * 2 ** 20 };
    execFile(program, args, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: `${stdout}${stderr}` });
    });
  });
}
