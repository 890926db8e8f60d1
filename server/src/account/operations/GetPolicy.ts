import { operation } from '#rpc/operation.ts';
import { describePolicy } from '../policies/policy.ts';

export default operation('GetPolicy', {
  async run(context, params) {
    const { policy, versions } = await describePolicy(context.db, { type: params.PolicyType, name: params.PolicyName });
    const DefaultPolicyVersion = versions.find(({ IsDefaultVersion }) => IsDefaultVersion);
    return { Policy: { ...policy, PolicyDocument: DefaultPolicyVersion?.PolicyDocument }, DefaultPolicyVersion };
  },
});
