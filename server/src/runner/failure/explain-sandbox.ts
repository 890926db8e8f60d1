import { RefusedRequest, SandboxLost } from '#sandbox/client/sandbox.ts';
import { BuildFailed } from './build-failed.ts';

/** Whose fault a refusal of the sandbox is, by its code; any other is the machine's fault. */
const REFUSALS: Readonly<Record<string, 'source' | 'settings'>> = {
  platform: 'source',
  'no-dockerfile': 'source',
  'no-emulator': 'settings',
  'load-failed': 'source',
};

/** Turns the helper's error into the failure of a build, and throws it. */
export function explainSandbox(error: unknown): never {
  if (error instanceof SandboxLost) {
    const lostLines = 'the sandbox helper died';
    throw new BuildFailed('machine', 'the sandbox helper died while the build ran', { cause: error, lostLines });
  }
  if (!(error instanceof RefusedRequest)) throw error;
  throw new BuildFailed(REFUSALS[error.code] ?? 'machine', error.message, { cause: error });
}
