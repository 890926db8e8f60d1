import { setTimeout as sleep } from 'node:timers/promises';
import { type Sandbox, SandboxLost } from '#sandbox/client/sandbox.ts';

const TRIES = 50;
const PAUSE_MS = 200;

/** Removes what programs outside the box left. A killed helper is restarted at once; until then it does not answer. */
export async function cleanUpPatiently(sandbox: Sandbox, buildRecordId: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await sandbox.cleanUp(buildRecordId);
    } catch (error) {
      if (!(error instanceof SandboxLost) || tries === TRIES) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
