import { openTarget } from '#backup/open-backup.ts';
import type { S3Access } from '#blob/s3/s3-place.ts';
import { opened } from './command-end.ts';

/** Removes all but the newest backups of a place; a place that has one alone removes none. */
export async function removeOldBackups(
  { place, s3 }: { place: string; s3?: S3Access },
  keep: number,
): Promise<{ backups: number; bytes: number } | undefined> {
  const target = await opened(openTarget(place, [], s3));
  try {
    return await target.keep?.(keep);
  } finally {
    await target.close();
  }
}
