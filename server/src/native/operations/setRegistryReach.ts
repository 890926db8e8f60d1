import { changeBaseRegistry } from '#source/bases/base-registry-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { registryHost } from '../replies/registry-host.ts';
import { registryReply } from '../replies/registry-reply.ts';

/** `PUT /registries/HOST/reach`: whether it is reached without TLS, and at private addresses. */
export default nativeOperation('setRegistryReach', async (context, { host, ...reach }) => {
  const { PlainHttp: plainHttp = false, AllowPrivate: allowPrivate = false } = reach;
  const key = { instanceId: context.instanceId, host: registryHost(host) };
  return registryReply(await changeBaseRegistry(context, key, { plainHttp, allowPrivate }, context.now()));
});
