import type { Writable } from 'node:stream';

/** The bytes of a layer or a configuration, until they are closed. */
export interface StoredLayer {
  readonly sizeBytes: number;
  /**
   * Asks for a part, of one byte at least. Once it resolves, the part can be sent: the function that it returns writes it to a client,
   * and ends early if the client leaves.
   */
  begin(fromByte: number, lengthBytes: number): Promise<(client: Writable) => Promise<void>>;
  close(): Promise<void>;
}

/** Files with the bytes of layers, until they are disposed of. */
export interface LayerFiles extends AsyncDisposable {
  readonly files: readonly string[];
}

/** The layers in distribution's storage, as this server reads them itself. */
export interface LayerStorage {
  /** A layer or configuration of a repository; undefined if the repository does not have it. */
  openBlob(repository: string, digest: string): Promise<StoredLayer | undefined>;
  /** The bytes of a blob of at most `limitBytes`; undefined if it is larger or does not exist. */
  readBlob(digest: string, limitBytes: number): Promise<Buffer | undefined>;
  /** The size of a blob; 0 if it does not exist. */
  blobBytes(digest: string): Promise<number>;
  /** A file of each blob, in this order. Copies are made in `scratch`. */
  layerFiles(digests: readonly string[], scratch: string): Promise<LayerFiles>;
}

/** The files by which a repository of distribution has its manifests and layers. */
export interface RepositoryLinks {
  /** Writes the links of these digests again that are there but not whole. */
  complete(repository: string, digests: readonly string[]): Promise<void>;
  /** Removes what is left of the link of a manifest that distribution has removed. */
  removeManifest(repository: string, digest: string): Promise<void>;
}

/** What distribution's storage says of repositories. */
export interface RepositoryStorage extends RepositoryLinks {
  /** The digests of the manifests of a repository, in no particular order. */
  manifests(repository: string): AsyncIterable<string>;
  /** The digests of the layers and configurations that a repository may read, in no particular order. */
  layers(repository: string): AsyncIterable<string>;
  /** Distribution's tags, each with the time when it was set: those from before they were kept in our own table. */
  tags(repository: string): AsyncIterable<{ tag: string; digest: string; setMs: number }>;
  /** Removes everything of a repository except its blobs, which others may share. */
  removeRepository(repository: string): Promise<void>;
}

/** A blob as the storage has it: a manifest, a layer or a configuration of any repository. */
export interface StoredBlob {
  digest: string;
  sizeBytes: number;
  modifiedMs: number;
}

/** Distribution's storage, which this server reads beside it. */
export interface ImageStorage extends LayerStorage, RepositoryStorage {
  /** All blobs, in no particular order. A store may list one late. */
  blobs(): AsyncIterable<StoredBlob>;
}

/** A blob that no image uses. */
export type UnusedBlob = Pick<StoredBlob, 'digest' | 'sizeBytes'>;

/** Finds and removes the blobs that no image uses. */
export interface LayerCollector {
  /** The unused blobs. It removes nothing. */
  find(): Promise<UnusedBlob[]>;
  /** Removes the unused blobs, and returns their digests. Nothing may be pushed meanwhile. */
  remove(): Promise<string[]>;
}
