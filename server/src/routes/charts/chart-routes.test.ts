import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { pino } from 'pino';
import { accountKeys } from '#account/keys/account-keys.ts';
import { FileNonces } from '#audit/file-nonces.ts';
import { removeObjects } from '#blob/blob.ts';
import { diskBlobStore } from '#blob/disk.ts';
import { sweepCharts } from '#chart/push-chart.ts';
import { type KeyUnderTest, makeUser, owner, policy } from '#gateway/testing/caller.ts';
import { startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { signAcs3 } from '#gateway/testing/send.ts';
import { tarOf } from '#tar/testing/tar.ts';
import { createApp, Port } from '../../port/port.ts';
import { BodyGate } from '../../port/request-body.ts';
import { openLogin } from '../../testing/login.ts';
import { chartRoutes } from './chart-routes.ts';

const folder = await mkdtemp(join(tmpdir(), 'slipway-charts-'));
const blobs = diskBlobStore(folder);
const gateway = await startGatewayUnderTest({
  means: { removeObjects: (keys) => removeObjects(blobs, keys, assert.ifError) },
});
const logins = await openLogin(gateway);
const port = await Port.bind({ host: '127.0.0.1', port: 0 });
const app = createApp(pino({ level: 'silent' }), new BodyGate({ totalBytes: 2 ** 28 }));
const { instanceId, means } = gateway;
const verifier = {
  account: accountKeys({
    root: { ...gateway, ...means },
    db: means.db,
    secrets: means.secrets,
    onFault: assert.ifError,
  }),
  nonces: FileNonces.open({ folder: join(folder, 'nonces'), now: means.now }),
  now: means.now,
};
const callers = { ...means, verifier };
await app.register(chartRoutes, { ...logins.questions, prefix: '/chart', means, callers, instanceId, blobs });
await app.ready();
port.serve(() => undefined, app);
after(async () => {
  await port.close(0);
  await app.close();
  verifier.nonces.close();
  await logins[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** The archive of a chart; `more` makes a different one with the same name and version. */
function chartOf(name: string, version: string, more = ''): Buffer {
  const yaml = `apiVersion: v2\nname: ${name}\nversion: ${version}\ndescription: "a ${name}"\n`;
  return gzipSync(
    tarOf([
      { name: `${name}/Chart.yaml`, content: yaml },
      { name: `${name}/more`, content: more },
    ]),
  );
}

async function ask(path: string, init: RequestInit = {}, key: KeyUnderTest | undefined = gateway) {
  const pair = key && Buffer.from(`${key.accessKeyId}:${key.accessKeySecret}`).toString('base64');
  const headers = { ...init.headers, ...(pair ? { authorization: `Basic ${pair}` } : {}) };
  const response = await fetch(`${port.url}/chart${path}`, { ...init, headers });
  const body = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, body, text: body.toString() };
}

const push = (repository: string, archive: Buffer, query = '', key?: KeyUnderTest) =>
  ask(`/api/${repository}/charts${query}`, { method: 'POST', body: new Uint8Array(archive) }, key);

/** In the form that `curl -F chart=@…` and the push plugin send. */
function formOf(parts: Record<string, Buffer>): FormData {
  const form = new FormData();
  for (const [name, content] of Object.entries(parts))
    form.set(name, new Blob([new Uint8Array(content)]), `../${name}`);
  return form;
}

async function makeRepository(namespace: string): Promise<string> {
  await owner(gateway, 'CreateChartNamespace', { InstanceId: instanceId, NamespaceName: namespace });
  const names = { RepoNamespaceName: namespace, RepoName: 'apps' };
  await owner(gateway, 'CreateChartRepository', { InstanceId: instanceId, ...names });
  return `${namespace}/apps`;
}

const keptArchives = () => readdir(join(folder, 'charts')).catch(() => []);

test('a pushed chart is in the index, is fetched byte for byte, is replaced only with force, and frees its space when deleted', async () => {
  const repository = await makeRepository('whole');
  const archive = chartOf('web', '1.0.0+build.1');
  const before = await keptArchives();
  const pushed = await push(repository, archive);
  assert.deepEqual([pushed.status, pushed.text], [201, '{"saved":true}']);
  const { headers, text } = await ask(`/${repository}/index.yaml`);
  const index = JSON.parse(text);
  assert.deepEqual([index.apiVersion, index.serverInfo], ['v1', { contextPath: '/chart' }]);
  const [entry] = index.entries.web;
  const { created, ...rest } = entry;
  assert.ok(Date.parse(created) > 0);
  assert.deepEqual(rest, {
    apiVersion: 'v2',
    name: 'web',
    version: '1.0.0+build.1',
    description: 'a web',
    digest: createHash('sha256').update(archive).digest('hex'),
    urls: ['charts/web-1.0.0%2Bbuild.1.tgz'],
  });
  const fetched = await ask(`/${repository}/${entry.urls[0]}`);
  assert.ok(fetched.body.equals(archive));
  const etag = headers.get('etag') ?? '';
  assert.equal((await ask(`/${repository}/index.yaml`, { headers: { 'if-none-match': etag } })).status, 304);

  const other = chartOf('web', '1.0.0+build.1', 'changed');
  const again = await push(repository, other);
  assert.deepEqual([again.status, again.text], [409, '{"error":"The repository already has web-1.0.0+build.1.tgz."}']);
  assert.equal((await push(repository, other, '?force')).status, 201);
  assert.ok((await ask(`/${repository}/${entry.urls[0]}`)).body.equals(other));
  assert.equal((await ask(`/${repository}/index.yaml`, { headers: { 'if-none-match': etag } })).status, 200);
  assert.equal((await keptArchives()).length, before.length + 1);

  const gone = await ask(`/api/${repository}/charts/web/1.0.0%2Bbuild.1`, { method: 'DELETE' });
  assert.deepEqual([gone.status, gone.text], [200, '{"deleted":true}']);
  assert.equal((await ask(`/${repository}/${entry.urls[0]}`)).status, 404);
  assert.deepEqual(JSON.parse((await ask(`/${repository}/index.yaml`)).text).entries, {});
  assert.deepEqual(await keptArchives(), before);
});

test('accepts a form with a chart and its provenance, and refuses a provenance of another chart', async () => {
  const repository = await makeRepository('signed');
  const archive = chartOf('web', '1.0.0');
  const sha256 = createHash('sha256').update(archive).digest('hex');
  const provenanceOf = (hash: string) =>
    Buffer.from(
      `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nname: web\n\n...\nfiles:\n  web-1.0.0.tgz: sha256:${hash}\n-----BEGIN PGP SIGNATURE-----\n`,
    );
  const send = (path: string, parts: Record<string, Buffer>) => ask(path, { method: 'POST', body: formOf(parts) });
  const wrong = await send(`/api/${repository}/charts`, { chart: archive, prov: provenanceOf('0'.repeat(64)) });
  assert.deepEqual([wrong.status, /provenance that came with it is for another/.test(wrong.text)], [400, true]);
  assert.equal((await send(`/api/${repository}/charts`, { chart: archive })).status, 201);
  assert.equal((await ask(`/${repository}/charts/web-1.0.0.tgz.prov`)).status, 404);
  assert.equal((await send(`/api/${repository}/prov`, { prov: provenanceOf('0'.repeat(64)) })).status, 404);
  assert.equal((await send(`/api/${repository}/prov`, { prov: Buffer.from('no') })).status, 400);
  assert.equal((await send(`/api/${repository}/prov`, { prov: provenanceOf(sha256) })).status, 201);
  const fetched = await ask(`/${repository}/charts/web-1.0.0.tgz.prov`);
  assert.ok(fetched.body.equals(provenanceOf(sha256)));
  const missing = await send(`/api/${repository}/charts`, { other: archive });
  assert.deepEqual(
    [missing.status, missing.text],
    [400, '{"error":"The form has no part with the name \\"chart\\"."}'],
  );
});

test('refuses what is not a chart, is too large or is not a form, with a message, and stores nothing of it', async () => {
  const repository = await makeRepository('refused');
  const before = await keptArchives();
  const form = (body: string, type = 'multipart/form-data; boundary=x') =>
    ask(`/api/${repository}/charts`, { method: 'POST', body, headers: { 'content-type': type } });
  const cases: [Awaited<ReturnType<typeof ask>>, number, RegExp][] = [
    [await push(repository, Buffer.from('no chart')), 400, /not compressed with gzip/],
    [await push(repository, Buffer.alloc(0)), 400, /not a chart/],
    [await push(repository, Buffer.alloc(21 * 2 ** 20)), 413, /larger than 20971520 bytes/],
    [await push(repository, gzipSync(tarOf([{ name: '../Chart.yaml' }]))), 400, /leads out of its folder/],
    [await form('--x\r\n\r\n'), 400, /form ends too soon/],
    [await form('', 'multipart/form-data'), 400, /names no boundary/],
    [await form(`--x${'\r\n\r\n\r\n--x'.repeat(20)}--`), 400, /more than 16 parts/],
    [await push('refused/none', chartOf('web', '1.0.0')), 404, /chart repository does not exist/],
    [await push('Refused/apps', chartOf('web', '1.0.0')), 404, /chart repository does not exist/],
    [await ask('/refused/a%2Fb/index.yaml'), 404, /chart repository does not exist/],
    [await ask('/refused'), 404, /chart repository does not exist/],
    [await ask(`/${repository}/charts/..%2f..%2fetc`), 404, /version of the chart does not exist/],
  ];
  for (const [{ status, text }, expected, words] of cases) {
    assert.equal(status, expected, text);
    assert.match((JSON.parse(text) as { error: string }).error, words);
  }
  assert.deepEqual(await keptArchives(), before);
});

test('creates the repository at a push if its chart namespace says so', async () => {
  await owner(gateway, 'CreateChartNamespace', {
    InstanceId: instanceId,
    NamespaceName: 'auto',
    AutoCreateRepo: 'true',
  });
  const pushes = ['1.0.0', '1.0.1', '1.0.2'].map((version) => push('auto/made', chartOf('web', version)));
  assert.deepEqual(
    (await Promise.all(pushes)).map(({ status }) => status),
    [201, 201, 201],
  );
  assert.equal(
    (await owner(gateway, 'ListChartRepository', { InstanceId: instanceId })).Repositories[0].RepoName,
    'made',
  );
});

test('keeps one complete chart of two parallel pushes of the same version', async () => {
  const repository = await makeRepository('raced');
  const archives = ['a', 'b'].map((more) => chartOf('web', '1.0.0', more));
  const statuses = (await Promise.all(archives.map((archive) => push(repository, archive)))).map(
    ({ status }) => status,
  );
  assert.deepEqual(statuses.toSorted(), [201, 409]);
  const { body } = await ask(`/${repository}/charts/web-1.0.0.tgz`);
  assert.ok(archives[statuses.indexOf(201)]?.equals(body));
});

test('the registry’s logins open chart repositories, each as far as its policies allow, and each is recorded', async () => {
  const repository = await makeRepository('rights');
  const path = `acs:cr:*:*:chart/${instanceId}/${repository}`;
  const reader = await makeUser(gateway, 'chart-reader', policy('Allow', 'cr:PullRepository', path));
  const writer = await makeUser(gateway, 'chart-writer', policy('Allow', 'cr:PushRepository', path));
  const stranger = await makeUser(
    gateway,
    'stranger',
    policy('Allow', 'cr:*', `acs:cr:*:*:repository/${instanceId}/*`),
  );
  const { TempUsername, AuthorizationToken } = await owner(gateway, 'GetAuthorizationToken', {
    InstanceId: instanceId,
  });
  const temporary = { accessKeyId: TempUsername, accessKeySecret: AuthorizationToken };
  const archive = chartOf('web', '1.0.0');
  const tries = async (key: KeyUnderTest) => [
    (await ask(`/${repository}/index.yaml`, {}, key)).status,
    (await push(repository, archive, '?force', key)).status,
    (await ask(`/api/${repository}/charts/web/1.0.0`, { method: 'DELETE' }, key)).status,
    (await ask('/rights/none/index.yaml', {}, key)).status,
  ];
  assert.deepEqual(await tries(temporary), [200, 201, 200, 404]);
  assert.deepEqual(await tries(reader), [200, 403, 403, 403]);
  assert.deepEqual(await tries(writer), [403, 201, 403, 403]);
  assert.deepEqual(await tries(stranger), [403, 403, 403, 403]);
  const wrong = { accessKeyId: reader.accessKeyId, accessKeySecret: 'wrong' };
  for (const key of [wrong, { accessKeyId: '', accessKeySecret: '' }])
    assert.deepEqual(await tries(key), [401, 401, 401, 401]);
  const nobody = await fetch(`${port.url}/chart/${repository}/index.yaml`);
  assert.deepEqual([nobody.status, nobody.headers.get('www-authenticate')], [401, 'Basic realm="charts"']);
  const refused = await push(repository, archive, '', reader);
  assert.match(
    refused.text,
    /No policy allows cr:PushRepository on acs:cr:.*:chart\/.*\/rights\/apps.* \(RequestId [0-9A-F-]{36}\)/,
  );
});

test('accepts a request signed like one of the native API, but not with another body', async () => {
  const repository = await makeRepository('by-key');
  const path = `/chart/api/${repository}/charts`;
  const body = chartOf('web', '1.0.0');
  const signed = async (given: Buffer, sent = given) => {
    const url = new URL(path, port.url);
    const headers = signAcs3({ ...gateway, host: url.host }, {}, [], given, path);
    return (await fetch(url, { method: 'POST', headers, body: new Uint8Array(sent) })).status;
  };
  assert.equal(await signed(body, chartOf('web', '1.0.1')), 400);
  assert.equal(await signed(body), 201);
  assert.deepEqual(Object.keys(JSON.parse((await ask(`/${repository}/index.yaml`)).text).entries), ['web']);
});

test('removes archives that no release names, and no others', async () => {
  const repository = await makeRepository('swept');
  await push(repository, chartOf('web', '1.0.0'));
  const before = await keptArchives();
  await blobs.put('charts/0-lost', Readable.from([Buffer.from('x')]), { limitBytes: 10 });
  await sweepCharts({ db: means.db, blobs }, Date.now() + 1000);
  assert.deepEqual(await keptArchives(), before);
});
