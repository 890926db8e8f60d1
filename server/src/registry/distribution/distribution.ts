import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type BucketOfImages, bucketEnvironment, bucketParameters } from './bucket.ts';
import { listens } from './listens.ts';
import { readRegistryLine } from './registry-line.ts';

/** The options of the registry child. `tokenRealm`, `service` and `issuer` must be those of the token service. */
export interface DistributionOptions {
  /** A folder for this registry alone; it holds configuration, and storage unless that is in a bucket. */
  folder: string;
  bucket?: BucketOfImages | undefined;
  /** PEM certificate whose key signs the tokens. */
  certificateFile: string;
  /** Signs the state of uploads, which a client may resume after a restart. */
  httpSecret: string;
  tokenRealm: string;
  service: string;
  issuer: string;
  log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
  /** How long the child may take to answer its first request. */
  readyTimeoutMs?: number;
  findPort?: typeof findFreePort;
}

/** A running registry child. */
export interface Distribution {
  /** Its configuration, from which its other commands learn where its storage is. */
  configFile: string;
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  url: string;
  port: number;
  /** Ends the child and waits for its end. Safe to call twice. */
  close(): Promise<void>;
  /** Resolves if the child ends although nobody called `close`; never otherwise. */
  died: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

const PORT_ATTEMPTS = 5;
const STOP_GRACE_MS = 10_000;

/**
 * Starts `docker-registry` (distribution 2.8) on a free loopback port and waits until it answers. The child ends with
 * this process. Throws if the program is missing, does not become ready, or every port that was tried was taken
 * meanwhile.
 */
export async function startDistribution(options: DistributionOptions): Promise<Distribution> {
  // Before the first push its collection fails unless these folders exist.
  for (const part of options.bucket === undefined ? ['repositories', 'blobs'] : []) {
    const folder = join(options.folder, 'storage', 'docker', 'registry', 'v2', part);
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  for (let attempt = 1; ; attempt++) {
    const port = await (options.findPort ?? findFreePort)();
    const configFile = join(options.folder, 'config.yml');
    await writeFile(configFile, distributionConfig({ ...options, port }), { mode: 0o600 });
    const started = await startOnPort(options, configFile, port);
    if (started !== 'port taken') return started;
    if (attempt === PORT_ATTEMPTS)
      throw new Error(`start the registry: ${PORT_ATTEMPTS} free ports were taken in turn`);
  }
}

/** The text of the configuration file. JSON is YAML, so a path with any characters needs no quoting. */
export function distributionConfig(
  values: Pick<
    DistributionOptions,
    'folder' | 'bucket' | 'certificateFile' | 'httpSecret' | 'tokenRealm' | 'service' | 'issuer'
  > & {
    port: number;
  },
): string {
  const config = {
    version: 0.1,
    log: { level: 'warn', formatter: 'json', accesslog: { disabled: true } },
    storage: {
      ...(values.bucket === undefined
        ? { filesystem: { rootdirectory: join(values.folder, 'storage') } }
        : { s3: bucketParameters(values.bucket) }),
      // Only manifests can be deleted, and only by this server: no client's token allows it.
      delete: { enabled: true },
      redirect: { disable: true },
      maintenance: { uploadpurging: { enabled: true, age: '168h', interval: '24h', dryrun: false } },
    },
    auth: {
      token: {
        realm: values.tokenRealm,
        service: values.service,
        issuer: values.issuer,
        rootcertbundle: values.certificateFile,
      },
    },
    http: {
      addr: `127.0.0.1:${values.port}`,
      secret: values.httpSecret,
      relativeurls: true,
      draintimeout: '5s',
      headers: { 'X-Content-Type-Options': ['nosniff'] },
    },
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

/** A port of 127.0.0.1 that is free now; another program may take it first. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('find a free port: no address');
  return address.port;
}

async function startOnPort(
  options: DistributionOptions,
  configFile: string,
  port: number,
): Promise<Distribution | 'port taken'> {
  const { log, readyTimeoutMs = 20_000 } = options;
  // A process group of its own: Ctrl-C in a terminal must not end the registry before builds have pushed.
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', '--', 'docker-registry', 'serve', configFile], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: options.folder,
      ...(options.bucket && bucketEnvironment(options.bucket)),
    },
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once('error', (cause) => reject(new Error('start docker-registry through setpriv', { cause })));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const lastLines: string[] = [];
  forwardOutput(child, log, lastLines);

  const url = `http://127.0.0.1:${port}`;
  const stopWaiting = new AbortController();
  const first = await Promise.race([ended, waitUntilReady(url, readyTimeoutMs, stopWaiting.signal)]).finally(() =>
    stopWaiting.abort(),
  );
  if (first === 'timeout') {
    await stop(child, ended);
    throw new Error(`start docker-registry: no answer on ${url}/v2/ within ${readyTimeoutMs} ms`);
  }
  if (first !== 'ready') {
    const text = lastLines.join('\n');
    if (text.includes('address already in use')) return 'port taken';
    throw new Error(`start docker-registry: it ended with code ${first.code ?? first.signal}: ${text.slice(-2000)}`);
  }

  // Another program may have taken the port before the child did, and may answer in its place.
  if (child.pid === undefined || !(await listens(child.pid, port))) {
    await stop(child, ended);
    return 'port taken';
  }

  let closing = false;
  const died = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    void ended.then((end) => {
      if (!closing) resolve(end);
    });
  });
  return {
    configFile,
    url,
    port,
    died,
    async close() {
      closing = true;
      await stop(child, ended);
    },
  };
}

async function waitUntilReady(url: string, timeoutMs: number, signal: AbortSignal): Promise<'ready' | 'timeout'> {
  const endsAtMs = Date.now() + timeoutMs;
  while (Date.now() < endsAtMs && !signal.aborted) {
    try {
      const answer = await fetch(`${url}/v2/`, { signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]) });
      await answer.arrayBuffer();
      if (answer.status === 401 && answer.headers.has('docker-distribution-api-version')) return 'ready';
    } catch {
      // Not listening yet; the deadline and the child's end decide.
    }
    await sleep(25);
  }
  return 'timeout';
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
  await ended;
  clearTimeout(timer);
}

function forwardOutput(child: ChildProcess, log: DistributionOptions['log'], lastLines: string[]): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (line) => {
      lastLines.push(line.slice(0, 2000));
      if (lastLines.length > 20) lastLines.shift();
      const { level, fields, text } = readRegistryLine(line);
      log[level](fields, text);
    });
  }
}
