import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { callNative } from '../../../client/src/call-native.ts';
import { type BuildKey, isFinal, readLog, waitForStatus } from '../log-reader.ts';
import { queueBuild } from '../queue-build.ts';
import { startServer, type TestServer, temporaryFolder } from '../slipway.ts';

/** More than one block of a sealed log. */
const LINES = 3000;
const DOCKERFILE = `FROM busybox\nCOPY Dockerfile /copied\nRUN seq ${LINES} | sed "s/$/ ${'.'.repeat(80)}/"\n`;

/**
 * Builds on the stores of these flags, and reads the log, its seal, its sections and the image: from the data folder, from the
 * stores, and by a server with a new data folder, which then builds again.
 */
export async function buildAndReadAgain(
  t: TestContext,
  flags: readonly string[],
  meanwhile?: (server: TestServer, key: BuildKey, readBack: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const server = await startServer(t, { flags: [...flags, '--log-cache-mebibytes', '0'] });
  const key = await queueBuild(t, server, { Dockerfile: DOCKERFILE });
  assert.equal(await waitForStatus(server.client, key, isFinal), 'SUCCESS');
  const lines = await readLog(server.client, key);
  assert.ok(lines.length > LINES);
  await carried(server, key);
  assert.deepEqual(await readLog(server.client, key), lines);
  const before = await readBack(server, key);
  await meanwhile?.(server, key, () => readBack(server, key));
  assert.equal(await server.stop(), 0);

  const dataFolder = join(temporaryFolder(t), 'data');
  mkdirSync(dataFolder);
  copyFileSync(join(server.dataFolder, 'secret.key'), join(dataFolder, 'secret.key'));
  const next = await startServer(t, { flags: [...flags], dataFolder });
  assert.equal(next.root.AccessKeyId, server.root.AccessKeyId);
  assert.deepEqual(await readLog(next.client, key), lines);
  assert.deepEqual(await readBack(next, key), before);
  const again = await queueBuild(t, next, { Dockerfile: DOCKERFILE });
  assert.equal(await waitForStatus(next.client, again, isFinal), 'SUCCESS');
}

/** Waits until the log of a build is no longer in the data folder. */
export async function carried({ dataFolder }: TestServer, { BuildRecordId: id }: BuildKey): Promise<void> {
  while (readdirSync(join(dataFolder, 'logs', id.slice(0, 2))).includes(id)) await sleep(200);
}

/** What a caller can read of a build, besides its log. */
async function readBack(server: TestServer, { BuildRecordId: id, ...repository }: BuildKey) {
  const { RequestId: _, ...verified } = await callNative(server.client, 'verifyLog', { id });
  const { Sections } = await callNative(server.client, 'listSections', { id });
  const { Images } = await server.client.call('ListRepoTag', repository);
  return { verified, Sections, Images };
}
