import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGatewayUnderTest } from '../../../server/src/gateway/testing/gateway.ts';
import { documentsOf, runLines, succeeded } from '../testing/run-lines.ts';

test('chart namespaces and repositories are created, listed, changed and deleted from the command line', async () => {
  await using gateway = await startGatewayUnderTest();
  const results = await runLines(gateway, [
    'chart namespace create charts --auto-create on',
    'chart repo create charts/apps --type public',
    'chart repo set charts/apps --summary apps',
    'chart namespace list',
    'chart list --json',
    'chart namespace set charts --auto-create off',
    'chart namespace list --json',
    'chart repo delete charts/apps --yes',
    'chart namespace delete charts --yes',
    'chart namespace list',
  ]);
  const [, , , listed, repositories, , changed, , , none] = succeeded(results);
  assert.equal(listed?.stdout, 'charts  a push creates private chart repositories\n');
  const [apps] = repositories === undefined ? [] : documentsOf(repositories);
  assert.deepEqual([apps?.RepoName, apps?.RepoType, apps?.Summary], ['apps', 'PUBLIC', 'apps']);
  assert.equal(changed && documentsOf(changed)[0]?.AutoCreateRepo, false);
  assert.match(none?.stderr ?? '', /no chart namespaces yet; slipway chart namespace create makes one/);

  const [unmeant, wrong, empty] = await runLines(gateway, [
    'chart repo delete charts/apps',
    'chart namespace create charts --auto-create maybe',
    'chart repo set charts/apps',
  ]);
  assert.deepEqual(
    [unmeant, wrong, empty].map((result) => result?.code),
    [2, 2, 2],
  );
  assert.match(unmeant?.stderr ?? '', /deletes the chart repository charts\/apps with its charts; add --yes/);
});
