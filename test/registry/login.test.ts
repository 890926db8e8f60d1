import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import PopCore from '@alicloud/pop-core';
import { cleanEnvironment, LAUNCHER, ROOT, slipway, startServer, temporaryFolder } from '../support/slipway.ts';

const IMAGE = 'library/busybox:latest';
const HELPER = join(ROOT, 'docker-credential-slipway');

const server = await startServer({ after });

/** The server, and the home folder of a user who logs in to it; `run` runs a program there and returns its result. */
function start(t: TestContext) {
  const host = new URL(server.root.Endpoint).host;
  const home = temporaryFolder(t);
  mkdirSync(join(home, 'bin'));
  const PATH = `${ROOT}:${process.env.PATH}`;
  const env = cleanEnvironment({
    HOME: home,
    DOCKER_CONFIG: join(home, '.docker'),
    SLIPWAY_DATA: server.dataFolder,
    PATH,
  });
  const run = async (program: string, args: string[], more: { input?: string; env?: Record<string, string> } = {}) => {
    const running = promisify(execFile)(program, args, { env: { ...env, ...more.env } });
    running.child.stdin?.end(more.input ?? '');
    return running.then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
  };
  const digestOf = async (image: string) => {
    const { code, stdout, stderr } = await run('skopeo', [
      'inspect',
      '--tls-verify=false',
      '--format',
      '{{.Digest}}',
      `docker://${host}/${image}`,
    ]);
    assert.equal(code, 0, stderr);
    return stdout.trim();
  };
  return { ...server, host, home, run, digestOf };
}

test('after slipway login, skopeo can pull with docker’s settings; with --print-password, through skopeo login', async (t) => {
  const { host, home, run, digestOf } = start(t);
  const image = `docker://${host}/${IMAGE}`;
  assert.notEqual((await run('skopeo', ['inspect', '--tls-verify=false', image])).code, 0, 'without a login');
  const { code, stdout } = await run(LAUNCHER, ['login', '--hours', '2']);
  assert.equal(code, 0);
  assert.match(stdout, new RegExp(`^logged in to ${host} until \\S+Z; stored in ${home}/\\.docker/config\\.json\n$`));
  assert.match(await digestOf(IMAGE), /^sha256:[0-9a-f]{64}$/);
  const printed = await run(LAUNCHER, ['login', '--print-password']);
  assert.match(printed.stdout, /^[\w-]+:[0-9a-f]{64}\n$/);
  const login = [
    'login',
    '--tls-verify=false',
    '--authfile',
    join(home, 'auth.json'),
    '-u',
    'cr_temp_user',
    '--password-stdin',
    host,
  ];
  assert.equal((await run('skopeo', login, { input: printed.stdout })).code, 0);
  const wrong = await run('skopeo', login, { input: printed.stdout.replace(/[0-9a-f]\n$/, '') });
  assert.notEqual(wrong.code, 0);
  assert.match(wrong.stderr, /invalid username.password/);
});

test('the credential helper answers docker only for this server, and stores nothing', async (t) => {
  const { host, home, run, digestOf } = start(t);
  assert.equal((await run(LAUNCHER, ['login', '--helper'])).code, 0);
  const settings = JSON.parse(readFileSync(join(home, '.docker', 'config.json'), 'utf8'));
  assert.deepEqual(settings, { auths: {}, credHelpers: { [host]: 'slipway' } });
  assert.match(await digestOf(IMAGE), /^sha256:/);
  const { Username, ServerURL, Secret } = JSON.parse((await run(HELPER, ['get'], { input: host })).stdout);
  assert.deepEqual([ServerURL, Username], [host, 'cr_temp_user']);
  assert.match(Secret, /^[\w-]+:[0-9a-f]{64}$/);
  const other = await run(HELPER, ['get'], { input: 'https://registry.example' });
  assert.deepEqual([other.code, other.stdout], [1, 'credentials not found in native keychain\n']);
  assert.deepEqual(JSON.parse((await run(HELPER, ['list'])).stdout), { [host]: 'cr_temp_user' });
  const stored = await run(HELPER, ['store'], { input: '{}' });
  assert.deepEqual([stored.code, /stores no logins/.test(stored.stdout)], [2, true]);
  assert.equal((await run(HELPER, ['erase'], { input: host })).code, 0);
  if (execFileSync('sh', ['-c', 'command -v docker || true'], { encoding: 'utf8' }) === '') {
    t.diagnostic('docker itself was not tested: it is not installed');
    return;
  }
  const seen = await run('docker', ['manifest', 'inspect', '--insecure', `${host}/${IMAGE}`]);
  assert.equal(seen.code, 0, seen.stderr);
});

test('a user who may pull is refused a push, and a role’s session logs in with its security token', async (t) => {
  const { client, host, run, digestOf, root } = start(t);
  const statement = { Effect: 'Allow', Action: ['cr:GetAuthorizationToken', 'cr:PullRepository'], Resource: '*' };
  const PolicyDocument = JSON.stringify({ Version: '1', Statement: [statement] });
  await client.call('CreatePolicy', { PolicyName: 'pulls', PolicyDocument });
  await client.call('CreateUser', { UserName: 'reader' });
  await client.call('AttachPolicyToUser', { PolicyType: 'Custom', PolicyName: 'pulls', UserName: 'reader' });
  const { AccessKey } = await client.call('CreateAccessKey', { UserName: 'reader' });
  const reader = {
    SLIPWAY_ACCESS_KEY_ID: AccessKey?.AccessKeyId ?? '',
    SLIPWAY_ACCESS_KEY_SECRET: AccessKey?.AccessKeySecret ?? '',
  };
  assert.equal((await run(LAUNCHER, ['login'], { env: reader })).code, 0);
  await digestOf(IMAGE);
  const copy = ['copy', '--src-tls-verify=false', '--dest-tls-verify=false'];
  const pushed = await run('skopeo', [...copy, `docker://${host}/${IMAGE}`, `docker://${host}/library/other:1`]);
  assert.notEqual(pushed.code, 0);
  assert.match(pushed.stderr, /no policy allows cr:PushRepository/);

  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: [`acs:ram::${root.AccountId}:root`] } };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '1', Statement: [trust] });
  const { Role } = await client.call('CreateRole', { RoleName: 'ci', AssumeRolePolicyDocument });
  await client.call('AttachPolicyToRole', { PolicyType: 'Custom', PolicyName: 'pulls', RoleName: 'ci' });
  const { Credentials } = await client.call('AssumeRole', { RoleArn: Role?.Arn ?? '', RoleSessionName: 'nightly' });
  const session = {
    SLIPWAY_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? '',
    SLIPWAY_ACCESS_KEY_SECRET: Credentials?.AccessKeySecret ?? '',
    SLIPWAY_SECURITY_TOKEN: Credentials?.SecurityToken ?? '',
  };
  const { code, stdout } = await run(LAUNCHER, ['login', '--hours', '24'], { env: session });
  assert.equal(code, 0);
  const until = Date.parse(/until (\S+);/.exec(stdout)?.[1] ?? '');
  assert.equal(
    until,
    Math.floor(Date.parse(Credentials?.Expiration ?? '') / 1000) * 1000,
    'valid as long as the session',
  );
  await digestOf(IMAGE);
  const halved = await run('skopeo', [
    'inspect',
    '--tls-verify=false',
    '--creds',
    `${session.SLIPWAY_ACCESS_KEY_ID}:${session.SLIPWAY_ACCESS_KEY_SECRET}`,
    `docker://${host}/${IMAGE}`,
  ]);
  assert.match(halved.stderr, /a temporary key cannot log in by itself/);
});

test('what acr-login does: the vendor’s RPC client asks for a password, and a registry client logs in with it', async (t) => {
  const { host, root, run, digestOf } = start(t);
  const { AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret, Endpoint: endpoint } = root;
  // So it reads nothing but this code as a success.
  const settings = { accessKeyId, accessKeySecret, endpoint, apiVersion: '2018-12-01', codes: ['success'] };
  const client = new PopCore(settings as ConstructorParameters<typeof PopCore>[0]);
  const asked = { RegionId: 'cn-hangzhou', InstanceId: root.InstanceId };
  const reply = await client.request<Record<string, string>>('GetAuthorizationToken', asked, { method: 'POST' });
  const { TempUsername = '', AuthorizationToken = '' } = reply;
  assert.equal(typeof reply.ExpireTime, 'number');
  const login = ['login', '--tls-verify=false', '--username', TempUsername, '--password-stdin', host];
  assert.equal((await run('skopeo', login, { input: AuthorizationToken })).code, 0);
  await digestOf(IMAGE);
});

test('what Harbor does: it reads region and instance out of the challenge', async () => {
  const { Endpoint, RegionId, InstanceId } = server.root;
  const challenge = (await fetch(`${Endpoint}/v2/`)).headers.get('www-authenticate') ?? '';
  const [registry, region, where, instance] = /service="([^"]*)"/.exec(challenge)?.[1]?.split(':') ?? [];
  assert.deepEqual([registry, region, where, instance], ['registry.aliyuncs.com', RegionId, 'china', InstanceId]);
});

test('slipway login starts no server, and names mistakes in its flags', async (t) => {
  const env = { SLIPWAY_DATA: join(temporaryFolder(t), 'data') };
  const none = await slipway(['login'], { env });
  assert.deepEqual([none.code, /start one with slipway serve/.test(none.stderr)], [4, true]);
  for (const hours of ['0', '25', '1.5', 'x']) {
    const { code, stderr } = await slipway(['login', '--hours', hours], { env });
    assert.deepEqual([code, /whole number from 1 to 24/.test(stderr)], [2, true], hours);
  }
  const both = await slipway(['login', '--helper', '--hours', '2'], { env });
  assert.deepEqual([both.code, /--hours.*--helper/.test(both.stderr)], [2, true], both.stderr);
});
