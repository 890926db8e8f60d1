/** What a build may use; the helper enforces each. */
export type BuildLimits = { memoryBytes: number; cpus: number; pids: number; diskBytes: number; timeoutMs: number };
