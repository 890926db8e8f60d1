import { listAdvisorySets } from '#scan/advisory/advisory-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { advisorySetReply } from '../replies/advisory-set-reply.ts';

/** `GET /advisory-sets` */
export default nativeOperation('listAdvisorySets', async ({ db, instanceId }) => ({
  AdvisorySets: (await listAdvisorySets(db, instanceId)).map(advisorySetReply),
}));
