import { findBuildsOfDigests } from '#build/build-digest-store.ts';
import { buildRecordNotFound } from '#build/errors.ts';
import { isDigest } from '#image/image.ts';
import { getTaggedImage } from '#image/tag-store.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { nativeOperation } from '../native-operation.ts';

/** `GET /repositories/NAMESPACE/NAME/images/REFERENCE/build`: from an image to its log. */
export default nativeOperation('findImageBuild', async (context, { namespace, name, reference }) => {
  const { db, instanceId } = context;
  const { repoId } = await getRepositoryByName(db, instanceId, namespace, name);
  const Digest = isDigest(reference) ? reference : (await getTaggedImage(db, repoId, reference)).digest;
  const build = (await findBuildsOfDigests(db, repoId, [Digest])).get(Digest);
  if (build === undefined) throw buildRecordNotFound();
  return { BuildRecordId: build.buildRecordId, Digest };
});
