import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { startApiUnderTest } from '#native/testing/api.ts';

type Reply = NativeCalls['searchLogs']['reply'];

test('searches the logs of all builds, newest first, with their builds and how far it came, by the filters of a list', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-search-'));
  const api = await startApiUnderTest(t, {}, folder);
  const { db, logbook } = api.means;
  const writers = new Map<string, Awaited<ReturnType<typeof logbook.create>>>();
  const first = await withLog('one\nthe roof is on fire\nthree\n');
  const second = await withLog('nothing\n');
  const third = await withLog('a\nThe Roof\nroof 2\n');
  const without = await api.beginBuild();
  await change(first, { created_ms: 1000, status: 'FAILED', branch: 'main' });
  await change(second, { created_ms: 2000 });
  await change(third, { created_ms: 3000, trigger: 'push' });

  const all = await search('q=roof&context=1');
  assert.deepEqual(linesOf(all), [`${third} 3`, `${first} 2`]);
  assert.deepEqual(
    all.Hits[1]?.Before.concat(all.Hits[1].After).map(({ Message }) => Message),
    ['one', 'three'],
  );
  assert.deepEqual(
    all.Builds.map(({ BuildRecordId, Repository, Status }) => [BuildRecordId, Repository, Status]),
    [
      [third, 'team/app', 'PENDING'],
      [first, 'team/app', 'FAILED'],
    ],
  );
  assert.deepEqual([all.SearchedBuilds, all.SearchedBackTo, all.Cursor], [4, 1000, undefined], `not ${without}`);

  const both = [`${third} 2`, `${third} 3`, `${first} 2`];
  assert.deepEqual(linesOf(await search('regex=roof&ignorecase=true')), both);
  assert.deepEqual(linesOf(await search('q=roof&status=FAILED')), [`${first} 2`]);
  assert.deepEqual(linesOf(await search('q=roof&branch=main')), [`${first} 2`]);
  assert.deepEqual(linesOf(await search('q=roof&trigger=push')), [`${third} 3`]);
  assert.deepEqual(linesOf(await search('q=roof&buildsince=1970-01-01T00:00:02Z')), [`${third} 3`]);
  assert.deepEqual(linesOf(await search('q=roof&builduntil=3000')), [`${first} 2`]);
  assert.deepEqual(linesOf(await search('q=roof&repository=team/app')), [`${third} 3`, `${first} 2`]);

  // A page with too many hits continues where it ended, also in the middle of a log.
  const pages: Reply[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; cursor = pages.at(-1)?.Cursor)
    pages.push(await search(`regex=roof&ignorecase=true&limit=1${cursor && `&cursor=${cursor}`}`));
  assert.deepEqual(pages.flatMap(linesOf), both);

  for (const [query, fix] of [
    ['regex=(', /regex.*unclosed group/],
    ['repository=team/app', /q.*mandatory/],
    ['q=a&status=BROKEN', /status.*BROKEN.*FAILED/],
    ['q=a&buildsince=yesterday', /buildsince.*yesterday/],
    ['q=a&cursor=1', /cursor.*search of this kind/],
  ] as const)
    assert.match(String((await search(query)).Message), fix);

  // Damage to one log hides nothing of the others.
  await writers.get(third)?.seal({ verdict: 'complete' });
  const file = join(folder, 'logs', third.slice(0, 2), third, 'log.ndjson.gz');
  const bytes = readFileSync(file);
  const at = bytes.length - 60;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  const rest = await search('q=roof');
  assert.deepEqual(linesOf(rest), [`${first} 2`]);
  assert.deepEqual(rest.DamagedBuilds, [third]);

  async function withLog(text: string): Promise<string> {
    const id = await api.beginBuild();
    const writer = await logbook.create(id);
    await writer.write(Buffer.from(text));
    await writer.committed();
    writers.set(id, writer);
    return id;
  }

  async function change(
    id: string,
    values: { created_ms: number; status?: string; branch?: string; trigger?: string },
  ) {
    await db.updateTable('build_record').set(values).where('build_record_id', '=', id).execute();
  }

  async function search(query: string): Promise<Reply & { Message?: string }> {
    const headers = { authorization: api.authorization };
    return (await (await fetch(`${api.endpoint}/api/v1/log/search?${query}`, { headers })).json()) as Reply;
  }
});

function linesOf({ Hits }: Reply): string[] {
  return Hits.map(({ BuildRecordId, Line }) => `${BuildRecordId} ${Line.LineNumber}`);
}
