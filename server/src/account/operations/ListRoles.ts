import { operation } from '#rpc/operation.ts';
import { cutPage, markerPage } from '../marker-page.ts';
import { listRoles, roleSummary } from '../role-store.ts';
import { hasTags, tagsByResource, tagsReply } from '../tags/tag-store.ts';

export default operation('ListRoles', {
  async run({ db, accountId }, params) {
    const wanted = markerPage(params);
    const tagsOf = await tagsByResource(db, 'role');
    // Which roles have the tags is known once they are read.
    const all = await listRoles(db, params.Tag === undefined ? wanted : { after: wanted.after });
    const found = all.filter(({ role_id }) => hasTags(tagsOf(role_id), params.Tag));
    const { page, rest } = cutPage(found, wanted);
    const Role = page.map((role) => ({ ...roleSummary(accountId, role), Tags: tagsReply(tagsOf(role.role_id)) }));
    return { ...rest, Roles: { Role } };
  },
});
