import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import { instanceSpecification } from '../instance.ts';
import { listInstances } from '../instance-store.ts';

export default operation('ListInstance', {
  async run(context, params) {
    const page = planPage(params);
    // No instance is in a resource group, so this filter matches nothing.
    if (params.ResourceGroupId !== undefined) {
      return { Instances: [], PageNo: page.pageNo, PageSize: page.pageSize, TotalCount: 0 };
    }
    const filter = { name: params.InstanceName, status: params.InstanceStatus };
    const { instances, totalCount } = await listInstances(context.db, filter, page);
    return {
      Instances: instances.map((instance) => ({
        CreateTime: String(instance.createdMs),
        InstanceId: instance.instanceId,
        InstanceName: instance.name,
        InstanceSpecification: instanceSpecification,
        InstanceStatus: instance.status,
        ModifiedTime: String(instance.modifiedMs),
        RegionId: instance.regionId,
        Tags: [],
      })),
      PageNo: page.pageNo,
      PageSize: page.pageSize,
      TotalCount: totalCount,
    };
  },
});
