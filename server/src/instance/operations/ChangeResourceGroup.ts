import { ApiError } from '#rpc/errors/api-error.ts';
import { operation } from '#rpc/operation.ts';
import { findInstance, setResourceGroup } from '../instance-store.ts';

const GROUP = /^rg-[A-Za-z0-9]{1,64}$/;

/** Moves an instance into a resource group. There is no list of groups: any id of the right form is accepted. */
export default operation('ChangeResourceGroup', {
  async run({ db, regionId }, { ResourceId, ResourceRegionId, ResourceGroupId }) {
    if (!GROUP.test(ResourceGroupId)) {
      const message = `The resource group ${JSON.stringify(ResourceGroupId)} is not valid: it must be rg- and 1 to 64 letters or digits.`;
      throw new ApiError('InvalidResourceGroup', 400, message);
    }
    if (ResourceRegionId !== regionId || !(await findInstance(db, ResourceId))) {
      const message = `There is no instance ${ResourceId} in the region ${ResourceRegionId}.`;
      throw new ApiError('ResourceNotFound', 400, message);
    }
    await setResourceGroup(db, ResourceId, ResourceGroupId);
    return {};
  },
});
