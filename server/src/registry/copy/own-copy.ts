import type { Readable } from 'node:stream';
import type { Database } from '#db/database.ts';
import type { Origin } from '#image/image.ts';
import { findManifestOf } from '#image/manifest-store.ts';
import type { BuildFence } from '#image/push-store.ts';
import { listSaidOf } from '#image/referrer-store.ts';
import { findTagDigest } from '#image/tag-store.ts';
import type { PushGate } from '../contents/push-gate.ts';
import { pushManifest } from '../contents/push-manifest.ts';
import type { ChildBlobs } from '../distribution/child-blobs.ts';
import type { ChildRegistry } from '../distribution/child-registry.ts';
import { RegistryError } from '../foreign/registry-error.ts';
import type { CopySource, CopyTarget, SentManifest } from './copy-ends.ts';

/** What copying from and to this server's own repositories works with. */
export interface OwnCopyMeans {
  db: Database;
  fence: BuildFence;
  instanceId: string;
  child: ChildRegistry;
  blobs: ChildBlobs;
  gate: PushGate;
  now(): number;
}

/** A repository of this server. */
export interface OwnPlace {
  namespaceName: string;
  name: string;
}

/** Reads images of a repository of this server: by digest, as our own table knows them. */
export function ownSource({ db, instanceId, child, blobs }: OwnCopyMeans, place: OwnPlace): CopySource {
  const repository = `${place.namespaceName}/${place.name}`;
  const missing = (what: string) => new RegistryError('not-found', `${repository} does not have ${what}`);
  return {
    ownRepository: repository,
    listReferrers: (digests) => listSaidOf(db, { instanceId, ...place }, digests),
    async readManifest(reference) {
      const found = reference.includes(':')
        ? await findManifestOf(db, instanceId, place, reference)
        : await findTagDigest(db, instanceId, place, reference);
      if (found === undefined || ('state' in found && found.state === 'leaving')) throw missing(reference);
      const digest = 'digest' in found ? found.digest : reference;
      const manifest = await child.readManifest(repository, digest);
      if (manifest === undefined) throw missing(reference);
      return manifest;
    },
    async readBlob(digest, signal): Promise<Readable> {
      const body = await blobs.read(repository, digest, signal);
      if (body === undefined) throw missing(digest);
      return body;
    },
  };
}

/**
 * Writes images to a repository of this server, as any push does: tags that may not be overwritten are refused, and events tell of
 * what was set. Throws REPO_NOT_EXIST and TAG_IMMUTABLE.
 */
export function ownTarget(
  { db, fence, instanceId, child, blobs, gate, now }: OwnCopyMeans,
  place: OwnPlace,
  how: { by: string; origin: Origin; syncPath?: readonly string[] },
): CopyTarget {
  const repository = `${place.namespaceName}/${place.name}`;
  /** Lets no collection of unused layers come between: they are used by nothing until the manifest is there. */
  const pushing = async <Result>(act: () => Promise<Result>): Promise<Result> => {
    const leave = await gate.enter(repository, false);
    try {
      return await act();
    } finally {
      leave?.();
    }
  };
  return {
    findTag: async (tag) => (await findTagDigest(db, instanceId, place, tag))?.digest,
    hasManifest: async (digest) => (await findManifestOf(db, instanceId, place, digest))?.state === 'kept',
    hasBlob: (digest, signal) => pushing(() => blobs.has(repository, digest, signal)),
    mountBlob: (digest, from, signal) => pushing(() => blobs.mount(repository, digest, from, signal)),
    writeBlob: ([digest], body, signal) => pushing(() => blobs.write(repository, digest, body, signal)),
    putManifest: (reference, { bytes, mediaType }: SentManifest) =>
      pushing(async () => {
        const pushed = { instanceId, repository, reference, bytes, contentType: mediaType, ...how };
        const answer = await pushManifest({ db, fence, child, now }, pushed);
        if (answer.kind === 'refused')
          throw new Error(`put ${repository}:${reference}: the registry answered ${answer.status}`);
        gate.note(repository, 'manifest');
      }),
  };
}
