import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { slipway, startServer } from '../support/slipway.ts';

// Fewer open files than the server should have.
const server = await startServer({ after }, { flags: ['--no-builds'], prefix: ['prlimit', '--nofile=4000:4000'] });

interface Report {
  Problems: string[];
  Versions?: { Slipway: string; Node: string; Git: string; Kernel: string };
  Limits?: { OpenFiles: number; MemoryBytes: number };
  Disk?: { SizeBytes: number; FreeBytes: number };
  Clock?: { Time: number };
  Findings?: { What: string; Fix: string }[];
}

test('doctor prints versions, limits, disk and clock, and each finding with its fix', async () => {
  const { code, stdout, stderr } = await slipway(['doctor', '--data', server.dataFolder]);
  assert.equal(code, 0, stderr);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines[0], 'this server has the role api: it answers requests and runs no builds');
  assert.match(stdout, /^warning: the server may open only 4000 files; set LimitNOFILE=65536 .*$/m);
  for (const row of [
    /^Slipway +\d+\.\d+\.\d+$/m,
    /^Node +v24\./m,
    /^git +\d+\.\d+/m,
    /^kernel +\d+\.\d+/m,
    /^host +\S+, \d+ processors?$/m,
    /^builds +0 running of 0 at once, 0 waiting$/m,
    /^memory +[\d.]+ MiB, [\d.]+ MiB available$/m,
    /^open files +4000$/m,
    /^inotify +\d+ watches, \d+ instances$/m,
    /^disk +[\d.]+ MiB of [\d.]+ MiB free, \d+ of \d+ inodes free$/m,
    /^clock +\d{4}-\d\d-\d\dT[\d:.]+Z/m,
  ])
    assert.match(stdout, row);
});

test('doctor --json is one document with the same, for programs', async () => {
  const { code, stdout } = await slipway(['doctor', '--json', '--data', server.dataFolder]);
  assert.equal(code, 0);
  const report = JSON.parse(stdout) as Report;
  assert.deepEqual(report.Problems, []);
  assert.deepEqual([report.Limits?.OpenFiles, report.Versions?.Node.startsWith('v24.')], [4000, true]);
  assert.ok((report.Disk?.SizeBytes ?? 0) > (report.Disk?.FreeBytes ?? 0));
  assert.ok(report.Findings?.some(({ What, Fix }) => /4000 files/.test(What) && Fix !== ''));
});

test('doctor shows a caller without rights whether the server can build, and why not more', async () => {
  const on = ['--data', server.dataFolder];
  assert.equal((await slipway(['ram', 'user', 'create', 'reader', ...on])).code, 0);
  const made = await slipway(['ram', 'key', 'create', 'reader', '--json', ...on]);
  const key = JSON.parse(made.stdout) as { AccessKeyId: string; AccessKeySecret: string };
  const env = {
    SLIPWAY_ENDPOINT: server.root.Endpoint,
    SLIPWAY_ACCESS_KEY_ID: key.AccessKeyId,
    SLIPWAY_ACCESS_KEY_SECRET: key.AccessKeySecret,
  };
  const { code, stdout, stderr } = await slipway(['doctor'], { env });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^this server has the role api/m);
  assert.doesNotMatch(stdout, /kernel/);
  assert.match(stderr, /versions and limits are not shown: .*cr:ListRepositoryTag/);
});

test('settings shows what is in use and where it was set, and needs an action that read-only access lacks', async () => {
  const on = ['--data', server.dataFolder];
  const { code, stdout } = await slipway(['settings', '--changed', ...on]);
  assert.equal(code, 0);
  assert.match(stdout, /^no-builds +true +flag$/m);
  assert.doesNotMatch(stdout, /log-keep-days/);
  const { stdout: json } = await slipway(['settings', '--json', ...on]);
  const kept = json.split('\n').find((line) => line.includes('"log-keep-days"')) ?? '';
  assert.match(kept, /"Value":"0".*"Origin":"default"/);
  await slipway(['ram', 'user', 'create', 'onlooker', ...on]);
  const { client } = server;
  const policy = { PolicyType: 'System', PolicyName: 'AliyunContainerRegistryReadOnlyAccess' } as const;
  await client.call('AttachPolicyToUser', { ...policy, UserName: 'onlooker' });
  const { AccessKey } = await client.call('CreateAccessKey', { UserName: 'onlooker' });
  const env = {
    SLIPWAY_ENDPOINT: server.root.Endpoint,
    SLIPWAY_ACCESS_KEY_ID: AccessKey?.AccessKeyId ?? '',
    SLIPWAY_ACCESS_KEY_SECRET: AccessKey?.AccessKeySecret ?? '',
  };
  const refused = await slipway(['settings'], { env });
  assert.equal(refused.code, 3);
  assert.match(refused.stderr, /cr:DescribeSettings/);
});
