import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { promisify } from 'node:util';
import { createClient } from '../../client/src/client.ts';
import { makeAuthority } from '../support/peers/certificates.ts';
import { freePort } from '../support/peers/free-port.ts';
import { queueBuild } from '../support/queue-build.ts';
import { atEnd, pairOf, ROOT, startServer, temporaryFolder } from '../support/slipway.ts';

const NGINX = '/usr/sbin/nginx';
const CADDY = '/usr/bin/caddy';
const LAYER_BYTES = 64 * 2 ** 20;
/** A proxy that runs with its recipe from the docs. */
interface Proxy {
  /** From now on, a proxy that wants to store a body first fails. */
  refuseToStore(): void;
  /** What went wrong, in the proxy's own words; empty if nothing did. */
  complaints(): string;
}

interface ProxyPlan {
  port: number;
  /** Host and port of the server. */
  upstream: string;
}

for (const { name, program, start } of [
  { name: 'nginx', program: NGINX, start: startNginx },
  { name: 'Caddy', program: CADDY, start: startCaddy },
])
  test(
    `behind the ${name} of docs/install.md, signed calls, large pushes and the lines of a running build go through, unbuffered`,
    {
      skip:
        process.env.SLIPWAY_TEST_LONG !== '1'
          ? 'runs in the longer tier'
          : process.getuid?.() !== 0
            ? 'needs root, to build'
            : !existsSync(program) && `needs ${name}`,
    },
    (t) => useServerBehind(t, start),
  );

async function useServerBehind(t: TestContext, start: (t: TestContext, plan: ProxyPlan) => Promise<Proxy>) {
  const port = await freePort();
  const url = `https://localhost:${port}`;
  const server = await startServer(t, { flags: ['--public-url', url, '--trusted-proxies', '127.0.0.1'] });
  const proxy = await start(t, { port, upstream: new URL(server.root.Endpoint).host });
  const client = createClient({ endpoint: url, ...pairOf(server.root) });

  const { InstanceId } = server.root;
  await client.call('CreateNamespace', { InstanceId, NamespaceName: 'images', AutoCreateRepo: true });

  proxy.refuseToStore();
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
  assert.equal(proxy.complaints(), '');
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

/** The recipe as it is in the docs, with these places replaced. */
function recipeOf(language: string, places: readonly (readonly [written: string, own: string])[]): string {
  const docs = readFileSync(join(ROOT, 'docs/install.md'), 'utf8');
  let recipe = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(docs)?.[1] ?? '';
  for (const [written, own] of places) {
    assert.ok(recipe.includes(written), written);
    recipe = recipe.replace(written, own);
  }
  return recipe;
}

/** A certificate for the proxy, which Node trusts from now on. */
function trustedCertificate(folder: string): { cert: string; key: string } {
  const authority = makeAuthority(folder);
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(authority.certificate, 'utf8')]);
  return authority.issue('127.0.0.1');
}

/** Starts a proxy and waits until it serves. */
async function startProxy(
  t: TestContext,
  command: readonly string[],
  options: { env?: NodeJS.ProcessEnv; errors: string; serves: () => boolean },
): Promise<void> {
  const [program = '', ...args] = command;
  const { errors, serves, env } = options;
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', openSync(errors, 'a')], ...(env && { env }) });
  const ended = once(child, 'close');
  atEnd(t, async () => {
    child.kill('SIGTERM');
    await ended;
  });
  while (!serves()) {
    assert.equal(child.exitCode, null, `the recipe is refused: ${readFileSync(errors, 'utf8')}`);
    await sleep(50);
  }
}

async function startNginx(t: TestContext, { port, upstream }: ProxyPlan): Promise<Proxy> {
  const folder = temporaryFolder(t);
  const { cert, key } = trustedCertificate(folder);
  const recipe = recipeOf('nginx', [
    ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
    ['server_name build.example', 'server_name localhost'],
    ['/etc/ssl/build.example.pem', cert],
    ['/etc/ssl/build.example.key', key],
    ['http://127.0.0.1:8720', `http://${upstream}`],
  ]);
  const [bodies, errors, config] = [join(folder, 'bodies'), join(folder, 'errors'), join(folder, 'nginx.conf')];
  const around = `daemon off; user root; worker_processes 1; pid ${folder}/pid; events {}\nhttp {\naccess_log off; client_body_temp_path ${bodies}; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;\n`;
  writeFileSync(config, `${around}${recipe}}\n`);
  const serves = () => existsSync(join(folder, 'pid')) && existsSync(bodies);
  await startProxy(t, [NGINX, '-p', folder, '-c', config, '-e', errors], { errors, serves });
  return {
    // Its folder for such bodies is gone.
    refuseToStore: () => rmSync(bodies, { recursive: true }),
    complaints: () => linesWith(errors, /\[(error|warn|crit)\]/),
  };
}

async function startCaddy(t: TestContext, { port, upstream }: ProxyPlan): Promise<Proxy> {
  const folder = temporaryFolder(t);
  const { cert, key } = trustedCertificate(folder);
  const recipe = recipeOf('caddy', [
    ['build.example {', `https://localhost:${port} {\n    bind 127.0.0.1\n    tls ${cert} ${key}`],
    ['127.0.0.1:8720', upstream],
  ]);
  const [errors, config] = [join(folder, 'errors'), join(folder, 'Caddyfile')];
  writeFileSync(config, `{\n    admin off\n    auto_https disable_redirects\n}\n${recipe}`);
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const serves = () => readFileSync(errors, 'utf8').includes('serving initial configuration');
  await startProxy(t, [CADDY, 'run', '--adapter', 'caddyfile', '--config', config], { env, errors, serves });
  // It stores no bodies at all.
  return { refuseToStore: () => undefined, complaints: () => linesWith(errors, /"level":"error"/) };
}

function linesWith(file: string, pattern: RegExp): string {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => pattern.test(line)).join('\n');
}
