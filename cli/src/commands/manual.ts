import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, type Command } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { didYouMean } from '../error/nearest.ts';
import { allEntries, commandTable } from '../frame/command-table.ts';
import { completionScript, SHELLS, type Shell } from '../frame/completion.ts';
import { manPage, pageName } from '../frame/man-page.ts';
import { Output } from '../output/output.ts';

/** `slipway completion SHELL` and `slipway man`: both are made from the table of all commands. */
export function registerManual(program: Command): void {
  program
    .command('completion')
    .description('print the script that completes commands and flags in a shell')
    .addArgument(new Argument('<shell>', SHELLS.join(', ')).choices(SHELLS))
    .action((shell: Shell) => new Output().write(completionScript(shell, commandTable(program))));
  program
    .command('man [command...]')
    .description('print the manual page of slipway, or of a command, for man -l -')
    .option('--folder <folder>', 'write all pages into this folder instead')
    .action((words: string[], { folder }: { folder?: string }) =>
      folder === undefined ? printPage(program, words) : writePages(program, words, folder),
    );
}

function printPage(program: Command, words: readonly string[]): Promise<void> {
  const entries = allEntries(commandTable(program));
  const name = ['slipway', ...words].join('-');
  const entry = entries.find((each) => pageName(each) === name);
  if (entry !== undefined) return new Output().write(manPage(entry, program.version() ?? ''));
  const near = didYouMean(
    words.join(' '),
    entries.map(({ path }) => path.slice(1).join(' ')),
  );
  throw new CliError(EXIT_CODES.usage, `there is no command ${words.join(' ')}${near}`);
}

function writePages(program: Command, words: readonly string[], folder: string): void {
  if (words.length > 0) throw new CliError(EXIT_CODES.usage, '--folder writes all pages, so leave out the command');
  try {
    mkdirSync(folder, { recursive: true });
    for (const entry of allEntries(commandTable(program)))
      writeFileSync(join(folder, `${pageName(entry)}.1`), manPage(entry, program.version() ?? ''));
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw new CliError(EXIT_CODES.machine, `the pages cannot be written to ${folder} (${code})`, { cause });
  }
}
