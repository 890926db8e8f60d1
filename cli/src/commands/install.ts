import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { JSON_FLAG, show } from '../frame/server-command.ts';
import { installPlaces } from '../install/install-places.ts';
import { installSteps } from '../install/install-steps.ts';
import { hasSystemd, type Step } from '../install/step.ts';
import { uninstallSteps } from '../install/uninstall-steps.ts';
import { Output } from '../output/output.ts';

interface InstallFlags {
  root: string;
  dryRun: boolean;
  purge?: boolean;
  json: boolean;
}

const CHECKOUT = join(import.meta.dirname, '..', '..', '..');

/** `slipway install` and `slipway uninstall`: a server that starts with the machine. */
export function registerInstall(program: Command): void {
  flags(program.command('install'))
    .description('install this version as a service of this machine, or replace the installed version (Linux, root)')
    .action((options: InstallFlags) =>
      onFiles(async () => {
        const root = checkedRoot('install', options);
        await perform(installSteps({ root, checkout: CHECKOUT }), options, afterInstall(root));
      }),
    );
  flags(program.command('uninstall'))
    .description('remove the service and its code; settings and data stay (Linux, root)')
    .option('--purge', 'also remove the settings, all data and the builder', false)
    .action((options: InstallFlags) =>
      onFiles(async () => {
        const root = checkedRoot('uninstall', options);
        const { settings, state } = installPlaces(root);
        const steps = uninstallSteps({ root, purge: options.purge === true });
        const staying = [settings, state].filter(existsAfter(steps)).map((path) => `${path} stays`);
        await perform(steps, options, staying);
      }),
    );
}

function flags(command: Command): Command {
  return command
    .option('--root <folder>', 'use this folder as /, and do not change the users and services of this machine', '/')
    .option('--dry-run', 'only print the steps', false)
    .option(...JSON_FLAG, false);
}

/** Throws `CliError` if a file or folder cannot be used. */
async function onFiles(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (error instanceof CliError || code === undefined || path === undefined) throw error;
    throw new CliError(EXIT_CODES.machine, `${path} cannot be used (${code})`, { cause: error });
  }
}

/** Throws `CliError` where there is nothing to install to. */
function checkedRoot(command: string, { root, dryRun }: InstallFlags): string {
  if (process.platform !== 'linux' || !existsSync(join(CHECKOUT, 'slipway')))
    throw new CliError(EXIT_CODES.usage, `slipway ${command} works only on Linux, in a clone of the repository`);
  const folder = resolve(root);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new CliError(EXIT_CODES.usage, `--root ${folder} is not a folder`);
  if (folder === '/' && !dryRun && process.getuid?.() !== 0)
    throw new CliError(
      EXIT_CODES.machine,
      `slipway ${command} needs root; use sudo, see what it would do with --dry-run, or choose a folder with --root`,
    );
  return folder;
}

async function perform(steps: readonly Step[], { dryRun, json }: InstallFlags, notes: string[]): Promise<void> {
  const output = new Output();
  for (const { text, act } of steps) {
    if (!dryRun) act();
    // At once, because some take minutes.
    if (!json) await output.write(dryRun ? `would ${text}\n` : `${text}\n`);
  }
  const data = { DryRun: dryRun, Steps: steps.map(({ text }) => text) };
  await show({ data, lines: steps.length === 0 ? ['nothing to do'] : [], notes: dryRun ? [] : notes }, json);
}

function afterInstall(root: string): string[] {
  if (root !== '/') return [`nothing was started, because of --root ${root}`];
  const { settingsFile, state } = installPlaces(root);
  const start = hasSystemd()
    ? 'the service runs; its log: journalctl -u slipway'
    : 'systemd does not run on this machine, so nothing was started';
  return [start, `settings are in ${settingsFile}; commands find the server with SLIPWAY_DATA=${state}/data`];
}

function existsAfter(steps: readonly Step[]): (path: string) => boolean {
  return (path) => existsSync(path) && !steps.some(({ text }) => text === `remove ${path}`);
}
