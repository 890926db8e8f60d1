import { removeAccelerationRule } from '#acceleration/acceleration-store.ts';
import { accelerationRuleNotFound } from '#acceleration/errors.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { nativeOperation } from '../native-operation.ts';

/** `DELETE /repositories/NAMESPACE/NAME/acceleration`: images are converted no more; those that were stay. */
export default nativeOperation('removeAcceleration', async ({ db, instanceId }, { namespace, name }) => {
  const { repoId } = await getRepositoryByName(db, instanceId, namespace, name);
  if (!(await removeAccelerationRule(db, repoId))) throw accelerationRuleNotFound();
  return {};
});
