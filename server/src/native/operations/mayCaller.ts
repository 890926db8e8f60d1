import { decide } from '#ram/decide.ts';
import { nativeOperation } from '../native-operation.ts';

/** `POST /session/may`: which calls the caller's policies allow. */
export default nativeOperation('mayCaller', async ({ principal, regionId, accountId }, { Calls: calls }) => ({
  Allowed: calls.map(({ Action: action, Resource: path = '*' }) => {
    const resource = path === '*' ? path : `acs:cr:${regionId}:${accountId}:${path}`;
    return decide({ principal, action, resource }).allowed;
  }),
}));
