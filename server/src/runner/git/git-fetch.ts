import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AllowedAddresses } from '#address/address.ts';
import { isWholeId } from '#source/ref-name.ts';
import { BuildFailed } from '../failure/build-failed.ts';
import type { StartProgram } from '../work/program.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import { fetchFailure } from './git-failure.ts';
import { lfsWarning } from './git-lfs.ts';
import { resolveWanted } from './git-ref.ts';
import { type GitRemote, type OpenHost, openRemote, originOf, type Reach } from './git-remote.ts';
import { type GitRun, runGit } from './git-run.ts';
import { findSubmodules, SUBMODULE_COUNT, SUBMODULE_DEPTH, shownUrl, submoduleFolder } from './git-submodules.ts';
import { type Gitlink, readTree, TreeBudget } from './git-tree.ts';
import { withSshKey } from './ssh-agent.ts';

/** What to fetch, where to put it, and the limits. */
export interface GitFetch {
  /** `http(s)://host/path` without user or password, or `ssh://user@host/path`. */
  url: string;
  /** A full name, `refs/heads/main`; a short one; `HEAD`; or a commit's whole id. */
  ref: string;
  /** The commit to check out, whatever the name refers to now. */
  commitId?: string | undefined;
  /** The credentials for the host of `url`, and for no other. */
  host: OpenHost;
  /** What submodules on other hosts may use. */
  allowed: AllowedAddresses;
  reach: Reach;
  /** Whether submodules are fetched; if not, the log names them. */
  submodules: boolean;
  folder: WorkFolder;
  limitBytes: number;
  start: StartProgram;
  env: (extra: Record<string, string>) => Record<string, string>;
  signal: AbortSignal;
  onOutput: (chunk: Buffer) => Promise<void>;
  say: (line: string) => Promise<void>;
}

/** The commit that was checked out. */
export interface FetchedCommit {
  commitId: string;
  author: string;
  /** The first line of its message. */
  subject: string;
}

const NETWORK_TRIES = 2;
const NAMES_SHOWN = 10;

/**
 * Fetches one commit of a Git repository into `folder.context`: no history, no hooks, no inherited configuration, no
 * redirects, and only from the checked address. The size of the tree is checked before any file is written. Throws
 * `BuildFailed` as the source's fault, with a message.
 */
export async function fetchCommit(fetch: GitFetch): Promise<FetchedCommit> {
  const { folder, limitBytes, start, env, signal, onOutput } = fetch;
  const { login } = fetch.host;
  const run = { git: folder.git, tree: folder.context, home: folder.home, limitBytes, start, env, signal, onOutput };
  const act = async (environment: Record<string, string>) => {
    const source = { ...fetch, env: (extra: Record<string, string>) => env({ ...environment, ...extra }) };
    const repository = {
      run: { ...run, env: source.env },
      url: fetch.url,
      wanted: fetch.commitId ?? fetch.ref,
      depth: 0,
    };
    await fetchTree(source, repository, { budget: new TreeBudget(limitBytes), submodules: 0 });
  };
  await (login && 'privateKey' in login ? withSshKey(login.privateKey, run, act) : act({}));
  const { stdout } = await runGit(run, ['log', '-1', '--format=%H%n%an%n%s', 'FETCH_HEAD']);
  const [commitId = '', author = '', subject = ''] = stdout.split('\n');
  return { commitId, author, subject };
}

/** One repository of a source: the source itself, or a submodule. */
interface SourceRepository {
  run: GitRun;
  url: string;
  /** Like `ref` of the whole source, or a commit's id. */
  wanted: string;
  depth: number;
}

/** Shared by all repositories of a source. */
interface Whole {
  budget: TreeBudget;
  submodules: number;
}

async function fetchTree(fetch: GitFetch, repository: SourceRepository, whole: Whole): Promise<void> {
  const { run, url, wanted } = repository;
  const isOwn = originOf(url) === originOf(fetch.url);
  const host = isOwn ? fetch.host : { login: undefined, allowed: fetch.allowed };
  const remote = await openRemote(url, host, run.home, fetch.reach);
  await fetchWanted(run, remote, await resolveWanted(run, remote, wanted, fetch.say));
  const links = await readTree(run, whole.budget);
  await runGit(run, ['checkout', '--quiet', '--detach', 'FETCH_HEAD']);
  const warning = await lfsWarning(run);
  if (warning !== undefined) await fetch.say(warning);
  if (links.length > 0) await fetchSubmodules(fetch, repository, links, whole);
}

async function fetchWanted(run: GitRun, remote: GitRemote, wanted: string): Promise<void> {
  let hash = wanted.length === 64 && isWholeId(wanted) ? 'sha256' : 'sha1';
  await initRepository(run, hash);
  const args = ['fetch', '--depth=1', '--no-tags', '--no-recurse-submodules', '--no-write-commit-graph'];
  for (let tries = 1; ; tries++) {
    const command = [...remote.options, ...args, '--', remote.url, wanted];
    const { code, stderr } = await runGit(run, command, { mayFail: true, env: remote.env });
    if (code === 0) return;
    // The repository chooses the length of ids, and git reports it only when it fetches.
    if (hash === 'sha1' && SHA256_SERVER.test(stderr)) {
      hash = 'sha256';
      await initRepository(run, hash);
      continue;
    }
    const reason = fetchFailure(stderr, remote, wanted);
    if (!reason.passing || tries === NETWORK_TRIES) throw reason.failure;
    await sleep(500, undefined, { signal: run.signal });
  }
}

const SHA256_SERVER = /mismatched algorithms: client sha1; server sha256/;

async function initRepository(run: GitRun, hash: string): Promise<void> {
  await rm(run.git, { recursive: true, force: true });
  await runGit(run, ['init', '--quiet', `--object-format=${hash}`]);
}

async function fetchSubmodules(
  fetch: GitFetch,
  parent: SourceRepository,
  links: readonly Gitlink[],
  whole: Whole,
): Promise<void> {
  if (!fetch.submodules) {
    const names = links.slice(0, NAMES_SHOWN).map(({ path }) => path);
    const more = links.length > names.length ? `, and ${links.length - names.length} more` : '';
    return fetch.say(`submodules are not fetched (setting source-submodules): ${names.join(', ')}${more}`);
  }
  if (parent.depth === SUBMODULE_DEPTH)
    throw new BuildFailed('source-submodule', `submodules are nested more than ${SUBMODULE_DEPTH} deep`);
  if (whole.submodules + links.length > SUBMODULE_COUNT)
    throw new BuildFailed(
      'source-submodule',
      `the source has more than ${SUBMODULE_COUNT} submodules, which is the limit`,
    );
  for (const { path, commitId, url } of await findSubmodules(parent.run, links, parent.url)) {
    whole.submodules += 1;
    await fetch.say(`submodule ${path}: ${shownUrl(url)}, at ${commitId}`);
    const tree = await submoduleFolder(parent.run.tree, path);
    const run = { ...parent.run, git: `${fetch.folder.git}-${whole.submodules}`, tree };
    await fetchTree(fetch, { run, url, wanted: commitId, depth: parent.depth + 1 }, whole);
  }
}
