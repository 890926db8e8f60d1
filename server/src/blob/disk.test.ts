import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testBlobStore } from './blob.contract.ts';
import { diskBlobStore } from './disk.ts';

testBlobStore('disk', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-blob-'));
  t.after(() => rm(folder, { recursive: true }));
  return diskBlobStore(folder);
});
