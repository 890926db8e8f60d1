import type { Cache } from '#rpc/native-types.gen.ts';
import { nativeOperation } from '../native-operation.ts';
import { cachesOf } from '../replies/caches-of.ts';

/** `DELETE /caches`: the next build of each repository begins with an empty cache. */
export default nativeOperation('removeCaches', async (context) => {
  const [Removed, Kept]: [Cache[], Cache[]] = [[], []];
  for (const { id, cache } of await cachesOf(context))
    ((await context.layerStores.removeStore(id)) ? Removed : Kept).push(cache);
  return { Removed, Kept };
});
