import { nativeOperation } from '../native-operation.ts';
import { cachesOf } from '../replies/caches-of.ts';

/** `GET /caches` */
export default nativeOperation('listCaches', async (context) => {
  return { Caches: (await cachesOf(context)).map(({ cache }) => cache) };
});
