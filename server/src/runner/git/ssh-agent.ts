import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { BuildFailed } from '../failure/build-failed.ts';
import { runProgram, type StartProgram } from '../work/program.ts';

/** What an agent runs with. */
export interface AgentRun {
  /** The path of its socket while it runs. */
  home: string;
  start: StartProgram;
  env: (extra: Record<string, string>) => Record<string, string>;
  signal: AbortSignal;
  onOutput: (chunk: Buffer) => Promise<void>;
}

/** Relative to `home`, because the path of a socket has at most 107 bytes. */
const SOCKET = 'agent';

/**
 * Runs `act` with a private key in an agent's memory: the key is on no disk, and in no environment or argument. `act`
 * gets the environment with which ssh, started in `home`, finds the agent. The agent ends before this returns.
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
    // It prints its address as soon as it listens.
    onStdout: () => listening.resolve(),
  });
  const ended = agent.then(
    (code) => new BuildFailed('server-failed', `ssh-agent ended with exit code ${code}`),
    (error: unknown) => error,
  );
  try {
    await Promise.race([listening.promise, ended.then((error) => Promise.reject(error))]);
    const input = Readable.from([privateKey]);
    const code = await runProgram({ ...common, command: 'ssh-add', args: ['-q', '-'], signal: run.signal, input });
    if (code !== 0)
      throw new BuildFailed('source-key-unreadable', 'the SSH key that is set for this code host cannot be read');
    return await act(environment);
  } finally {
    stop.abort();
    await ended;
    // A killed agent leaves its socket.
    await rm(join(run.home, SOCKET), { force: true });
  }
}
