import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { logAppends, logPages, sealMismatches } from '@slipway/logbook';
import Fastify from 'fastify';
import { parse } from 'yaml';
import type { BuildRecord } from '#build/build.ts';
import { endedBuilds } from '#build/build-channel.ts';
import { startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { callV1 } from '#gateway/testing/send.ts';
import { startApiUnderTest } from '#native/testing/api.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { sendToken } from './registry/registry-token.ts';

test('metrics report builds by result, queue, durations, lines, latencies, followers and seal mismatches', async (t) => {
  const metrics = startMetrics(t, new Map([['PENDING', 4]]));
  answer(metrics);
  const times = { createdMs: 1000, startedMs: 1500, endedMs: 13_500 };
  const failure = { fault: 'machine' as const, message: 'no space' };
  endedBuilds.publish({ status: 'FAILED', ...times, failure } as BuildRecord);
  logAppends.publish({ lineCount: 5, durationMs: 2 });
  logAppends.publish({ lineCount: 2, durationMs: 3 });
  logPages.publish({ durationMs: 0.02 });
  sealMismatches.publish({ logId: 'log-1', reason: 'block 3 is damaged' });
  // Begins to measure what could be freed.
  await metrics.text();
  const lines = (await metrics.text()).split('\n');
  for (const line of [
    'slipway_builds{status="PENDING"} 4',
    'slipway_builds{status="FAILED"} 0',
    'slipway_build_duration_seconds_sum{result="FAILED"} 12',
    'slipway_build_duration_seconds_count{result="FAILED"} 1',
    'slipway_build_duration_seconds_bucket{le="10",result="FAILED"} 0',
    'slipway_build_duration_seconds_bucket{le="30",result="FAILED"} 1',
    'slipway_build_wait_seconds_sum{result="FAILED"} 0.5',
    'slipway_build_failures_total{fault="machine"} 1',
    'slipway_build_failures_total{fault="source"} 0',
    'slipway_builds_held 1',
    'slipway_disk_size_bytes 100',
    'slipway_disk_free_bytes 40',
    'slipway_disk_inodes 10',
    'slipway_disk_free_inodes 4',
    'slipway_space_bytes{part="logs"} 7',
    'slipway_space_reclaimable_bytes{part="images"} 3',
    'slipway_log_lines_total 7',
    'slipway_log_append_duration_seconds_count 2',
    'slipway_log_append_duration_seconds_sum 0.005',
    'slipway_log_page_duration_seconds_count 1',
    'slipway_log_seal_mismatches_total 1',
    'slipway_log_followers 7',
    'slipway_log_followers_dropped_total 2',
    'slipway_http_request_duration_seconds_count{method="GET",route="/api/v1/builds/:id/log",status="200"} 1',
  ]) {
    assert.ok(
      lines.includes(line),
      `${line} is missing:\n${lines.filter((each) => /^slipway_/.test(each)).join('\n')}`,
    );
  }
  assert.ok(lines.some((line) => line.startsWith('process_resident_memory_bytes ')));
  assert.ok(!lines.some((line) => line.includes('/stream')));
});

test('metrics count refusals of both APIs by code, and lines and pages of real logs', async (t) => {
  const metrics = startMetrics(t);
  const api = await startApiUnderTest(t);
  await using gateway = await startGatewayUnderTest();
  const id = await api.beginBuild();
  const writer = await api.means.logbook.create(id);
  await writer.line('one');
  await writer.line('two');
  await writer.committed();
  const get = (path: string) =>
    fetch(`${api.endpoint}/api/v1${path}`, { headers: { authorization: api.authorization } }).then((r) => r.text());
  await get(`/builds/${id}/log`);
  await get(`/builds/${id}/log?limit=0`);
  await get('/nothing');
  await callV1(gateway, 'GetInstance', { InstanceId: 'cri-nothing' });
  await callV1(gateway, 'ListInstance', {});
  const lines = (await metrics.text()).split('\n');
  for (const line of [
    'slipway_refusals_total{api="native",code="InvalidParameter"} 1',
    'slipway_refusals_total{api="native",code="InvalidPath.NotFound"} 1',
    'slipway_refusals_total{api="rpc",code="INSTANCE_NOT_EXIST"} 1',
    'slipway_log_lines_total 2',
    'slipway_log_page_duration_seconds_count 1',
  ]) {
    assert.ok(
      lines.includes(line),
      `${line} is missing:\n${lines.filter((each) => /^slipway_/.test(each)).join('\n')}`,
    );
  }
  assert.equal(lines.filter((line) => line.startsWith('slipway_refusals_total{')).length, 3);
});

test('refused logins to the registry are counted, and the alert of refused sign-ins sees them', async (t) => {
  const metrics = startMetrics(t);
  const app = Fastify();
  t.after(() => app.close());
  const verifyBasic = (user: string) => {
    if (user === 'often') throw new ApiError('Throttling.User', 429, 'Too many wrong passwords.');
    return undefined;
  };
  const means = { service: 'registry.test', verifyBasic } as unknown as Parameters<typeof sendToken>[2];
  app.get('/token', (request, reply) => sendToken(request, reply, means));
  for (const user of ['nobody', 'often']) {
    const authorization = `Basic ${Buffer.from(`${user}:wrong`).toString('base64')}`;
    await app.inject({ url: '/token?service=registry.test', headers: { authorization } });
  }
  const lines = (await metrics.text()).split('\n');
  const [, counted = ''] = /code=~"([^"]+)"/.exec(ruleOf('SlipwaySignInsRefused').expr) ?? [];
  for (const code of ['UNAUTHORIZED', 'TOOMANYREQUESTS']) {
    assert.ok(lines.includes(`slipway_refusals_total{api="registry",code="${code}"} 1`), lines.join('\n'));
    assert.match(code, new RegExp(`^(${counted})$`));
  }
});

test('a server that is not ready does not count as one that fails', () => {
  assert.equal(ruleOf('SlipwayServerErrors').expr.match(/_count\{route!="\/readyz"[,}]/g)?.length, 2);
});

test('metrics are in the text format of Prometheus', async (t) => {
  const metrics = startMetrics(t);
  answer(metrics);
  endedBuilds.publish({ status: 'SUCCESS', createdMs: 1, startedMs: 2, endedMs: 3 } as BuildRecord);
  const text = await metrics.text();
  assert.match(metrics.contentType, /^text\/plain; version=0\.0\.4/);
  assert.deepEqual(mistakesOf(text), []);
  assert.deepEqual(mistakesOf('# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_count 1\n'), [
    'a_bucket{}: buckets fall',
  ]);
  assert.deepEqual(mistakesOf('no_type 1\n'), ['no_type 1: no TYPE before it']);
});

test('the dashboard uses only metrics that exist, and every one of ours', async (t) => {
  const metrics = startMetrics(t);
  const dashboard = namesIn(documented('grafana-dashboard.json'));
  const typed = await seriesOf(metrics);
  assert.deepEqual([...dashboard].filter((name) => !typed.includes(name)).sort(), []);
  const base = (name: string) => name.replace(/_(bucket|sum|count)$/, '');
  const shown = new Set([...dashboard].map(base));
  const ours = new Set(typed.filter((name) => name.startsWith('slipway_')).map(base));
  assert.deepEqual([...ours].filter((name) => !shown.has(name)).sort(), []);
});

test('the alert rules use only metrics that exist, and each says what happened and what to do', async (t) => {
  const text = documented('prometheus-alerts.yaml');
  const typed = await seriesOf(startMetrics(t));
  assert.deepEqual([...namesIn(text)].filter((name) => !typed.includes(name)).sort(), []);
  const rules = rulesOf(text);
  assert.ok(rules.length > 10);
  assert.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length);
  for (const { alert, expr, labels, annotations } of rules) {
    assert.match(alert, /^Slipway[A-Z]\w+$/);
    assert.match(labels.severity, /^(warning|critical)$/, alert);
    assert.ok(annotations.summary.endsWith('.') && annotations.description.endsWith('.'), alert);
    for (const [open = '', close = ''] of ['()', '[]', '{}'].map((pair) => pair.split('')))
      assert.equal(expr.split(open).length, expr.split(close).length, `${alert}: ${expr}`);
  }
});

interface AlertRule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; description: string };
}

function rulesOf(text: string): AlertRule[] {
  const { groups } = parse(text) as { groups: { name: string; rules: AlertRule[] }[] };
  return groups.flatMap((group) => group.rules);
}

function ruleOf(name: string): AlertRule {
  const rule = rulesOf(documented('prometheus-alerts.yaml')).find(({ alert }) => alert === name);
  assert.ok(rule, name);
  return rule;
}

function documented(name: string): string {
  return readFileSync(join(import.meta.dirname, '../../../docs', name), 'utf8');
}

function namesIn(text: string): Set<string> {
  return new Set(text.match(/\b(slipway|process|nodejs)_[a-z0-9_]+/g));
}

/** The names of all series. */
async function seriesOf(metrics: Metrics): Promise<string[]> {
  return [...(await metrics.text()).matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = '', type]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
}

function startMetrics(t: TestContext, counts = new Map<string, number>()): Metrics {
  const metrics = createMetrics({ countBuilds: async () => counts, followers: { count: 7, dropped: 2 } });
  const disk = { sizeBytes: 100, freeBytes: 40, inodes: 10, freeInodes: 4 };
  const parts = [{ part: 'logs' as const, sizeBytes: 7, reclaimableBytes: 0 }];
  const reclaimable = async () => ({ images: 3, sources: 0, caches: 2, bases: 0 });
  const space = { disk: async () => disk, parts: async () => parts, reclaimable };
  const report = (message: string, error: unknown) => assert.fail(`${message}: ${error}`);
  metrics.addSpace({ space, waitReason: async () => 'the server is paused', report });
  t.after(() => metrics.close());
  return metrics;
}

function answer(metrics: Metrics): void {
  const response = {} as ServerResponse;
  const request = { method: 'GET', status: 200, durationMs: 3, headers: {}, response };
  metrics.noteRequest({ ...request, route: '/api/v1/builds/:id/log' });
  metrics.noteRequest({ ...request, route: '/api/v1/builds/:id/log/stream' });
}

/**
 * The lines of a text that are not in the format
 * (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format).
 */
function mistakesOf(text: string): string[] {
  const mistakes: string[] = [];
  const types = new Map<string, string>();
  const buckets = new Map<string, number>();
  if (!text.endsWith('\n')) mistakes.push('the last line does not end');
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [, name = '', type] =
      /^# TYPE ([a-z_:][a-z0-9_:]*) (counter|gauge|histogram|summary|untyped)$/i.exec(line) ?? [];
    if (type !== undefined) {
      if (types.has(name)) mistakes.push(`${name}: a second TYPE`);
      types.set(name, type);
      continue;
    }
    if (/^# HELP [a-z_:][a-z0-9_:]* \S.*$/i.test(line)) continue;
    const sample =
      /^([a-z_:][a-z0-9_:]*)(?:\{((?:\w+="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (NaN|[+-]?Inf|[-+.e\d]+)( \d+)?$/i.exec(
        line,
      );
    if (sample === null) {
      mistakes.push(`${line}: no sample`);
      continue;
    }
    const [, full = '', labels = '', value] = sample;
    const family = types.has(full) ? full : full.replace(/_(bucket|sum|count)$/, '');
    if (!types.has(family)) mistakes.push(`${line}: no TYPE before it`);
    if (types.get(family) === 'counter' && Number(value) < 0) mistakes.push(`${line}: a counter below zero`);
    if (types.get(family) !== 'histogram') continue;
    const series = labels.replace(/(^|,)le="[^"]*"/, '').replace(/^,/, '');
    if (full.endsWith('_bucket')) {
      const last = buckets.get(`${family}{${series}}`) ?? 0;
      if (Number(value) < last) mistakes.push(`${full}{${series}}: buckets fall`);
      buckets.set(`${family}{${series}}`, Number(value));
    }
    if (full.endsWith('_count') && buckets.get(`${family}{${series}}`) !== Number(value))
      mistakes.push(`${full}{${series}}: not the last bucket`);
  }
  return mistakes;
}
