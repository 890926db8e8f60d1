import { operation } from '#rpc/operation.ts';
import { notExist } from '../errors.ts';
import { describePolicy } from '../policies/policy.ts';

export default operation('GetPolicyVersion', {
  async run(context, params) {
    const { versions } = await describePolicy(context.db, { type: params.PolicyType, name: params.PolicyName });
    const PolicyVersion = versions.find(({ VersionId }) => VersionId === params.VersionId);
    if (!PolicyVersion) throw notExist('EntityNotExist.Policy.Version', params.VersionId);
    return { PolicyVersion };
  },
});
