/** A part of a data folder. */
export type SpacePart = 'logs' | 'images' | 'caches' | 'bases' | 'sources' | 'database';

/** The parts of which something can be removed at once: builds make or fetch it again. Images are collected by themselves. */
export type ReclaimablePart = 'caches' | 'bases' | 'sources';

/** How much disk a part takes, and how much of it could be freed now. */
export interface PartSpace {
  part: SpacePart;
  sizeBytes: number;
  reclaimableBytes: number;
}

/** A part that is in the bucket, or the database of PostgreSQL. */
export interface StoredPart {
  part: 'logs' | 'images' | 'sources' | 'charts' | 'database';
  /** How many logs, manifests and layers, sent folders or charts. */
  count: number;
  sizeBytes: number;
  reclaimableBytes: number;
}

/** The disk of a data folder. */
export interface DiskSpace {
  sizeBytes: number;
  freeBytes: number;
  /** How many files it can have; 0 if its file system makes room for them as it needs. */
  inodes: number;
  freeInodes: number;
}
