import { setTimeout as sleep } from 'node:timers/promises';
import { AddressRefused, type AllowedAddresses, resolvePinned } from '#address/address.ts';
import { BuildFailed } from './build-failed.ts';
import { runProgram } from './program.ts';
import type { WorkFolder } from './work-folder.ts';

/** What to fetch, where to, and within which limits. */
export interface GitFetch {
  /** `http(s)://host/path`, without user or password. */
  url: string;
  /** A full name, `refs/heads/main`, or `HEAD`. */
  ref: string;
  /** The commit to check out, whatever the name stands for by now. */
  commitId?: string | undefined;
  /** Sent to the host as a header, and to nobody else. */
  authorization?: string | undefined;
  folder: WorkFolder;
  allowed: AllowedAddresses;
  limitBytes: number;
  env: (extra: Record<string, string>) => Record<string, string>;
  signal: AbortSignal;
  onOutput: (chunk: Buffer) => Promise<void>;
}

/** The commit that was checked out. */
export interface FetchedCommit {
  commitId: string;
  author: string;
  /** The first line of its message. */
  subject: string;
}

const LIMIT_ENTRIES = 200_000;
const NETWORK_TRIES = 2;

/**
 * Fetches one commit of a Git repository into `folder.context`: no history, no submodules, no hooks, no inherited
 * configuration, no redirects, and only from the address that was checked. The tree's size is counted before a file is
 * written. Throws `BuildFailed` with the source's fault and a sentence.
 */
export async function fetchCommit(fetch: GitFetch): Promise<FetchedCommit> {
  const url = parseUrl(fetch.url);
  const pin = await pinOption(url, fetch.allowed);
  await git(fetch, ['init', '--quiet']);
  await fetchRef(fetch, url, pin);
  await checkTreeSize(fetch);
  await git(fetch, ['checkout', '--quiet', '--detach', 'FETCH_HEAD']);
  const { stdout } = await git(fetch, ['log', '-1', '--format=%H%n%an%n%s', 'FETCH_HEAD']);
  const [commitId = '', author = '', subject = ''] = stdout.split('\n');
  return { commitId, author, subject };
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new BuildFailed('source', `the source ${JSON.stringify(text)} is not an http:// or https:// address`);
  if (url.username !== '' || url.password !== '')
    throw new BuildFailed('source', 'the source address must not carry a user or a password');
  return url;
}

async function pinOption(url: URL, allowed: AllowedAddresses): Promise<string> {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  try {
    const address = await resolvePinned(url.hostname, allowed);
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    return `http.curloptResolve=${host}:${port}:${address.includes(':') ? `[${address}]` : address}`;
  } catch (error) {
    if (error instanceof AddressRefused)
      throw new BuildFailed('source', `the source host ${error.message}`, { cause: error });
    throw error;
  }
}

async function fetchRef(fetch: GitFetch, url: URL, pin: string): Promise<void> {
  const args = ['-c', pin, 'fetch', '--depth=1', '--no-tags', '--no-recurse-submodules', '--no-write-commit-graph'];
  const wanted = fetch.commitId ?? fetch.ref;
  const env = authorizationEnvironment(url, fetch.authorization);
  for (let tries = 1; ; tries++) {
    const { code, stderr } = await git(fetch, [...args, '--', url.href, wanted], { mayFail: true, env });
    if (code === 0) return;
    const reason = fetchFailure(stderr, url, wanted, fetch.authorization !== undefined);
    if (!reason.passing || tries === NETWORK_TRIES) throw new BuildFailed('source', reason.message);
    await sleep(500, undefined, { signal: fetch.signal });
  }
}

/** Credentials go through the environment: not into argv, and not into a file. */
function authorizationEnvironment(url: URL, authorization: string | undefined): Record<string, string> {
  if (authorization === undefined) return {};
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${url.origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: ${authorization}`,
  };
}

function fetchFailure(
  stderr: string,
  url: URL,
  wanted: string,
  hasToken: boolean,
): { message: string; passing: boolean } {
  const where = `${url.origin}${url.pathname}`;
  const short = wanted.replace(/^refs\/(heads|tags)\//, '');
  const kind = /^[0-9a-f]{40,64}$/.test(wanted) ? 'commit' : wanted.startsWith('refs/tags/') ? 'tag' : 'branch';
  if (/couldn't find remote ref|no such ref was fetched|not our ref/.test(stderr))
    return { message: `there is no ${kind} ${short} in ${where}`, passing: false };
  if (/Authentication failed|could not read Username|returned error: 40[13]/.test(stderr))
    return {
      message: hasToken
        ? `${where} does not accept the token that is set for this code host, or does not exist`
        : `${where} asks for credentials, or does not exist`,
      passing: false,
    };
  if (/not found|returned error: 404/.test(stderr))
    return { message: `there is no repository at ${where}`, passing: false };
  if (/Failed to connect|Could not resolve|Connection (refused|timed out|reset)|timed out|too slow/i.test(stderr))
    return { message: `the source host ${url.host} cannot be reached`, passing: true };
  return { message: `git could not fetch ${short} from ${where}`, passing: false };
}

async function checkTreeSize(fetch: GitFetch): Promise<void> {
  let entries = 0;
  let sizeBytes = 0;
  let rest = '';
  await git(fetch, ['ls-tree', '-r', '-l', '-z', 'FETCH_HEAD'], {
    onStdout: (chunk) => {
      const records = (rest + chunk.toString('latin1')).split('\0');
      rest = records.pop() ?? '';
      entries += records.length;
      for (const record of records) sizeBytes += Number(/^\d+ \w+ \w+ +(\d+)/.exec(record)?.[1] ?? 0);
      if (entries > LIMIT_ENTRIES)
        throw new BuildFailed('source', `the source has more than ${LIMIT_ENTRIES} files, which is the limit`);
      if (sizeBytes > fetch.limitBytes)
        throw new BuildFailed(
          'source',
          `the source is larger than ${fetch.limitBytes} bytes, which is the limit (setting source-limit-mebibytes)`,
        );
    },
  });
}

async function git(
  fetch: GitFetch,
  args: readonly string[],
  options: { mayFail?: boolean; onStdout?: (chunk: Buffer) => void; env?: Record<string, string> } = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  let stdout = '';
  let stderr = '';
  const stop = new AbortController();
  const code = await runProgram({
    command: 'git',
    args: [...SAFE_SETTINGS, ...args],
    cwd: fetch.folder.context,
    env: fetch.env({ ...environment(fetch.folder), ...options.env }),
    signal: AbortSignal.any([fetch.signal, stop.signal]),
    onStdout: (chunk) => {
      if (!options.onStdout) {
        stdout += chunk.toString();
        return;
      }
      try {
        options.onStdout(chunk);
      } catch (error) {
        stop.abort(error);
      }
    },
    onOutput: async (chunk) => {
      stderr = (stderr + chunk.toString()).slice(-16_384);
      await fetch.onOutput(chunk);
    },
  });
  if (code !== 0 && !options.mayFail)
    throw new BuildFailed('source', `git ${args.find((arg) => /^[a-z]/.test(arg))} ended with exit code ${code}`);
  return { code, stdout, stderr };
}

const SAFE_SETTINGS = Object.entries({
  'advice.detachedHead': 'false',
  'core.hooksPath': '/dev/null',
  'core.protectHFS': 'true',
  'core.protectNTFS': 'true',
  'core.fsmonitor': 'false',
  'credential.helper': '',
  'http.followRedirects': 'false',
  'http.lowSpeedLimit': '1',
  'http.lowSpeedTime': '30',
  'submodule.recurse': 'false',
  'transfer.fsckObjects': 'true',
}).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

function environment(folder: WorkFolder): Record<string, string> {
  return {
    HOME: folder.home,
    GIT_DIR: folder.git,
    GIT_WORK_TREE: folder.context,
    GIT_ALLOW_PROTOCOL: 'http:https',
    GIT_ASKPASS: '/bin/false',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
}
