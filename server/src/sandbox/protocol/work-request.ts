import type { BuildLimits } from './request.ts';

/** A file system of a build's own, outside its box: so many bytes of content in so many files. */
export type SpaceRequest = { buildId: string; space: 'source' | 'bases'; sizeBytes: number; files: number };

/** What a build needs before its box: a control group that process `pid` enters, and the space for its source. */
export type WorkRequest = {
  buildId: string;
  pid: number;
  limits: Pick<BuildLimits, 'memoryBytes' | 'cpus' | 'pids'>;
  sizeBytes: number;
  files: number;
};
