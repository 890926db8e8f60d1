import { rmSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { nodeDisk } from '../disk/disk.ts';
import { logFiles } from '../disk/log-files.ts';
import { FailingDisk } from '../testing/failing-disk.ts';
import { LateArchives } from '../testing/late-archives.ts';
import { fastFolder } from '../testing/logbook.ts';
import { type StoreUnderTest, testArchiveStore } from './archive-store.contract.ts';
import { FolderArchives } from './folder-archives.ts';

testArchiveStore('a folder', async (t) => inFolder(t));

testArchiveStore('a folder that answers later', async (t) => {
  const made = inFolder(t);
  return { ...made, store: new LateArchives(made.store) };
});

function inFolder(t: TestContext): StoreUnderTest {
  const folder = fastFolder(t);
  return {
    store: new FolderArchives(nodeDisk, folder),
    folder,
    failing: (fromAct) => new FolderArchives(new FailingDisk(fromAct, 'dead'), folder),
    lose: async (ref, file) => {
      const files = logFiles(folder, ref);
      rmSync(file === 'archive' ? files.archive : files.sealedIndex);
    },
  };
}
