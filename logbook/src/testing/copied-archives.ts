import { copyFile, mkdir } from 'node:fs/promises';
import { nodeDisk } from '../disk/disk.ts';
import { logFiles } from '../disk/log-files.ts';
import type { ArchiveDraft, ArchiveRef } from '../sealed/archive-store.ts';
import { FolderArchives } from '../sealed/folder-archives.ts';

/** A folder to which sealed logs are copied, as to a store that is elsewhere. */
export class CopiedArchives extends FolderArchives {
  readonly #root: string;

  constructor(root: string) {
    super(nodeDisk, root);
    this.#root = root;
  }

  override async put(logId: string, { archivePath, indexPath }: ArchiveDraft): Promise<ArchiveRef> {
    const files = logFiles(this.#root, logId);
    await mkdir(files.folder, { recursive: true });
    await copyFile(archivePath, files.archive);
    await copyFile(indexPath, files.sealedIndex);
    return logId;
  }
}
