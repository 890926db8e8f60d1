import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { type Command, CommanderError } from 'commander';
import { CliError, EXIT_CODES } from './cli-error.ts';
import { readEnvironment } from './environment.ts';
import { makeProgram } from './program.ts';
import { say } from './say.ts';
import { CommandMistake, helpOf } from './slipway-command.ts';
import { trustAuthority } from './trust-authority.ts';
import { useProxy } from './use-proxy.ts';

/** Runs a command line, such as `['builds', '--json']`; reports a failure, and returns the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const program = makeProgram();
  /** The command, once its arguments were read. */
  let running: Command = program;
  program.hook('preAction', (_, action) => {
    running = action;
    const caFile = program.opts<{ caFile?: string }>().caFile ?? readEnvironment().caFile;
    if (caFile !== undefined) trustAuthority(caFile);
    useProxy(readEnvironment().proxy);
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return tell(error, running);
  }
}

/** Reports a failure in one sentence; returns the exit code. */
function tell(error: unknown, command: Command): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_CODES.usage;
  if (error instanceof ApiCallError) {
    const request = error.requestId === '' ? '' : ` (RequestId ${error.requestId})`;
    const on = error.deniedResource === undefined ? '' : ` on ${error.deniedResource}`;
    const needed = error.deniedAction === undefined ? '' : ` It needs ${error.deniedAction}${on}.`;
    // A denial says the same.
    const fix = error.recommend === '' || needed !== '' ? '' : ` ${error.recommend}`;
    say(`${error.code}: ${error.message}${needed}${fix}${request}`);
    return error.status >= 500 ? EXIT_CODES.machine : EXIT_CODES.refused;
  }
  if (error instanceof CliError) {
    say(error.exitCode === EXIT_CODES.usage ? withHelp(error, command) : error.message);
    return error.exitCode;
  }
  if (error instanceof TypeError && error.message === 'fetch failed') {
    const { code, message } = (error.cause ?? {}) as { code?: string; message?: string };
    const why = code ?? message ?? 'no reason given';
    if (/CERT|ISSUER|SELF_SIGNED|VERIFY|ALTNAME/.test(why))
      say(`the certificate of the server is not trusted (${why}); name its certificate authority with --ca-file`);
    else say(`the server cannot be reached (${why}); check that it is running, or name it with --endpoint`);
    return EXIT_CODES.machine;
  }
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT_CODES.machine;
}

/** The mistake and where to read more; a server that the command started names its own page. */
function withHelp(error: CliError, running: Command): string {
  if (/--help(?![\w-])/.test(error.message)) return error.message;
  const command = error instanceof CommandMistake ? error.command : running;
  return `${error.message}; see ${helpOf(command)}`;
}
