import { isWholeId, shownRef } from '#source/ref-name.ts';
import { BuildFailed } from '../failure/build-failed.ts';
import { fetchFailure } from './git-failure.ts';
import type { GitRemote } from './git-remote.ts';
import { type GitRun, runGit } from './git-run.ts';

const LISTED_LIMIT = 65_536;

/**
 * What a fetch must ask for: full names, `HEAD` and full ids as they are, a short name by what the repository has. A
 * branch takes precedence over a tag of the same name, and `say` reports it. Throws `BuildFailed` as the source's
 * fault.
 */
export async function resolveWanted(
  run: GitRun,
  remote: GitRemote,
  wanted: string,
  say: (line: string) => Promise<void>,
): Promise<string> {
  if (wanted === 'HEAD' || wanted.startsWith('refs/') || isWholeId(wanted)) return wanted;
  const [branch, tag, written] = [`refs/heads/${wanted}`, `refs/tags/${wanted}`, `refs/${wanted}`];
  const known = await listNames(run, remote, [branch, tag, ...(/^(heads|tags)\//.test(wanted) ? [written] : [])]);
  const shown = shownRef(wanted);
  if (known.has(branch)) {
    if (known.has(tag))
      await say(`${shown} is a branch and a tag: the branch is built (#refs/tags/${shown} names the tag)`);
    return branch;
  }
  if (known.has(tag)) {
    await say(`${shown} is a tag`);
    return tag;
  }
  if (known.has(written)) return written;
  const short = /^[0-9a-f]{4,63}$/i.test(wanted) ? '; to name a commit, use its full id of 40 or 64 digits' : '';
  throw new BuildFailed('source-ref-missing', `there is no branch and no tag ${shown} in ${remote.shown}${short}`, {
    facts: { url: remote.shown },
  });
}

/** Those of the full names that a repository has. Git matches only the ends of names, so other results are ignored. */
async function listNames(run: GitRun, remote: GitRemote, names: readonly string[]): Promise<Set<string>> {
  let listed = '';
  const command = [...remote.options, 'ls-remote', '--quiet', '--', remote.url, ...names];
  const { code, stderr } = await runGit(run, command, {
    mayFail: true,
    env: remote.env,
    onStdout: (chunk) => {
      listed += chunk.toString();
      if (listed.length > LISTED_LIMIT)
        throw new BuildFailed(
          'source-fetch-failed',
          `${remote.shown} has too many branches and tags that end in ${shownRef(names[0] ?? '')}`,
        );
    },
  });
  if (code !== 0) throw fetchFailure(stderr, remote, names[0] ?? '').failure;
  const found = listed.split('\n').map((line) => line.slice(line.indexOf('\t') + 1));
  return new Set(found.filter((name) => names.includes(name)));
}
