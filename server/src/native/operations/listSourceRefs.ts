import { refuseRoleApi, refuseWithoutBuilds } from '#build/errors.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { getSourceBinding } from '#source/source-store.ts';
import { nativeOperation } from '../native-operation.ts';

/** `GET /repositories/NAMESPACE/NAME/source/refs`: whether a build could read the source, and what it could build. */
export default nativeOperation('listSourceRefs', async (context, { namespace, name }) => {
  const { db, instanceId } = context;
  refuseWithoutBuilds(context);
  refuseRoleApi(context.buildLimits, 'look at sources');
  const { repoId } = await getRepositoryByName(db, instanceId, namespace, name);
  const binding = await getSourceBinding(db, repoId);
  const { url, problem, branches, tags, isCut } = await context.remoteRefs(binding, context.principal);
  return { Url: url, Problem: problem, Branches: [...branches], Tags: [...tags], IsCut: isCut };
});
