import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Ended, slipway, startServer } from './support/slipway.ts';

test('from the command line: a user with a policy for logs reads logs and nothing else, without it nothing', async (t) => {
  const server = await startServer(t);
  const { root } = server;
  const asOwner = { SLIPWAY_DATA: server.dataFolder };
  const run = async (...args: string[]): Promise<Ended> => {
    const ended = await slipway(args, { env: asOwner });
    assert.equal(ended.code, 0, ended.stderr);
    return ended;
  };
  await run('ram', 'user', 'create', 'reader');
  await run('ram', 'policy', 'create', 'logs', '--allow', 'cr:GetRepositoryBuildLog');
  await run('ram', 'policy', 'attach', 'logs', '--user', 'reader');
  const { stdout } = await run('ram', 'key', 'create', 'reader');
  const pair = Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split('=') as [string, string]),
  );
  assert.deepEqual(Object.keys(pair), ['SLIPWAY_ACCESS_KEY_ID', 'SLIPWAY_ACCESS_KEY_SECRET']);
  const asReader = { ...asOwner, ...pair, SLIPWAY_ENDPOINT: root.Endpoint };
  const ids = [`InstanceId=${root.InstanceId}`, 'RepoId=crr-none', 'BuildRecordId=none'];
  const log = () => slipway(['call', 'ListRepoBuildRecordLog', ...ids], { env: asReader });
  const may = await log();
  assert.deepEqual([may.code, /REPO_NOT_EXIST/.test(may.stderr)], [3, true], may.stderr);
  const other = await slipway(['call', 'GetInstance', `InstanceId=${root.InstanceId}`], { env: asReader });
  assert.equal(other.code, 3);
  assert.match(other.stderr, /NoPrivilege: Access denied for this user\. It needs cr:GetInstance\. \(RequestId /);

  const simulated = await slipway(['policy', 'simulate', '--user', 'reader', 'cr:GetInstance'], { env: asOwner });
  assert.equal(simulated.code, 3);
  assert.match(simulated.stdout, /^denied\nNo policy of acs:ram::\d+:user\/reader allows cr:GetInstance/);
  assert.match((await run('policy', 'simulate', '--user', 'reader', 'cr:GetRepositoryBuildLog')).stdout, /^allowed\n/);

  await run('ram', 'policy', 'detach', 'logs', '--user', 'reader');
  assert.match((await log()).stderr, /NoPrivilege/);
});

test('from the command line: bad names, missing files and unclear targets are told in one sentence, with exit code 2 or 3', async (t) => {
  const server = await startServer(t);
  const env = { SLIPWAY_DATA: server.dataFolder };
  const cases: [args: string[], code: number, says: RegExp][] = [
    [['ram', 'user', 'create', 'a*'], 3, /UserName.*letters, digits/],
    [['ram', 'policy', 'create', 'p'], 2, /--document and --allow/],
    [['ram', 'policy', 'create', 'p', '--document', '/nothing'], 2, /\/nothing cannot be read \(ENOENT\)/],
    [['ram', 'policy', 'create', 'p', '--document', '{}'], 3, /InvalidParameter\.PolicyDocument/],
    [['ram', 'policy', 'attach', 'p'], 2, /one of --user, --group and --role/],
    [['ram', 'key', 'create', 'nobody'], 3, /EntityNotExist\.User/],
    [['policy', 'simulate', 'cr:GetInstance'], 2, /one of --user, --role and --document/],
    [['policy', 'simulate', 'cr:GetInstance', '--document', '{}'], 3, /PolicyDocument.*Version/],
    [['--ca-file', '/nothing', 'call', 'ListInstance'], 2, /\/nothing cannot be read/],
  ];
  for (const [args, code, says] of cases) {
    const ended = await slipway(args, { env });
    assert.equal(ended.code, code, `${args.join(' ')}: ${ended.stderr}`);
    assert.match(ended.stderr, says);
    assert.equal(ended.stderr.trimEnd().split('\n').length, 1, ended.stderr);
  }
});
