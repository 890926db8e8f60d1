import { removeBaseRegistry } from '#source/bases/base-registry-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { registryHost } from '../replies/registry-host.ts';

/** `DELETE /registries/HOST` */
export default nativeOperation('removeRegistry', async ({ db, instanceId }, { host }) => {
  await removeBaseRegistry(db, instanceId, registryHost(host));
  return {};
});
