import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bindRepository } from '../support/bound-repository.ts';
import { isFinal, waitForStatus } from '../support/log-reader.ts';
import { startGitHost } from '../support/peers/git-host.ts';
import { slipway, startServer, summaryValue } from '../support/slipway.ts';

const SKIP_LONG = process.env.SLIPWAY_TEST_LONG !== '1' && 'builds four times: runs with SLIPWAY_TEST_LONG=1';

test('slipway rule run builds what a push of its branch would, shows the log, and ends as the build does; slipway rebuild repeats it', {
  skip: SKIP_LONG,
}, async (t) => {
  const host = await startGitHost(t);
  host.addRepository('team/app', { Dockerfile: 'FROM busybox\nRUN echo by rule\n' });
  const server = await startServer(t, { flags: ['--source-url-gitee', host.url, '--allow-addresses', '127.0.0.0/8'] });
  const { BuildRuleId, RepoId } = await bindRepository(server, 'GITEE');
  const run = (...args: string[]) =>
    slipway(['rule', 'run', 'team/app', ...args], { env: { SLIPWAY_DATA: server.dataFolder } });

  const built = await run(BuildRuleId);
  assert.equal(built.code, 0, built.stdout + built.stderr);
  assert.match(built.stdout, /^ *\d+ +DOCKER_IMAGE_BUILD +by rule$/m);
  assert.equal(summaryValue(built.stdout, 'Status'), 'SUCCESS');
  assert.match(summaryValue(built.stdout, 'Image') ?? '', /\/team\/app:latest$/);

  const detached = await run(BuildRuleId, '--detach', '--json');
  assert.equal(detached.code, 0, detached.stderr);
  const BuildRecordId = String(JSON.parse(detached.stdout).BuildRecordId);
  const key = { InstanceId: server.root.InstanceId, RepoId, BuildRecordId };
  assert.equal(await waitForStatus(server.client, key, isFinal), 'SUCCESS');

  host.addCommit('team/app', { Dockerfile: 'FROM busybox\nRUN exit 7\n' });
  const failed = await run(BuildRuleId);
  assert.equal(failed.code, 1, failed.stdout + failed.stderr);
  assert.equal(summaryValue(failed.stdout, 'Status'), 'FAILED');

  // Of the commit that it built.
  const again = await slipway(['rebuild', BuildRecordId], { env: { SLIPWAY_DATA: server.dataFolder } });
  assert.equal(again.code, 0, again.stdout + again.stderr);
  assert.match(again.stdout, /^ *\d+ +DOCKER_IMAGE_BUILD +.*by rule$/m);

  const unknown = await run('crbr-0000000000000000');
  assert.equal(unknown.code, 3, unknown.stderr);
  assert.match(unknown.stderr, /BUILD_RULE_NOT_EXIST/);
});
