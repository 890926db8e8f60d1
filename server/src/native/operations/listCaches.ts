import { cachesOf } from '../caches-of.ts';
import { nativeOperation } from '../native-operation.ts';

/** `GET /caches` */
export default nativeOperation('listCaches', async (context, { repository }) => {
  return { Caches: (await cachesOf(context, repository)).map(({ cache }) => cache) };
});
