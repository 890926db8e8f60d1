import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import { INSTANCE_SPECIFICATION } from '../instance.ts';
import { readLabels } from '../instance-labels.ts';
import { listInstances } from '../instance-store.ts';

export default operation('ListInstance', {
  async run(context, params) {
    const page = planPage(params);
    const { InstanceName: name, InstanceStatus: status, ResourceGroupId: resourceGroupId } = params;
    const filter = { name, status, resourceGroupId };
    const { instances, totalCount } = await listInstances(context.db, filter, page);
    return {
      Instances: await Promise.all(
        instances.map(async (instance) => ({
          CreateTime: String(instance.createdMs),
          InstanceId: instance.instanceId,
          InstanceName: instance.name,
          InstanceSpecification: INSTANCE_SPECIFICATION,
          InstanceStatus: instance.status,
          ModifiedTime: String(instance.modifiedMs),
          RegionId: instance.regionId,
          ...(await readLabels(context.db, instance.instanceId)),
        })),
      ),
      PageNo: page.pageNo,
      PageSize: page.pageSize,
      TotalCount: totalCount,
    };
  },
});
