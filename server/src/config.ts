import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { defaultIds } from '#sandbox/id-ranges.ts';
import {
  address,
  collectorUrl,
  environment,
  flag,
  httpProxy,
  httpUrl,
  ids,
  integer,
  ipRanges,
  list,
  noProxy,
  path,
  setting,
  text,
} from './setting-kinds.ts';

/** Every setting: a flag `--name`, a variable `SLIPWAY_NAME` and a key `name` of the configuration file. */
export const SETTINGS = {
  data: setting(path, './data', 'Folder that holds everything Slipway keeps.'),
  listen: setting(address, '127.0.0.1:8720', 'Address and port of the one port; port 0 picks a free one.'),
  'public-url': setting<string | undefined>(
    httpUrl,
    undefined,
    'How clients reach the port, when it is not the address listened on.',
  ),
  'trusted-proxies': setting(
    ipRanges,
    '',
    'Addresses of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.',
  ),
  user: setting(text, 'slipway', 'Plain user that a server started as root continues as.'),
  embedded: setting(
    flag,
    'false',
    'End when standard input closes and no other command uses it: how commands run a server while they need one.',
  ),
  'root-access-key-id': setting<string | undefined>(text, undefined, 'AccessKey id of the account owner.'),
  'root-access-key-secret': setting<string | undefined>(text, undefined, 'AccessKey secret of the account owner.'),
  'tls-cert': setting<string | undefined>(
    path,
    undefined,
    'Certificate with its chain (PEM): the port speaks TLS. It is read anew when it changes.',
  ),
  'tls-key': setting<string | undefined>(path, undefined, 'Key of the certificate (PEM).'),
  'secret-key-file': setting<string | undefined>(
    path,
    undefined,
    'File with the key that secrets at rest are sealed with; secret.key of the data folder if it is not set.',
  ),
  'calls-per-second': setting(
    integer(0, 1_000_000),
    '0',
    'How many calls a second each caller may make on average, twice as many at once; 0 is no limit.',
  ),
  'call-record-days': setting(integer(1, 36_500), '180', 'How many days the record of calls goes back.'),
  'call-record-rows': setting(
    integer(1000, 1_000_000_000),
    '5000000',
    'How many rows the record of calls has at most, some 300 bytes each; of more, the oldest go.',
  ),
  'region-id': setting(text, 'local', 'Region that the instance says it is in.'),
  'docker-io-mirror': setting<string | undefined>(
    httpUrl,
    undefined,
    'Registry asked instead of docker.io for base images.',
  ),
  'allow-addresses': setting(
    list,
    '',
    'Address ranges (CIDR) that sources and base images may come from although they are loopback or private.',
  ),
  proxy: setting<string | undefined>(
    httpProxy,
    undefined,
    'HTTP proxy through which sources and base images are fetched and builds reach the world.',
  ),
  'no-proxy': setting(
    noProxy,
    '',
    'What is reached without it: hosts, domains with all below them, addresses and ranges (CIDR), or *.',
  ),
  'trusted-ca-file': setting<string | undefined>(
    path,
    undefined,
    'Certificates (PEM) that clones, base images and builds trust beside those of the machine.',
  ),
  'source-url-github': setting(httpUrl, 'https://github.com', 'Where CodeRepoType GITHUB is cloned from.'),
  'source-url-gitlab': setting(httpUrl, 'https://gitlab.com', 'Where CodeRepoType GITLAB is cloned from.'),
  'source-url-gitee': setting(httpUrl, 'https://gitee.com', 'Where CodeRepoType GITEE is cloned from.'),
  'source-url-code': setting(httpUrl, 'https://code.aliyun.com', 'Where CodeRepoType CODE is cloned from.'),
  'source-url-codeup': setting(httpUrl, 'https://codeup.aliyun.com', 'Where CodeRepoType CODEUP is cloned from.'),
  'concurrent-builds': setting(integer(1, 64), '2', 'How many builds run at once.'),
  'repository-builds': setting(integer(1, 1000), '1000', 'How many builds of one repository run at once.'),
  'instance-builds': setting(integer(1, 1000), '1000', 'How many builds of an instance run at once, on all workers.'),
  'supersede-builds': setting(flag, 'false', 'A push cancels the older builds of the same rule and tag.'),
  'build-timeout-seconds': setting(integer(1, 86_400), '3600', 'How long a build may take.'),
  'build-memory-mebibytes': setting(integer(256, 1_048_576), '2048', 'Memory limit of a build.'),
  'build-cpus': setting(integer(1, 256), '2', 'Processor limit of a build.'),
  'build-processes': setting(integer(128, 1_000_000), '4096', 'Limit of processes and threads of a build.'),
  'build-disk-mebibytes': setting(integer(256, 16_777_216), '20480', 'Disk limit of a repository’s layer store.'),
  'build-ids': setting(
    ids,
    `${defaultIds.first}-${defaultIds.last}`,
    'User ids of this machine that builds get, 8388608 each; two servers on one machine need ids of their own.',
  ),
  'build-network': setting<'world' | 'none'>(
    { parse: (value) => (value === 'world' || value === 'none' ? value : undefined), expects: 'world or none' },
    'world',
    'What a build may reach: the world (never private addresses), or none.',
  ),
  'build-allow-addresses': setting(
    list,
    '',
    'IPv4 addresses and ranges (CIDR) that builds may reach although they are private.',
  ),
  'build-environment': setting(
    environment,
    '',
    'Environment of every RUN that no image keeps, for package mirrors: PIP_INDEX_URL=https://…,npm_config_registry=https://….',
  ),
  'build-cache-mebibytes': setting(
    integer(0, 1_073_741_824),
    '102400',
    'What the kept layers of all repositories take of the disk; those used longest ago go first.',
  ),
  'base-cache-mebibytes': setting(
    integer(0, 1_073_741_824),
    '51200',
    'What base images, kept packed, take of the disk; those used longest ago go first, never one that a build uses.',
  ),
  'build-cache': setting(flag, 'true', 'Keep each repository’s layers for its next build.'),
  'source-submodules': setting(flag, 'false', 'Fetch the submodules of sources; if not, the log names them.'),
  'source-limit-mebibytes': setting(integer(1, 1_048_576), '2048', 'Largest source of a build, unpacked.'),
  'sent-source-mebibytes': setting(
    integer(1, 1_073_741_824),
    '20480',
    'What the sent folders of one user or role that were not built yet may take of the disk.',
  ),
  'sent-source-keep-hours': setting(
    integer(1, 876_000),
    '24',
    'How long a sent folder is kept that no build waits for or uses.',
  ),
  'connections-each-limit': setting(
    integer(1, 1_000_000),
    '2000',
    'How many connections one address may have open; trusted proxies have no limit.',
  ),
  'request-bodies-mebibytes': setting(
    integer(32, 1_048_576),
    '256',
    'Memory for the bodies of requests that are not passed on as they come; one address has a quarter of it. Beyond it, the answer is 503.',
  ),
  'followers-limit': setting(integer(1, 100_000), '4000', 'How many log streams may be open at once.'),
  'followers-each-limit': setting(integer(1, 100_000), '1000', 'How many of them one caller or one address may have.'),
  'follower-stall-seconds': setting(
    integer(1, 3600),
    '60',
    'A log stream whose reader takes nothing for so long ends.',
  ),
  'log-cache-mebibytes': setting(
    integer(0, 65_536),
    '16',
    'Memory for the blocks of sealed logs that were read last, inflated.',
  ),
  'log-keep-days': setting(
    integer(0, 36_500),
    '0',
    'How many days after its build ended a log is kept; 0 is for good.',
  ),
  'log-keep-builds': setting(
    integer(0, 1_000_000),
    '0',
    'How many logs of each repository are kept, those of the newest builds; 0 is all.',
  ),
  'log-keep-mebibytes': setting(
    integer(0, 1_073_741_824),
    '0',
    'What the archives of all logs may take of the disk; those of the oldest builds go first; 0 is no limit.',
  ),
  'otlp-url': setting<string | undefined>(
    collectorUrl,
    undefined,
    'Where traces of builds and requests go (OTLP over HTTP), without /v1/traces; none are made if it is not set.',
  ),
  'trace-requests-percent': setting(
    integer(0, 100),
    '100',
    'Of how many of 100 requests a trace is made, where the caller’s own does not decide.',
  ),
  'log-limit-mebibytes': setting(integer(1, 16_777_216), '10240', 'Largest log of a build; what follows is counted.'),
} as const;

type Parsed = { readonly [Name in keyof typeof SETTINGS]: (typeof SETTINGS)[Name]['value'] };

/** The settings of one server, parsed once. */
export type Config = Readonly<Parsed>;

/** Everything that is wrong with the settings, a sentence each. */
export class ConfigError extends Error {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'));
    this.mistakes = mistakes;
  }
}

/**
 * Reads flags, then variables, then the configuration file, then defaults; the first that is set decides.
 * Throws `ConfigError` with every mistake at once.
 */
export function readConfig(argv: readonly string[], env: NodeJS.ProcessEnv = process.env): Config {
  const mistakes: string[] = [];
  const flags = readFlags(argv, mistakes);
  const file = readFile(flags.config ?? env.SLIPWAY_CONFIG, mistakes);
  const config: Record<string, unknown> = {};
  for (const [name, { kind, fallback }] of Object.entries(SETTINGS)) {
    const [origin, given] = firstGiven([
      [`--${name}`, flags[name]],
      [variableName(name), env[variableName(name)] || undefined],
      [`${name} in the configuration file`, file[name]],
      ['', fallback],
    ]);
    if (given === undefined) continue;
    const value = kind.parse(given);
    if (value === undefined) mistakes.push(`${origin} is ${JSON.stringify(given)}; it must be ${kind.expects}`);
    config[name] = value;
  }
  if ((config['root-access-key-id'] === undefined) !== (config['root-access-key-secret'] === undefined))
    mistakes.push('root-access-key-id and root-access-key-secret go together; set both or neither');
  if ((config['tls-cert'] === undefined) !== (config['tls-key'] === undefined))
    mistakes.push('tls-cert and tls-key go together; set both or neither');
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return Object.freeze(config) as Config;
}

/** The environment variable of a setting. */
export function variableName(setting: string): string {
  return `SLIPWAY_${setting.toUpperCase().replaceAll('-', '_')}`;
}

/** The environment that programs started by the server get: nothing of ours but the path. */
export function childEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LC_ALL: 'C.UTF-8',
    ...extra,
  };
}

function readFlags(argv: readonly string[], mistakes: string[]): Record<string, string | undefined> {
  const names = [...Object.keys(SETTINGS), 'config'];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: false, strict: true }).values as Record<
      string,
      string
    >;
  } catch (error) {
    mistakes.push(error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error));
    return {};
  }
}

function readFile(file: string | undefined, mistakes: string[]): Record<string, string> {
  if (!file) return {};
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof content !== 'object' || content === null || Array.isArray(content))
      throw new Error('it is not an object');
    const entries = Object.entries(content);
    for (const [name] of entries)
      if (!(name in SETTINGS))
        mistakes.push(`the configuration file ${file} has an unknown key ${JSON.stringify(name)}`);
    return Object.fromEntries(
      entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : String(value)]),
    );
  } catch (error) {
    mistakes.push(`the configuration file ${file} cannot be read as a JSON object: ${(error as Error).message}`);
    return {};
  }
}

function firstGiven(
  candidates: readonly (readonly [string, string | undefined])[],
): readonly [string, string | undefined] {
  return candidates.find(([, value]) => value !== undefined) ?? ['', undefined];
}
