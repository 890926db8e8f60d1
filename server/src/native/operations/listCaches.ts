import { nativeOperation } from '../native-operation.ts';
import { cachesOf } from '../replies/caches-of.ts';

/** `GET /caches` */
export default nativeOperation('listCaches', async (context, { repository }) => {
  return { Caches: (await cachesOf(context, repository)).map(({ cache }) => cache) };
});
