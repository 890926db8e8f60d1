import { operation } from '#rpc/operation.ts';
import { changeAccount } from '../change-account.ts';
import { checkPolicyDocument } from '../policies/check-policy.ts';
import { versionReply } from '../policies/policy.ts';
import { getPolicy, insertPolicyVersion } from '../policies/policy-store.ts';

export default operation('CreatePolicyVersion', {
  async run(context, params) {
    checkPolicyDocument(params.PolicyName, params.PolicyDocument);
    const asDefault = params.SetAsDefault ?? false;
    const row = await changeAccount(context.db, async (trx) =>
      insertPolicyVersion(trx, await getPolicy(trx, params.PolicyName), {
        document: params.PolicyDocument,
        nowMs: context.now(),
        asDefault,
        rotate: params.RotateStrategy === 'DeleteOldestNonDefaultVersionWhenLimitExceeded',
      }),
    );
    return { PolicyVersion: versionReply(row, asDefault ? row.version : 0) };
  },
});
