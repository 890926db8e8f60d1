import type { FailureKind } from '#build/failure/failure-kind.ts';
import { RefusedRequest, SandboxLost } from '#sandbox/client/sandbox.ts';
import { BuildFailed } from './build-failed.ts';

/** What a refusal of the sandbox means, by its code. */
const REFUSALS: Readonly<Record<string, FailureKind>> = {
  platform: 'platform-unknown',
  'no-dockerfile': 'dockerfile-unreadable',
  'no-emulator': 'emulator-missing',
  'load-failed': 'base-broken',
  'no-builder': 'machine-incapable',
};

/** Turns the helper's error into the failure of a build, and throws it. */
export function explainSandbox(error: unknown): never {
  if (error instanceof SandboxLost) {
    const lostLines = 'the sandbox helper died';
    throw new BuildFailed('helper-died', 'the sandbox helper died while the build ran', { cause: error, lostLines });
  }
  if (!(error instanceof RefusedRequest)) throw error;
  throw new BuildFailed(REFUSALS[error.code] ?? 'sandbox-refused', error.message, { cause: error });
}
