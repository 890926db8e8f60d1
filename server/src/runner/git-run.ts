import { BuildFailed } from './build-failed.ts';
import { runProgram } from './program.ts';

/** Where one repository's files are, and what git is run with. */
export interface GitRun {
  /** Git's own folder; no build sees it. */
  git: string;
  /** Where the files go. */
  tree: string;
  /** An empty folder: HOME, and where git stands while it fetches. */
  home: string;
  env: (extra: Record<string, string>) => Record<string, string>;
  signal: AbortSignal;
  onOutput: (chunk: Buffer) => Promise<void>;
}

/** A code host that sends nothing for so long is given up. */
export const STALL_SECONDS = 30;

const KEPT_STDERR = 16_384;

/**
 * Runs git without inherited configuration, hooks, prompts and redirects. Throws `BuildFailed` with the source's fault if
 * it fails and may not; what `onStdout` throws ends git and is thrown on.
 */
export async function runGit(
  run: GitRun,
  args: readonly string[],
  options: { mayFail?: boolean; onStdout?: (chunk: Buffer) => void; env?: Record<string, string> } = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  let stdout = '';
  let stderr = '';
  const stop = new AbortController();
  const code = await runProgram({
    command: 'git',
    args: [...SAFE_SETTINGS, ...args],
    cwd: run.home,
    env: run.env({ ...environment(run), ...options.env }),
    signal: AbortSignal.any([run.signal, stop.signal]),
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
      stderr = (stderr + chunk.toString()).slice(-KEPT_STDERR);
      await run.onOutput(chunk);
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
