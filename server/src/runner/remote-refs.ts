import { ANY_ADDRESS } from '#address/address.ts';
import { secretOf } from '#source/hosts/code-host.ts';
import { parseRemoteRefs, type RemoteRefs } from '#source/remote-refs.ts';
import { cloneUrl, type SourceBinding } from '#source/source.ts';
import { BuildFailed } from './failure/build-failed.ts';
import { fetchFailure } from './git/git-failure.ts';
import { type GitRemote, openRemote } from './git/git-remote.ts';
import { type GitRun, runGit } from './git/git-run.ts';
import { withSshKey } from './git/ssh-agent.ts';
import { Masker } from './mask/masker.ts';
import type { BuildMeans } from './stages/build-job.ts';
import { Workplace } from './work/workplace.ts';

/** What listing takes of the runner. */
export type RemoteRefsMeans = Pick<
  BuildMeans,
  'sandbox' | 'limits' | 'allowed' | 'reach' | 'childEnvironment' | 'codeHost'
> & {
  dataFolder: string;
  newId: () => string;
  cleanUp: (id: string) => Promise<void>;
  report: (what: string, error: unknown) => void;
};

const TIMEOUT_MS = 20_000;
const LISTED_LIMIT_BYTES = 4 * 2 ** 20;
/** Nothing is fetched: there is room for what git itself writes. */
const WORK_BYTES = 16 * 2 ** 20;

/**
 * Asks a source for its branches and tags, as a build would: with its login, in a workplace of its own, and only at an address that is
 * allowed. Never throws because of the source: why it cannot be read is part of the result.
 */
export async function listRemoteRefs(means: RemoteRefsMeans, binding: SourceBinding): Promise<RemoteRefs> {
  const host = await means.codeHost(binding.instanceId, binding.codeRepoType);
  const { codeRepoNamespaceName: namespaceName, codeRepoName: name } = binding;
  const url = cloneUrl(host.baseUrl, { namespaceName, name });
  const id = means.newId();
  const limits = { ...means.limits, sourceBytes: WORK_BYTES };
  const place = new Workplace({ ...means, limits, buildRecordId: id });
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    await place.open();
    const { folder, start } = place;
    const [git, tree, home, env] = [folder.git, folder.context, folder.home, means.childEnvironment];
    const run = { git, tree, home, limitBytes: WORK_BYTES, start, env, signal, onOutput: async () => undefined };
    const fix = `slipway source set ${binding.codeRepoType} … --allow-private`;
    const allowed = host.allowPrivate ? ANY_ADDRESS : means.allowed;
    const remote = await openRemote(url, { login: host.login, allowed, fix }, home, means.reach);
    const { login } = host;
    const list = (environment: Record<string, string>) => listNames(run, remote, environment);
    const listed = await (login && 'privateKey' in login ? withSshKey(login.privateKey, run, list) : list({}));
    return { url, problem: undefined, ...parseRemoteRefs(listed) };
  } catch (error) {
    const problem = new Masker(host.login ? [secretOf(host.login)] : []).text(problemOf(error, signal));
    return { url, problem, branches: [], tags: [], isCut: false };
  } finally {
    place.close();
    // The answer is known already.
    await means
      .cleanUp(id)
      .catch((error: unknown) => means.report('the files of a check of a source could not be removed', error));
  }
}

async function listNames(run: GitRun, remote: GitRemote, environment: Record<string, string>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const command = [...remote.options, 'ls-remote', '--quiet', '--heads', '--tags', '--', remote.url];
  const { code, stderr } = await runGit(run, command, {
    mayFail: true,
    env: { ...environment, ...remote.env },
    onStdout: (chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > LISTED_LIMIT_BYTES)
        throw new BuildFailed('source-fetch-failed', `${remote.shown} has too many branches and tags to list`);
    },
  });
  if (code === 0) return Buffer.concat(chunks).toString();
  throw fetchFailure(stderr, remote, 'HEAD').failure;
}

/** A fault of the machine is no answer about the source, and is thrown. */
function problemOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return `the code host did not answer within ${TIMEOUT_MS / 1000} seconds`;
  if (error instanceof BuildFailed && error.fault !== 'machine') return error.message;
  throw error;
}
