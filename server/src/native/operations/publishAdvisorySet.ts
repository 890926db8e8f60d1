import { publishAdvisorySet } from '#scan/advisory/advisory-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { advisorySetReply } from '../replies/advisory-set-reply.ts';

/** `POST /advisory-sets/ID/publish` */
export default nativeOperation('publishAdvisorySet', async ({ db, instanceId, now }, { setId }) =>
  advisorySetReply(await publishAdvisorySet(db, instanceId, setId, now())),
);
