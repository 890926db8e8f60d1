import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cleanEnvironment, type Ended, type Scope, temporaryFolder } from '../support/slipway.ts';

interface More {
  input?: string;
  env?: Record<string, string>;
}

/** A home folder, where programs keep their logins and settings. */
export interface Home {
  readonly folder: string;
  /**
   * Runs a program to its end there, and fails the test if it does not exit with 0. Returns its output, standard error
   * last.
   */
  run(program: string, args: readonly string[], more?: More): Promise<string>;
  /** Runs a program to its end, whatever its exit code. */
  end(program: string, args: readonly string[], more?: More): Promise<Ended>;
}

/** A home that is removed with the test. */
export function makeHome(t: Scope): Home {
  const folder = temporaryFolder(t);
  const own = { HOME: folder, DOCKER_CONFIG: join(folder, '.docker'), XDG_CONFIG_HOME: join(folder, '.config') };
  mkdirSync(join(folder, 'run'));
  const env = cleanEnvironment({ ...own, XDG_RUNTIME_DIR: join(folder, 'run') });
  const end = (program: string, args: readonly string[], more: More = {}) =>
    new Promise<Ended>((resolve) => {
      const options = { cwd: folder, env: { ...env, ...more.env }, maxBuffer: 2 ** 26 };
      const child = execFile(program, args, options, (error, stdout, stderr) => {
        resolve({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, stdout, stderr });
      });
      child.stdin?.on('error', () => undefined).end(more.input ?? '');
    });
  const tell = (program: string, args: readonly string[], { code, stdout, stderr }: Ended) =>
    `${program} ${args.join(' ')} ended with ${code}: ${stdout.slice(-2000)}${stderr.slice(-2000)}`;
  return {
    folder,
    end,
    async run(program, args, more) {
      const ended = await end(program, args, more);
      if (ended.code !== 0) throw new Error(tell(program, args, ended));
      return ended.stdout + ended.stderr;
    },
  };
}
