import { nativeOperation } from '../native-operation.ts';

/** `POST /space/reclaim` */
export default nativeOperation('reclaimSpace', async ({ space }, { part }) => {
  return { FreedBytes: await space.reclaim(part) };
});
