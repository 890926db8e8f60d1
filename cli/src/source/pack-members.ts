import { closeSync, openSync, readSync } from 'node:fs';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { BLOCK_BYTES, memberHeader, paddingBytes } from '../tar/member-header.ts';
import { ArchiveWriter } from './archive-writer.ts';
import { changed, type FolderMember, orChanged } from './source-members.ts';

/** A packed folder, in a file of the caller's. */
export interface PackedFolder {
  sizeBytes: number;
  sha256: string;
}

/** What is read of a file at once. */
const READ_BYTES = 2 ** 20;
/** The end of an archive. */
const END = Buffer.alloc(2 * BLOCK_BYTES);
export const END_BYTES = END.length;

/**
 * Packs members of a folder into the tar archive `file`. With a line, they are changes to an earlier archive, which has the
 * end of both. Throws `CliError` for a member that
 * cannot be read or that has changed since it was listed.
 */
export async function packMembers(
  members: readonly FolderMember[],
  { folder, file, line = '' }: { folder: string; file: string; line?: string },
): Promise<PackedFolder> {
  const archive = await ArchiveWriter.create(file);
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  try {
    await archive.write(Buffer.from(line));
    for (const member of members) {
      await archive.write(memberHeader(member));
      if (member.sizeBytes > 0) await addContent(archive, member, buffer);
    }
    if (line === '') await archive.write(END);
    return await archive.finish();
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError(EXIT_CODES.machine, `the folder ${folder} cannot be packed: ${(cause as Error).message}`, {
      cause,
    });
  } finally {
    await archive.close();
  }
}

/** As many bytes as the file had when it was listed. */
async function addContent(archive: ArchiveWriter, { full, sizeBytes }: FolderMember, buffer: Buffer): Promise<void> {
  const file = orChanged(full, () => openSync(full, 'r'));
  try {
    for (let left = sizeBytes; left > 0; ) {
      const count = orChanged(full, () => readSync(file, buffer, 0, Math.min(left, buffer.length), null));
      if (count === 0) throw changed(full);
      left -= count;
      await archive.write(buffer.subarray(0, count));
    }
  } finally {
    closeSync(file);
  }
  await archive.write(END.subarray(0, paddingBytes(sizeBytes)));
}
