import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bindRepository, filesWith } from './support/bound-repository.ts';
import { addRepository } from './support/git-host.ts';
import { native, slipway, startServer, temporaryFolder } from './support/slipway.ts';
import { fingerprintOf, makeSshKey, startSshHost } from './support/ssh-host.ts';

test('a build clones over SSH with the key that was set, which is on no disk, in no environment and in no log', async (t) => {
  const folder = temporaryFolder(t);
  const server = await startServer(t);
  const { client, dataFolder } = server;
  const seen = join(folder, 'seen');
  // While the clone runs, root looks for the key's second line, which is its own, in all that anybody could read of it.
  const look = [
    `line=$(cat ${folder}/line)`,
    `grep -rlaF -- "$line" ${dataFolder} /proc/[0-9]*/environ /proc/[0-9]*/cmdline >>${seen} 2>/dev/null`,
    `grep -laF -- CANARY /proc/[0-9]*/environ >>${seen} 2>/dev/null`,
  ].join('\n');
  const host = await startSshHost(t, folder, { look: `${look}\nexport CANARY=1` });
  const keyLines = readFileSync(host.keyFile, 'utf8').split('\n').slice(1, -2);
  writeFileSync(join(folder, 'line'), keyLines[1] ?? '');
  writeFileSync(seen, 'looked\n');
  // Who has the key can put it into a source: it is masked as a token is.
  const commit = addRepository(folder, 'team/app', {
    Dockerfile: 'FROM busybox\nCOPY leak /\nRUN cat /leak; echo cloned\n',
    leak: readFileSync(host.keyFile, 'utf8'),
  });
  const set = await slipway([
    ...['source', 'set', 'GITLAB', '--base-url', host.baseUrl, '--ssh-key', host.keyFile],
    ...['--known-hosts', host.knownHostsFile, '--allow-private', '--data', dataFolder],
  ]);
  assert.equal(set.code, 0, set.stderr);
  assert.match(
    set.stdout,
    new RegExp(`with the key ${host.fingerprint.replace(/[+/]/g, '.')}, known by ssh-ed25519 SHA256:`),
  );
  const { build } = await bindRepository(server, 'GITLAB');

  const { status, lines, text, key } = await build();

  assert.equal(status, 'SUCCESS', text);
  assert.ok(lines.includes('cloned') && text.includes(`commit ${commit} (Ada: First commit)`), text);
  const record = await native(client, `/api/v1/builds/${key.BuildRecordId}`);
  const sources = await native(client, '/api/v1/sources');
  const shown = [text, JSON.stringify([record, sources]), set.stdout, server.stderr()].join('\n');
  const places = ['db', 'logs', 'blobs', 'run', 'work'].map((name) => join(dataFolder, name));
  for (const line of keyLines) {
    assert.ok(!shown.includes(line), 'shown');
    assert.deepEqual(filesWith(line, places), [], 'stored');
  }
  assert.deepEqual(readFileSync(seen, 'utf8').split('\n'), ['looked', ''], 'seen during the clone');
});

test('a key that the host does not accept, and a host key that nobody vouched for, are told as that', async (t) => {
  const folder = temporaryFolder(t);
  const host = await startSshHost(t, folder);
  addRepository(folder, 'team/app', { Dockerfile: 'FROM scratch\n' });
  const server = await startServer(t);
  const { build } = await bindRepository(server, 'GITHUB');
  const strange = makeSshKey(temporaryFolder(t), 'strange');
  const set = async (fields: { key?: string; knownHosts?: string; path?: string; allowPrivate?: boolean }) => {
    const body = {
      BaseUrl: host.baseUrl + (fields.path ?? ''),
      SshKey: readFileSync(fields.key ?? host.keyFile, 'utf8'),
      KnownHosts: fields.knownHosts ?? readFileSync(host.knownHostsFile, 'utf8'),
      AllowPrivate: fields.allowPrivate ?? true,
    };
    const headers = { 'content-type': 'application/json' };
    const response = await server.client.fetch('/api/v1/sources/GITHUB', {
      ...{ method: 'PUT', headers, body: JSON.stringify(body) },
    });
    assert.equal(response.status, 200, await response.text());
  };
  const refused = async (says: string) => {
    const { status, lines, text, key } = await build();
    assert.equal(status, 'FAILED', text);
    assert.ok(lines.at(-2)?.includes(says), text);
    const card = await native(server.client, `/api/v1/builds/${key.BuildRecordId}/card`);
    assert.equal((card.Failure as { Message: string }).Message, lines.at(-2));
    assert.equal((card.Failure as { Fault: string }).Fault, 'source');
  };

  await set({ key: strange });
  await refused(`does not accept the SSH key that is set for this code host (${fingerprintOf(strange)})`);
  const [name] = readFileSync(host.knownHostsFile, 'utf8').split(' ');
  await set({ knownHosts: `${name} ${readFileSync(`${strange}.pub`, 'utf8')}` });
  await refused('shows another host key than those that are set for it');
  await set({ path: '/nowhere' });
  await refused('/nowhere/team/app.git');
  await set({ allowPrivate: false });
  await refused('127.0.0.1, which the rule "loopback (127.0.0.0/8)" denies');
});

test('an SSH key without the keys of its host is refused by the command, with how to get them', async () => {
  const ended = await slipway([
    'source',
    'set',
    'GITLAB',
    '--base-url',
    'ssh://git@git.example:2222',
    '--ssh-key',
    'f',
  ]);
  assert.equal(ended.code, 2);
  assert.match(ended.stderr, /--ssh-key needs --known-hosts: run "ssh-keyscan -p 2222 git\.example >known_hosts"/);
});
