import assert from 'node:assert/strict';
import { after, type TestContext, test } from 'node:test';
import { ApiCallError } from '../../client/src/api-call-error.ts';
import { vendorClients } from '../support/api/vendor-clients.ts';
import { parseXml } from '../support/api/xml.ts';
import { type BuildKey, isFinal, readLog, readLogWith, waitForLine, waitForStatus } from '../support/log-reader.ts';
import { queueBuild } from '../support/queue-build.ts';
import { native, type PrintedLine, pairOf, startServer, type TestServer } from '../support/slipway.ts';

/** 230 lines, a pause in which the test reads, 7 more lines. */
const talkative = (pauseSeconds: number) => `FROM busybox
RUN i=0; while [ $i -lt 230 ]; do i=$((i+1)); echo "line $i"; done; sleep ${pauseSeconds}; for w in a b c d e f g; do echo $w; done
`;

// Every byte value once, with a line before and a line after.
const ALL_BYTES = `FROM busybox
RUN echo before; i=0; while [ $i -lt 256 ]; do printf "\\\\$(printf %03o $i)"; i=$((i+1)); done; echo; echo after
`;

const server = await startServer({ after }, { flags: ['--concurrent-builds', '1'] });

test('the contract of ListRepoBuildRecordLog holds for a running and for a finished build', async (t) => {
  const { key, running } = await readRunning(t);
  await waitForStatus(server.client, key, isFinal);
  const finished = await readPages(server, key);
  await waitForSeal(server, key);
  const sealed = await readPages(server, key);

  await t.test('lines are numbered from 1 without gaps, and line k is at Offset k − 1', async () => {
    const lines = finished.flatMap((page) => page.lines);
    assert.deepEqual(
      lines.map((line) => line.LineNumber),
      lines.map((_, index) => index + 1),
    );
    for (const offset of [0, 1, 99, 100, 101, lines.length - 1])
      assert.deepEqual((await readPage(server, key, offset)).lines[0], lines[offset]);
  });

  await t.test(
    'a page has min(100, TotalCount − Offset) lines; PageSize stays 100, PageNo is ⌊Offset/100⌋ + 1',
    async () => {
      const total = finished.flatMap((page) => page.lines).length;
      for (const offset of [0, 50, 99, 100, 199, 200, total - 1, total, total + 1, 10 ** 15]) {
        const page = await readPage(server, key, offset);
        assert.equal(page.lines.length, Math.max(0, Math.min(100, total - offset)), `Offset ${offset}`);
        assert.equal(page.PageSize, 100);
        assert.equal(page.PageNo, Math.floor(offset / 100) + 1);
        assert.equal(page.TotalCount, String(total));
      }
    },
  );

  await t.test('the same Offset gives the same lines before and after the end and the seal', () => {
    for (const [number, page] of running.entries()) {
      if (page.lines.length === 100)
        assert.equal(
          finished[number]?.text,
          page.text.replace(/"TotalCount":"\d+"/, `"TotalCount":"${finished[number]?.TotalCount}"`),
        );
      assert.deepEqual(finished[number]?.lines.slice(0, page.lines.length), page.lines);
    }
    assert.deepEqual(
      sealed.map((page) => page.text),
      finished.map((page) => page.text),
    );
  });

  await t.test('TotalCount grows while the build runs', () => {
    assert.ok(Number(running[0]?.TotalCount) < Number(finished[0]?.TotalCount));
  });

  await t.test('the fields of the reply are in the documented order, with their types', async () => {
    const { text } = await readPage(server, key, 1);
    assert.match(
      text,
      /^\{"RequestId":"","Code":"success","PageNo":1,"IsSuccess":true,"PageSize":100,"TotalCount":"\d+","BuildRecordLogs":\[\{"LineNumber":2,"Message":"fetch stage begin","BuildStage":"GIT_CLONE"\},/,
    );
  });

  await t.test('stages come in order; each opens with its begin line and closes with its duration', () => {
    const lines = finished.flatMap((page) => page.lines);
    const own = lines
      .filter((line) => /^(fetch|build|push) stage /.test(line.Message))
      .map((line) => `${line.BuildStage} ${line.Message.replace(/[\d.]+ s$/, 'N s')}`);
    assert.deepEqual(own, [
      'GIT_CLONE fetch stage begin',
      'GIT_CLONE fetch stage end after N s',
      'DOCKER_IMAGE_BUILD build stage begin',
      'DOCKER_IMAGE_BUILD build stage end after N s',
      'DOCKER_IMAGE_PUSH push stage begin',
      'DOCKER_IMAGE_PUSH push stage end after N s',
    ]);
    assert.equal(lines.at(-1)?.Message.startsWith('push stage end'), true);
  });

  await t.test('an absent or empty Offset is 0; any other text is refused with its name and value', async () => {
    const first = await readPage(server, key, 0);
    for (const Offset of [undefined, '']) assert.deepEqual((await readPage(server, key, Offset)).text, first.text);
    for (const Offset of [
      '-1',
      '1.5',
      '1e3',
      '0x10',
      ' 5',
      '+5',
      '５',
      '9007199254740992',
      '99999999999999999',
      'NaN',
      'ten',
    ])
      await assertRefused(
        server,
        { ...key, Offset },
        400,
        'InvalidParameter',
        (message) => message.includes('Offset') && message.includes(Offset),
      );
    assert.equal((await readPage(server, key, 9007199254740991)).lines.length, 0);
  });

  await t.test(
    'an unknown instance, repository or record, and another repository’s record, answer 404 with their codes',
    async () => {
      const other = await server.client.call('CreateRepository', {
        InstanceId: key.InstanceId,
        RepoNamespaceName: 'local',
        RepoName: 'other',
        RepoType: 'PRIVATE',
        Summary: 'another',
      });
      await assertRefused(server, { ...key, InstanceId: 'cri-0000000000000000' }, 404, 'INSTANCE_NOT_EXIST');
      await assertRefused(server, { ...key, RepoId: 'crr-0000000000000000' }, 404, 'REPO_NOT_EXIST');
      await assertRefused(
        server,
        { ...key, BuildRecordId: '00000000-0000-4000-8000-000000000000' },
        404,
        'BUILD_RECORD_NOT_EXIST',
      );
      await assertRefused(server, { ...key, RepoId: String(other.RepoId) }, 404, 'BUILD_RECORD_NOT_EXIST');
      for (const name of ['InstanceId', 'RepoId', 'BuildRecordId'] as const)
        await assertRefused(server, { ...key, [name]: undefined }, 400, 'MissingParameter', (message) =>
          message.includes(name),
        );
    },
  );
});

test('all 256 byte values pass through a build’s log, in JSON and in XML, and every client sees the same text', async (t) => {
  const key = await queueBuild(t, server, { Dockerfile: ALL_BYTES });
  assert.equal(await waitForStatus(server.client, key, isFinal), 'SUCCESS');
  const lines = await readLog(server.client, key);
  const start = lines.findIndex((line) => line.Message === 'before') + 1;
  const end = lines.findIndex((line) => line.Message === 'after');
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
  const expected = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).split('\n');
  assert.deepEqual(
    lines.slice(start, end).map((line) => line.Message),
    expected,
  );

  for (const client of vendorClients({ ...pairOf(server.root), host: new URL(server.root.Endpoint).host }))
    assert.deepEqual(await readLogWith(client, key), lines, client.name);

  const xml = parseXml(await readXml(server, key));
  assert.equal(xml.root, 'ListRepoBuildRecordLogResponse');
  const items = xml.children
    .filter(([name]) => name === 'BuildRecordLogs')
    .map(([, fields]) => Object.fromEntries(fields as [string, string][]));
  const forbidden = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;
  assert.deepEqual(
    items.map((item) => item.Message),
    lines.map((line) => line.Message.replace(forbidden, '\ufffd')),
  );
});

test('a waiting record has TotalCount "0" and no lines; if cancelled before it starts, it gets its four lines', async (t) => {
  const first = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN sleep 600\n' });
  await waitForLine(server.client, first, 'RUN sleep 600');
  const waiting = await queueBuild(t, server, { Dockerfile: 'FROM busybox\n' });
  const page = await readPage(server, waiting, 0);
  assert.equal(page.TotalCount, '0');
  assert.deepEqual(page.lines, []);
  assert.equal((await server.client.call('GetRepoBuildRecordStatus', waiting)).BuildStatus, 'PENDING');

  await server.client.call('CancelRepoBuildRecord', waiting);
  await server.client.call('CancelRepoBuildRecord', first);
  assert.equal(await waitForStatus(server.client, first, isFinal), 'CANCELED');
  assert.equal(await waitForStatus(server.client, waiting, isFinal), 'CANCELED');
  const lines = await readLog(server.client, waiting);
  assert.deepEqual(lines.map((line) => `${line.BuildStage} ${line.Message.replace(/[\d.]+ s$/, 'N s')}`).slice(1), [
    'GIT_CLONE fetch stage begin',
    'GIT_CLONE the build was cancelled',
    'GIT_CLONE fetch stage cancelled after N s',
  ]);
  await server.client.call('CancelRepoBuildRecord', waiting);
});

/**
 * Reads a build while it runs; if the machine is too busy to do so in the build's pause, tries again with a longer
 * pause.
 */
async function readRunning(t: TestContext): Promise<{ key: BuildKey; running: ReadPage[] }> {
  for (let pauseSeconds = 2; ; pauseSeconds *= 4) {
    const key = await queueBuild(t, server, { Dockerfile: talkative(pauseSeconds) });
    await waitForLine(server.client, key, 'line 230');
    const running = await readPages(server, key);
    const { BuildStatus } = await server.client.call('GetRepoBuildRecordStatus', key);
    const lines = running.flatMap((page) => page.lines);
    if (BuildStatus === 'BUILDING' && !lines.some((line) => line.Message === 'a')) return { key, running };
    assert.notEqual(BuildStatus, 'FAILED');
    await waitForStatus(server.client, key, isFinal);
  }
}

interface ReadPage {
  PageNo: number;
  PageSize: number;
  TotalCount: string;
  lines: PrintedLine[];
  /** The body with its RequestId blanked. */
  text: string;
}

async function readPage(server: TestServer, key: BuildKey, Offset: number | string | undefined): Promise<ReadPage> {
  const { url, headers } = await server.client.explain('ListRepoBuildRecordLog', { ...key, Offset });
  const response = await fetch(url, { method: 'POST', headers });
  const text = (await response.text()).replace(/"RequestId":"[0-9A-F-]{36}"/, '"RequestId":""');
  assert.equal(response.status, 200, text);
  const body = JSON.parse(text) as Omit<ReadPage, 'lines'> & { BuildRecordLogs: PrintedLine[] };
  return { ...body, lines: body.BuildRecordLogs, text };
}

async function readPages(server: TestServer, key: BuildKey): Promise<ReadPage[]> {
  const pages: ReadPage[] = [];
  for (let offset = 0; ; offset += 100) {
    const page = await readPage(server, key, offset);
    if (page.lines.length === 0) return pages;
    pages.push(page);
  }
}

async function readXml(server: TestServer, key: BuildKey): Promise<string> {
  const { url, headers } = await server.client.explain('ListRepoBuildRecordLog', { ...key, Format: 'XML' });
  const response = await fetch(url, { method: 'POST', headers });
  assert.equal(response.headers.get('content-type'), 'text/xml;charset=utf-8');
  return response.text();
}

async function waitForSeal(server: TestServer, key: BuildKey): Promise<void> {
  for (;;) if ((await native(server.client, `/api/v1/builds/${key.BuildRecordId}`)).Seal) return;
}

async function assertRefused(
  server: TestServer,
  params: Record<string, unknown>,
  status: number,
  code: string,
  message: (text: string) => boolean = () => true,
): Promise<void> {
  await assert.rejects(server.client.callAny('ListRepoBuildRecordLog', params), (error: unknown) => {
    assert.ok(error instanceof ApiCallError, String(error));
    assert.deepEqual([error.status, error.code], [status, code], JSON.stringify(params));
    assert.ok(message(error.message), error.message);
    return true;
  });
}
