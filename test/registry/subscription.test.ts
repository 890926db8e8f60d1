import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { slipway, startServer, temporaryFolder } from '../support/slipway.ts';

const SKIP = process.env.SLIPWAY_TEST_LONG !== '1' && 'starts three servers: runs with SLIPWAY_TEST_LONG=1';

test('the command line mirrors an image of another registry, and neither log nor message has the login', {
  skip: SKIP,
}, async (t) => {
  const upstream = await startServer(t);
  const { Endpoint: registry, AccessKeyId: user, AccessKeySecret: password } = upstream.root;
  const file = join(temporaryFolder(t), 'providers.json');
  const wrong = 'a-wrong-secret-of-32-characters-x';
  const providers = [
    { name: 'UP', registry, user, password },
    { name: 'WRONG', registry, user, password: wrong },
  ];
  writeFileSync(file, JSON.stringify(providers), { mode: 0o600 });
  const flags = ['--subscription-providers-file', file, '--subscription-every-hours', '0'];
  let server = await startServer(t, { flags: [...flags, '--allow-addresses', '127.0.0.1/32'] });
  const { dataFolder } = server;
  const { InstanceId } = server.root;
  await server.client.call('CreateNamespace', { InstanceId, NamespaceName: 'mirror', AutoCreateRepo: true });
  const subscription = (...args: string[]) => slipway(['subscription', ...args, '--data', dataFolder]);
  const add = async (...args: string[]) => {
    const added = await subscription('add', 'library/busybox', 'mirror/busybox', ...args);
    assert.equal(added.code, 0, added.stderr);
    return added.stdout.trim();
  };
  const ruleId = await add('--from', 'UP', '--match', 'latest');
  const mirrored = await subscription('run', ruleId);
  assert.deepEqual([mirrored.code, mirrored.stdout], [0, 'latest  SUCCESS\n'], mirrored.stderr);
  const named = { InstanceId, RepoNamespaceName: 'mirror', RepoName: 'busybox' };
  const { RepoId = '' } = await server.client.call('GetRepository', named);
  const { Images = [] } = await server.client.call('ListRepoTag', { InstanceId, RepoId });
  assert.deepEqual(
    Images.map(({ Tag }) => Tag),
    ['latest'],
  );
  assert.match(
    (await subscription('rules')).stdout,
    /busybox to mirror\/busybox {2}1 newest of latest {2}linux\/amd64/,
  );
  const denied = await subscription('run', await add('--from', 'WRONG'));
  assert.notEqual(denied.code, 0);
  assert.match(denied.stderr, /refuses access/);
  const tasks = (await subscription('tasks', '--json')).stdout;
  assert.match(tasks, /"TaskResult":"FAILED"/);
  assert.notEqual((await subscription('add', 'busybox', 'mirror')).code, 0);
  assert.match((await subscription('add', 'a/b', 'mirror/b', '--from', 'OTHER')).stderr, /SourceProvider.*not one of/);
  const told = server.stderr() + tasks + denied.stderr;
  for (const secret of [password, wrong]) assert.ok(!told.includes(secret));
  await server.stop();

  // An operator who allows no private address is safe from what a registry's name leads to.
  server = await startServer(t, { flags, dataFolder });
  const refused = await subscription('run', ruleId);
  assert.notEqual(refused.code, 0);
  assert.match(refused.stderr, /allow-addresses/);
});
