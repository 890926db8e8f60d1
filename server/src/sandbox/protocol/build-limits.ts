/** What a build may use; the helper enforces each. */
export interface BuildLimits {
  memoryBytes: number;
  cpus: number;
  pids: number;
  diskBytes: number;
  timeoutMs: number;
}
