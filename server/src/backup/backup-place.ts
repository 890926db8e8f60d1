import type { Readable } from 'node:stream';
import type { Manifest } from './manifest.ts';

/** Where an object's bytes are: they are read at any position, without a copy. */
export interface PlacedObject {
  /** The file that has them, for messages. */
  file: string;
  descriptor: number;
  offsetBytes: number;
  sizeBytes: number;
}

/** A backup that is read. */
export interface BackupSource {
  /** For messages. */
  name: string;
  manifest: Manifest;
  /** Undefined if it does not have the object. The caller gives it back to `release`. */
  find(sha256: string): PlacedObject | undefined;
  release(object: PlacedObject): void;
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
  has(sha256: string): boolean;
  /** Stores the bytes, unless it has them. */
  store(content: Content): Promise<{ sha256: string; isNew: boolean }>;
  /** Makes everything durable, and only then gives the backup its name. Returns that name. */
  finish(manifest: Manifest): Promise<string>;
  /** Frees what it holds; an unfinished backup is continued by the next one. */
  close(): void;
}
