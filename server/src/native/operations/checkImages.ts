import { nativeOperation } from '../native-operation.ts';

/** `GET /images/check` */
export default nativeOperation('checkImages', async ({ checkImages }) => {
  const { manifests, differences, more } = await checkImages();
  return {
    Manifests: manifests,
    Differences: differences.map(({ repository, digest, kind, tags, layers }) => ({
      Repository: repository,
      Digest: digest,
      Kind: kind,
      Tags: tags,
      Layers: layers,
    })),
    More: more,
  };
});
