import type { RepoType } from '#namespace/namespace.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';

/** A namespace of charts: the first part of the path of a chart repository. It is separate from image namespaces. */
export interface ChartNamespace {
  namespaceId: string;
  instanceId: string;
  name: string;
  autoCreateRepo: boolean;
  defaultRepoType: RepoType;
  createdMs: number;
  modifiedMs: number;
}

/** A repository of charts, which Helm reads through its index. */
export interface ChartRepository {
  repoId: string;
  instanceId: string;
  namespaceName: string;
  name: string;
  type: RepoType;
  summary: string;
  /** Counts the changes of its releases. */
  revision: number;
  createdMs: number;
  modifiedMs: number;
}

/** A version of a chart. */
export interface ChartRelease {
  chart: string;
  version: string;
  /** SHA-256 of its archive, 64 hex digits. */
  sha256: string;
  sizeBytes: number;
  /** JSON: the fields of its Chart.yaml that belong in an index. */
  metadata: string;
  pushedBy: string;
  pushedMs: number;
}

/** The largest archive of a chart, from the vendor's documentation. */
export const PACKAGE_LIMIT_BYTES = 20 * 1024 * 1024;

/** Maximum length of a chart repository's name, as for image repositories. */
export const CHART_REPOSITORY_NAME_LIMIT = 64;

/** Maximum length of a summary in characters, as for image repositories. */
const SUMMARY_LIMIT = 100;

/** Throws InvalidParameter for a summary that is too long. */
export function checkChartSummary(summary: string): void {
  if (summary.length > SUMMARY_LIMIT)
    throw invalidParameter('Summary', `it has ${summary.length} characters; ${SUMMARY_LIMIT} is the limit`);
}

/** The limit for the metadata of all releases of a repository, which is the size of its index. */
export const INDEX_LIMIT_BYTES = 32 * 1024 * 1024;

/** The name by which clients fetch the archive of a release. */
export function fileNameOf(chart: string, version: string): string {
  return `${chart}-${version}.tgz`;
}
