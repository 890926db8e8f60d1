import { getInstance } from '#instance/instance-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { getTaggedImage } from '../tag-store.ts';

/** Its times are numbers; those of ListRepoTag are texts. Digests come without `sha256:`. */
export default operation('GetRepoTag', {
  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    await getRepository(context.db, params.InstanceId, params.RepoId);
    const image = await getTaggedImage(context.db, params.RepoId, params.Tag);
    return {
      Digest: image.digest.replace('sha256:', ''),
      ImageCreate: image.createdMs,
      ImageId: image.imageId,
      ImageSize: image.sizeBytes,
      ImageUpdate: image.updatedMs,
      Status: 'NORMAL',
      Tag: image.name,
    };
  },
});
