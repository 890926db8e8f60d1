import { listCodeHosts } from '#source/hosts/code-host-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { codeHostReply } from '../replies/code-host-reply.ts';

/** `GET /sources`: the code hosts. Their credentials never come out. */
export default nativeOperation('listCodeHosts', async ({ db, instanceId }) => {
  const hosts = await listCodeHosts(db, instanceId);
  return { Sources: hosts.map(codeHostReply) };
});
