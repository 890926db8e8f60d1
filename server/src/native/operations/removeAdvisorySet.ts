import { removeAdvisorySet } from '#scan/advisory/advisory-store.ts';
import { nativeOperation } from '../native-operation.ts';

/** `DELETE /advisory-sets/ID` */
export default nativeOperation('removeAdvisorySet', async ({ db, instanceId }, { setId }) => {
  await removeAdvisorySet(db, instanceId, setId);
  return {};
});
