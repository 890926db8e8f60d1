import { requesterOf } from '#account/requester.ts';
import { requestBuild } from '#build/request/request-build.ts';
import { nativeOperation } from '../native-operation.ts';

/** `POST /builds`: queues a build without a rule, and makes its namespace and repository if they do not exist. */
export default nativeOperation('createBuild', async (context, body) => {
  const { instanceId, principal, allow } = context;
  return requestBuild(context, instanceId, body, { requester: requesterOf(principal), allow });
});
