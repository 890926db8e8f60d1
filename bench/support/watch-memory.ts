import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** The peak memory of builds, in bytes. */
export interface MemoryPeaks {
  /** Of one build, by the kernel's own count, which includes cached files. */
  oneBuildBytes: number;
  /** Of all builds that ran at one time. */
  allBuildsBytes: number;
}

const POLL_MS = 100;

/** Watches the control groups of a data folder's builds until the returned function is called. */
export function watchMemory(dataFolder: string): () => MemoryPeaks {
  const hash = createHash('sha256').update(realpathSync(dataFolder)).digest('hex').slice(0, 16);
  const isOld = existsSync('/sys/fs/cgroup/memory');
  const [now, most] = isOld ? ['usage_in_bytes', 'max_usage_in_bytes'] : ['current', 'peak'];
  const place = join(isOld ? '/sys/fs/cgroup/memory' : '/sys/fs/cgroup', 'slipway', hash);
  const peaks = { oneBuildBytes: 0, allBuildsBytes: 0 };
  const look = () => {
    const groups = (existsSync(place) ? readdirSync(place) : []).map((id) => join(place, id, 'limit'));
    const read = (name: string) => groups.map((group) => numberIn(join(group, `memory.${name}`)));
    peaks.oneBuildBytes = Math.max(peaks.oneBuildBytes, ...read(most));
    peaks.allBuildsBytes = Math.max(
      peaks.allBuildsBytes,
      read(now).reduce((sum, bytes) => sum + bytes, 0),
    );
  };
  const timer = setInterval(look, POLL_MS);
  return () => {
    clearInterval(timer);
    return peaks;
  };
}

function numberIn(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    // The group is not a build's, or its build has ended.
    return 0;
  }
}
