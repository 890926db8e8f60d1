import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, createClient } from '@slipway/client/client.ts';
import { identifyServer, ServerNotProven } from '@slipway/client/identify-server.ts';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { type Environment, readEnvironment } from '../input/environment.ts';
import { chooseServer } from './choose-server.ts';
import { startEmbeddedServer } from './embedded-server.ts';
import { holdServer } from './hold-server.ts';
import { imageHost } from './image-host.ts';
import { plainEndpoint } from './plain-endpoint.ts';
import { readRootFile } from './root-file.ts';
import { trustAuthority } from './trust-authority.ts';
import { warnOfPlainHttp } from './warn-of-plain-http.ts';

/** A server for a command, which has proven that it knows the key's secret. */
export interface Server {
  endpoint: string;
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string | undefined;
  client: Client;
  instanceId: string;
  /** `host:port` in the names of its images, as they are pulled. */
  imageHost: string;
  /** Keeps a request from being sent if the server is known to be gone. Throws `ServerAway`. */
  beforeSend(): void;
  /**
   * Looks for a server again after it was gone: after a restart its port may differ, and an embedded one is started
   * again. The new server proves its identity again. Throws `ServerAway` while there is none.
   */
  refresh(): Promise<void>;
  /** It runs only as long as commands use it. */
  embedded: boolean;
  close(): Promise<void>;
}

/** The server of a data folder has ended, and nothing may be sent to what answers in its place. */
export class ServerAway extends CliError {
  constructor(dataFolder: string) {
    super(EXIT_CODES.machine, `the server of the data folder ${dataFolder} has ended; see its log, and start it again`);
  }
}

const TAKEN_LIMIT_MS = 120_000;
const RETRY_MS = 250;

/**
 * Finds the server of a command: the given endpoint, or else the running server of the data folder, or else one that is
 * started for as long as commands use it. Throws `CliError`, or an error that reports the server's refusal.
 */
export async function findServer(options: {
  endpoint?: string | undefined;
  data?: string | undefined;
  context?: string | undefined;
  /** Only a server that outlives the command will do; none is started. */
  lasting?: boolean;
}): Promise<Server> {
  const given = readEnvironment();
  const environment = chooseServer(options, given);
  const { dataFolder, endpoint, caFile } = environment;
  if (caFile !== undefined && caFile !== given.caFile) trustAuthority(caFile);
  if (endpoint !== undefined) return namedServer(endpoint, environment, dataFolder);
  let found = options.lasting ? await findLasting(dataFolder) : await findOrStart(dataFolder);
  try {
    const pair = pairOf(environment, found.pair);
    const server = await connect(found.endpoint, pair, {
      embedded: found.embedded,
      beforeSend: () => {
        if (found.gone()) throw new ServerAway(dataFolder);
      },
      close: () => found.close(),
    });
    server.refresh = async () => {
      if (!found.gone()) return;
      // If it runs by itself, the command waits while it restarts.
      const next = found.embedded ? await findOrStart(dataFolder) : await findLive(dataFolder);
      if (!next) throw new ServerAway(dataFolder);
      found = next;
      const { endpoint, client } = await connect(found.endpoint, pair, server);
      Object.assign(server, { endpoint, client });
    };
    return server;
  } catch (error) {
    await found.close();
    throw error;
  }
}

/** The server of a data folder. */
interface Found {
  endpoint: string;
  /** The key of the account's owner. */
  pair: Pair;
  embedded: boolean;
  gone(): boolean;
  close(): Promise<void>;
}

/**
 * Two commands may start at once, or one may find the server of another that is just ending: each retries until it has
 * one.
 */
async function findOrStart(dataFolder: string): Promise<Found> {
  const sinceMs = performance.now();
  for (;;) {
    const found = (await findLive(dataFolder)) ?? (await start(dataFolder));
    if (found) return found;
    if (performance.now() - sinceMs > TAKEN_LIMIT_MS)
      throw new CliError(
        EXIT_CODES.machine,
        `another server uses the data folder ${dataFolder} and has not answered for ${TAKEN_LIMIT_MS / 1000} seconds; stop it, or choose another folder with --data`,
      );
    await sleep(RETRY_MS);
  }
}

async function findLive(dataFolder: string): Promise<Found | undefined> {
  const hold = await holdServer(dataFolder);
  if (hold === 'leaving' || hold === undefined) return undefined;
  const pair = ownerOf(dataFolder);
  return { ...hold, pair, close: async () => hold.release() };
}

async function findLasting(dataFolder: string): Promise<Found> {
  const found = await findLive(dataFolder);
  if (found && !found.embedded) return found;
  await found?.close();
  throw new CliError(
    EXIT_CODES.machine,
    `no server runs on the data folder ${dataFolder}: start one with slipway serve, or name one with --endpoint`,
  );
}

async function start(dataFolder: string): Promise<Found | undefined> {
  // Before the start, so that an unreadable file is reported at once.
  readRootFile(dataFolder);
  const started = await startEmbeddedServer(dataFolder);
  if (!started) return undefined;
  const hold = await holdServer(dataFolder);
  if (hold === 'leaving' || hold === undefined)
    throw new CliError(EXIT_CODES.machine, `the server on the data folder ${dataFolder} ended right after it started`);
  hold.release();
  return { endpoint: hold.endpoint, pair: ownerOf(dataFolder), embedded: true, ...started };
}

interface Pair {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string | undefined;
}

function ownerOf(dataFolder: string): Pair {
  const root = readRootFile(dataFolder);
  if (!root) throw new CliError(EXIT_CODES.machine, `the server wrote no root.json into ${dataFolder}`);
  return { accessKeyId: root.AccessKeyId, accessKeySecret: root.AccessKeySecret };
}

async function namedServer(endpoint: string, environment: Environment, dataFolder: string): Promise<Server> {
  const plain = plainEndpoint(endpoint);
  const { accessKeyId, accessKeySecret } = environment;
  const root = accessKeyId === undefined ? readRootFile(dataFolder) : undefined;
  if ((accessKeyId === undefined || accessKeySecret === undefined) && !root)
    throw new CliError(
      EXIT_CODES.usage,
      'no key pair: set SLIPWAY_ACCESS_KEY_ID and SLIPWAY_ACCESS_KEY_SECRET, or SLIPWAY_DATA to a data folder with a root.json',
    );
  const owner = { accessKeyId: root?.AccessKeyId ?? '', accessKeySecret: root?.AccessKeySecret ?? '' };
  const pair = pairOf(environment, owner);
  warnOfPlainHttp(plain, 'server');
  const server = await connect(plain, pair, { embedded: false, beforeSend: () => undefined, close: noClose });
  server.refresh = async () => void (await prove(plain, pair));
  return server;
}

function pairOf({ accessKeyId, accessKeySecret, securityToken }: Environment, owner: Pair): Pair {
  const given = accessKeyId !== undefined && accessKeySecret !== undefined;
  return given ? { accessKeyId, accessKeySecret, securityToken } : owner;
}

/** The server at an endpoint, once it has proven its identity. */
async function connect(
  endpoint: string,
  pair: Pair,
  life: Pick<Server, 'embedded' | 'beforeSend' | 'close'>,
): Promise<Server> {
  const { embedded, beforeSend, close } = life;
  const { PublicUrl, InstanceId: instanceId } = await prove(endpoint, pair);
  const client = createClient({ endpoint, ...pair, beforeSend });
  const refresh = async () => undefined;
  const host = imageHost(endpoint, PublicUrl);
  return { endpoint, ...pair, client, instanceId, imageHost: host, embedded, beforeSend, refresh, close };
}

async function prove(endpoint: string, pair: Pair) {
  try {
    return await identifyServer({ endpoint, ...pair });
  } catch (error) {
    if (!(error instanceof ServerNotProven)) throw error;
    throw new CliError(EXIT_CODES.machine, error.message, { cause: error });
  }
}

async function noClose(): Promise<void> {
  // A server that ran before continues.
}
