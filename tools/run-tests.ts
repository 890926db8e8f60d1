import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { pathToFileURL } from 'node:url';
import { ONLY_IN_FOLDER } from '../test/support/only-in-folder.ts';
import { type EndedTest, skipSummary } from './skip-summary.ts';

/**
 * Runs the quick tests; with `--stores`, all of them on PostgreSQL and a bucket; with `--long`, the files that have longer tests, with
 * `SLIPWAY_TEST_LONG=1`; with `--hosts`, those of fresh machines; with `--clients`, those of other people's clients. Names of files or
 * folders limit the run to them.
 */
const WORKSPACES = ['test', 'program', 'logbook', 'client', 'cli', 'server', 'console', 'tools'];
/** The tiers that are folders of their own. */
const FOLDERS: Record<string, string> = { '--hosts': 'test/hosts/', '--clients': 'test/clients/' };
/** A test that waits for what never comes fails by its name, and its file ends, before the tier is out of time. */
const TEST_LIMIT_MS: Record<string, number> = { '--long': 900_000, '--hosts': 1_500_000, '--clients': 1_800_000 };
/** How many files run at once, on two cores. Both tiers wait most of their time. */
const CONCURRENCY: Record<string, number> = { '': 4, '--long': 3 };
const QUICK_TEST_LIMIT_MS = 300_000;
const LONG = /SLIPWAY_TEST_LONG|skipLongReason/;
/**
 * Marks of a file outside `test/` that needs its own process: it starts other processes, inspects its own, counts
 * everything its process publishes on a channel, or has hooks for the whole file. The other files share one process,
 * which loads the server once instead of a hundred times.
 */
const APART =
  /child_process|worker_threads|process\.|globalThis|\/support\/|testing\/[\w-]*(registry|sandbox)\.ts|-channels?\.ts|^(before|after)(Each)?\(/m;

/** Marks of a file that takes long. It waits for servers and builders half of that time, so two can share a core. */
const SLOW = /startServer\(|startDemoProject\(|startSandboxUnderTest\(|child_process/;
/** The mark of the file that takes as long as half of the others: a tier that begins it late waits for it alone. */
const SLOWEST = /runKillRounds\(/;

const args = process.argv.slice(2);
const options = args.filter((arg) => arg.startsWith('-'));
const places = args.filter((arg) => !arg.startsWith('-'));
const [tier] = options;
const long = tier === '--long';
const inStores = tier === '--stores';
const unknown = options.find((option) => option !== '--long' && option !== '--stores' && !(option in FOLDERS));
if (unknown !== undefined || options.length > 1) {
  const wrong = unknown === undefined ? `${options.join(' and ')} exclude each other` : `unknown option ${unknown}`;
  stop(`${wrong}; usage: slipway test [--long | --stores | --hosts | --clients] [FILE|FOLDER]…`);
}

const files = WORKSPACES.flatMap((workspace) => globSync(`${workspace}/**/*.test.ts`).sort())
  .filter((file) => !file.includes('node_modules') && isOfTier(file))
  .filter((file) => places.length === 0 || places.some((place) => file.startsWith(place.replace(/^\.\//, ''))))
  .filter((file) => !long || LONG.test(readFileSync(file, 'utf8')));
const leftOut = inStores ? ONLY_IN_FOLDER.filter(({ file }) => files.includes(file)) : [];
for (const { file, test } of leftOut) if (test === undefined) files.splice(files.indexOf(file), 1);
if (files.length === 0) stop(`no test file under ${places.join(', ')}`);

process.env.NODE_ENV = 'test';
if (long) process.env.SLIPWAY_TEST_LONG = '1';

const wholeSystem = files.filter((file) => file.startsWith('test/'));
const others = files.filter((file) => !file.startsWith('test/'));
const apart = others.filter((file) => APART.test(readFileSync(file, 'utf8')));
const together = others.filter((file) => !apart.includes(file));
const folder = mkdtempSync(join(tmpdir(), 'slipway-tests-'));
process.on('exit', () => rmSync(folder, { recursive: true }));

const closing: (() => unknown)[] = [];
if (inStores) {
  const { startSharedStores } = await import('../test/support/peers/shared-stores.ts');
  Object.assign(process.env, await startSharedStores({ after: (act) => closing.push(act) }));
}
for (const { file, test, why } of leftOut)
  process.stdout.write(`left out: ${file}${test === undefined ? '' : `: ${test}`}: ${why}\n`);

// What takes longest comes first, so that all cores have work until the end.
const withMark = (mark: RegExp) => [...wholeSystem, ...apart].filter((file) => mark.test(readFileSync(file, 'utf8')));
const [slowest, slow] = [withMark(SLOWEST), withMark(SLOW)];
const ended: EndedTest[] = [];
if (tier === '--clients') process.on('exit', () => writeSync(1, skipSummary(ended)));
process.exitCode = 1;
run({
  files: [...new Set([...slowest, ...oneFile(together), ...slow, ...wholeSystem, ...apart])],
  concurrency: CONCURRENCY[tier ?? ''] ?? 2,
  execArgv: [`--test-timeout=${TEST_LIMIT_MS[tier ?? ''] ?? QUICK_TEST_LIMIT_MS}`, '--test-force-exit'],
  testSkipPatterns: leftOut.flatMap(({ test }) => (test === undefined ? [] : [exactly(test)])),
})
  .on('test:pass', (test) => ended.push(test))
  .on('test:fail', (test) => ended.push(test))
  .on('test:summary', ({ file, success }) => {
    if (file === undefined && success) process.exitCode = 0;
  })
  .on('end', async () => {
    for (const close of closing.reverse()) await close();
  })
  .compose(new spec())
  .pipe(process.stdout);

function isOfTier(file: string): boolean {
  const own = FOLDERS[tier ?? ''];
  return own === undefined ? !Object.values(FOLDERS).some((place) => file.startsWith(place)) : file.startsWith(own);
}

/** Makes a file that imports them all, which Node's runner gives one process. */
function oneFile(tests: readonly string[]): string[] {
  if (tests.length < 2) return [...tests];
  const path = join(folder, 'together.test.mjs');
  writeFileSync(path, tests.map((file) => `import '${pathToFileURL(resolve(file))}';\n`).join(''));
  return [path];
}

function exactly(name: string): RegExp {
  return new RegExp(`^${name.replaceAll(/[\\/.*+?^${}()|[\]-]/g, '\\$&')}$`);
}

function stop(message: string): never {
  process.stderr.write(`slipway: ${message}\n`);
  process.exit(2);
}
