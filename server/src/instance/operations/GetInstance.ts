import { operation } from '#rpc/operation.ts';
import { INSTANCE_SPECIFICATION } from '../instance.ts';
import { readLabels } from '../instance-labels.ts';
import { getInstance } from '../instance-store.ts';

export default operation('GetInstance', {
  async run(context, params) {
    const instance = await getInstance(context.db, params.InstanceId);
    return {
      CreateTime: instance.createdMs,
      InstanceId: instance.instanceId,
      InstanceName: instance.name,
      InstanceSpecification: INSTANCE_SPECIFICATION,
      InstanceStatus: instance.status,
      ModifiedTime: instance.modifiedMs,
      ...(await readLabels(context.db, instance.instanceId)),
    };
  },
});
