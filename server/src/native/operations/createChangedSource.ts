import { finished } from 'node:stream/promises';
import { BlobNotFound } from '#blob/blob.ts';
import { refuseWithoutBuilds } from '#build/errors.ts';
import { sourceArchiveNotFound } from '#source/errors.ts';
import { getSourceOf } from '#source/source-store.ts';
import { senderOf } from '../caller.ts';
import { nativeOperation } from '../native-operation.ts';
import { readChanges } from '../source-changes.ts';
import { bodyOf, ownerOf, type PutSource, storeSource } from '../store-source.ts';

/**
 * `POST /sources/ARCHIVE/changes`: what differs between the source to build and one that the same caller sent before.
 * Both are whole tar files here, so a build never depends on an earlier one. If nothing differs, they are one file.
 */
export default nativeOperation('createChangedSource', async (context, { archive }, { request }) => {
  refuseWithoutBuilds(context);
  const { db, instanceId, principal, sources } = context;
  const { contentSha256 } = await senderOf(context, request);
  const base = await getSourceOf(db, { instanceId, owner: ownerOf(principal) }, archive);
  // A line of a few bytes has a whole archive read.
  return sources.changes.run(principal, async () => {
    const changes = await readChanges(bodyOf(request, contentSha256), base);
    const bytes = await sources.blobs.get(`sources/${archive}`).catch(notFound);
    // The earlier source is still read, for its checksum.
    const putSame: PutSource = async (key, content) => {
      await finished(content.resume());
      await sources.blobs.copy(`sources/${archive}`, key).catch(notFound);
      const { sizeBytes, sha256 } = base;
      return { sizeBytes, sha256 };
    };
    try {
      const put = changes.isSame ? putSame : undefined;
      return await storeSource(context, changes.sizeBytes, () => changes.applyTo(bytes), put);
    } finally {
      bytes.destroy();
    }
  });
});

function notFound(error: unknown): never {
  throw error instanceof BlobNotFound ? sourceArchiveNotFound() : error;
}
