import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { planPage, planTokenPage } from '#rpc/page.ts';
import { countTags, listTaggedImages, type TagPosition } from '../tag-store.ts';

/** The tags of a repository, most recently set first, so that a page of one entry has the newest. */
export default operation('ListRepoTag', {
  resource: (context, params) => repositoryResource(context.db, params.InstanceId, params.RepoId),

  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    const { repoId } = await getRepository(context.db, params.InstanceId, params.RepoId);
    const token = planTokenPage(context.secrets, 'ListRepoTag', { repoId }, params);
    const page = planPage(token ? {} : params);
    const after = token?.after && placeOf(token.after);
    const found = await listTaggedImages(context.db, repoId, token ? { limit: token.limit + 1, after } : page);
    const cut = token?.cut(found, ({ updatedMs, name }) => [updatedMs, name]);
    return {
      Images: (cut?.page ?? found).map((image) => ({
        Digest: image.digest.replace('sha256:', ''),
        ImageCreate: String(image.createdMs),
        ImageId: image.imageId,
        ImageSize: image.sizeBytes,
        ImageUpdate: String(image.updatedMs),
        Status: 'NORMAL',
        Tag: image.name,
      })),
      ...(token
        ? { NextToken: cut?.NextToken, MaxResults: token.limit }
        : { PageNo: page.pageNo, PageSize: page.pageSize }),
      TotalCount: String(await countTags(context.db, repoId)),
    };
  },
});

function placeOf([updatedMs, name]: readonly (string | number)[]): TagPosition {
  return { value: Number(updatedMs), name: String(name) };
}
