import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import { createClient } from '../../client/src/client.ts';
import { makeAuthority } from '../support/peers/certificates.ts';
import { queueBuild } from '../support/queue-build.ts';
import { atEnd, pairOf, ROOT, startServer, temporaryFolder } from '../support/slipway.ts';

const NGINX = '/usr/sbin/nginx';
const LAYER_BYTES = 64 * 2 ** 20;
const skip =
  process.env.SLIPWAY_TEST_LONG !== '1'
    ? 'runs in the longer tier'
    : process.getuid?.() !== 0
      ? 'needs root, to build'
      : !existsSync(NGINX) && 'needs nginx';

test('behind the nginx of docs/install.md, signed calls, large pushes and the lines of a running build go through, unbuffered', {
  skip,
}, async (t) => {
  const port = await freePort();
  const url = `https://localhost:${port}`;
  const server = await startServer(t, { flags: ['--public-url', url, '--trusted-proxies', '127.0.0.1'] });
  const nginx = await startNginx(t, { port, upstream: new URL(server.root.Endpoint).host });
  const client = createClient({ endpoint: url, ...pairOf(server.root) });

  const { InstanceId } = server.root;
  await client.call('CreateNamespace', { InstanceId, NamespaceName: 'images', AutoCreateRepo: true });

  // An upload that nginx kept in a file first would fail: it has no folder for such files any more.
  rmSync(nginx.bodies, { recursive: true });
  const { TempUsername, AuthorizationToken } = await client.call('GetAuthorizationToken', { InstanceId });
  const image = temporaryFolder(t);
  await makeImage(image);
  const to = `docker://localhost:${port}/images/large:v1`;
  const login = `--dest-creds=${TempUsername}:${AuthorizationToken}`;
  await promisify(execFile)('skopeo', ['copy', '--dest-tls-verify=false', login, `oci:${image}`, to]);

  const key = await queueBuild(
    t,
    { ...server, client },
    { Dockerfile: 'FROM busybox\nRUN echo first line; sleep 600\n' },
  );
  const stream = await client.fetch(`/api/v1/builds/${key.BuildRecordId}/log/stream`);
  assert.equal(stream.status, 200);
  let seen = '';
  for await (const chunk of stream.body ?? []) {
    seen += Buffer.from(chunk).toString();
    // The command's own text is a line too; this is what it printed.
    if (/"first line"/.test(seen)) break;
    assert.ok(!seen.includes('event: end'), seen);
  }
  assert.match(seen, /"first line"/);
  assert.doesNotMatch(nginx.errors(), /\[(error|warn|crit)\]/);
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** An image in OCI layout of one layer that cannot be compressed, so the push is as large. */
async function makeImage(folder: string): Promise<void> {
  const run = promisify(execFile);
  const dir = join(folder, 'rootfs');
  mkdirSync(dir);
  writeFileSync(join(dir, 'random'), randomBytes(LAYER_BYTES));
  await run('tar', ['-C', dir, '-cf', join(folder, 'layer.tar'), '.']);
  await run('skopeo', ['copy', `tarball:${join(folder, 'layer.tar')}`, `oci:${folder}`]);
}

/** nginx with the recipe as it is in the docs, at another port, with another certificate. Node trusts that from then on. */
async function startNginx(t: TestContext, { port, upstream }: { port: number; upstream: string }) {
  const folder = temporaryFolder(t);
  const authority = makeAuthority(folder);
  const { cert, key } = authority.issue('127.0.0.1');
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(authority.certificate, 'utf8')]);
  const docs = readFileSync(join(ROOT, 'docs/install.md'), 'utf8');
  let recipe = /```nginx\n(.*?)```/s.exec(docs)?.[1] ?? '';
  for (const [written, own] of [
    ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
    ['server_name build.example', 'server_name localhost'],
    ['/etc/ssl/build.example.pem', cert],
    ['/etc/ssl/build.example.key', key],
    ['http://127.0.0.1:8720', `http://${upstream}`],
  ] as const) {
    assert.ok(recipe.includes(written), written);
    recipe = recipe.replace(written, own);
  }
  const [bodies, errors, config] = [join(folder, 'bodies'), join(folder, 'errors'), join(folder, 'nginx.conf')];
  const around = `daemon off; user root; worker_processes 1; pid ${folder}/pid; events {}\nhttp {\naccess_log off; client_body_temp_path ${bodies}; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;\n`;
  writeFileSync(config, `${around}${recipe}}\n`);
  const child = spawn(NGINX, ['-p', folder, '-c', config, '-e', errors], { stdio: 'inherit' });
  const ended = once(child, 'close');
  atEnd(t, async () => {
    child.kill('SIGTERM');
    await ended;
  });
  while (!existsSync(join(folder, 'pid')) || !existsSync(bodies)) {
    assert.equal(child.exitCode, null, 'nginx refuses the recipe');
    await sleep(50);
  }
  return { bodies, errors: () => readFileSync(errors, 'utf8') };
}
