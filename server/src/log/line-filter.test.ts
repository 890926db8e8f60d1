import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogLine, LogWriter } from '@slipway/logbook';
import { type ApiUnderTest, startApiUnderTest } from '#native/testing/api.ts';
import type { lineReply } from './log-reply.ts';

type Line = ReturnType<typeof lineReply>;
interface Page {
  Lines: Line[];
  NextOffset?: number;
  TotalCount: number;
}

test('pages and searches filter by stage, step and time, in running and sealed logs', async (t) => {
  const api = await startApiUnderTest(t);
  const id = await api.beginBuild();
  const writer = await api.means.logbook.create(id);
  await writeStages(writer, 120);
  const check = async () => {
    const all = await api.means.logbook.lines(id, 0, 100_000);
    const middleMs = all[Math.floor(all.length / 2)]?.timeMs ?? 0;
    const cases: [query: string, isWanted: (line: LogLine) => boolean][] = [
      ['stage=DOCKER_IMAGE_BUILD', (line) => line.stage === 'DOCKER_IMAGE_BUILD'],
      ['step=2', (line) => line.step === 2],
      ['step=0&stage=DOCKER_IMAGE_PUSH', (line) => line.step === 0 && line.stage === 'DOCKER_IMAGE_PUSH'],
      [`since=${middleMs}`, (line) => (line.timeMs ?? middleMs) >= middleMs],
      [`since=${new Date(middleMs).toISOString()}&step=3`, (line) => line.step === 3 && (line.timeMs ?? 0) >= middleMs],
      ['stage=GIT_CLONE&step=1', () => false],
      [`since=${Date.now() + 60_000}`, () => false],
    ];
    for (const [query, isWanted] of cases) {
      const expected = all.filter(isWanted).map((line) => line.lineNumber);
      assert.deepEqual(numbers(await readPages(api, id, query)), expected, query);
      const found = await readHits(api, id, `q=5&limit=50&${query}`);
      const hits = all.filter((line) => isWanted(line) && line.message.includes('5')).map((line) => line.lineNumber);
      assert.deepEqual(numbers(found), hits, `search ${query}`);
    }
  };
  await check();
  await writer.seal({ verdict: 'complete' });
  await check();
});

test('pages have the offset of the next one, except the last page', async (t) => {
  const api = await startApiUnderTest(t);
  const id = await api.beginBuild();
  assert.equal((await get<Page>(api, `${id}/log`)).NextOffset, undefined);
  const writer = await api.means.logbook.create(id);
  await writeStages(writer, 10);
  const { TotalCount } = await get<Page>(api, `${id}/log?limit=1`);
  assert.equal((await get<Page>(api, `${id}/log?limit=7`)).NextOffset, 7);
  assert.equal((await get<Page>(api, `${id}/log?offset=${TotalCount - 3}`)).NextOffset, undefined);
  assert.equal((await get<Page>(api, `${id}/log?offset=${TotalCount + 3}`)).NextOffset, undefined);
});

test('a filtered stream gives existing and new lines that match, and resumes after a line that does not match', async (t) => {
  const api = await startApiUnderTest(t);
  const id = await api.beginBuild();
  const writer = await api.means.logbook.create(id);
  await writeStages(writer, 120);
  const early = await get<Page>(api, `${id}/log?limit=1`);
  const stream = await fetch(`${api.endpoint}/api/v1/builds/${id}/log/stream?step=2`, auth(api));
  await writeStages(writer, 20);
  await api.endBuild(id);
  await writer.seal({ verdict: 'complete' });
  const all = (await api.means.logbook.lines(id, 0, 100_000)).filter((line) => line.step === 2);
  assert.deepEqual(
    numbers(linesOf(await stream.text())),
    all.map((line) => line.lineNumber),
  );
  // Line TotalCount is not in step 2. A client that lost its stream there resumes after it.
  const resumed = await fetch(`${api.endpoint}/api/v1/builds/${id}/log/stream?step=2`, {
    headers: { ...auth(api).headers, 'last-event-id': String(early.TotalCount) },
  });
  assert.deepEqual(
    numbers(linesOf(await resumed.text())),
    all.map((line) => line.lineNumber).filter((line) => line > early.TotalCount),
  );
});

async function writeStages(writer: LogWriter, linesEach: number): Promise<void> {
  for (const [stage, step] of [
    ['GIT_CLONE', 0],
    ['DOCKER_IMAGE_BUILD', 0],
    ['DOCKER_IMAGE_BUILD', 1],
    ['DOCKER_IMAGE_BUILD', 2],
    ['DOCKER_IMAGE_BUILD', 3],
    ['DOCKER_IMAGE_PUSH', 0],
  ] as const) {
    writer.stage(stage, step);
    for (let line = 1; line <= linesEach; line += 10) {
      const some = Array.from({ length: 10 }, (_, at) => writer.line(`${stage} ${step} ${line + at}`));
      await Promise.all(some);
    }
    await writer.committed();
  }
}

async function readHits(api: ApiUnderTest, id: string, query: string): Promise<Line[]> {
  const lines: Line[] = [];
  for (let cursor: string | undefined = '1'; cursor !== undefined; ) {
    const path: string = `${id}/log/search?${query}&cursor=${cursor}`;
    const found: { Hits: { Line: Line }[]; Cursor?: string } = await get(api, path);
    lines.push(...found.Hits.map((hit) => hit.Line));
    cursor = found.Cursor;
  }
  return lines;
}

async function readPages(api: ApiUnderTest, id: string, query: string): Promise<Line[]> {
  const lines: Line[] = [];
  for (let offset: number | undefined = 0; offset !== undefined; ) {
    const page: Page = await get<Page>(api, `${id}/log?offset=${offset}&limit=70&${query}`);
    lines.push(...page.Lines);
    offset = page.NextOffset;
  }
  return lines;
}

function linesOf(stream: string): Line[] {
  return [...stream.matchAll(/^data: (\[.*\])$/gm)].flatMap(([, data = '']) => JSON.parse(data) as Line[]);
}

function numbers(lines: readonly Line[]): number[] {
  return lines.map((line) => line.LineNumber);
}

function auth(api: ApiUnderTest) {
  return { headers: { authorization: api.authorization } };
}

async function get<Reply>(api: ApiUnderTest, path: string): Promise<Reply> {
  const response = await fetch(`${api.endpoint}/api/v1/builds/${path}`, auth(api));
  const body = await response.text();
  assert.equal(response.status, 200, body);
  return JSON.parse(body) as Reply;
}
