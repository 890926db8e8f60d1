import { knownActions } from '../known-actions.ts';
import { nativeOperation } from '../native-operation.ts';

/** `GET /policy/actions`: what a policy can name. It is the same on every server, so everyone may ask. */
export default nativeOperation('listPolicyActions', async () => ({
  Actions: knownActions.map(({ action, resources }) => ({ Action: action, Resources: [...resources] })),
}));
