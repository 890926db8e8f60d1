import { readFileSync } from 'node:fs';
import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { type Command, CommanderError } from 'commander';
import { CliError, EXIT_CODES } from './cli-error.ts';
import { registerAccelerate } from './commands/accelerate.ts';
import { registerBuild } from './commands/build.ts';
import { registerBuilds } from './commands/builds.ts';
import { registerCache } from './commands/cache.ts';
import { registerCall } from './commands/call.ts';
import { registerCalls } from './commands/calls.ts';
import { registerChart } from './commands/chart.ts';
import { registerDiff } from './commands/diff.ts';
import { registerDockerCredential } from './commands/docker-credential.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerEventRule } from './commands/event-rule.ts';
import { registerGc } from './commands/gc.ts';
import { registerImageImport } from './commands/image-import.ts';
import { registerLifecycle } from './commands/lifecycle.ts';
import { registerLogVerify } from './commands/log-verify.ts';
import { registerLogin } from './commands/login.ts';
import { registerLogs } from './commands/logs.ts';
import { registerMcp } from './commands/mcp.ts';
import { registerPolicy } from './commands/policy.ts';
import { registerRam } from './commands/ram.ts';
import { registerRegistry } from './commands/registry.ts';
import { registerRule } from './commands/rule.ts';
import { registerScan } from './commands/scan.ts';
import { registerSecret } from './commands/secret.ts';
import { registerServe } from './commands/serve.ts';
import { registerSource } from './commands/source.ts';
import { registerSubscription } from './commands/subscription.ts';
import { registerSync } from './commands/sync.ts';
import { registerTags } from './commands/tags.ts';
import { registerToken } from './commands/token.ts';
import { registerTrigger } from './commands/trigger.ts';
import { registerWhy } from './commands/why.ts';
import { readEnvironment } from './environment.ts';
import { isReaderGone, Output } from './output.ts';
import { say } from './say.ts';
import { CommandMistake, helpOf, SlipwayCommand } from './slipway-command.ts';
import { trustAuthority } from './trust-authority.ts';
import { useProxy } from './use-proxy.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** The command, once its arguments were read. */
let running: Command | undefined;
const program: Command = new SlipwayCommand('slipway')
  .description('Builds container images from Git, and keeps every line of every build.')
  .version(version)
  .option('--ca-file <file>', 'also trust the certificate authorities in this PEM file (SLIPWAY_CA_FILE)')
  .hook('preAction', (_, action) => {
    running = action;
    const caFile = program.opts<{ caFile?: string }>().caFile ?? readEnvironment().caFile;
    if (caFile !== undefined) trustAuthority(caFile);
    useProxy(readEnvironment().proxy);
  })
  .exitOverride();
program
  .command('version')
  .description('print the version')
  .action(() => new Output().write(`${version}\n`));
for (const register of [
  registerBuild,
  registerBuilds,
  registerLogs,
  registerLogVerify,
  registerWhy,
  registerDiff,
  registerLogin,
  registerDockerCredential,
  registerToken,
  registerMcp,
  registerSource,
  registerSecret,
  registerRegistry,
  registerSync,
  registerSubscription,
  registerTags,
  registerLifecycle,
  registerChart,
  registerScan,
  registerAccelerate,
  registerGc,
  registerCache,
  registerRule,
  registerTrigger,
  registerEventRule,
  registerCall,
  registerCalls,
  registerDoctor,
])
  register(program);
registerImageImport(program);
registerRam(program);
registerPolicy(program);
registerServe(program);

// A reader that has gone away, such as `head`, is no failure; commands with long output ask `Output` whether it is
// gone.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (isReaderGone(error)) return;
  say(`standard output cannot be written: ${error.message}`);
  process.exit(EXIT_CODES.machine);
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = tell(error);
}

/** Reports a failure in one sentence; returns the exit code. */
function tell(error: unknown): number {
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
    say(error.exitCode === EXIT_CODES.usage ? withHelp(error) : error.message);
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
function withHelp(error: CliError): string {
  if (error.message.includes('--help')) return error.message;
  const command = error instanceof CommandMistake ? error.command : (running ?? program);
  return `${error.message}; see ${helpOf(command)}`;
}
