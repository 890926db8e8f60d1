import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What every run of skopeo may be given. */
export interface SkopeoOptions {
  signal?: AbortSignal | undefined;
  /** Receives what skopeo prints for people, as it comes. */
  onOutput?: ((chunk: Buffer, stream: 'stdout' | 'stderr') => void) | undefined;
  /** Proxy variables and the like; nothing is inherited from this process. */
  environment?: Readonly<Record<string, string>> | undefined;
  /** Folder for skopeo's temporary files; the system's by default. */
  workFolder?: string | undefined;
}

/** How a run ended. `stdout` is empty when `keepStdoutBytes` was not given. */
export interface SkopeoEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: Buffer;
  /** The last 64 KiB. */
  stderr: string;
}

const KEPT_STDERR_BYTES = 65_536;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
// Who may pull what is decided by our own names and digests; signatures are not part of it.
const POLICY = JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] });

/**
 * Runs skopeo with a home of its own that is empty, so that no configuration, mirror or credential of the machine or
 * its users takes part. It ends with this process, and when `signal` aborts. Throws when it cannot be started.
 */
export async function runSkopeo(
  args: readonly string[],
  options: SkopeoOptions & { keepStdoutBytes?: number } = {},
): Promise<SkopeoEnd> {
  const home = await mkdtemp(join(options.workFolder ?? tmpdir(), 'slipway-skopeo-'));
  try {
    await writeFile(join(home, 'policy.json'), POLICY);
    await writeFile(join(home, 'registries.conf'), '');
    await mkdir(join(home, 'registries.d'));
    await mkdir(join(home, 'run'), { mode: 0o700 });
    const globals = ['--policy', join(home, 'policy.json'), '--registries.d', join(home, 'registries.d')];
    globals.push('--registries-conf', join(home, 'registries.conf'), '--tmpdir', home);
    const environment = { ...options.environment, PATH, HOME: home, XDG_RUNTIME_DIR: join(home, 'run'), TMPDIR: home };
    return await runChild(['skopeo', ...globals, ...args], environment, options);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function runChild(
  command: string[],
  env: Record<string, string>,
  options: SkopeoOptions & { keepStdoutBytes?: number },
): Promise<SkopeoEnd> {
  const { signal, onOutput, keepStdoutBytes = 0 } = options;
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...command], { stdio: ['ignore', 'pipe', 'pipe'], env });
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let stderr = Buffer.alloc(0);
  let overflow = false;
  child.stdout.on('data', (chunk: Buffer) => {
    if (keepStdoutBytes === 0) {
      onOutput?.(chunk, 'stdout');
      return;
    }
    keptBytes += chunk.length;
    if (keptBytes <= keepStdoutBytes) kept.push(chunk);
    else if (!overflow) {
      overflow = true;
      child.kill('SIGKILL');
    }
  });
  child.stderr.on('data', (chunk: Buffer) => {
    onOutput?.(chunk, 'stderr');
    stderr = Buffer.concat([stderr, chunk]).subarray(-KEPT_STDERR_BYTES);
  });
  const kill = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', kill, { once: true });
  if (signal?.aborted) kill();
  try {
    return await new Promise<SkopeoEnd>((resolve, reject) => {
      child.once('error', (cause) => reject(new Error('start skopeo through setpriv', { cause })));
      child.once('close', (code, endSignal) => {
        if (overflow) reject(new Error(`skopeo printed more than ${keepStdoutBytes} bytes`));
        else resolve({ code, signal: endSignal, stdout: Buffer.concat(kept), stderr: stderr.toString() });
      });
    });
  } finally {
    signal?.removeEventListener('abort', kill);
  }
}
