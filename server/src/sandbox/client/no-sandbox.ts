import { type Sandbox, SandboxLost } from './sandbox.ts';

const REASON = 'this server has the role api';

/**
 * The sandbox of a server that runs no builds and so has no helper. Nothing is missing, because nothing is wanted; no
 * platform is built for. What an earlier server of the data folder left stays for the next one that runs builds.
 */
export function noSandbox(): Sandbox {
  const refuse = () => Promise.reject(new SandboxLost(REASON));
  return {
    check: async () => ({ ok: true, problems: [], platforms: { native: [], emulated: [], refusal: REASON } }),
    findBase: async () => undefined,
    openWork: refuse,
    openSpace: refuse,
    countWork: refuse,
    loadBase: refuse,
    runBuild: refuse,
    openBuilder: () => ({ runBuild: refuse, close: async () => undefined }),
    listStores: async () => [],
    removeStore: async () => false,
    measureBases: async () => ({ sizeBytes: 0, idleBytes: 0 }),
    cleanUp: async () => undefined,
  };
}
