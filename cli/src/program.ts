import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { registerAccelerate } from './commands/accelerate.ts';
import { registerBackup, registerPause, registerUpgrade } from './commands/backup.ts';
import { registerBuild } from './commands/build.ts';
import { registerBuilds } from './commands/builds.ts';
import { registerCache } from './commands/cache.ts';
import { registerCall } from './commands/call.ts';
import { registerCalls } from './commands/calls.ts';
import { registerCancel } from './commands/cancel.ts';
import { registerChain } from './commands/chain.ts';
import { registerChart } from './commands/chart.ts';
import { registerContext } from './commands/context.ts';
import { registerDiff } from './commands/diff.ts';
import { registerDockerCredential } from './commands/docker-credential.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerEventRule } from './commands/event-rule.ts';
import { registerGc } from './commands/gc.ts';
import { registerImageImport } from './commands/image-import.ts';
import { registerInstall } from './commands/install.ts';
import { registerLifecycle } from './commands/lifecycle.ts';
import { registerLogVerify } from './commands/log-verify.ts';
import { registerLogin } from './commands/login.ts';
import { registerLogs } from './commands/logs.ts';
import { registerManual } from './commands/manual.ts';
import { registerMcp } from './commands/mcp.ts';
import { registerMove } from './commands/move.ts';
import { registerNamespace } from './commands/namespace.ts';
import { registerPolicy } from './commands/policy.ts';
import { registerRam } from './commands/ram.ts';
import { registerRegistry } from './commands/registry.ts';
import { registerRepo } from './commands/repo.ts';
import { registerRule } from './commands/rule.ts';
import { registerScan } from './commands/scan.ts';
import { registerSearch } from './commands/search.ts';
import { registerSecret } from './commands/secret.ts';
import { registerServe } from './commands/serve.ts';
import { registerSettings } from './commands/settings.ts';
import { registerShow } from './commands/show.ts';
import { registerSource } from './commands/source.ts';
import { registerSpace } from './commands/space.ts';
import { registerSubscription } from './commands/subscription.ts';
import { registerSync } from './commands/sync.ts';
import { registerTags } from './commands/tags.ts';
import { registerToken } from './commands/token.ts';
import { registerTrigger } from './commands/trigger.ts';
import { registerWhoami } from './commands/whoami.ts';
import { registerWhy } from './commands/why.ts';
import { addOtherWords } from './frame/other-words.ts';
import { localCommand } from './frame/server-command.ts';
import { SlipwayCommand } from './frame/slipway-command.ts';

/** Each adds its commands to the program, in the order of the help. */
const REGISTER: readonly ((program: Command) => void)[] = [
  registerBuild,
  registerBuilds,
  registerShow,
  registerLogs,
  registerSearch,
  registerLogVerify,
  registerCancel,
  registerWhy,
  registerDiff,
  registerLogin,
  registerContext,
  registerWhoami,
  registerDockerCredential,
  registerToken,
  registerMcp,
  registerSource,
  registerSecret,
  registerRegistry,
  registerSync,
  registerSubscription,
  registerChain,
  registerNamespace,
  registerRepo,
  registerTags,
  registerLifecycle,
  registerChart,
  registerScan,
  registerAccelerate,
  registerGc,
  registerSpace,
  registerBackup,
  registerPause,
  registerUpgrade,
  registerMove,
  registerCache,
  registerRule,
  registerTrigger,
  registerEventRule,
  registerCall,
  registerCalls,
  registerDoctor,
  registerSettings,
  registerImageImport,
  registerRam,
  registerPolicy,
  registerInstall,
  registerServe,
  registerManual,
];

/** All commands of `slipway`. What runs them is `main.ts`; others read their names, arguments and options. */
export function makeProgram(): Command {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const program: Command = new SlipwayCommand('slipway')
    .description('Builds container images from Git, and keeps every line of every build.')
    .version(version)
    .option('--ca-file <file>', 'also trust the certificate authorities in this PEM file (SLIPWAY_CA_FILE)')
    .exitOverride();
  localCommand(program, 'version', 'print the version', [], () => ({ data: { Version: version }, lines: [version] }));
  for (const register of REGISTER) register(program);
  addOtherWords(program);
  return program;
}
