import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProgram } from '@slipway/program';

/** Options of every run of skopeo. */
export interface SkopeoOptions {
  signal?: AbortSignal | undefined;
  /** Receives the messages that skopeo prints, as they come. */
  onOutput?: ((chunk: Buffer, stream: 'stdout' | 'stderr') => void) | undefined;
  /** Folder for skopeo's temporary files; the system's by default. */
  workFolder?: string | undefined;
  /** Starts the program; the server's own shell by default. */
  start?: typeof startProgram | undefined;
}

/** How a run ended. `stdout` is empty when `keepStdoutBytes` was not given. */
export interface SkopeoEnd {
  /** 128 + n for signal n. */
  code: number;
  stdout: Buffer;
  /** The last 64 KiB. */
  stderr: string;
}

const KEPT_STDERR_BYTES = 65_536;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
// Our own names and digests decide what may be pulled; signatures play no part.
const POLICY = JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] });

/**
 * Runs skopeo with an empty home of its own, so that no configuration, mirror or credential of the machine or its users
 * plays a part. Nothing in its arguments or environment is secret, so a shell forks for it. It ends with this process,
 * and when `signal` aborts. Throws if it cannot be started.
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
    const environment = { PATH, HOME: home, XDG_RUNTIME_DIR: join(home, 'run'), TMPDIR: home };
    return await runChild([...globals, ...args], environment, options);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function runChild(
  args: string[],
  environment: Record<string, string>,
  options: SkopeoOptions & { keepStdoutBytes?: number },
): Promise<SkopeoEnd> {
  const { signal, onOutput, keepStdoutBytes = 0, start = startProgram } = options;
  const child = await start({ command: 'skopeo', args, environment });
  child.stdin.on('error', () => child.stdin.destroy()).end();
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let stderr = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    if (keepStdoutBytes === 0) {
      onOutput?.(chunk, 'stdout');
      return;
    }
    keptBytes += chunk.length;
    if (keptBytes <= keepStdoutBytes) kept.push(chunk);
    else child.kill();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    onOutput?.(chunk, 'stderr');
    stderr = Buffer.concat([stderr, chunk]).subarray(-KEPT_STDERR_BYTES);
  });
  const kill = () => child.kill();
  signal?.addEventListener('abort', kill, { once: true });
  if (signal?.aborted) kill();
  try {
    const code = await child.closed;
    if (keptBytes > keepStdoutBytes) throw new Error(`skopeo printed more than ${keepStdoutBytes} bytes`);
    return { code, stdout: Buffer.concat(kept), stderr: stderr.toString() };
  } finally {
    signal?.removeEventListener('abort', kill);
  }
}
