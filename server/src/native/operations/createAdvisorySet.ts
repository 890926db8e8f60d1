import { insertAdvisorySet } from '#scan/advisory/advisory-store.ts';
import { nativeOperation } from '../native-operation.ts';

/** `POST /advisory-sets` */
export default nativeOperation(
  'createAdvisorySet',
  async (context, { Name: name, Source: source, DataTime: dataMs }) => {
    const { db, instanceId, principal } = context;
    const [setId, nowMs] = [context.newBuildRecordId(), context.now()];
    await insertAdvisorySet(db, { setId, instanceId, name, source, createdBy: principal.arn, dataMs, nowMs });
    return { AdvisorySetId: setId };
  },
);
