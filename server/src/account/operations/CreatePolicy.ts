import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { checkLength, checkName } from '../names.ts';
import { checkPolicyDocument } from '../policies/check-policy.ts';
import { customPolicyReply } from '../policies/policy.ts';
import { insertPolicy } from '../policies/policy-store.ts';
import { checkTags, setTags } from '../tags/tag-store.ts';

export default operation('CreatePolicy', {
  async run(context, params) {
    checkName('PolicyName', params.PolicyName);
    checkLength('Description', params.Description, 1024);
    checkTags(params.Tag ?? []);
    checkPolicyDocument(params.PolicyName, params.PolicyDocument);
    const nowMs = context.now();
    const policy = {
      name: params.PolicyName,
      description: params.Description ?? '',
      default_version: 1,
      last_version: 1,
      created_ms: nowMs,
      modified_ms: nowMs,
    };
    await changeAccount(context.db, async (trx) => {
      await insertPolicy(trx, policy, params.PolicyDocument);
      await setTags(trx, { kind: 'policy', id: policy.name, name: policy.name }, params.Tag ?? []);
    });
    const { UpdateDate, AttachmentCount, ...shown } = customPolicyReply(policy, 0);
    return { Policy: shown };
  },
});
