import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { Client } from '../../client/src/client.ts';
import { readEvents } from '../../client/src/event-stream.ts';
import { apiChecker } from '../support/api/openapi.ts';
import { isFinal, readLog, waitForLine, waitForSeal, waitForStatus } from '../support/log-reader.ts';
import { queueBuild } from '../support/queue-build.ts';
import { native, type PrintedLine, slipway, startServer, type TestServer } from '../support/slipway.ts';

const DOCKERFILE = `FROM busybox
RUN i=0; while [ $i -lt 150 ]; do i=$((i+1)); echo "line $i"; done; printf 'é \\033[1mbold\\033[0m "quoted" back\\\\slash\\n'
RUN echo "0 errors so far"; echo "fatal: the roof is on fire"; echo "and more"; exit 9
`;

const server = await startServer({ after });

test('the native API reads a build in every form, and each answer matches the OpenAPI document', async (t) => {
  const key = await queueBuild(t, server, { Dockerfile: DOCKERFILE }, 'team/roof:v1');
  await waitForStatus(server.client, key, isFinal);
  const id = key.BuildRecordId;
  await native(server.client, `/api/v1/builds/${id}`);
  await waitForSeal(server.client, id);
  const api = await apiChecker(server);
  const lines = await readLog(server.client, key);

  await t.test('pages: the lines of ListRepoBuildRecordLog with time, step and attempt', async () => {
    const page = await api.get('/builds/{id}/log', { id }, { offset: '100', limit: '20' });
    const read = page.Lines as (PrintedLine & { Time: number; Step: number; Attempt: number })[];
    assert.deepEqual(read.map(plain), lines.slice(100, 120));
    assert.equal(page.TotalCount, lines.length);
    assert.ok(read.every((line) => line.Time > Date.now() - 600_000 && line.Step === 1 && line.Attempt === 1));
    const past = await api.get('/builds/{id}/log', { id }, { offset: String(lines.length) });
    assert.deepEqual(past.Lines, []);
  });

  await t.test('curl --compressed reads the stored archive as text', { skip: missingCurl() }, async () => {
    const { stdout } = await slipway(['token', '--data', server.dataFolder]);
    const url = `${server.root.Endpoint}/api/v1/builds/${id}/log.ndjson.gz`;
    const curl = spawnSync('curl', ['-sf', '--compressed', '-H', `Authorization: Bearer ${stdout.trim()}`, url], {
      encoding: 'utf8',
    });
    const read = curl.stdout.trim().split('\n');
    assert.deepEqual(
      read.map((line) => JSON.parse(line) as PrintedLine),
      lines,
    );
  });

  await t.test(
    'raw text, NDJSON (whole and in ranges) and the archive are the same log, and match the seal',
    async () => {
      const { Seal } = await api.get('/builds/{id}/log/seal', { id });
      const seal = Seal as { sha256: string; sizeBytes: number; verdict: string };
      const whole = await bytes(server.client, `/api/v1/builds/${id}/log.ndjson`, { 'accept-encoding': 'identity' });
      assert.equal(createHash('sha256').update(whole).digest('hex'), seal.sha256);
      assert.equal(whole.toString(), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      const encoded = await bytes(server.client, `/api/v1/builds/${id}/log.ndjson`, { 'accept-encoding': 'gzip' });
      assert.ok(encoded.equals(whole));
      const archive = await bytes(server.client, `/api/v1/builds/${id}/log.ndjson.gz`, {
        'accept-encoding': 'identity',
      });
      assert.ok(gunzipSync(archive).equals(whole));
      for (const [range, from, to] of [
        ['bytes=0-9', 0, 10],
        ['bytes=500-', 500, seal.sizeBytes],
        ['bytes=-7', seal.sizeBytes - 7, seal.sizeBytes],
      ] as const) {
        const response = await server.client.fetch(`/api/v1/builds/${id}/log.ndjson`, { headers: { range } });
        assert.equal(response.status, 206);
        assert.equal(response.headers.get('content-range'), `bytes ${from}-${to - 1}/${seal.sizeBytes}`);
        assert.ok(Buffer.from(await response.arrayBuffer()).equals(whole.subarray(from, to)));
      }
      const text = await bytes(server.client, `/api/v1/builds/${id}/log.txt`);
      assert.equal(text.toString(), lines.map((line) => `${line.Message}\n`).join(''));
      const timed = await bytes(server.client, `/api/v1/builds/${id}/log.txt?timestamps=true`);
      assert.match(timed.toString(), /^(\d{4}-\d\d-\d\dT[\d:.]+Z [^\n]*\n)+$/);
    },
  );

  await t.test('search: texts, expressions, upper and lower case, context, and pages by cursor', async () => {
    const search = async (query: Record<string, string>) =>
      (await api.get('/builds/{id}/log/search', { id }, query)).Hits as { Line: PrintedLine; Before: PrintedLine[] }[];
    const hits = await search({ q: '"quoted" back\\slash', context: '2' });
    assert.equal(hits.length, 1);
    assert.deepEqual(
      hits[0]?.Before.map((line) => line.Message),
      ['line 149', 'line 150'],
    );
    assert.equal((await search({ regex: '^line 1[0-4]\\d$' })).length, 50);
    assert.deepEqual(
      (await search({ regex: 'FATAL', ignorecase: 'true' })).map((hit) => plain(hit.Line)),
      lines.filter((line) => /fatal/i.test(line.Message)),
    );
    const first = await api.get('/builds/{id}/log/search', { id }, { q: 'line ', limit: '100' });
    const rest = await api.get('/builds/{id}/log/search', { id }, { q: 'line ', cursor: String(first.Cursor) });
    assert.equal((first.Hits as unknown[]).length, 100);
    assert.equal(rest.Cursor, undefined);
    const found = [first, rest].flatMap((part) =>
      (part.Hits as { Line: PrintedLine }[]).map((hit) => hit.Line.Message),
    );
    assert.deepEqual(
      found.filter((message) => /^line \d+$/.test(message)),
      lines.map((line) => line.Message).filter((message) => /^line \d+$/.test(message)),
    );
    const across = await api.get('/log/search', {}, { repository: 'team/roof', q: 'on fire' });
    assert.equal((across.Hits as { BuildRecordId: string }[])[0]?.BuildRecordId, id);
    const all = await api.get('/log/search', {}, { regex: 'ROOF is on', ignorecase: 'true', status: 'FAILED' });
    assert.equal((all.Hits as { BuildRecordId: string }[])[0]?.BuildRecordId, id);
    assert.equal((all.Builds as { Repository: string }[])[0]?.Repository, 'team/roof');
  });

  await t.test(
    'the card names the failing step, its lines in the Dockerfile, its exit code and the first line that looks like an error',
    async () => {
      const card = await api.get('/builds/{id}/card', { id });
      assert.equal(card.ExitCode, 9);
      assert.equal((card.Step as { Step: number }).Step, 2);
      assert.equal((card.ErrorLine as PrintedLine).Message, 'fatal: the roof is on fire');
      assert.ok((card.LastLines as PrintedLine[]).some((line) => line.Message === 'and more'));
      const told = await slipway(['why', id, '--data', server.dataFolder]);
      const instruction = DOCKERFILE.split('\n')[2] ?? '';
      assert.deepEqual(card.Dockerfile, { Path: 'Dockerfile', FirstLine: 3, LastLine: 3, Lines: [instruction] });
      assert.match(told.stdout, /fatal: the roof is on fire/);
      assert.match(told.stdout, /^Exit code +9$/m);
      assert.match(told.stdout, /^Step +3\/\d+: RUN /m, 'by the number that the log shows');
      assert.ok(told.stdout.includes(`\nDockerfile, line 3:\n  3  ${instruction}\n`), told.stdout);
    },
  );

  await t.test('the command line shows the lines of a stage, a step and a time, which the server selects', async () => {
    const shown = async (...options: string[]) => {
      const { stdout, code, stderr } = await slipway(['logs', id, '--json', '--data', server.dataFolder, ...options]);
      assert.equal(code, 0, stderr);
      return stdout.split('\n').flatMap((line) => (line === '' ? [] : [plain(JSON.parse(line) as PrintedLine)]));
    };
    const step = (await api.get('/builds/{id}/log', { id }, { step: '1', limit: '1000' })).Lines as PrintedLine[];
    assert.ok(step.length > 150 && step.length < lines.length);
    assert.deepEqual(await shown('--stage', 'build', '--step', '2', '--since', '1h'), step.map(plain));
    assert.deepEqual(
      await shown('--grep', 'on fire', '--stage', 'build', '--since', '2020-01-01T00:00:00Z'),
      lines.filter((line) => line.Message.includes('on fire')),
    );
  });

  await t.test('lists, sections and tokens', async () => {
    const { Builds } = await api.get(
      '/builds',
      {},
      { repository: 'team/roof', status: 'FAILED', since: '2020-01-01T00:00:00Z' },
    );
    assert.deepEqual(
      (Builds as { BuildRecordId: string }[]).map((build) => build.BuildRecordId),
      [id],
    );
    assert.deepEqual((await api.get('/builds', {}, { repository: 'team/roof', status: 'SUCCESS' })).Builds, []);
    const { Sections } = await api.get('/builds/{id}/log/sections', { id });
    assert.deepEqual(
      (Sections as { FirstLine: number; LineCount: number }[]).reduce(
        (next, { FirstLine, LineCount }) => (FirstLine === next ? next + LineCount : Number.NaN),
        1,
      ),
      lines.length + 1,
    );
    await api.get('/builds/{id}', { id });
    assert.equal(((await api.get('/builds/{id}/steps', { id })).Steps as unknown[]).length, 2);
    await api.get('/tokens');
  });

  await t.test('a bearer token reads with its creator’s rights, creates no tokens, and ends when revoked', async () => {
    const made = await slipway(['token', '--data', server.dataFolder]);
    const read = (path: string, method = 'GET') =>
      fetch(`${server.root.Endpoint}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${made.stdout.trim()}` },
      });
    assert.equal((await read(`/builds/${id}/log`)).status, 200);
    assert.equal((await read('/tokens', 'POST')).status, 403);
    const [, tokenId = ''] = /(tok-\w+)/.exec(made.stderr) ?? [];
    const revoke = () => slipway(['token', '--revoke', tokenId, '--data', server.dataFolder]);
    assert.equal((await revoke()).code, 0);
    const again = await revoke();
    assert.equal(again.code, 3);
    assert.match(again.stderr, /^slipway: BEARER_TOKEN_NOT_EXIST: .*RequestId/);
    const refused = await read(`/builds/${id}/log`);
    assert.equal(refused.status, 401);
    assert.equal(((await refused.json()) as { Code: string }).Code, 'InvalidBearerToken');
  });

  await t.test(
    'a refusal names the mistake in a request: unknown and duplicate parameters, values, patterns, ids',
    async () => {
      const cases: [path: string, status: number, message: RegExp][] = [
        [
          `/builds/${id}/log?ofset=1`,
          400,
          /"ofset" is not valid: there is no such parameter here; the parameters are offset, limit, stage, step, since/,
        ],
        [`/builds/${id}/log?offset=1&offset=2`, 400, /"offset" .* more than once/],
        [`/builds/${id}/log?limit=1001`, 400, /"limit" .*1001.*from 1 to 1000/],
        [`/builds/${id}/log/search`, 400, /"q" that is mandatory/],
        [`/builds/${id}/log/search?regex=(`, 400, /"regex" is not valid: unclosed group/],
        [`/builds/${id}/log/search?q=a&regex=b`, 400, /"regex" is not valid: q is given too/],
        [`/builds/${id}/log/stream?from=1&tail=2`, 400, /"tail" is not valid: from is given too/],
        ['/builds?status=DONE', 400, /"DONE" is not one of/],
        ['/builds?repository=team', 400, /NAMESPACE\/NAME/],
        ['/builds?repository=team/none', 404, /repository does not exist/],
        ['/builds/00000000-0000-4000-8000-000000000000/log', 404, /build record does not exist/],
        ['/nothing', 404, /There is no/],
      ];
      for (const [path, status, message] of cases) {
        const response = await server.client.fetch(`/api/v1${path}`);
        const reply = await api.checkError(response);
        assert.equal(response.status, status, path);
        assert.match(reply.Message, message);
      }
      const unsatisfied = await server.client.fetch(`/api/v1/builds/${id}/log.ndjson`, {
        headers: { range: 'bytes=99999999-' },
      });
      assert.equal(unsatisfied.status, 416);
      const unsigned = await fetch(`${server.root.Endpoint}/api/v1/builds/${id}/log`);
      assert.notEqual(unsigned.status, 200);
    },
  );
});

test('the stream starts with the last lines, resumes after Last-Event-ID, and ends with status and seal', async (t) => {
  const key = await queueBuild(t, server, {
    Dockerfile: 'FROM busybox\nRUN for i in 1 2 3 4 5 6; do echo "tick $i"; sleep 0.3; done\n',
  });
  await waitForLine(server.client, key, 'tick 2');
  const before = (await readLog(server.client, key)).length;
  const tail = await streamed(server.client, `/api/v1/builds/${key.BuildRecordId}/log/stream?tail=1`);
  const all = await readLog(server.client, key);
  assert.ok((tail.lines[0]?.LineNumber ?? 0) >= before);
  assert.deepEqual(tail.lines.map(plain), all.slice((tail.lines[0]?.LineNumber ?? 0) - 1));
  assert.equal(tail.end.Status, 'SUCCESS');
  assert.equal(tail.end.Seal.verdict, 'complete');
  const resumed = await streamed(server.client, `/api/v1/builds/${key.BuildRecordId}/log/stream`, {
    'last-event-id': '4',
  });
  assert.deepEqual(resumed.lines.map(plain), all.slice(4));
});

test('without a signature or token, no form of a log can be read', async () => {
  const unsigned = [
    '/builds',
    '/builds/x/log',
    '/builds/x/log/stream',
    '/builds/x/log.txt',
    '/builds/x/log.ndjson',
    '/log/search',
    '/tokens',
    '/builds/x/card',
  ];
  for (const path of unsigned) {
    for (const headers of [{}, { authorization: 'Bearer nothing' }, { authorization: 'Basic YTpi' }]) {
      const response = await fetch(`${server.root.Endpoint}/api/v1${path}`, { headers });
      assert.ok(response.status >= 400 && response.status < 500, `${path} answered ${response.status}`);
    }
  }
});

function plain({ LineNumber, Message, BuildStage }: PrintedLine): PrintedLine {
  return { LineNumber, Message, BuildStage };
}

async function bytes(client: Client, path: string, headers: Record<string, string> = {}): Promise<Buffer> {
  const response = await client.fetch(path, { headers });
  assert.equal(response.status, 200, path);
  return Buffer.from(await response.arrayBuffer());
}

async function streamed(client: TestServer['client'], path: string, headers: Record<string, string> = {}) {
  const response = await client.fetch(path, { headers });
  assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  const lines: PrintedLine[] = [];
  for await (const event of readEvents(response.body ?? new ReadableStream())) {
    if (event.event === 'end')
      return { lines, end: JSON.parse(event.data) as { Status: string; Seal: { verdict: string } } };
    if (event.data !== '') lines.push(...(JSON.parse(event.data) as PrintedLine[]));
  }
  throw new Error('the stream ended without its end event');
}

function missingCurl(): string | false {
  return spawnSync('curl', ['--version']).error ? 'needs curl, not found on PATH' : false;
}
