import { findBuildsOfDigests } from '#build/build-digest-store.ts';
import { countTags, listTaggedImages } from '#image/tag-store.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { TAGS_DEFAULT, tagCursorOf, tagPlaceOf } from '../replies/tag-page.ts';

/** `GET /repositories/NAMESPACE/NAME/tags`: the tags that can be pulled, and the builds that made their images. */
export default nativeOperation(
  'listTags',
  async (context, { namespace, name, limit = TAGS_DEFAULT, cursor, ...filter }) => {
    const { db, instanceId } = context;
    const { repoId } = await getRepositoryByName(db, instanceId, namespace, name);
    // One more than is shown, to learn whether others follow.
    const found = await listTaggedImages(db, repoId, { ...filter, limit: limit + 1, after: tagPlaceOf(cursor) });
    const tags = found.slice(0, limit);
    const last = tags.at(-1);
    const digests = tags.map((tag) => tag.digest);
    const builds = await findBuildsOfDigests(db, repoId, digests);
    const platforms = await context.platformsOf(repoId, tags);
    return {
      Tags: tags.map((tag) => ({
        Tag: tag.name,
        Digest: tag.digest,
        MediaType: tag.mediaType,
        ImageId: tag.imageId || undefined,
        SizeBytes: tag.sizeBytes,
        CreateTime: tag.createdMs,
        UpdateTime: tag.updatedMs,
        PushedBy: tag.pushedBy || undefined,
        Origin: tag.origin,
        LastPullTime: tag.lastPulledMs,
        PullCount: tag.pullCount,
        BuildRecordId: builds.get(tag.digest)?.buildRecordId,
        BuildTime: builds.get(tag.digest)?.endedMs,
        CommitId: builds.get(tag.digest)?.commitId,
        Platforms: platforms.get(tag.digest),
      })),
      TotalCount: await countTags(db, repoId, filter.contains),
      Cursor: last && found.length > limit ? tagCursorOf(last, filter.sort ?? 'time') : undefined,
    };
  },
);
