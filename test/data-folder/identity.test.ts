import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pairOf, type RootFile, slipway, startServer, temporaryFolder } from '../support/slipway.ts';

const skip = process.env.SLIPWAY_TEST_LONG === '1' ? false : 'starts many servers: runs in the longer tier';
const FLAGS = ['--no-builds'];

test('the identity is in the database: without root.json and the registry’s files, the next start is the same server, and only its own secrets key opens it', {
  skip,
}, async (t) => {
  const first = await startServer(t, { flags: FLAGS });
  const { dataFolder, root } = first;
  const certificate = join(dataFolder, 'registry', 'token-certificate.pem');
  const made = readFileSync(certificate, 'utf8');
  await first.stop();
  assert.deepEqual(
    ['token-key.pem', 'http-secret'].filter((name) => existsSync(join(dataFolder, 'registry', name))),
    [],
  );
  for (const name of readdirSync(join(dataFolder, 'db')))
    assert.ok(
      !readFileSync(join(dataFolder, 'db', name)).includes(root.AccessKeySecret),
      `${name} has it in plain text`,
    );
  rmSync(join(dataFolder, 'root.json'));
  rmSync(certificate);

  const second = await startServer(t, { dataFolder, flags: FLAGS });
  assert.deepEqual(identityOf(second.root), identityOf(root));
  assert.equal(readFileSync(certificate, 'utf8'), made);
  await second.client.call('ListInstance', {});
  await second.stop();

  rmSync(join(dataFolder, 'secret.key'));
  await assert.rejects(
    startServer(t, { dataFolder, flags: FLAGS }),
    /ended with 4: .*secret\.key is not the one that/s,
  );
});

test('a backup without the secrets key has the owner in root.json alone, and its copy is the same account with another key', {
  skip,
}, async (t) => {
  const server = await startServer(t, { flags: FLAGS });
  const folder = temporaryFolder(t);
  const [place, copy] = [join(folder, 'backups'), join(folder, 'copy')];
  for (const command of [
    ['backup', place, '--data', server.dataFolder],
    ['restore', place, '--data', copy],
  ])
    assert.equal((await slipway(command)).code, 0, command.join(' '));
  const restored = await startServer(t, { dataFolder: copy, flags: FLAGS });
  assert.deepEqual(identityOf(restored.root), identityOf(server.root));
  await restored.client.call('ListInstance', {});
  await restored.stop();
  writeFileSync(join(copy, 'root.json'), '{');
  const again = await startServer(t, { dataFolder: copy, flags: FLAGS });
  assert.deepEqual(identityOf(again.root), identityOf(server.root), 'the database has it again, under the new key');
});

function identityOf(root: RootFile) {
  return { ...pairOf(root), AccountId: root.AccountId, InstanceId: root.InstanceId };
}
