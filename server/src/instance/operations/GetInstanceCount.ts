import { operation } from '#rpc/operation.ts';
import { listInstances } from '../instance-store.ts';

/** How many instances ListInstance shows. */
export default operation('GetInstanceCount', {
  async run(context) {
    const { totalCount } = await listInstances(context.db, {}, { offset: 0, limit: 1 });
    return { Count: totalCount };
  },
});
