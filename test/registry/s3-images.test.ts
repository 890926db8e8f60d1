import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import type { TestedBucket } from '../../server/src/routes/testing/tested-images.ts';
import { startSwift } from '../support/peers/swift-store.ts';
import { ROOT } from '../support/slipway.ts';

const isLong = process.env.SLIPWAY_TEST_LONG === '1';
const BUCKET = 'images';
const FILES = globSync(
  [
    'server/src/registry/{contents/garbage,contents/check-*,contents/push-*,distribution/links}.test.ts',
    'server/src/routes/registry/*.test.ts',
  ],
  { cwd: ROOT },
);

/** The tests of the registry, with images where SLIPWAY_TEST_IMAGES says. */
async function runTests(images: string): Promise<void> {
  assert.ok(FILES.length > 8, FILES.join(' '));
  // The last is of the runner of this test.
  const own = { SLIPWAY_TEST_IMAGES: images, SLIPWAY_TEST_LONG: '', NODE_TEST_CONTEXT: undefined };
  const args = ['--test', '--test-concurrency=1', '--test-reporter=tap', ...FILES];
  const run = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...own },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed, [code]] = await Promise.all([text(run.stdout), once(run, 'exit')]);
  const passed = Number(/^# pass (\d+)$/m.exec(printed)?.[1]);
  assert.deepEqual([code, passed > 60], [0, true], printed.slice(-20_000));
}

test(
  'whatever the registry promises, it promises with its images in a store of objects',
  { skip: isLong ? false : 'runs all tests of the registry: in the longer tier' },
  () => runTests('blobs'),
);

test('whatever the registry promises, it promises with its images in a bucket', {
  skip: isLong && process.getuid?.() === 0 ? false : 'starts OpenStack Swift: runs as root in the longer tier',
}, async () => {
  const { endpoint, keysFile, client } = await startSwift({ after });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const access: TestedBucket = { endpoint, keysFile, bucket: BUCKET, region: 'us-east-1', pathStyle: true };
  await runTests(JSON.stringify(access));
});
