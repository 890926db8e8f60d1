import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { type Command, CommanderError } from 'commander';
import { CliError, EXIT_CODES } from './error/cli-error.ts';
import { CommandMistake, helpOf } from './frame/slipway-command.ts';
import { readEnvironment } from './input/environment.ts';
import { writeError } from './output/output.ts';
import { jsonText } from './output/print-log.ts';
import { say } from './output/say.ts';
import { makeProgram } from './program.ts';
import { proxyFailure } from './server/proxy-failure.ts';
import { trustAuthority } from './server/trust-authority.ts';
import { useProxy } from './server/use-proxy.ts';

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
    return tell(error, running, args.includes('--json'));
  }
}

/** What went wrong, for people in one sentence, and for programs in fields. */
interface Told {
  readonly sentence: string;
  readonly exitCode: number;
  /** In addition to the message and the exit code. */
  readonly fields: { readonly Code: string } & Readonly<Record<string, unknown>>;
}

/** Codes of failures that the server did not name, by exit code. */
const CODES: Readonly<Record<number, string>> = {
  [EXIT_CODES.notFound]: 'NotFound',
  [EXIT_CODES.usage]: 'InvalidCommandLine',
  [EXIT_CODES.refused]: 'Refused',
  [EXIT_CODES.machine]: 'Failed',
  [EXIT_CODES.cancelled]: 'Cancelled',
};

/** Reports a failure on one line, with `--json` as one document; returns the exit code. */
function tell(error: unknown, command: Command, json: boolean): number {
  // Help and version were printed.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_CODES.usage;
  const { sentence, exitCode, fields } = told(error, command);
  if (!json) say(sentence);
  else {
    const document = { ...fields, Message: fields.Message ?? sentence, ExitCode: exitCode };
    // Escaped for a terminal, which is the same document elsewhere.
    writeError(`${jsonText(document, true)}\n`);
  }
  return exitCode;
}

function told(error: unknown, command: Command): Told {
  if (error instanceof ApiCallError) return toldByServer(error);
  if (error instanceof CliError) {
    const { exitCode } = error;
    const sentence = exitCode === EXIT_CODES.usage ? withHelp(error, command) : error.message;
    return { sentence, exitCode, fields: { Code: CODES[exitCode] ?? 'Failed' } };
  }
  const exitCode = EXIT_CODES.machine;
  if (error instanceof TypeError && error.message === 'fetch failed') {
    const proxyFault = proxyFailure(error, readEnvironment().proxy);
    if (proxyFault !== undefined) return { sentence: proxyFault, exitCode, fields: { Code: 'Unreachable' } };
    const { code, message } = (error.cause ?? {}) as { code?: string; message?: string };
    const why = code ?? message ?? 'no reason given';
    const isDoubted = /CERT|ISSUER|SELF_SIGNED|VERIFY|ALTNAME/.test(why);
    const sentence = isDoubted
      ? `the certificate of the server is not trusted (${why}); name its certificate authority with --ca-file`
      : `the server cannot be reached (${why}); check that it is running, or name it with --endpoint`;
    return { sentence, exitCode, fields: { Code: isDoubted ? 'NotTrusted' : 'Unreachable' } };
  }
  const sentence = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { sentence, exitCode, fields: { Code: 'Failed' } };
}

function toldByServer(error: ApiCallError): Told {
  const { code: Code, message: Message, requestId: RequestId, recommend: Recommend } = error;
  const request = RequestId === '' ? '' : ` (RequestId ${RequestId})`;
  const on = error.deniedResource === undefined ? '' : ` on ${error.deniedResource}`;
  const needed = error.deniedAction === undefined ? '' : ` It needs ${error.deniedAction}${on}.`;
  const isSentence = /[.!?]$/.test(Message);
  // A denial says the same.
  const fix = Recommend === '' || needed !== '' ? '' : ` ${Recommend}`;
  return {
    sentence: `${Code}: ${isSentence ? Message : `${Message}.`}${needed}${fix}${request}`,
    exitCode: error.status >= 500 ? EXIT_CODES.machine : EXIT_CODES.refused,
    fields: { Code, Message, Recommend, RequestId, AuthAction: error.deniedAction, AuthResource: error.deniedResource },
  };
}

/** The mistake and where to read more; a server that the command started names its own page. */
function withHelp(error: CliError, running: Command): string {
  if (/--help(?![\w-])/.test(error.message)) return error.message;
  const command = error instanceof CommandMistake ? error.command : running;
  return `${error.message}; see ${helpOf(command)}`;
}
