import { EXIT_CODES } from './error/cli-error.ts';
import { isReaderGone } from './output/output.ts';
import { say } from './output/say.ts';
import { run } from './run.ts';

// A reader that has gone away, such as `head`, is no failure; commands with long output ask `Output` whether it is
// gone.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (isReaderGone(error)) return;
  say(`standard output cannot be written: ${error.message}`);
  process.exit(EXIT_CODES.machine);
});

process.exitCode = await run(process.argv.slice(2));
