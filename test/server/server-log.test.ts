import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { native, startServer, type TestServer } from '../support/slipway.ts';

/** Lines are written when an answer is complete, which its client may know first. */
async function until(isThere: () => boolean): Promise<void> {
  while (!isThere()) await sleep(20);
}

const file = { after };
const [server, chatty] = await Promise.all([
  startServer(file, { flags: ['--no-builds'] }),
  startServer(file, { flags: ['--no-builds', '--log-level', 'debug', '--log-format', 'json'] }),
]);

/** A login to the registry, as docker sends it. */
function login({ root }: TestServer, password: string, scope = ''): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${root.AccessKeyId}:${password}`).toString('base64')}`;
  return fetch(`${root.Endpoint}/token?${scope}`, { headers: { authorization } });
}

/** What clients of a registry ask in the course of things: the version, and whether a manifest exists. */
async function probe({ root }: TestServer): Promise<void> {
  assert.equal((await fetch(`${root.Endpoint}/v2/`)).status, 401);
  const reply = await login({ root } as TestServer, root.AccessKeySecret, 'scope=repository:team/app:pull');
  const { token } = (await reply.json()) as { token: string };
  const headers = { authorization: `Bearer ${token}` };
  const manifest = `${root.Endpoint}/v2/team/app/manifests/v1`;
  assert.equal((await fetch(manifest, { method: 'HEAD', headers })).status, 404);
}

async function makeRepository({ client, root: { InstanceId } }: TestServer): Promise<void> {
  await client.call('CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const repository = { RepoNamespaceName: 'team', RepoName: 'app', RepoType: 'PRIVATE', Summary: 'x' } as const;
  await client.call('CreateRepository', { InstanceId, ...repository });
}

/** Without those of the launcher, which may build the console meanwhile. */
const linesOf = ({ stderr }: TestServer) =>
  stderr()
    .trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('slipway: '));

test('the server’s log tells a person of sign-ins, refusals and hook deliveries, and not of probes and page reads', async () => {
  const { root, client } = server;
  await makeRepository(server);
  await probe(server);
  await client.call('ListInstance', {});
  assert.equal((await login(server, root.AccessKeySecret)).status, 200);
  assert.equal((await login(server, 'Guessed-Passw0rd')).status, 401);
  await client.call('GetRepository', { InstanceId: root.InstanceId, RepoId: 'crr-none' }).catch(() => undefined);
  await fetch(`${root.Endpoint}/api/v1/builds`);
  const forged = '\r\n2026-12-01T00:00:00.000Z INFO  signed in \u001b[2J\u202e';
  await fetch(`${root.Endpoint}/?Action=${encodeURIComponent(forged)}`);
  await fetch(`${root.Endpoint}/v2/team/app/blobs/sha256:00`, { method: 'DELETE' });
  const { Url, Secret } = (await native(client, '/api/v1/repositories/team/app/hook', {})) as Record<string, string>;
  const body = JSON.stringify({ ref: 'refs/heads/main', after: 'a'.repeat(40), repository: { full_name: 'team/app' } });
  const signature = `sha256=${createHmac('sha256', Secret ?? '')
    .update(body)
    .digest('hex')}`;
  const deliver = (headers: Record<string, string>) =>
    fetch(Url ?? '', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
  assert.equal((await deliver({})).status, 403);
  assert.equal((await deliver({ 'x-hub-signature-256': signature })).status, 200);

  await until(() => server.stderr().includes('hook delivery received') && server.stderr().includes('status=405'));
  const lines = linesOf(server);
  const has = (words: RegExp) =>
    assert.equal(lines.filter((line) => words.test(line)).length, 1, `${words}\n${lines.join('\n')}`);
  has(/INFO {2}the server is ready version=\S+ url=http:\S+ node=node-\w+$/);
  has(/INFO {2}signed in requestId=[0-9A-F-]{36} sourceIp=127\.0\.0\.1 caller=acs:ram::\d+:root action="GET \/token"$/);
  has(/WARN {2}sign-in refused requestId=[0-9A-F-]{36} .* action="GET \/token" code=UNAUTHORIZED$/);
  has(/INFO {2}call refused .* caller=acs:ram::\d+:root action=cr:GetRepository .* code=REPO_NOT_EXIST$/);
  has(/WARN {2}call refused .* action="GET \/api\/v1\/builds" code=\w+/);
  has(
    /WARN {2}registry request refused .* method=DELETE path=\/v2\/team\/app\/blobs\/sha256:00 status=405 reason="UNSUPPORTED: .*"$/,
  );
  has(/WARN {2}call refused .* action="POST \/hooks\/:id" code=\w+/);
  has(
    /INFO {2}hook delivery received requestId=[0-9A-F-]{36} sourceIp=127\.0\.0\.1 repository=team\/app builds=\[\] notes=\[".*"\]$/,
  );
  for (const line of lines) assert.match(line, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (INFO|WARN|ERROR|FATAL) +\S/);
  const text = server.stderr();
  assert.doesNotMatch(text, /status=404|status=401|ListInstance|CreateNamespace/);
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  for (const secret of [root.AccessKeySecret, 'Guessed-Passw0rd', Secret ?? '', Url?.split('/').at(-1) ?? ''])
    assert.ok(!text.includes(secret), secret);
});

test('with the level debug and the format json, every call and probe is a JSON line with its RequestId', async () => {
  await makeRepository(chatty);
  await probe(chatty);
  await until(() => chatty.stderr().includes('"HEAD"'));
  const lines = linesOf(chatty).map((line) => JSON.parse(line) as Record<string, unknown>);
  const found = (wanted: object) =>
    lines.filter((line) => Object.entries(wanted).every(([name, value]) => line[name] === value));
  const [call] = found({ level: 20, msg: 'call answered', action: 'cr:CreateNamespace' });
  assert.match(String(call?.requestId), /^[0-9A-F-]{36}$/);
  assert.equal(found({ msg: 'registry request answered', method: 'HEAD', status: 404 }).length, 1);
  assert.equal(found({ msg: 'registry request answered', path: '/v2/', status: 401 }).length, 1);
});

test('a flood of refusals adds a few lines and their number to the log', async () => {
  const { root } = server;
  const before = linesOf(server).length;
  const flood = Array.from({ length: 300 }, () =>
    fetch(`${root.Endpoint}/api/v1/builds`).then((reply) => reply.text()),
  );
  await Promise.all(flood);
  assert.equal(await server.stop(), 0);
  const added = linesOf(server).slice(before);
  assert.ok(added.length < 30, `${added.length} lines`);
  assert.match(added.join('\n'), /WARN {2}lines like this were left out .* like="call refused" count=2\d\d/);
});
