import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { startProgram } from '@slipway/program';
import { ANY_ADDRESS, allowedAddresses } from '#address/address.ts';
import { childEnvironment } from '#settings/config.ts';
import type { CodeHostLogin } from '#source/hosts/code-host.ts';
import { temporaryFolder } from '../../../../test/support/slipway.ts';
import { BuildFailed } from '../failure/build-failed.ts';
import { type FetchedCommit, fetchCommit, type GitFetch } from '../git/git-fetch.ts';
import { makeWorkFolder, workFolder } from '../work/work-folder.ts';

/** What a fetch logged and left. */
export interface FetchEnd {
  /** The sentence that ended it; undefined if it fetched. */
  refusal: string | undefined;
  commit: FetchedCommit | undefined;
  /** Lines of its own. */
  said: string[];
  /** What git and ssh printed. */
  printed: string;
  /** The checked-out files' folder. */
  context: string;
}

/** Fetches `HEAD` of an address as a build does, into a folder that is removed after the test. Loopback is allowed. */
export async function fetchUnderTest(
  t: TestContext,
  url: string,
  options: { login?: CodeHostLogin; changed?: Partial<GitFetch> } = {},
): Promise<FetchEnd> {
  const data = temporaryFolder(t);
  for (const name of ['work', 'source']) mkdirSync(join(data, name));
  const folder = workFolder(data, 'build', { source: join(data, 'source'), bases: join(data, 'bases') });
  await makeWorkFolder(folder);
  const end = { said: [] as string[], printed: '', context: folder.context };
  const run = fetchCommit({
    url,
    ref: 'HEAD',
    host: { login: options.login, allowed: ANY_ADDRESS },
    allowed: allowedAddresses(['127.0.0.1']),
    reach: { proxies: { proxy: undefined, direct: [] }, authorities: undefined },
    submodules: true,
    folder,
    limitBytes: 1024 * 1024,
    start: startProgram,
    env: childEnvironment,
    signal: t.signal,
    onOutput: async (chunk) => {
      end.printed += chunk.toString();
    },
    say: async (line) => {
      end.said.push(line);
    },
    ...options.changed,
  });
  return run.then(
    (commit) => ({ ...end, commit, refusal: undefined }),
    (error: unknown) => {
      if (!(error instanceof BuildFailed) || error.fault === 'machine') throw error;
      return { ...end, commit: undefined, refusal: error.message };
    },
  );
}
