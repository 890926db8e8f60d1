import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The environment variables of the client. The command line reads them only here. */
export interface Environment {
  readonly endpoint: string | undefined;
  readonly dataFolder: string;
  /** Whether `dataFolder` was named. */
  readonly hasDataFolder: boolean;
  /** The name of a server in `contextFile`. */
  readonly context: string | undefined;
  /** Servers by name. */
  readonly contextFile: string;
  /** For what can be made again. */
  readonly cacheFolder: string;
  readonly accessKeyId: string | undefined;
  readonly accessKeySecret: string | undefined;
  readonly securityToken: string | undefined;
  readonly caFile: string | undefined;
  /** Where docker stores its logins. */
  readonly dockerConfigFile: string;
  /** Terminals are sent no colours: https://no-color.org */
  readonly noColor: boolean;
  /** How to reach other machines, in the form of curl's variables. */
  readonly proxy: {
    readonly http: NamedProxy | undefined;
    readonly https: NamedProxy | undefined;
    readonly direct: string | undefined;
  };
  /** Where objects are stored, in the variables of AWS's own tools. Its keys are read where they are used. */
  readonly s3: {
    readonly endpoint: string | undefined;
    readonly region: string | undefined;
  };
}

/** A proxy as it was given, and the variable that names it. */
export interface NamedProxy {
  readonly variable: string;
  readonly address: string;
}

export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  return {
    endpoint: env.SLIPWAY_ENDPOINT || undefined,
    dataFolder: resolve(env.SLIPWAY_DATA || 'data'),
    hasDataFolder: Boolean(env.SLIPWAY_DATA),
    context: env.SLIPWAY_CONTEXT || undefined,
    contextFile: join(configFolder(env), 'slipway', 'contexts.json'),
    cacheFolder: join(cacheHome(env), 'slipway'),
    accessKeyId: env.SLIPWAY_ACCESS_KEY_ID || undefined,
    accessKeySecret: env.SLIPWAY_ACCESS_KEY_SECRET || undefined,
    securityToken: env.SLIPWAY_SECURITY_TOKEN || undefined,
    caFile: env.SLIPWAY_CA_FILE || undefined,
    dockerConfigFile: join(resolve(env.DOCKER_CONFIG || join(homedir(), '.docker')), 'config.json'),
    noColor: Boolean(env.NO_COLOR),
    proxy: {
      http: proxyOf(env, ['http_proxy', 'HTTP_PROXY']),
      https: proxyOf(env, ['https_proxy', 'HTTPS_PROXY']),
      direct: env.no_proxy || env.NO_PROXY || undefined,
    },
    s3: {
      endpoint: env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || undefined,
      region: env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined,
    },
  };
}

/** The first of the variables that is set. */
function proxyOf(env: NodeJS.ProcessEnv, variables: readonly string[]): NamedProxy | undefined {
  const variable = variables.find((name) => env[name]);
  return variable === undefined ? undefined : { variable, address: env[variable] ?? '' };
}

/** Where programs keep settings of a user: https://specifications.freedesktop.org/basedir-spec/latest/ */
function configFolder(env: NodeJS.ProcessEnv): string {
  const home = join(homedir(), '.config');
  return resolve(env.XDG_CONFIG_HOME || (process.platform === 'win32' && env.APPDATA) || home);
}

function cacheHome(env: NodeJS.ProcessEnv): string {
  const home = join(homedir(), '.cache');
  return resolve(env.XDG_CACHE_HOME || (process.platform === 'win32' && env.LOCALAPPDATA) || home);
}

/** A variable that the command line names. */
export function readVariable(name: string): string | undefined {
  return process.env[name];
}

/** The environment for a program that is started, with more variables. */
export function environmentWith(more: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...more };
}
