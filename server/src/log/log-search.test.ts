import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApiUnderTest } from '#native/testing/api.ts';
import { searchBuilds } from './log-search.ts';

const SEARCH = { pattern: { kind: 'literal', text: 'roof', ignoreCase: false }, context: 0, limit: 10 } as const;
/** A search for a text runs no program. */
const NO_REGEX = { command: 'none', environment: {} };

test('a search over builds without logs lets other work run, and skips builds whose logs have expired', async (t) => {
  const { means, beginBuild, searchMeans } = await start(t);
  for (let build = 0; build < 70; build++) await beginBuild();
  let turns = 0;
  let turn = setImmediate(function count() {
    turns += 1;
    turn = setImmediate(count);
  });
  const found = await searchBuilds(...searchMeans, undefined, SEARCH);
  clearImmediate(turn);
  assert.equal(found.searchedCount, 70);
  assert.ok(turns >= 3, `other work ran ${turns} times`);

  await means.db.updateTable('build_record').set({ log_expired_ms: 1 }).where('sequence', '>', 1).execute();
  assert.equal((await searchBuilds(...searchMeans, undefined, SEARCH)).searchedCount, 1);
});

test('a search goes on at the line of its position in that build only', async (t) => {
  const { means, withLog, searchMeans } = await start(t);
  const older = await withLog('the roof\nis on fire\n');
  const newer = await withLog('a\nroof\nroof\n');
  const first = await searchBuilds(...searchMeans, undefined, { ...SEARCH, limit: 1 });
  assert.deepEqual([first.hits[0]?.BuildRecordId, first.next?.line], [newer, 3]);
  // Meanwhile the build left the filter.
  await means.db.updateTable('build_record').set({ log_expired_ms: 1 }).where('build_record_id', '=', newer).execute();
  const rest = await searchBuilds(...searchMeans, first.next, SEARCH);
  assert.deepEqual(
    rest.hits.map(({ BuildRecordId, Line }) => [BuildRecordId, Line.LineNumber]),
    [[older, 1]],
  );
});

async function start(t: Parameters<typeof startApiUnderTest>[0]) {
  const api = await startApiUnderTest(t);
  const { means } = api;
  const { instance_id: instanceId } = await means.db
    .selectFrom('instance')
    .select('instance_id')
    .executeTakeFirstOrThrow();
  return {
    ...api,
    searchMeans: [means, NO_REGEX, { instanceId, repoIds: undefined }] as const,
    async withLog(text: string): Promise<string> {
      const id = await api.beginBuild();
      const writer = await means.logbook.create(id);
      await writer.write(Buffer.from(text));
      await writer.committed();
      return id;
    },
  };
}
