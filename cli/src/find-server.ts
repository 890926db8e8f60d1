import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient } from '@slipway/client/client.ts';
import { CliError, EXIT_CODES } from './cli-error.ts';
import { startEmbeddedServer } from './embedded-server.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { holdServer } from './hold-server.ts';
import { type RootFile, readRootFile } from './root-file.ts';

/** A server that a command talks to. */
export interface Server {
  endpoint: string;
  accessKeyId: string;
  accessKeySecret: string;
  client: Client;
  /** Looks again for the server of the data folder: after a restart its port may be another, an embedded one may be gone. */
  refresh(): Promise<void>;
  /** It runs only as long as commands use it. */
  embedded: boolean;
  close(): Promise<void>;
}

const HEALTH_TIMEOUT_MS = 2_000;
const TAKEN_LIMIT_MS = 120_000;
const RETRY_MS = 250;

/**
 * Finds the server of a command: the endpoint that was named, else the live server of the data folder, else one that is
 * started for as long as commands use it. Throws `CliError`.
 */
export async function findServer(options: {
  endpoint?: string | undefined;
  data?: string | undefined;
}): Promise<Server> {
  const environment = readEnvironment();
  const dataFolder = options.data ?? environment.dataFolder;
  const endpoint = options.endpoint ?? environment.endpoint;
  if (endpoint !== undefined) return namedServer(endpoint, environment, dataFolder);
  let found = await findOrStart(dataFolder);
  const { root, embedded } = found;
  const server = connect(root.Endpoint, pairOf(environment, root), embedded);
  server.close = () => found.close();
  server.refresh = async () => {
    if (found.gone()) found = await findOrStart(dataFolder);
    server.endpoint = readRootFile(dataFolder)?.Endpoint ?? server.endpoint;
    server.client = createClient({ endpoint: server.endpoint, ...pairOf(environment, root) });
  };
  return server;
}

/** The server of a data folder. */
interface Found {
  root: RootFile;
  embedded: boolean;
  /** Whether an embedded one has ended; one that runs by itself is waited for while it restarts. */
  gone(): boolean;
  close(): Promise<void>;
}

/** Two commands may start at once, and one may meet the server of another that is just ending: each looks until it has one. */
async function findOrStart(dataFolder: string): Promise<Found> {
  const sinceMs = performance.now();
  for (;;) {
    const found = (await findLive(dataFolder)) ?? (await start(dataFolder));
    if (found) return found;
    if (performance.now() - sinceMs > TAKEN_LIMIT_MS)
      throw new CliError(
        EXIT_CODES.machine,
        `another server works on the data folder ${dataFolder} and has not answered for ${TAKEN_LIMIT_MS / 1000} seconds; stop it, or choose another folder with --data`,
      );
    await sleep(RETRY_MS);
  }
}

async function findLive(dataFolder: string): Promise<Found | undefined> {
  const hold = await holdServer(dataFolder);
  if (hold === 'leaving') return undefined;
  const root = readRootFile(dataFolder);
  if (root && hold) return { root, embedded: true, gone: hold.gone, close: async () => hold.release() };
  return root && (await isAlive(root)) ? { root, embedded: false, gone: () => false, close: noClose } : undefined;
}

async function start(dataFolder: string): Promise<Found | undefined> {
  const started = await startEmbeddedServer(dataFolder);
  if (!started) return undefined;
  const root = readRootFile(dataFolder);
  if (!root) throw new CliError(EXIT_CODES.machine, `the server wrote no root.json into ${dataFolder}`);
  return { root, embedded: true, ...started };
}

type Pair = { accessKeyId: string; accessKeySecret: string; securityToken?: string | undefined };

function namedServer(endpoint: string, environment: Environment, dataFolder: string): Server {
  if (!/^https?:\/\/[^/\s]+\/?$/.test(endpoint))
    throw new CliError(
      EXIT_CODES.usage,
      `the endpoint ${JSON.stringify(endpoint)} is not of the form http://HOST:PORT`,
    );
  const { accessKeyId, accessKeySecret } = environment;
  const root = accessKeyId === undefined ? readRootFile(dataFolder) : undefined;
  if ((accessKeyId === undefined || accessKeySecret === undefined) && !root)
    throw new CliError(
      EXIT_CODES.usage,
      'no key pair: set SLIPWAY_ACCESS_KEY_ID and SLIPWAY_ACCESS_KEY_SECRET, or SLIPWAY_DATA to a data folder with a root.json',
    );
  return connect(endpoint.replace(/\/$/, ''), pairOf(environment, root), false);
}

function pairOf(environment: Environment, root: { AccessKeyId: string; AccessKeySecret: string } | undefined): Pair {
  const { accessKeyId, accessKeySecret, securityToken } = environment;
  if (accessKeyId !== undefined && accessKeySecret !== undefined)
    return { accessKeyId, accessKeySecret, securityToken };
  return { accessKeyId: root?.AccessKeyId ?? '', accessKeySecret: root?.AccessKeySecret ?? '' };
}

function connect(endpoint: string, pair: Pair, embedded: boolean): Server {
  const client = createClient({ endpoint, ...pair });
  return { endpoint, ...pair, client, embedded, refresh: noRefresh, close: noClose };
}

/** Another server may have taken the port since: the one of this data folder says its instance. */
async function isAlive(root: { Endpoint: string; InstanceId: string }): Promise<boolean> {
  try {
    const response = await fetch(`${root.Endpoint}/healthz`, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) });
    const health = (await response.json()) as { InstanceId?: string };
    return health.InstanceId === root.InstanceId;
  } catch {
    return false;
  }
}

async function noRefresh(): Promise<void> {
  // A server that was named is where it was.
}

async function noClose(): Promise<void> {
  // A server that was there before stays.
}
