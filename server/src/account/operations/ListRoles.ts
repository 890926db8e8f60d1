import { operation } from '#rpc/operation.ts';
import { cutPage, markerPage } from '../marker-page.ts';
import { listRoles, roleSummary } from '../role-store.ts';

export default operation('ListRoles', {
  async run(context, params) {
    const wanted = markerPage(params);
    const { page, rest } = cutPage(await listRoles(context.db, wanted), wanted);
    return { ...rest, Roles: { Role: page.map((role) => roleSummary(context.accountId, role)) } };
  },
});
