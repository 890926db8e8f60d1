import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LAUNCHER } from '../support/slipway.ts';
import { pythonPackages } from './pinned.ts';
import { makeHome } from './programs.ts';
import { startRegistry } from './who-logs-in.ts';

const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
];
const LEFT_OUT = {
  streamLog: 'its reply is endless',
  createSource: 'the program makes no tar archives',
  deleteToken: "the run's own token would end",
  openSession: 'wrong passwords are slowed down',
  openSessionByPassword: 'wrong passwords are slowed down',
};

test('schemathesis finds no reply that differs from the OpenAPI document, no 5xx, and no accepted mistake', async (t) => {
  const packages = await pythonPackages(t, 'schemathesis');
  if (packages === undefined) return;
  const { dataFolder, root } = await startRegistry(t);
  const home = makeHome(t);
  const { stdout: token } = await home.end(LAUNCHER, ['token'], { env: { SLIPWAY_DATA: dataFolder } });
  const options = [
    ...['--header', `Authorization: Bearer ${token.trim()}`],
    ...['--checks', CHECKS.join(','), '--phases', 'examples,coverage,fuzzing', '--max-time', '120'],
    ...['--max-examples', '10', '--seed', '1', '--no-shrink', '--continue-on-failure', '--request-timeout', '20'],
    ...Object.keys(LEFT_OUT).flatMap((operation) => ['--exclude-operation-id', operation]),
  ];
  const env = { PYTHONPATH: packages };
  const args = ['-m', 'schemathesis.cli', 'run', `${root.Endpoint}/api/v1/openapi.json`, ...options];
  const { code, stdout } = await home.end('python3', args, { env });
  assert.equal(code, 0, stdout.slice(stdout.indexOf('= FAILURES ='), stdout.indexOf('= WARNINGS =')));
  t.diagnostic(stdout.split('\n').find((line) => /\d generated/.test(line)) ?? '');
});
