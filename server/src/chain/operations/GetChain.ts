import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { chainReply } from '../chain-reply.ts';
import { getChain, getCurrentVersion } from '../chain-store.ts';

/** A chain, with its configuration as it was sent. */
export default operation('GetChain', {
  async run({ db }, { InstanceId, ChainId }) {
    await getInstance(db, InstanceId);
    const chain = await getChain(db, InstanceId, ChainId);
    const { configId, version, config } = await getCurrentVersion(db, ChainId);
    return {
      ...chainReply(chain),
      ChainConfig: { ...config, ChainConfigId: configId, IsActive: true, Version: String(version) },
    };
  },
});
