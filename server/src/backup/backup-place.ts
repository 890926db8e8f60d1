import type { Readable } from 'node:stream';
import type { Manifest } from './manifest.ts';

/** The bytes of one or more files of a backup. */
export interface BackupObject {
  /** Where they are, for messages. */
  where: string;
  sizeBytes: number;
  /** From the beginning. */
  read(): AsyncIterable<Buffer>;
  /** The file of this machine that has them, if one does: they are read at any position. */
  local?: LocalBytes;
  release(): void;
}

/** A part of an open file. */
export interface LocalBytes {
  file: string;
  descriptor: number;
  offsetBytes: number;
}

/** A backup that is read. */
export interface BackupSource {
  /** For messages. */
  name: string;
  manifest: Manifest;
  /** How many objects are read at once: more than one where each takes its time to begin. */
  atOnce: number;
  /** Undefined if it does not have the object. The caller releases it. */
  find(sha256: string): Promise<BackupObject | undefined>;
  close(): void;
}

/** Bytes on their way into a backup. */
export interface Content {
  open(): Readable;
  sizeBytes: number;
  /** The SHA-256 if it is known; bytes that differ are refused with `ContentDiffers`. */
  sha256?: string;
}

/** The bytes are not those of their digest: they are damaged where they come from. */
export class ContentDiffers extends Error {}

/** A backup that is written. What it has is not stored twice. */
export interface BackupTarget {
  /** Earlier manifests, newest first: files that have not changed since are not read again. */
  earlier: readonly Manifest[];
  has(sha256: string, sizeBytes: number): Promise<boolean>;
  /** Stores the bytes, unless it has them. */
  store(content: Content): Promise<{ sha256: string; isNew: boolean }>;
  /** Makes everything durable, and only then gives the backup its name. Returns that name. */
  finish(manifest: Manifest): Promise<string>;
  /** Removes all but the newest backups with what only they need; absent where there is one backup. */
  keep?(count: number): Promise<{ backups: number; bytes: number }>;
  /** Frees what it holds; an unfinished backup is continued by the next one. */
  close(): Promise<void>;
  /** The same for a process that ends, without waiting for what is being sent; absent where nothing is. */
  abandon?(): Promise<void>;
}
