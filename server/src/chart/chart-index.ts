import type { Database } from '#db/database.ts';
import { CHART_PATH } from '#endpoint/endpoint.ts';
import { type ChartRelease, type ChartRepository, fileNameOf } from './chart.ts';
import { listAllReleases } from './chart-release-store.ts';

/** How much memory the most recently made indexes may take. */
const KEPT_BYTES = 64 * 1024 * 1024;

/**
 * The indexes of chart repositories, as Helm reads them (`pkg/repo/index.go`): JSON, which is also YAML. `serverInfo`
 * tells push plugins where `api` is. An index is made at the first request after a change.
 */
export class ChartIndexes {
  readonly #db: Database;
  readonly #kept = new Map<string, { etag: string; index: Buffer }>();
  #keptBytes = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Identifies the current index of a repository, for the headers ETag and If-None-Match. */
  etag({ repoId, revision }: ChartRepository): string {
    return `"${repoId}-${revision}"`;
  }

  async read(repository: ChartRepository): Promise<Buffer> {
    const { repoId } = repository;
    const etag = this.etag(repository);
    const kept = this.#kept.get(repoId);
    this.#drop(repoId);
    const index = kept?.etag === etag ? kept.index : await this.#make(repository);
    // A concurrent request may have kept one meanwhile.
    this.#drop(repoId);
    this.#kept.set(repoId, { etag, index });
    this.#keptBytes += index.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#keptBytes <= KEPT_BYTES) break;
      this.#drop(oldest);
    }
    return index;
  }

  #drop(repoId: string): void {
    this.#keptBytes -= this.#kept.get(repoId)?.index.length ?? 0;
    this.#kept.delete(repoId);
  }

  async #make({ repoId, modifiedMs }: ChartRepository): Promise<Buffer> {
    const byChart = Map.groupBy(await listAllReleases(this.#db, repoId), ({ chart }) => chart);
    const entries = [...byChart].map(
      ([chart, releases]) => `${JSON.stringify(chart)}:[${releases.map(entryOf).join()}]`,
    );
    const generated = JSON.stringify(new Date(modifiedMs).toISOString());
    const server = JSON.stringify({ contextPath: CHART_PATH });
    return Buffer.from(
      `{"apiVersion":"v1","entries":{${entries.join()}},"generated":${generated},"serverInfo":${server}}\n`,
    );
  }
}

/** A release in an index: its metadata, and the URL of its archive, relative to the index. */
function entryOf({ chart, version, sha256, metadata, pushedMs }: ChartRelease): string {
  const more = {
    created: new Date(pushedMs).toISOString(),
    digest: sha256,
    urls: [`charts/${encodeURIComponent(fileNameOf(chart, version))}`],
  };
  return `${metadata.slice(0, -1)},${JSON.stringify(more).slice(1)}`;
}
