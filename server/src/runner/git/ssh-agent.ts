import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { BuildFailed } from '../failure/build-failed.ts';
import { runProgram, type StartProgram } from '../work/program.ts';

/** What an agent runs with. */
export interface AgentRun {
  /** Where its socket stands, while it runs. */
  home: string;
  start: StartProgram;
  env: (extra: Record<string, string>) => Record<string, string>;
  signal: AbortSignal;
  onOutput: (chunk: Buffer) => Promise<void>;
}

/** Relative to `home`, since the path of a socket has 107 bytes at most. */
const SOCKET = 'agent';

/**
 * Acts with a private key in an agent's memory: it is on no disk, and in no environment or argument. `act` gets the
 * environment by which ssh, started in `home`, finds it. The agent ends before this returns.
 */
export async function withSshKey<T>(
  privateKey: string,
  run: AgentRun,
  act: (environment: Record<string, string>) => Promise<T>,
): Promise<T> {
  const environment = { SSH_AUTH_SOCK: SOCKET };
  const stop = new AbortController();
  const common = {
    start: run.start,
    cwd: run.home,
    env: run.env({ HOME: run.home, ...environment }),
    onOutput: run.onOutput,
  };
  const listening = Promise.withResolvers<void>();
  const agent = runProgram({
    ...common,
    command: 'ssh-agent',
    args: ['-D', '-a', SOCKET],
    signal: AbortSignal.any([run.signal, stop.signal]),
    // It says where it listens as soon as it does.
    onStdout: () => listening.resolve(),
  });
  const ended = agent.then(
    (code) => new BuildFailed('machine', `ssh-agent ended with exit code ${code}`),
    (error: unknown) => error,
  );
  try {
    await Promise.race([listening.promise, ended.then((error) => Promise.reject(error))]);
    const input = Readable.from([privateKey]);
    const code = await runProgram({ ...common, command: 'ssh-add', args: ['-q', '-'], signal: run.signal, input });
    if (code !== 0) throw new BuildFailed('machine', 'the SSH key that is set for this code host cannot be read');
    return await act(environment);
  } finally {
    stop.abort();
    await ended;
    // An agent that was killed leaves its socket.
    await rm(join(run.home, SOCKET), { force: true });
  }
}
