/** A namespace of charts. */
export interface ChartNamespaceTable {
  namespace_id: string;
  instance_id: string;
  name: string;
  auto_create_repo: number;
  default_repo_type: string;
  created_ms: number;
  modified_ms: number;
}

/** A repository of charts. */
export interface ChartRepositoryTable {
  repo_id: string;
  instance_id: string;
  namespace_name: string;
  name: string;
  type: string;
  summary: string;
  /** Counts the changes of its releases: the index of one revision never changes. */
  revision: number;
  created_ms: number;
  modified_ms: number;
}

/** A version of a chart. Its archive is in the blob store under `object_key`. */
export interface ChartReleaseTable {
  repo_id: string;
  /** `CHART-VERSION.tgz`, the name by which clients fetch it. */
  file_name: string;
  chart: string;
  version: string;
  sha256: string;
  size_bytes: number;
  /** JSON: the fields of its Chart.yaml that belong in an index. */
  metadata: string;
  /** The signed text for it (`.prov`). */
  provenance: string | null;
  object_key: string;
  pushed_by: string;
  pushed_ms: number;
}
