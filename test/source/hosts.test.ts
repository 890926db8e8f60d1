import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { bindRepository } from '../support/bound-repository.ts';
import { makeAuthority } from '../support/peers/certificates.ts';
import { addRepository, startGitHost } from '../support/peers/git-host.ts';
import { startProxy } from '../support/peers/proxy.ts';
import { atEnd, printedLines, slipway, startServer, temporaryFolder } from '../support/slipway.ts';
import { startNginxGit } from './nginx-git.ts';

const isRoot = process.getuid?.() === 0;
const skip =
  process.env.SLIPWAY_TEST_LONG !== '1' ? 'set SLIPWAY_TEST_LONG=1 to run it' : !isRoot && 'nginx needs root';
const hostAddress = Object.values(networkInterfaces())
  .flat()
  .find((entry) => entry?.family === 'IPv4' && !entry.internal)?.address;

test('builds from git’s http-backend behind nginx, with a token and a certificate of a private authority', {
  skip,
}, async (t) => {
  const folder = temporaryFolder(t);
  const authority = makeAuthority(folder);
  const login = { user: 'oauth2', token: 'glpat-0123456789abcdef' };
  const url = await startNginxGit(t, { folder, tls: authority.issue('127.0.0.1'), login });
  addRepository(folder, 'team/app', { Dockerfile: 'FROM busybox\nRUN echo built\n' });
  const server = await startServer(t, { flags: ['--trusted-ca-file', authority.certificate] });
  const { build } = await bindRepository(server, 'GITLAB');
  const set = async (token: string) => {
    const file = join(folder, 'token');
    writeFileSync(file, token);
    const flags = ['--base-url', url, '--token-file', file, '--allow-private', '--data', server.dataFolder];
    const ended = await slipway(['source', 'set', 'GITLAB', ...flags]);
    assert.equal(ended.code, 0, ended.stderr);
  };

  await set('wrong-token');
  const refused = await build();
  assert.match(refused.lines.at(-2) ?? '', /does not accept the token that is set for this code host/);
  await set(login.token);
  const built = await build();
  assert.equal(built.status, 'SUCCESS', built.text);
  assert.ok(built.lines.includes('built'), built.text);
});

test('clone, ADD and RUN use the proxy for hosts that only it knows, and trust the private authority', {
  skip: skip || (hostAddress === undefined ? 'this machine has no IPv4 address but loopback' : false),
}, async (t) => {
  const authority = makeAuthority(temporaryFolder(t));
  const { cert, key } = authority.issue('127.0.0.1', 'file.invalid');
  const secure = createTlsServer({ cert: readFileSync(cert), key: readFileSync(key) }, (_request, response) =>
    response.end('added over TLS\n'),
  );
  const plain = createServer((_request, response) => response.end('fetched by a step\n'));
  const ports = [];
  for (const each of [secure, plain]) {
    await new Promise<void>((resolve) => each.listen(0, '127.0.0.1', () => resolve()));
    atEnd(t, () => each.close());
    ports.push((each.address() as AddressInfo).port);
  }
  const host = await startGitHost(t, { tls: authority.issue('127.0.0.1', 'git.invalid') });
  host.addRepository('team/app', {
    Dockerfile: `FROM busybox
ADD https://file.invalid:${ports[0]}/file /file
RUN cat /file; wget -q -O - http://file.invalid:${ports[1]}/; echo "index $PIP_INDEX_URL"
`,
  });
  // Builds can never reach loopback, whatever the settings allow.
  const proxy = await startProxy(t, { address: hostAddress ?? '' });
  const flags = ['--proxy', proxy.url, '--trusted-ca-file', authority.certificate];
  const builds = ['--build-allow-addresses', hostAddress ?? '', '--build-environment', 'PIP_INDEX_URL=http://pip'];
  const server = await startServer(t, { flags: [...flags, ...builds] });

  const url = host.url.replace('127.0.0.1', 'git.invalid');
  const ended = await slipway(['build', `${url}/team/app.git`, '--data', server.dataFolder]);

  assert.equal(ended.code, 0, ended.stdout);
  const lines = printedLines(ended.stdout).map((line) => line.Message);
  for (const line of ['added over TLS', 'fetched by a step', 'index http://pip'])
    assert.ok(lines.includes(line), ended.stdout);
  const named = [
    `CONNECT ${new URL(url).host}`,
    `CONNECT file.invalid:${ports[0]}`,
    `GET http://file.invalid:${ports[1]}/`,
  ];
  for (const each of named) assert.ok(proxy.asked.includes(each), proxy.asked.join());
});
