import { BuildFailed } from '../failure/build-failed.ts';
import { runProgram, type StartProgram } from '../work/program.ts';
import { sourceLimitMet } from '../work/source-limit.ts';

/** Where one repository's files are, and how git is run. */
export interface GitRun {
  /** Git's own folder; builds cannot see it. */
  git: string;
  /** The folder for the files. */
  tree: string;
  /** An empty folder: HOME, and git's working folder while it fetches. */
  home: string;
  /** The largest file that git may write: a pack. */
  limitBytes: number;
  start: StartProgram;
  env: (extra: Record<string, string>) => Record<string, string>;
  signal: AbortSignal;
  onOutput: (chunk: Buffer) => Promise<void>;
}

/** Git gives up on a code host that sends nothing for this long. */
export const STALL_SECONDS = 30;

const KEPT_STDERR = 16_384;
const KEPT_STDOUT = 2 ** 20;

/**
 * Runs git without inherited configuration, hooks, prompts and redirects. Throws `BuildFailed` as the source's fault if
 * it fails and may not; if `onStdout` throws, git ends and the error is rethrown.
 */
export async function runGit(
  run: GitRun,
  args: readonly string[],
  options: { mayFail?: boolean; onStdout?: (chunk: Buffer) => void; env?: Record<string, string> } = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  let stdout = '';
  let stderr = '';
  const name = args.find((arg) => /^[a-z]/.test(arg));
  const stop = new AbortController();
  const code = await runProgram({
    command: 'git',
    args: [...SAFE_SETTINGS, ...args],
    cwd: run.home,
    env: run.env({ ...environment(run), ...options.env }),
    signal: AbortSignal.any([run.signal, stop.signal]),
    start: run.start,
    largestFileBytes: run.limitBytes,
    onStdout: (chunk) => {
      try {
        if (options.onStdout) return options.onStdout(chunk);
        stdout += chunk.toString();
        if (stdout.length > KEPT_STDOUT)
          throw new BuildFailed('source-fetch-failed', `git ${name} printed more than ${KEPT_STDOUT} bytes`);
      } catch (error) {
        stop.abort(error);
      }
    },
    onOutput: async (chunk) => {
      stderr = (stderr + chunk.toString()).slice(-KEPT_STDERR);
      await run.onOutput(chunk);
    },
  });
  const limit = code === 0 ? undefined : await sourceLimitMet(stderr, run.home, run.limitBytes);
  if (limit) throw limit;
  if (code !== 0 && !options.mayFail)
    throw new BuildFailed('source-fetch-failed', `git ${name} ended with exit code ${code}`);
  return { code, stdout, stderr };
}

const SAFE_SETTINGS = Object.entries({
  'advice.detachedHead': 'false',
  'core.hooksPath': '/dev/null',
  'core.protectHFS': 'true',
  'core.protectNTFS': 'true',
  // It is not needed after a power cut.
  'core.fsync': 'none',
  'core.fsmonitor': 'false',
  'credential.helper': '',
  // A pack stays one file with a size limit.
  'fetch.unpackLimit': '1',
  'http.followRedirects': 'false',
  'http.lowSpeedLimit': '1',
  'http.lowSpeedTime': String(STALL_SECONDS),
  'submodule.recurse': 'false',
  'transfer.fsckObjects': 'true',
}).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

function environment(run: GitRun): Record<string, string> {
  return {
    HOME: run.home,
    GIT_DIR: run.git,
    GIT_WORK_TREE: run.tree,
    GIT_ALLOW_PROTOCOL: 'http:https',
    GIT_ASKPASS: '/bin/false',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
  };
}
