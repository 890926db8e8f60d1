import { buildByRule } from '#build/rules/build-by-rule.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { nativeOperation } from '../native-operation.ts';

/** `POST /repositories/NAMESPACE/NAME/rules/BUILD_RULE_ID/builds`: like a push of that branch or tag, with the caller's rights. */
export default nativeOperation('buildRule', async (context, { namespace, name, buildRuleId, push }) => {
  const { db, instanceId } = context;
  const { repoId } = await getRepositoryByName(db, instanceId, namespace, name);
  const { buildRecordId, imageTag } = await buildByRule(context, { instanceId, repoId, buildRuleId, push });
  return { BuildRecordId: buildRecordId, ImageTag: imageTag };
});
