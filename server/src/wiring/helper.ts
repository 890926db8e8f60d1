import { ExitError } from '#process/exit-error.ts';
import { startHelper } from '#sandbox/client/start-helper.ts';
import type { Config } from '#settings/config.ts';

/** Starts the sandbox helper, as root, with what the settings say of builds. Throws `ExitError`. */
export async function startSandboxHelper(config: Config, socketPath: string, user: { uid: number; gid: number }) {
  try {
    return await startHelper({
      dataFolder: config.data,
      socketPath,
      ownerUid: user.uid,
      ownerGid: user.gid,
      viaSudo: process.getuid?.() !== 0,
      allowedEgress: config['build-allow-addresses'],
      cacheBytes: config['build-cache-mebibytes'] * 2 ** 20,
      baseCacheBytes: config['base-cache-mebibytes'] * 2 ** 20,
      ids: config['build-ids'],
    });
  } catch (error) {
    throw new ExitError(4, (error as Error).message, { cause: error });
  }
}
