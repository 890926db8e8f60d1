import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';

/**
 * Runs the tests: the quick tier, or with `--long` the files that have a longer one, with `SLIPWAY_TEST_LONG=1`. Names
 * of files or folders narrow it down.
 */
const WORKSPACES = ['logbook', 'client', 'cli', 'server', 'console', 'test', 'tools'];

const args = process.argv.slice(2);
const long = args.includes('--long');
const places = args.filter((arg) => !arg.startsWith('-'));
const unknown = args.find((arg) => arg.startsWith('-') && arg !== '--long');
if (unknown !== undefined) stop(`unknown option ${unknown}; it is: slipway test [--long] [FILE|FOLDER]…`);

const files = WORKSPACES.flatMap((workspace) => globSync(`${workspace}/**/*.test.ts`))
  .filter((file) => !file.includes('node_modules'))
  .filter((file) => places.length === 0 || places.some((place) => file.startsWith(place.replace(/^\.\//, ''))))
  .filter((file) => !long || /SLIPWAY_TEST_LONG|skipLongReason/.test(readFileSync(file, 'utf8')))
  .sort();
if (files.length === 0) stop(`no test file under ${places.join(', ')}`);

const env = { ...process.env, NODE_ENV: 'test', ...(long ? { SLIPWAY_TEST_LONG: '1' } : {}) };
// Two at a time is what two cores bear; the whole-system tests start servers and builders of their own.
const { status } = spawnSync(process.execPath, ['--test', '--test-concurrency=2', ...files], { stdio: 'inherit', env });
process.exit(status ?? 1);

function stop(message: string): never {
  process.stderr.write(`slipway: ${message}\n`);
  process.exit(2);
}
