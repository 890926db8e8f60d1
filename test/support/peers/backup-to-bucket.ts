import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { contentOf, type DataFolderUnderTest, dataFolder } from '../../../server/src/backup/testing/data-folder.ts';
import { temporaryFolder } from '../slipway.ts';

const IMAGES = 20;

/** A data folder with many images, one of which is larger than one part of an upload. */
export async function largeFolder(t: TestContext): Promise<DataFolderUnderTest> {
  const folder = await dataFolder(t);
  for (let at = 0; at < IMAGES; at += 1) folder.push(`manifest ${at}`, [randomBytes(500_000).toString('base64')]);
  folder.push('a large image', [randomBytes(8_000_000).toString('base64')]);
  return folder;
}

/** Runs a command with the address and the keys of a bucket's server. */
type Run = (args: string[]) => Promise<{ code: number | null; stdout: string; stderr: string }>;

/**
 * Backs such a folder up twice to a place in a bucket, verifies and restores it, and keeps one backup only: the second one is small, the
 * restored folder has the same bytes, and the backup that stays is whole.
 */
export async function backUpToBucket(
  t: TestContext,
  run: Run,
  place: string,
  { root, push }: DataFolderUnderTest,
): Promise<void> {
  const made = await run(['backup', place, '--data', root, '--json']);
  assert.equal(made.code, 0, made.stderr);
  push('another manifest', ['a small layer']);
  const again = JSON.parse((await run(['backup', place, '--data', root, '--json'])).stdout);
  assert.ok(again.StoredBytes < 200_000, String(again.StoredBytes));
  const listed = (await run(['backup', 'list', place, '--json'])).stdout.trim().split('\n');
  assert.equal(listed.length, 2);
  const verified = JSON.parse((await run(['backup', 'verify', place, '--json'])).stdout);
  assert.deepEqual([verified.Problems, verified.Logs, verified.Images], [[], 2, IMAGES + 3]);
  const copy = join(temporaryFolder(t), 'copy');
  const restored = await run(['restore', place, '--data', copy]);
  assert.equal(restored.code, 0, restored.stderr);
  for (const part of ['registry', 'logs'])
    for (const [path, content] of contentOf(join(root, part)))
      assert.equal(contentOf(join(copy, part)).get(path), content, path);
  const third = await run(['backup', place, '--data', root, '--keep', '1']);
  assert.match(third.stderr, /removed 2 old backups/);
  assert.equal((await run(['backup', 'verify', place])).code, 0);
}
