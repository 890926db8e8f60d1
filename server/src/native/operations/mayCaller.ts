import { decide } from '#ram/decide.ts';
import { nativeOperation } from '../native-operation.ts';

/** `POST /session/may`: which calls the caller's policies allow. */
export default nativeOperation('mayCaller', async ({ principal, regionId, accountId }, { Calls: calls }) => ({
  Allowed: calls.map(({ Action: action, Resource: path = '*' }) => {
    // Users, groups, roles and policies are in no region.
    const place = action.startsWith('ram:') ? 'ram:' : `cr:${regionId}`;
    const resource = path === '*' ? path : `acs:${place}:${accountId}:${path}`;
    return decide({ principal, action, resource }).allowed;
  }),
}));
