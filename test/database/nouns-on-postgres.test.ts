import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { postgresFolder, startPostgres } from '../../server/src/db/testing/postgres-server.ts';
import { atEnd, ROOT } from '../support/slipway.ts';
import { importsOf, pathOf } from '../support/source-imports.ts';

const skip =
  process.env.SLIPWAY_TEST_LONG !== '1'
    ? 'runs hundreds of tests again: runs with SLIPWAY_TEST_LONG=1'
    : postgresFolder() === undefined && 'needs PostgreSQL: apt-get install postgresql';

/** Where every test gets a database that `SLIPWAY_TEST_DATABASE` chooses. */
const TESTED_DATABASE = 'server/src/db/testing/tested-database.ts';
/** Every query and what is most often done at once; not every route and form of a reply. */
const CHOSEN = /\/operations\/|-store\.test|\/(db|event|job|build|image|sync|subscription|chain|lifecycle)\//;
/** Marks of a file that starts programs, looks at its own process, or has hooks that would be those of all files. */
const APART =
  /child_process|worker_threads|process\.|globalThis|-channels?\.ts|testing\/[\w-]*(registry|sandbox)\.ts|^(before|after)(Each)?\(/m;
/** A test that waits for what never comes fails by its name. Each takes less than a second, on a busy machine a few. */
const TEST_LIMIT_MS = 60_000;
const FEWEST_FILES = 45;
const FEWEST_TESTS = 180;

test('the tests of nouns and operations pass on PostgreSQL', { skip }, async (t) => {
  const postgres = await startPostgres();
  atEnd(t, () => postgres.stop());
  const files = globSync('server/src/**/*.test.ts', { cwd: ROOT })
    .sort()
    .filter((file) => CHOSEN.test(file) && reaches(file) && !APART.test(readFileSync(`${ROOT}/${file}`, 'utf8')));
  assert.ok(files.length >= FEWEST_FILES, `${files.length} files`);
  const { SLIPWAY_TEST_LONG: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  const options = ['--test-isolation=none', '--test-reporter=tap', `--test-timeout=${TEST_LIMIT_MS}`];
  const args = ['--test', ...options, ...files];
  const { failed, output } = await new Promise<{ failed: boolean; output: string }>((resolve) =>
    execFile(
      process.execPath,
      args,
      { cwd: ROOT, env: { ...env, SLIPWAY_TEST_DATABASE: postgres.urlOf('postgres') }, maxBuffer: 2 ** 28 },
      (error, stdout, stderr) => resolve({ failed: error !== null, output: stdout + stderr }),
    ),
  );
  assert.ok(
    !failed,
    output
      .split('\n')
      .filter((line) => !/^\s*(ok|# Subtest)\b/.test(line))
      .join('\n')
      .slice(-20_000),
  );
  const passed = Number(/^# pass (\d+)$/m.exec(output)?.[1]);
  t.diagnostic(`${passed} tests of ${files.length} files passed`);
  assert.ok(passed >= FEWEST_TESTS, `${passed} tests passed`);
});

const known = new Map<string, boolean>([[TESTED_DATABASE, true]]);

/** Whether a file imports the database under test, or another one that does. */
function reaches(file: string): boolean {
  const answer = known.get(file);
  if (answer !== undefined) return answer;
  known.set(file, false);
  const found = importsOf(file).some((target) => {
    const path = pathOf(file, target);
    return path !== undefined && existsSync(`${ROOT}/${path}`) && reaches(path);
  });
  known.set(file, found);
  return found;
}
