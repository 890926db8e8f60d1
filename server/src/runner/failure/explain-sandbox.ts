import { RefusedRequest, SandboxLost } from '#sandbox/client/sandbox.ts';
import { BuildFailed } from './build-failed.ts';

/** Whom a refusal of the sandbox blames, by its code; any other blames the machine. */
const REFUSALS: Readonly<Record<string, 'source' | 'settings'>> = {
  platform: 'source',
  'no-dockerfile': 'source',
  'no-emulator': 'settings',
  'load-failed': 'source',
};

/** Throws what the helper said as the end of a build. */
export function explainSandbox(error: unknown): never {
  if (error instanceof SandboxLost) {
    const lostLines = 'the sandbox helper died';
    throw new BuildFailed('machine', 'the sandbox helper died while the build ran', { cause: error, lostLines });
  }
  if (!(error instanceof RefusedRequest)) throw error;
  throw new BuildFailed(REFUSALS[error.code] ?? 'machine', error.message, { cause: error });
}
