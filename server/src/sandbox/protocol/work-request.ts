import type { BuildLimits } from './build-limits.ts';

/** A file system for one build, outside its box, with room for `sizeBytes` of content in `files` files. */
export interface SpaceRequest {
  buildId: string;
  space: 'source' | 'bases';
  sizeBytes: number;
  files: number;
}

/** What a build needs before its box: a control group that process `pid` enters, and the space for its source. */
export interface WorkRequest {
  buildId: string;
  pid: number;
  limits: Pick<BuildLimits, 'memoryBytes' | 'cpus' | 'pids'>;
  sizeBytes: number;
  files: number;
}
