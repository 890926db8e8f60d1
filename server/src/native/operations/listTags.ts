import { findBuildsOfDigests } from '#build/build-digests.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { nativeOperation } from '../native-operation.ts';

const LIST_DEFAULT = 50;

/** `GET /repositories/NAMESPACE/NAME/tags`: the tags that can be pulled, their digests, and the builds that made them. */
export default nativeOperation('listTags', async (context, { namespace, name, limit = LIST_DEFAULT, cursor }) => {
  const { repoId } = await getRepositoryByName(context.db, context.instanceId, namespace, name);
  const { tags, next } = await context.listTags(`${namespace}/${name}`, { limit, after: cursor });
  const digests = tags.map((tag) => tag.digest);
  const builds = await findBuildsOfDigests(context.db, repoId, digests);
  return {
    Tags: tags.map((tag) => ({
      Tag: tag.name,
      Digest: tag.digest,
      BuildRecordId: builds.get(tag.digest)?.buildRecordId,
      BuildTime: builds.get(tag.digest)?.endedMs,
    })),
    Cursor: next,
  };
});
