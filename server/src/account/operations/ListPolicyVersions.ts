import { operation } from '#rpc/operation.ts';
import { describePolicy } from '../policies/policy.ts';

export default operation('ListPolicyVersions', {
  async run(context, params) {
    const { versions } = await describePolicy(context.db, { type: params.PolicyType, name: params.PolicyName });
    return { PolicyVersions: { PolicyVersion: versions } };
  },
});
