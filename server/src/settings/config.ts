import { BUILD_SETTINGS } from './build-settings.ts';
import { type Given, readGiven } from './given-settings.ts';
import { MAIL_SETTINGS } from './mail-settings.ts';
import { REGISTRY_SETTINGS } from './registry-settings.ts';
import {
  address,
  dataPlace,
  flag,
  httpProxy,
  httpUrl,
  integer,
  ipRanges,
  list,
  MEMORY,
  noProxy,
  oneOf,
  path,
  type Setting,
  secretText,
  setting,
  text,
} from './setting-kinds.ts';
import { STORE_SETTINGS, storeMistakes } from './store-settings.ts';
import { WATCH_SETTINGS } from './watch-settings.ts';

/** Every setting: a flag `--name`, a variable `SLIPWAY_NAME` and a key `name` of the configuration file. */
export const SETTINGS = {
  data: setting(
    dataPlace,
    './data',
    'Folder for everything that Slipway stores; memory for a new one on tmpfs that is removed when the server ends.',
  ),
  ...STORE_SETTINGS,
  role: setting(
    oneOf('all', 'api'),
    'all',
    'What the server does: all, or api, which runs no builds and needs neither root nor a builder. Builds that api accepts wait for a server with all.',
  ),
  'no-builds': setting(flag, 'false', 'Accept no builds. The server then has the role api.'),
  listen: setting(address, '127.0.0.1:8720', 'Address and port on which the server listens; port 0 picks a free one.'),
  'public-url': setting<string | undefined>(
    httpUrl,
    undefined,
    'URL for clients, if it differs from the address the server listens on.',
  ),
  'trusted-proxies': setting(
    ipRanges,
    '',
    'Addresses of the proxies whose X-Forwarded-For and X-Forwarded-Proto the server trusts.',
  ),
  user: setting(text, 'slipway', 'Plain user that a server started by root becomes.'),
  embedded: setting(
    flag,
    'false',
    'Stop when standard input closes and no other command uses the server. Commands use this to run a server while they need one.',
  ),
  'root-access-key-id': setting<string | undefined>(text, undefined, 'AccessKey id of the account owner.'),
  'root-access-key-secret': setting<string | undefined>(
    secretText,
    undefined,
    'AccessKey secret of the account owner.',
  ),
  'tls-cert': setting<string | undefined>(
    path,
    undefined,
    'Certificate with its chain (PEM). With it, the port speaks TLS. The server reads it again when it changes.',
  ),
  'tls-key': setting<string | undefined>(path, undefined, 'Key of the certificate (PEM).'),
  'secret-key-file': setting<string | undefined>(
    path,
    undefined,
    'File with the key that encrypts stored secrets; if not set, secret.key in the data folder.',
  ),
  'calls-per-second': setting(
    integer(0, 1_000_000),
    '0',
    'How many calls per second each caller may make on average; twice as many may come at once. Servers with one database share the limit in equal parts. 0 means no limit.',
  ),
  'call-record-days': setting(integer(1, 36_500), '180', 'How many days the record of calls goes back.'),
  'call-record-rows': setting(
    integer(1000, 1_000_000_000),
    '5000000',
    'How many rows the record of calls may have, about 300 bytes each. Beyond that, the oldest are removed.',
  ),
  ...REGISTRY_SETTINGS,
  ...MAIL_SETTINGS,
  'region-id': setting(text, 'local', 'Region of the instance.'),
  'docker-io-mirror': setting<string | undefined>(
    httpUrl,
    undefined,
    'Registry to ask instead of docker.io for base images.',
  ),
  'allow-addresses': setting(
    list,
    '',
    'Loopback and private address ranges (CIDR) from which sources and base images may come.',
  ),
  proxy: setting<string | undefined>(
    httpProxy,
    undefined,
    'HTTP proxy for fetching sources and base images, for triggers, and for the builds themselves.',
  ),
  'no-proxy': setting(
    noProxy,
    '',
    'What to reach without the proxy: hosts, domains with everything below them, addresses and ranges (CIDR), or *.',
  ),
  'trusted-ca-file': setting<string | undefined>(
    path,
    undefined,
    'Certificates (PEM) that clones, base images and builds trust in addition to the machine’s.',
  ),
  'source-url-github': setting(httpUrl, 'https://github.com', 'Where CodeRepoType GITHUB is cloned from.'),
  'source-url-gitlab': setting(httpUrl, 'https://gitlab.com', 'Where CodeRepoType GITLAB is cloned from.'),
  'source-url-gitee': setting(httpUrl, 'https://gitee.com', 'Where CodeRepoType GITEE is cloned from.'),
  'source-url-code': setting(httpUrl, 'https://code.aliyun.com', 'Where CodeRepoType CODE is cloned from.'),
  'source-url-codeup': setting(httpUrl, 'https://codeup.aliyun.com', 'Where CodeRepoType CODEUP is cloned from.'),
  ...BUILD_SETTINGS,
  'source-submodules': setting(flag, 'false', 'Whether to fetch submodules of sources. If not, the log names them.'),
  'source-limit-mebibytes': setting(integer(1, 1_048_576), '2048', 'Largest source of a build, unpacked.'),
  'sent-source-mebibytes': setting(
    integer(1, 1_073_741_824),
    '20480',
    'How much disk the sent folders of one user or role may take before they are built.',
  ),
  'disk-low-mebibytes': setting(
    integer(0, 1_073_741_824),
    '1024',
    'If less than this is free on the disk of the data folder, the server removes the sent folders that it keeps after their build and then layer caches, until twice as much is free, and its log says so. 0 never removes layer caches.',
  ),
  'sent-source-keep-hours': setting(
    integer(1, 876_000),
    '24',
    'How long to keep a sent folder that no build uses or waits for.',
  ),
  'connections-each-limit': setting(
    integer(1, 1_000_000),
    '2000',
    'How many connections one address may have open; trusted proxies have no limit.',
  ),
  'request-bodies-mebibytes': setting(
    integer(32, 1_048_576),
    '256',
    'Memory for request bodies that the server holds until they are complete. One address may use a quarter of it. Above the limit, the answer is 503.',
  ),
  'followers-limit': setting(integer(1, 100_000), '4000', 'How many log streams may be open at once.'),
  'followers-each-limit': setting(integer(1, 100_000), '1000', 'How many of them one caller or one address may have.'),
  'follower-stall-seconds': setting(
    integer(1, 3600),
    '60',
    'A log stream ends if its client reads nothing for this long.',
  ),
  'log-cache-mebibytes': setting(
    integer(0, 65_536),
    '16',
    'Memory for recently read blocks of sealed logs, decompressed.',
  ),
  'log-keep-days': setting(
    integer(0, 36_500),
    '0',
    'How many days to keep a log after its build ended; 0 means forever.',
  ),
  'log-keep-builds': setting(
    integer(0, 1_000_000),
    '0',
    'How many logs to keep for each repository, those of the newest builds; 0 means all.',
  ),
  'log-keep-mebibytes': setting(
    integer(0, 1_073_741_824),
    '0',
    'How much disk the archives of all logs may take. Those of the oldest builds are removed first; 0 means no limit.',
  ),
  ...WATCH_SETTINGS,
  'log-limit-mebibytes': setting(
    integer(1, 16_777_216),
    '10240',
    'Largest log of a build. Lines beyond it are only counted.',
  ),
} as const;

/** Settings that mean something only together. */
const GO_TOGETHER: [keyof typeof SETTINGS, keyof typeof SETTINGS][] = [
  ['root-access-key-id', 'root-access-key-secret'],
  ['tls-cert', 'tls-key'],
  ['smtp-url', 'smtp-from'],
  ['smtp-user', 'smtp-password-file'],
];

type Parsed = { readonly [Name in keyof typeof SETTINGS]: (typeof SETTINGS)[Name]['value'] };

/** The settings of a server, parsed once. */
export type Config = Readonly<Parsed>;

/** All mistakes in the settings, one sentence each. */
export class ConfigError extends Error {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'));
    this.mistakes = mistakes;
  }
}

/** The settings of a server, and what each of them was given as. */
export interface ReadSettings {
  readonly config: Config;
  readonly given: ReadonlyMap<string, Given>;
}

/**
 * Reads flags, then variables, then the configuration file, then defaults; the first that is set decides.
 * Throws `ConfigError` with every mistake at once.
 */
export function readSettings(argv: readonly string[], env: NodeJS.ProcessEnv = process.env): ReadSettings {
  const mistakes: string[] = [];
  const given = readGiven(SETTINGS, argv, env, mistakes);
  const config: Record<string, unknown> = {};
  for (const [name, { kind }] of Object.entries<Setting>(SETTINGS)) {
    const found = given.get(name);
    if (found === undefined) continue;
    const value = kind.parse(found.text);
    if (value === undefined) mistakes.push(`${found.place} ${shownMistake(kind, found)}; it must be ${kind.expects}`);
    config[name] = value;
  }
  for (const [one, other] of GO_TOGETHER)
    if ((config[one] === undefined) !== (config[other] === undefined))
      mistakes.push(`${one} and ${other} go together; set both or neither`);
  if (config.data === MEMORY && config['no-builds'] === false)
    mistakes.push(
      'data is memory, which is too small for builds; set no-builds too, or name a folder (./memory is one)',
    );
  mistakes.push(...storeMistakes(config, (name) => given.has(name)));
  if (config['no-builds'] === true) {
    const role = given.get('role');
    if (role?.text === 'all' && role.origin !== 'default')
      mistakes.push(`${role.place} is all, but no-builds is set; remove one of them`);
    config.role = 'api';
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return { config: Object.freeze(config) as Config, given };
}

/**
 * A mistaken value for a message, without what may be secret: the whole value, or the login and the query that it would have as a
 * URL. What makes it a mistake may be the missing `://`.
 */
function shownMistake({ mistake, withoutSecrets }: Setting['kind'], { text }: Given): string {
  if (mistake !== undefined) return mistake(text);
  if (withoutSecrets !== undefined) return 'is not valid';
  const scheme = /^\w+:\/\//.exec(text)?.[0] ?? '';
  const withoutLogin = text.includes('@') ? `${scheme}…${text.slice(text.lastIndexOf('@'))}` : text;
  return `is ${JSON.stringify(withoutLogin.replace(/\?.+$/s, '?…'))}`;
}

/** The settings alone. */
export function readConfig(argv: readonly string[], env: NodeJS.ProcessEnv = process.env): Config {
  return readSettings(argv, env).config;
}

/** The file to which systemd has connected the output of a service, if it is its journal. */
export function journalStream(): string | undefined {
  return process.env.JOURNAL_STREAM;
}

/** The variables by which AWS's own tools get a key pair. */
export function awsKeyVariables(): Record<string, string | undefined> {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  return { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN };
}

/** Where systemd listens for the message that a service is ready, if it waits for one. */
export function readinessSocket(): string | undefined {
  return process.env.NOTIFY_SOCKET || undefined;
}

/** The environment for programs that the server starts: only PATH of ours. */
export function childEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LC_ALL: 'C.UTF-8',
    ...extra,
  };
}
