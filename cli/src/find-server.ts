import { type Client, createClient } from '@slipway/client/client.ts';
import { CliError, EXIT_CODES } from './cli-error.ts';
import { startEmbeddedServer } from './embedded-server.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { readRootFile } from './root-file.ts';

/** A server that a command talks to. */
export interface Server {
  endpoint: string;
  accessKeyId: string;
  accessKeySecret: string;
  client: Client;
  /** Looks again where the server of the data folder is: after a restart its port may be another. */
  refresh(): void;
  /** It runs for this command only. */
  embedded: boolean;
  close(): Promise<void>;
}

const HEALTH_TIMEOUT_MS = 2_000;

/**
 * Finds the server of a command: the endpoint that was named, else the live server of the data folder, else one that is
 * started for the length of the command. Throws `CliError`.
 */
export async function findServer(options: {
  endpoint?: string | undefined;
  data?: string | undefined;
}): Promise<Server> {
  const environment = readEnvironment();
  const dataFolder = options.data ?? environment.dataFolder;
  const endpoint = options.endpoint ?? environment.endpoint;
  if (endpoint !== undefined) return namedServer(endpoint, environment, dataFolder);
  const live = readRootFile(dataFolder);
  if (live && (await isAlive(live))) {
    const server = connect(live.Endpoint, pairOf(environment, live), false, noClose);
    server.refresh = () => {
      const { Endpoint } = readRootFile(dataFolder) ?? live;
      server.client = createClient({ endpoint: Endpoint, ...pairOf(environment, live) });
    };
    return server;
  }
  const { close } = await startEmbeddedServer(dataFolder);
  const started = readRootFile(dataFolder);
  if (!started) throw new CliError(EXIT_CODES.machine, `the server wrote no root.json into ${dataFolder}`);
  return connect(started.Endpoint, pairOf(environment, started), true, close);
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
  return connect(endpoint.replace(/\/$/, ''), pairOf(environment, root), false, noClose);
}

function pairOf(environment: Environment, root: { AccessKeyId: string; AccessKeySecret: string } | undefined): Pair {
  const { accessKeyId, accessKeySecret, securityToken } = environment;
  if (accessKeyId !== undefined && accessKeySecret !== undefined)
    return { accessKeyId, accessKeySecret, securityToken };
  return { accessKeyId: root?.AccessKeyId ?? '', accessKeySecret: root?.AccessKeySecret ?? '' };
}

function connect(endpoint: string, pair: Pair, embedded: boolean, close: () => Promise<void>): Server {
  return { endpoint, ...pair, client: createClient({ endpoint, ...pair }), embedded, refresh: stay, close };
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

function stay(): void {
  // A server that was named, or is our own, is where it was.
}

async function noClose(): Promise<void> {
  // A server that was there before stays.
}
