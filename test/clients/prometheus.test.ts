import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { atEnd, ROOT, slipway, startServer, temporaryFolder, textOf } from '../support/slipway.ts';

const run = promisify(execFile);
const RULES = join(ROOT, 'docs', 'prometheus-alerts.yaml');

/** One series for each alert, with the minute at which it fires. What the test lists must fire, and nothing else. */
const FIRING = [
  ['SlipwayDown', 'up{job="slipway"}', '0x60'],
  ['SlipwayBuildsHeld', 'slipway_builds_held{job="slipway"}', '1x60'],
  ['SlipwayQueueStuck', 'slipway_builds{job="slipway",status="PENDING"}', '2x60'],
  ['SlipwayMachineFailures', 'slipway_build_failures_total{job="slipway",fault="machine"}', '0+1x60'],
  ['SlipwayDiskNearlyFull', 'slipway_disk_free_bytes{job="slipway"}', '5x60'],
  ['SlipwayInodesNearlyUsed', 'slipway_disk_free_inodes{job="slipway"}', '5x60'],
  ['SlipwayLogDamaged', 'slipway_log_seal_mismatches_total{job="slipway"}', '0+1x60'],
  ['SlipwayServerErrors', 'slipway_http_request_duration_seconds_count{job="slipway",status="500"}', '0+60x60'],
  ['SlipwaySignInsRefused', 'slipway_refusals_total{job="slipway",code="IncorrectPassword"}', '0+600x60'],
  ['SlipwayEventLoopSlow', 'nodejs_eventloop_lag_p99_seconds{job="slipway"}', '1x60'],
] as const;
const REST = [
  ['slipway_builds{job="slipway",status="BUILDING"}', '0x60'],
  ['slipway_disk_size_bytes{job="slipway"}', '100x60'],
  [
    'slipway_http_request_duration_seconds_count{job="slipway",instance="paused",route="/readyz",status="503"}',
    '0+60x60',
  ],
  ['slipway_disk_inodes{job="slipway"}', '100x60'],
] as const;

test('Prometheus accepts the alert rules, and they fire when they should', async (t) => {
  const promtool = await findPromtool(t);
  if (promtool === undefined) return;
  const folder = temporaryFolder(t);
  assert.match((await run(promtool, ['check', 'rules', RULES])).stdout, /SUCCESS: \d+ rules found/);
  const series = [...FIRING.map(([, name, values]) => [name, values]), ...REST];
  const tests = {
    rule_files: [RULES],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: series.map(([name, values]) => ({ series: name, values })),
        promql_expr_test: [
          {
            expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
            eval_time: '30m',
            exp_samples: FIRING.map(([name]) => ({ labels: `{alertname="${name}"}`, value: 1 })),
          },
        ],
      },
    ],
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'tests.yaml'), JSON.stringify(tests));
  const ended = await run(promtool, ['test', 'rules', join(folder, 'tests.yaml')]);
  assert.match(ended.stdout, /SUCCESS/);
});

test('Prometheus scrapes a real server, and alerts when it is paused and when it is gone, until it is back', async (t) => {
  const promtool = await findPromtool(t);
  if (promtool === undefined) return;
  const server = await startServer(t, { flags: ['--no-builds'] });
  const prometheus = await startPrometheus(t, promtool.replace(/promtool$/, 'prometheus'), server.root.Endpoint);
  const firing = async (): Promise<string[]> => {
    const reply = await fetch(`${prometheus}/api/v1/alerts`);
    const { data } = (await reply.json()) as { data: { alerts: { labels: { alertname: string }; state: string }[] } };
    return data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname);
  };
  const series = async (query: string) => {
    const reply = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(query)}`);
    return ((await reply.json()) as { data: { result: unknown[] } }).data.result.length;
  };
  const until = async (isSo: () => Promise<boolean>) => {
    while (!(await isSo())) await sleep(200);
  };
  await until(async () => (await series('up{job="slipway"} == 1')) === 1);
  await until(async () => (await series('slipway_space_reclaimable_bytes')) === 4);
  assert.deepEqual(await firing(), []);

  const data = ['--data', server.dataFolder];
  assert.equal((await slipway(['pause', ...data])).code, 0);
  await until(async () => (await firing()).includes('SlipwayBuildsHeld'));
  assert.equal((await slipway(['resume', ...data])).code, 0);
  await until(async () => (await firing()).length === 0);
  await server.stop();
  await until(async () => (await firing()).includes('SlipwayDown'));
});

/** With the alert rules as they are, but firing at once; returns its address. */
async function startPrometheus(t: TestContext, program: string, endpoint: string): Promise<string> {
  const folder = temporaryFolder(t);
  const { host } = new URL(endpoint);
  writeFileSync(join(folder, 'rules.yaml'), readFileSync(RULES, 'utf8').replaceAll(/^( +for:) .*$/gm, '$1 0s'));
  const settings = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [join(folder, 'rules.yaml')],
    scrape_configs: [{ job_name: 'slipway', static_configs: [{ targets: [host] }] }],
  };
  writeFileSync(join(folder, 'prometheus.yaml'), JSON.stringify(settings));
  const flags = [`--config.file=${folder}/prometheus.yaml`, `--storage.tsdb.path=${folder}/data`];
  const child = spawn(program, [...flags, '--web.listen-address=127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = textOf(child);
  const ended = once(child, 'close');
  atEnd(t, async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const listens = /Listening on"? .*?address="?(127\.0\.0\.1:\d+)/;
  while (!listens.test(printed.stderr)) {
    assert.equal(child.exitCode, null, printed.stderr);
    await sleep(100);
  }
  return `http://${listens.exec(printed.stderr)?.[1]}`;
}

/** Of Debian's package, which is unpacked and not installed; undefined if there is none here, and then the test was skipped. */
async function findPromtool(t: TestContext): Promise<string | undefined> {
  const folder = temporaryFolder(t);
  try {
    await run('apt-get', ['download', 'prometheus'], { cwd: folder });
    const [file = ''] = readdirSync(folder);
    await run('dpkg-deb', ['-x', file, 'unpacked'], { cwd: folder });
  } catch (error) {
    t.skip(`Debian's package prometheus, which has promtool, cannot be downloaded here: ${(error as Error).message}`);
    return undefined;
  }
  return join(folder, 'unpacked', 'usr', 'bin', 'promtool');
}
