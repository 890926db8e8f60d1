import type { Database } from '#db/database.ts';
import { imageNotFound } from '#image/errors.ts';
import { isDigest } from '#image/image.ts';
import { findManifestState } from '#image/manifest-store.ts';
import { getTaggedImage } from '#image/tag-store.ts';
import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { invalidParameter, missingParameter } from '#rpc/errors/api-error.ts';
import type { SeverityCounts } from './advisory/finding.ts';
import { scanNotComplete, scanTaskNotFound } from './errors.ts';
import type { Scan } from './scan.ts';
import { findScan, getLastScan } from './scan-store.ts';
import type { ScanType } from './scan-type.ts';

/** How the operations name a scan: by its id, or by the repository with a tag or digest. */
export interface ScanParams {
  InstanceId: string;
  RepoId?: string | undefined;
  ScanTaskId?: string | undefined;
  Tag?: string | undefined;
  Digest?: string | undefined;
}

/** The RAM resource of the repository that the parameters name. */
export async function scannedResource(
  db: Database,
  { InstanceId, RepoId, ScanTaskId }: ScanParams,
): Promise<string | undefined> {
  const repoId =
    RepoId ?? (ScanTaskId === undefined ? undefined : (await findScan(db, InstanceId, ScanTaskId))?.repoId);
  return repoId === undefined ? undefined : repositoryResource(db, InstanceId, repoId);
}

/** The scan that the parameters name. Throws the codes for what does not exist, first for instance and repository. */
export async function getNamedScan(db: Database, params: ScanParams, typeOf: () => ScanType): Promise<Scan> {
  const { InstanceId, RepoId, ScanTaskId } = params;
  await getInstance(db, InstanceId);
  if (RepoId !== undefined) await getRepository(db, InstanceId, RepoId);
  const type = typeOf();
  if (ScanTaskId !== undefined) {
    const scan = await findScan(db, InstanceId, ScanTaskId);
    if (scan === undefined || (RepoId !== undefined && scan.repoId !== RepoId)) throw scanTaskNotFound();
    return scan;
  }
  if (RepoId === undefined) throw missingParameter('RepoId');
  return getLastScan(db, { repoId: RepoId, digest: await namedDigest(db, RepoId, params), type });
}

/**
 * The scan for vulnerabilities that the parameters name, with its result. Throws SCAN_TASK_STATUS_NOT_SUPPORT while it
 * has none.
 */
export async function getNamedResult(
  db: Database,
  params: ScanParams,
): Promise<{ scanId: string; counts: SeverityCounts }> {
  const { scanId, type, status, reason, counts } = await getNamedScan(db, params, () => 'VUL');
  if (type !== 'VUL') throw scanTaskNotFound();
  if (counts === undefined) throw scanNotComplete(status, reason);
  return { scanId, counts };
}

/** The digest of an image, from a tag or a digest; the digest may come without `sha256:`. */
export async function namedDigest(
  db: Database,
  repoId: string,
  { Tag, Digest }: Pick<ScanParams, 'Tag' | 'Digest'>,
): Promise<string> {
  if (Digest === undefined) {
    if (Tag === undefined) throw missingParameter('Tag');
    return (await getTaggedImage(db, repoId, Tag)).digest;
  }
  const digest = Digest.startsWith('sha256:') ? Digest : `sha256:${Digest}`;
  if (!isDigest(digest)) throw invalidParameter('Digest', 'a digest is sha256: and 64 characters of 0-9 and a-f.');
  if ((await findManifestState(db, repoId, digest))?.state !== 'kept') throw imageNotFound(digest);
  return digest;
}
