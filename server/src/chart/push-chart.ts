import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { type BlobStore, sweepObjects } from '#blob/blob.ts';
import type { Database } from '#db/database.ts';
import { nameMistake } from '#namespace/namespace.ts';
import type { Means } from '#rpc/context.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { CHART_REPOSITORY_NAME_LIMIT, type ChartRepository, PACKAGE_LIMIT_BYTES } from './chart.ts';
import { findChartNamespace } from './chart-namespace-store.ts';
import { readChartPackage } from './chart-package.ts';
import { insertChartRelease, listArchiveKeys, saveProvenance } from './chart-release-store.ts';
import { findChartRepository, insertChartRepository } from './chart-repository-store.ts';
import { chartRepositoryNotFound, invalidChart } from './errors.ts';

const PROVENANCE_LIMIT_BYTES = 128 * 1024;
const PREFIX = 'charts';

/** The content of a push. */
export interface PushedChart {
  readonly archive: Buffer;
  /** The signed text that `helm package --sign` writes next to the archive. */
  readonly provenance?: Buffer | undefined;
  /** Whether to replace a release of this name and version. */
  readonly mayReplace: boolean;
  /** The ARN of the caller. */
  readonly by: string;
}

/**
 * Stores a chart in a repository. Name and version come from its Chart.yaml. If it throws `InvalidChart`,
 * `CHART_TOO_LARGE` or CHART_RELEASE_ALREADY_EXIST, nothing is stored.
 */
export async function pushChart(
  means: Pick<Means, 'db' | 'now' | 'removeObjects'> & { blobs: BlobStore },
  { repoId }: ChartRepository,
  { archive, provenance, mayReplace, by }: PushedChart,
): Promise<{ chart: string; version: string }> {
  if (archive.length > PACKAGE_LIMIT_BYTES) throw chartTooLarge();
  const { name: chart, version, json: metadata } = await readChartPackage(archive);
  const sha256 = createHash('sha256').update(archive).digest('hex');
  const signed = provenance && checkProvenance(provenance);
  if (signed && signed.sha256 !== sha256) throw invalidChart('the provenance that came with it is for another archive');
  const objectKey = `${PREFIX}/${randomUUID()}`;
  await means.blobs.put(objectKey, Readable.from([archive]), { limitBytes: PACKAGE_LIMIT_BYTES });
  const release = {
    chart,
    version,
    sha256,
    sizeBytes: archive.length,
    metadata,
    pushedBy: by,
    pushedMs: means.now(),
    provenance: signed?.text,
    objectKey,
  };
  try {
    await means.removeObjects(await insertChartRelease(means.db, repoId, release, mayReplace));
  } catch (error) {
    await means.removeObjects([objectKey]);
    throw error;
  }
  return { chart, version };
}

/** Stores the provenance of a chart that was pushed before. Throws `InvalidChart` and CHART_RELEASE_NOT_EXIST. */
export async function pushProvenance(db: Database, { repoId }: ChartRepository, provenance: Buffer): Promise<void> {
  const { sha256, text } = checkProvenance(provenance);
  await saveProvenance(db, repoId, sha256, text);
}

/**
 * The repository to push to; creates it if its namespace creates repositories on push. Throws CHART_REPO_NOT_EXIST and
 * CHART_REPO_QUOTA_EXCEED.
 */
export async function ensureChartRepository(
  means: Pick<Means, 'db' | 'now' | 'newId' | 'quotas'>,
  instanceId: string,
  namespaceName: string,
  name: string,
): Promise<ChartRepository> {
  const found = await findChartRepository(means.db, instanceId, namespaceName, name);
  if (found) return found;
  const namespace = await findChartNamespace(means.db, instanceId, namespaceName);
  if (!namespace?.autoCreateRepo || nameMistake(name, CHART_REPOSITORY_NAME_LIMIT)) throw chartRepositoryNotFound();
  const nowMs = means.now();
  const repository: ChartRepository = {
    repoId: means.newId('crcr'),
    instanceId,
    namespaceName,
    name,
    type: namespace.defaultRepoType,
    summary: 'created by a push',
    revision: 0,
    createdMs: nowMs,
    modifiedMs: nowMs,
  };
  try {
    await insertChartRepository(means.db, repository, means.quotas.chartRepositories);
    return repository;
  } catch (error) {
    // Another push created it meanwhile.
    const made = error instanceof ApiError && (await findChartRepository(means.db, instanceId, namespaceName, name));
    if (made) return made;
    throw error;
  }
}

/** Removes archives from before a time that no release names: those of pushes that a crash interrupted. */
export async function sweepCharts({ db, blobs }: { db: Database; blobs: BlobStore }, beforeMs: number): Promise<void> {
  const known = new Set(await listArchiveKeys(db));
  await sweepObjects(blobs, { prefix: PREFIX, beforeMs }, (key) => known.has(key));
}

/** The refusal of an archive that is too large, before or after it was read. */
export function chartTooLarge(): ApiError {
  return new ApiError('CHART_TOO_LARGE', 413, `The archive is larger than ${PACKAGE_LIMIT_BYTES} bytes.`);
}

/**
 * The hash of the archive that a provenance signs (`files:` in the signed text). The client that pulls checks the
 * signature.
 */
function checkProvenance(provenance: Buffer): { sha256: string; text: string } {
  const text = provenance.toString();
  const [, sha256] = /: sha256:([0-9a-f]{64})\s/.exec(text.slice(0, PROVENANCE_LIMIT_BYTES)) ?? [];
  const isSigned = text.startsWith('-----BEGIN PGP SIGNED MESSAGE-----');
  if (provenance.length > PROVENANCE_LIMIT_BYTES || !isSigned || sha256 === undefined)
    throw invalidChart('the provenance that came with it is not a text that helm package --sign makes');
  return { sha256, text };
}
