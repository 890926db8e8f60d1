import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

// EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH (fs/ext4/ext4.h of Linux).
const SHUT_DOWN =
  'open my $folder, "<", $ARGV[0] or exit; my $how = pack "L", 2; ioctl $folder, 0x8004587d, $how; exit';

/**
 * Unmounts a file system whose files nobody needs any more. It is shut down first, and drops what it has not written yet:
 * the kernel would otherwise find a place on the disk for every file of a source, and write it. Where it cannot be shut down,
 * unmounting it only takes longer.
 */
export async function unmountSpace(target: string): Promise<void> {
  await run('perl', ['-e', SHUT_DOWN, '--', target]).catch(() => undefined);
  await run('umount', ['-c', target]).catch(() => run('umount', ['-c', '-l', target]));
}
