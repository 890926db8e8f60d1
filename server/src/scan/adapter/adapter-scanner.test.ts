import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { JobFailed } from '#job/job.ts';
import { adapterScanner } from './adapter-scanner.ts';

const IMAGE = { repository: 'team/app', digest: `sha256:${'1'.repeat(64)}` };
const REPORT = {
  vulnerabilities: [
    {
      id: 'CVE-1',
      package: 'zlib',
      version: '1.2',
      fix_version: '1.3',
      severity: 'Critical',
      description: 'x',
      links: ['https://cve.example/1'],
    },
    { id: 'CVE-2', package: 'glibc', version: '2', severity: 'Negligible' },
  ],
};
const METADATA = {
  scanner: { name: 'Trivy', version: '0.50' },
  properties: { 'harbor.scanner-adapter/vulnerability-database-updated-at': '2026-01-02T03:04:05Z' },
};

type Answer = (response: ServerResponse) => void;

const json = (status: number, body: object): Answer => {
  return (response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};
const wait: Answer = (response) => response.writeHead(302, { 'refresh-after': '2' }).end();

/** A scanner that answers questions about its reports one after another, and notes what it was asked. */
async function stub(
  context: TestContext,
  reports: Answer[],
  others: { metadata?: Answer; scan?: Answer; limits?: object } = {},
) {
  const asked: { line: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const line = `${request.method} ${request.url}`;
    asked.push({ line, headers: request.headers, body: String(await buffer(request)) });
    if (request.url === '/api/v1/metadata') return (others.metadata ?? json(200, METADATA))(response);
    if (request.method === 'POST') return (others.scan ?? json(202, { id: 'a/b' }))(response);
    return (reports.shift() ?? json(404, {}))(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
  const limits = { answerMs: 3000, answerBytes: 2 ** 20, scanMs: 60_000, secondMs: 1, ...others.limits };
  const scanner = adapterScanner({
    url,
    authorization: 'Bearer secret',
    registryUrl: 'http://registry.example',
    limits,
    pullAuthorization: async ({ digest }) => `Basic for ${digest}`,
    mediaTypeOf: async () => 'application/vnd.oci.image.manifest.v1+json',
  });
  return { asked, scan: () => scanner.scan(IMAGE, new AbortController().signal) };
}

test('a scanner is asked for its report until it has one, and is given the right to pull this one image', async (context) => {
  const { asked, scan } = await stub(context, [wait, wait, json(200, REPORT)]);
  const { findings, database } = await scan();
  assert.deepEqual(
    asked.map(({ line }) => line),
    ['GET /api/v1/metadata', 'POST /api/v1/scan', ...new Array(3).fill('GET /api/v1/scan/a%2Fb/report')],
  );
  assert.ok(asked.every(({ headers }) => headers.authorization === 'Bearer secret'));
  assert.deepEqual(JSON.parse(asked[1]?.body ?? ''), {
    registry: { url: 'http://registry.example', authorization: `Basic for ${IMAGE.digest}` },
    artifact: { ...IMAGE, mime_type: 'application/vnd.oci.image.manifest.v1+json' },
  });
  assert.match(String(asked[2]?.headers.accept), /vulnerability\.report; version=1\.1/);
  assert.deepEqual(database, { version: 'Trivy 0.50 2026-01-02T03:04:05Z', dataMs: Date.UTC(2026, 0, 2, 3, 4, 5) });
  const told = findings.map((each) => [
    each.name,
    each.severity,
    each.package,
    each.version,
    each.fixedVersion,
    each.link,
  ]);
  assert.deepEqual(told, [
    ['CVE-1', 'High', 'zlib', '1.2', '1.3', 'https://cve.example/1'],
    ['CVE-2', 'Low', 'glibc', '2', '', ''],
  ]);
});

test('a scanner that is broken or hostile fails the scan with its reason, within its limits, and may be asked again unless it refuses', async (context) => {
  const endless: Answer = (response) => {
    response.writeHead(200);
    const write = () => {
      if (!response.destroyed && response.write(Buffer.alloc(64 * 1024))) setImmediate(write);
    };
    response.on('drain', write);
    write();
  };
  // A compressed answer is as large as what it unpacks to.
  const packed = gzipSync(gzipSync(Buffer.alloc(2 ** 28)));
  const bomb: Answer = (response) => response.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end(packed);
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  const trickle: Answer = (response) => {
    const timer = setInterval(() => response.write(' '), 1);
    response.on('close', () => clearInterval(timer));
  };
  const cases: [Answer[], Parameters<typeof stub>[2], RegExp, boolean][] = [
    [[json(500, {})], {}, /answered 500/, true],
    [[], {}, /answered 404/, true],
    [[json(400, {})], {}, /answered 400/, false],
    [[], { scan: json(422, {}) }, /answered 422/, false],
    [[], { scan: json(202, {}) }, /gave the scan no id/, true],
    [[], { metadata: (response) => response.end('hello') }, /not the JSON that its API names/, true],
    [[(response) => response.end('{')], {}, /report is not JSON/, true],
    [[json(200, { vulnerabilities: 'none' })], {}, /no list of vulnerabilities/, true],
    [[json(200, { vulnerabilities: [{}] })], {}, /no id or package/, true],
    [[endless], {}, /larger than 1048576 bytes/, true],
    [[(response) => response.destroy()], {}, /cannot be reached/, true],
    [[bomb], {}, /larger than 1048576 bytes/, true],
    [[(response) => response.end(`{"vulnerabilities":${deep}}`)], {}, /no id or package/, true],
    [new Array(200).fill(wait), { limits: { scanMs: 0 } }, /took more than 0 seconds/, true],
    [[trickle], { limits: { answerMs: 50 } }, /did not answer within 0\.05 seconds/, true],
    [[json(301, {})], {}, /answered 301/, false],
  ];
  for (const [reports, others, words, mayPass] of cases) {
    const { scan } = await stub(context, reports, others);
    await assert.rejects(scan(), (error) => {
      assert.ok(error instanceof JobFailed, String(error));
      assert.match(error.message, words);
      assert.equal(error.mayPass, mayPass, error.message);
      return true;
    });
  }
});
