import { operation } from '#rpc/operation.ts';
import { getGroup, listMembers } from '../group-store.ts';
import { cutPage, markerPage } from '../marker-page.ts';
import { ramTime } from '../names.ts';

export default operation('ListUsersForGroup', {
  async run(context, params) {
    const wanted = markerPage(params);
    const group = await getGroup(context.db, params.GroupName);
    const { page, rest } = cutPage(await listMembers(context.db, group, wanted), wanted);
    const shown = page.map(({ name, display_name, joined_ms }) => ({
      UserName: name,
      DisplayName: display_name,
      JoinDate: ramTime(joined_ms),
    }));
    return { ...rest, Users: { User: shown } };
  },
});
