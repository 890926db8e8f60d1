import { senderOf } from '../caller.ts';
import { nativeOperation } from '../native-operation.ts';
import { bodyOf, storeSource } from '../store-source.ts';

/** `POST /sources`: a tar file with the source to build, for `repository=NAMESPACE/NAME`. */
export default nativeOperation('createSource', async (context, _params, { request }) => {
  const { contentSha256 } = await senderOf(context, request);
  const announcedBytes = Number(request.headers['content-length'] ?? 0);
  return storeSource(context, announcedBytes, () => bodyOf(request, contentSha256));
});
