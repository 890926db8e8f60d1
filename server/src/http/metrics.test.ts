import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMetrics } from './metrics.ts';

test('the figures tell builds by status, followers, answers by route and refusals by code', async () => {
  const metrics = createMetrics({
    countBuilds: async () => [{ status: 'FAILED', count: 3, waitedMs: 500, ranMs: 12_000 }],
    followers: { count: 7, dropped: 2 },
  });
  metrics.noteRequest({ method: 'GET', route: '/api/v1/builds/:id/log', status: 200 }, 3);
  metrics.noteRefusal('NoPrivilege');
  const lines = (await metrics.text()).split('\n');
  for (const line of [
    'slipway_builds{status="PENDING"} 0',
    'slipway_builds{status="FAILED"} 3',
    'slipway_build_run_seconds{status="FAILED"} 12',
    'slipway_build_wait_seconds{status="FAILED"} 0.5',
    'slipway_log_followers 7',
    'slipway_log_followers_dropped 2',
    'slipway_http_request_duration_seconds_count{method="GET",route="/api/v1/builds/:id/log",status="200"} 1',
    'slipway_native_refusals_total{code="NoPrivilege"} 1',
  ]) {
    assert.ok(lines.includes(line), `${line} is missing`);
  }
  assert.ok(lines.some((line) => line.startsWith('process_resident_memory_bytes ')));
});

test('the dashboard asks only for figures that there are', async () => {
  const metrics = createMetrics({ countBuilds: async () => [], followers: { count: 0, dropped: 0 } });
  metrics.noteRequest({ method: 'GET', route: '/', status: 200 }, 1);
  const text = await metrics.text();
  const dashboard = readFileSync(join(import.meta.dirname, '../../../docs/grafana-dashboard.json'), 'utf8');
  const names = new Set(dashboard.match(/\b(slipway|process|nodejs)_[a-z0-9_]+/g));
  assert.ok(names.size >= 8);
  assert.deepEqual(
    [...names].filter((name) => !text.includes(name)),
    [],
  );
});
