import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { isFinal, waitForSeal, waitForStatus } from '../support/log-reader.ts';
import { queueBuild } from '../support/queue-build.ts';
import {
  atEnd,
  cleanEnvironment,
  firstUuid,
  LAUNCHER,
  slipway,
  startServer,
  type TestServer,
} from '../support/slipway.ts';

const SKIP_LONG =
  process.env.SLIPWAY_TEST_LONG !== '1' && 'builds a log of a million lines: runs with SLIPWAY_TEST_LONG=1';
const MILLION = 1_000_000;

type Answer = Record<string, unknown> & { isError?: boolean };

test('a model finds the failing line of examples/failing, pages and tails a long log, and sees where two builds differ', async (t) => {
  const server = await startServer(t);
  const failed = firstUuid((await slipway(['build', 'examples/failing', '--data', server.dataFolder])).stdout);
  const long = await queueBuild(t, server, {
    Dockerfile: 'FROM busybox\nRUN seq 1 5000 | sed "s/^/line /"; echo needle; seq 1 5000\n',
  });
  const other = await queueBuild(t, server, {
    Dockerfile: 'FROM busybox\nRUN seq 1 5000 | sed "s/^/line /"; echo thread; seq 1 5000\n',
  });
  for (const key of [long, other]) {
    await waitForStatus(server.client, key, isFinal);
    await waitForSeal(server.client, key.BuildRecordId);
  }
  const call = await openClient(t, server);

  const { builds } = (await call('list_builds', { status: 'FAILED' })) as { builds: { BuildRecordId: string }[] };
  assert.deepEqual(
    builds.map((build) => build.BuildRecordId),
    [failed],
  );
  const card = await call('failure_card', { build_id: failed });
  assert.match((card.error_line as { message: string }).message, /^error: settings\.ini: line 3/);
  assert.equal(card.ExitCode, 7);

  const page = await call('read_log', { build_id: long.BuildRecordId, from_line: 1, count: 10 });
  assert.equal((page.lines as unknown[]).length, 10);
  assert.deepEqual(
    [page.truncated, page.masked, page.partial, page.expired, page.running],
    [true, false, false, false, false],
  );
  const tail = await call('tail_log', { build_id: long.BuildRecordId, count: 1 });
  assert.match((tail.lines as { message: string }[])[0]?.message ?? '', /^push stage end/);
  const found = await call('search_log', { build_id: long.BuildRecordId, pattern: '^needle$', context: 1 });
  assert.deepEqual(
    (found.hits as { before: { message: string }[] }[]).map((hit) => hit.before[0]?.message),
    ['line 5000'],
  );

  const diff = await call('diff_logs', { build_id: other.BuildRecordId, other_build_id: long.BuildRecordId });
  assert.equal(diff.same, false);
  assert.match((diff.lines as { message: string }[])[0]?.message ?? '', /thread/);
  assert.match((diff.other_lines as { message: string }[])[0]?.message ?? '', /needle/);

  assert.match(String((await call('read_log', { build_id: 'x' })).error), /build_id must be a BuildRecordId/);
  assert.match(
    String((await call('read_log', { build_id: '00000000-0000-4000-8000-000000000000' })).error),
    /BUILD_RECORD_NOT_EXIST/,
  );
  const across = await call('search_logs', { pattern: 'settings\\.ini: line \\d', status: 'FAILED', limit: 1 });
  assert.deepEqual(
    (across.builds as { build_id: string; hits: { message: string }[] }[]).map(({ build_id, hits }) => [
      build_id,
      hits.length,
    ]),
    [[failed, 1]],
  );
  await searchOnCommandLine(server, failed);
  assert.match(String((await call('search_log', { build_id: failed, pattern: '(' })).error), /unclosed group/);
});

test('a model finds the failing line of a log of a million lines, with the card and with a search', {
  skip: SKIP_LONG,
}, async (t) => {
  const server = await startServer(t);
  const half = MILLION / 2;
  const key = await queueBuild(t, server, {
    Dockerfile: `FROM busybox\nRUN seq 1 ${half} | sed "s/^/compiling part /"; echo "error: part ${half}: the roof is on fire"; seq 1 ${half} | sed "s/^/cleaning up /"; exit 5\n`,
  });
  await waitForStatus(server.client, key, isFinal);
  await waitForSeal(server.client, key.BuildRecordId);
  const call = await openClient(t, server);

  const card = await call('failure_card', { build_id: key.BuildRecordId });
  assert.equal(card.ExitCode, 5, JSON.stringify(card));
  const failing = card.error_line as { line: number; message: string };
  assert.equal(failing.message, `error: part ${half}: the roof is on fire`);
  assert.ok(failing.line > half);
  // One answer may not cover a log of this size on a slow machine: it says from which line to continue.
  const hits: { line: number; before: { message: string }[] }[] = [];
  for (let next: unknown = 1; next !== undefined; ) {
    const query = { build_id: key.BuildRecordId, pattern: '^error: .* on fire$', context: 1, from_line: next };
    const found = await call('search_log', query);
    assert.ok(Array.isArray(found.hits), JSON.stringify(found));
    hits.push(...(found.hits as typeof hits));
    assert.equal(found.truncated, found.next_line !== undefined);
    next = found.next_line;
  }
  assert.deepEqual(
    hits.map((hit) => [hit.line, hit.before[0]?.message]),
    [[failing.line, `compiling part ${half}`]],
  );
  const page = await call('read_log', { build_id: key.BuildRecordId, from_line: failing.line, count: 2 });
  assert.deepEqual(
    (page.lines as { message: string }[]).map((line) => line.message),
    [failing.message, 'cleaning up 1'],
  );
  assert.ok(Number(page.total_lines) > MILLION);
  assert.equal(page.truncated, true);
});

/**
 * The SDK's client connected to its own `slipway mcp`; returns a function that gives the tool's JSON, or its refusal as
 * `error`.
 */
async function openClient(
  t: TestContext,
  server: TestServer,
): Promise<(tool: string, args: object) => Promise<Answer>> {
  const client = new Client({ name: 'test', version: '1' });
  const env = cleanEnvironment();
  await client.connect(
    new StdioClientTransport({ command: LAUNCHER, args: ['mcp', '--data', server.dataFolder], env }),
  );
  atEnd(t, () => client.close());
  const { tools } = await client.listTools();
  assert.ok(tools.every((tool) => tool.annotations?.readOnlyHint === true));
  return async (tool, args) => {
    const { content, isError } = await client.callTool({ name: tool, arguments: { ...args } });
    const [first] = content as { text: string }[];
    return isError === true ? { error: first?.text } : (JSON.parse(first?.text ?? '') as Answer);
  };
}

/** `slipway search` finds the lines of all logs, by build, and ends with 1 if there are none. */
async function searchOnCommandLine(server: TestServer, failed: string): Promise<void> {
  const flags = ['--data', server.dataFolder];
  const found = await slipway(['search', 'SETTINGS.ini: line 3', '-i', '-C', '1', '--status', 'FAILED', ...flags]);
  assert.equal(found.code, 0, found.stderr);
  const [head = '', ...shown] = found.stdout.trimEnd().split('\n');
  assert.match(head, new RegExp(`^${failed}  .* FAILED {4}`));
  assert.ok(shown.some((line) => /^ *\d+: .*error: settings\.ini: line 3/.test(line)));
  assert.ok(shown.some((line) => /^ *\d+- /.test(line)));
  const json = await slipway(['search', 'settings.ini: l.ne 3', '-E', '--limit', '1', '--json', ...flags]);
  const { BuildRecordId, Line, Status } = JSON.parse(json.stdout.split('\n')[0] ?? '');
  assert.deepEqual([BuildRecordId, Status], [failed, 'FAILED']);
  assert.match(Line.Message, /settings\.ini: line 3/);
  const none = await slipway(['search', 'settings', '--branch', 'none', ...flags]);
  assert.deepEqual([none.code, none.stdout], [1, '']);
  assert.match(none.stderr, /no line of 0 logs has this text/);
}
