import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isFinal, waitForSeal, waitForStatus } from '../support/log-reader.ts';
import { queueBuild } from '../support/queue-build.ts';
import { atEnd, ROOT, slipway, startServer } from '../support/slipway.ts';

const SKIP_LONG =
  process.env.SLIPWAY_TEST_LONG !== '1' && 'waits for a receiver that never answers: runs with SLIPWAY_TEST_LONG=1';

/**
 * A span of OTLP/JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding), as far as the test checks it.
 */
interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  status?: { code?: number; message?: string };
}

test('a configured receiver gets traces of builds and requests: stages, steps, failure, and the caller’s own trace', async (t) => {
  const { url, spans, services } = await startReceiver(t);
  const server = await startServer(t, { flags: ['--otlp-url', url] });
  const key = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN echo one\nRUN exit 3\n' }, 'team/traced:v1');
  await waitForStatus(server.client, key, isFinal);
  await waitForSeal(server.client, key.BuildRecordId);
  const token = (await slipway(['token', '--data', server.dataFolder])).stdout.trim();
  const [traceId, parentId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
  const read = (flags: string) =>
    fetch(`${server.root.Endpoint}/api/v1/builds/${key.BuildRecordId}/log`, {
      headers: { authorization: `Bearer ${token}`, traceparent: `00-${traceId}-${parentId}-${flags}` },
    }).then((response) => response.arrayBuffer());
  await read('01');
  await read('00');
  await assert.rejects(server.client.callAny('GetInstance', { InstanceId: 'cri-nothing' }));
  assert.equal(await server.stop(), 0);

  assert.deepEqual([...services], ['slipway']);
  const build = one(spans, 'build team/traced:v1');
  assert.equal(attributeOf(build, 'slipway.build.id'), key.BuildRecordId);
  assert.equal(attributeOf(build, 'slipway.build.status'), 'FAILED');
  assert.equal(build.status?.code, 2);
  const inside = spans.filter((span) => span.traceId === build.traceId && span !== build);
  assert.deepEqual(
    inside.filter((span) => span.parentSpanId === build.spanId).map((span) => span.name),
    ['queue', 'GIT_CLONE', 'DOCKER_IMAGE_BUILD'],
  );
  const stage = one(spans, 'DOCKER_IMAGE_BUILD');
  const steps = inside.filter((span) => span.parentSpanId === stage.spanId);
  assert.deepEqual(
    steps.map((span) => [span.name, span.status?.code === 2, attributeOf(span, 'slipway.step')]),
    [
      ['RUN echo one', false, 1],
      ['RUN exit 3', true, 2],
    ],
  );
  for (const span of inside) {
    assert.ok(BigInt(span.startTimeUnixNano) >= BigInt(build.startTimeUnixNano), span.name);
    assert.ok(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano), span.name);
    assert.ok(BigInt(span.endTimeUnixNano) <= BigInt(build.endTimeUnixNano), span.name);
  }

  const pages = spans.filter((span) => span.name === 'GET /api/v1/builds/:id/log');
  assert.deepEqual(
    pages.map((span) => [span.traceId, span.parentSpanId, span.kind, attributeOf(span, 'http.response.status_code')]),
    [[traceId, parentId, 2, 200]],
  );
  const refused = one(spans, 'GetInstance');
  assert.equal(attributeOf(refused, 'slipway.code'), 'INSTANCE_NOT_EXIST');
  assert.match(String(attributeOf(refused, 'slipway.request.id')), /^[0-9A-F-]{36}$/);
});

test('an unreachable receiver makes no answer and no build fail, and is reported', {
  skip: SKIP_LONG,
}, async (t) => {
  const server = await startServer(t, { flags: ['--otlp-url', 'http://127.0.0.1:9'] });
  await server.client.call('ListInstance', {});
  assert.equal(await server.stop(), 0);
  assert.match(server.stderr(), / traces: /);
});

test('the code that sends traces is loaded only if a receiver is configured', () => {
  const files = globSync('server/src/**/*.ts', { cwd: ROOT });
  const eager = files.filter((file) =>
    /^import (?!type\b)[^;]*'@opentelemetry\//m.test(readFileSync(join(ROOT, file), 'utf8')),
  );
  assert.deepEqual(eager, []);
});

/** A receiver of OTLP/JSON on a free port, and what it received. */
async function startReceiver(t: TestContext): Promise<{ url: string; spans: Span[]; services: Set<unknown> }> {
  const spans: Span[] = [];
  const services = new Set<unknown>();
  const receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    assert.equal(`${request.method} ${request.url}`, 'POST /v1/traces');
    const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString()) as {
      resourceSpans: { resource: Pick<Span, 'attributes'>; scopeSpans: { spans: Span[] }[] }[];
    };
    for (const { resource, scopeSpans } of resourceSpans) {
      services.add(attributeOf(resource, 'service.name'));
      spans.push(...scopeSpans.flatMap((scope) => scope.spans));
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => {
    receiver.closeAllConnections();
    receiver.close();
  });
  return { url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`, spans, services };
}

function one(spans: readonly Span[], name: string): Span {
  const [found, ...more] = spans.filter((span) => span.name === name);
  assert.ok(found && more.length === 0, `${name}: ${spans.map((span) => span.name)}`);
  return found;
}

function attributeOf({ attributes }: Pick<Span, 'attributes'>, key: string): unknown {
  return Object.values(attributes.find((attribute) => attribute.key === key)?.value ?? {})[0];
}
