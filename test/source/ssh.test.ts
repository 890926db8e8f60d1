import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bindRepository, filesWith } from '../support/bound-repository.ts';
import { addRepository, addSubmodules } from '../support/peers/git-host.ts';
import { skipSsh, startSshHost } from '../support/peers/ssh-host.ts';
import { native, slipway, startServer, temporaryFolder } from '../support/slipway.ts';

test('a build clones over SSH with the configured key, which is on no disk, in no environment and in no log', {
  skip: skipSsh || (process.env.SLIPWAY_TEST_LONG === '1' ? false : 'set SLIPWAY_TEST_LONG=1 to run it'),
}, async (t) => {
  const folder = temporaryFolder(t);
  const server = await startServer(t, { flags: ['--source-submodules', 'true'] });
  const { client, dataFolder } = server;
  const seen = join(folder, 'seen');
  // While the clone runs, root searches everything readable for the key's second line, which is unique to it. The source
  // itself has it too: in its folder, and in the image of the file system around that, sooner or later. With -z, grep
  // skips the holes of images.
  const look = [
    `line=$(cat ${folder}/line)`,
    `grep -zrlaF --exclude-dir=context --exclude=source.img -- "$line" ${dataFolder} /run/slipway-work /proc/[0-9]*/environ /proc/[0-9]*/cmdline >>${seen} 2>/dev/null`,
    `grep -zlaF -- CANARY /proc/[0-9]*/environ >>${seen} 2>/dev/null`,
  ].join('\n');
  const host = await startSshHost(t, folder, { look: `${look}\nexport CANARY=1` });
  const keyLines = readFileSync(host.keyFile, 'utf8').split('\n').slice(1, -2);
  writeFileSync(join(folder, 'line'), keyLines[1] ?? '');
  writeFileSync(seen, 'looked\n');
  // Someone with the key can put it into a source: it is masked like a token.
  const commitId = addRepository(folder, 'team/lib', { word: 'with submodules\n' });
  addRepository(folder, 'team/app', {
    Dockerfile: 'FROM busybox\nCOPY . /\nRUN cat /leak; echo cloned; cat /lib/word\n',
    leak: readFileSync(host.keyFile, 'utf8'),
  });
  const commit = addSubmodules(folder, 'team/app', [{ at: 'lib', url: '../lib.git', commitId }]);
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
  assert.ok(lines.includes('cloned') && lines.includes('with submodules'), text);
  assert.ok(lines.includes(`commit ${commit} (Ada: Add submodules)`), text);
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
