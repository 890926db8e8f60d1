import { operation } from '#rpc/operation.ts';
import { groupReply, listGroups } from '../group-store.ts';
import { cutPage, markerPage } from '../marker-page.ts';

export default operation('ListGroups', {
  async run(context, params) {
    const wanted = markerPage(params);
    const { page, rest } = cutPage(await listGroups(context.db, wanted), wanted);
    return { ...rest, Groups: { Group: page.map(groupReply) } };
  },
});
