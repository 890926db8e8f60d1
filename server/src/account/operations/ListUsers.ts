import { operation } from '#rpc/operation.ts';
import { cutPage, markerPage } from '../marker-page.ts';
import { userReply } from '../user.ts';
import { listUsers } from '../user-store.ts';

export default operation('ListUsers', {
  async run(context, params) {
    const wanted = markerPage(params);
    const { page, rest } = cutPage(await listUsers(context.db, wanted), wanted);
    return { ...rest, Users: { User: page.map(userReply) } };
  },
});
