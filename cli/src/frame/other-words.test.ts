import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGatewayUnderTest } from '../../../server/src/gateway/testing/gateway.ts';
import { documentsOf, runLines, succeeded } from '../testing/run-lines.ts';

test('groups of commands answer to each other’s verbs: create and add, delete and remove, set and update, list', async () => {
  await using gateway = await startGatewayUnderTest();
  const lines = [
    'namespace add team',
    'repo add team/app --json',
    'repo update team/app --summary app',
    'lifecycle create team/app --keep 3 --json',
    'sync list',
    'subscription list',
    'scan list',
    'ram user add ann',
    'ram user set ann --comments reader',
    'ram user remove ann --yes',
    'ram group create readers',
    'ram user create ben',
    'ram group add readers ben',
    'ram group remove readers ben',
  ];
  const results = succeeded(await runLines(gateway, lines));
  const [rule] = documentsOf(results[3] ?? { line: '', code: 0, stdout: '', stderr: '' });
  const [removed, help] = await runLines(gateway, [`lifecycle delete ${rule?.RuleId} --yes`, 'sync --help']);
  assert.match(removed?.stderr ?? '', /is removed/);
  assert.match(help?.stdout ?? '', /^ {2}rules\|list /m, 'the help shows the other word');
});
