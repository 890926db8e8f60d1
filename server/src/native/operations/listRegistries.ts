import { listBaseRegistries } from '#source/bases/base-registry-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { registryReply } from '../replies/registry-reply.ts';

/** `GET /registries`: where base images come from. A password never comes out. */
export default nativeOperation('listRegistries', async ({ db, instanceId }) => {
  const registries = await listBaseRegistries(db, instanceId);
  return { Registries: registries.map(registryReply) };
});
