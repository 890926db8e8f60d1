import { ConfigError } from '#settings/config.ts';
import { ExitError } from './exit-error.ts';
import { machineFault } from './machine-fault.ts';

let dataPlace = { root: '', reachable: '' };

/** Sets how messages of `fail` name the data folder: as given, in place of the path by which the server reaches it. */
export function nameDataFolder(root: string, reachable = ''): void {
  dataPlace = { root, reachable };
}

/** Ends the process with what was thrown: a mistake of the operator as a sentence, anything else as it is. */
export function fail(thrown: unknown): never {
  const { root, reachable } = dataPlace;
  const shown = (path: string) => (reachable === '' ? path : path.replace(reachable, () => root));
  const isTold = thrown instanceof ConfigError || thrown instanceof ExitError;
  const fault = isTold ? undefined : machineFault(thrown, { root, shown });
  const error = fault === undefined ? thrown : new ExitError(4, fault, { cause: thrown });
  const exitCode = error instanceof ConfigError ? 2 : error instanceof ExitError ? error.exitCode : 4;
  if (error instanceof ConfigError || error instanceof ExitError) {
    const sentences = error instanceof ConfigError ? error.mistakes : [error.message];
    const more = exitCode === 2 ? '; see slipway serve --help' : '';
    process.stderr.write(sentences.map((sentence) => `slipway: ${sentence}${more}\n`).join(''));
  } else {
    process.stderr.write(
      `slipway: the server cannot continue\n${error instanceof Error ? error.stack : String(error)}\n`,
    );
  }
  process.exit(exitCode);
}
