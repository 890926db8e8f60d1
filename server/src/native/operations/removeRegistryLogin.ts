import { changeBaseRegistry } from '#source/bases/base-registry-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { registryHost } from '../replies/registry-host.ts';
import { registryReply } from '../replies/registry-reply.ts';

/** `DELETE /registries/HOST/login`; does nothing if the registry has none. */
export default nativeOperation('removeRegistryLogin', async (context, { host }) => {
  const key = { instanceId: context.instanceId, host: registryHost(host) };
  return registryReply(await changeBaseRegistry(context, key, { login: null }, context.now()));
});
