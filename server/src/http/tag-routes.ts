import type { FastifyInstance, FastifyRequest } from 'fastify';
import { findBuildsOfDigests } from '#build/build-digests.ts';
import type { ListTags } from '#registry/tag-list.ts';
import { integer, readQuery, text } from './api-query.ts';
import { allow, callerOf, getRepositoryNamed, type NativeApi } from './native-api.ts';

const LIST_DEFAULT = 50;
const LIST_LIMIT = 100;
const TAG_NAME = /^\w[\w.-]{0,127}$/;

/** `GET /repositories/NAMESPACE/NAME/tags`: the tags that can be pulled, their digests, and the builds that made them. */
export async function tagRoutes(
  app: FastifyInstance,
  { api, listTags }: { api: NativeApi; listTags: ListTags },
): Promise<void> {
  app.get(
    '/repositories/:namespace/:name/tags',
    async (request: FastifyRequest<{ Params: { namespace: string; name: string } }>) => {
      const principal = await callerOf(api, request);
      const query = readQuery(request, { limit: integer(1, LIST_LIMIT), cursor: text(TAG_NAME, 'a tag') });
      const { namespace, name } = request.params;
      allow(api, { request, principal }, 'cr:ListRepositoryTag', `repository/${api.instanceId}/${namespace}/${name}`);
      const { repoId } = await getRepositoryNamed(api, `${namespace}/${name}`);
      const page = { limit: query.limit ?? LIST_DEFAULT, after: query.cursor };
      const { tags, next } = await listTags(`${namespace}/${name}`, page);
      const digests = tags.map((tag) => tag.digest);
      const builds = await findBuildsOfDigests(api.means.db, repoId, digests);
      return {
        RequestId: request.id,
        Tags: tags.map((tag) => ({
          Tag: tag.name,
          Digest: tag.digest,
          BuildRecordId: builds.get(tag.digest)?.buildRecordId,
          BuildTime: builds.get(tag.digest)?.endedMs,
        })),
        Cursor: next,
      };
    },
  );
}
