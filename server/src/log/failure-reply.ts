import type { BuildFailure } from '#build/build.ts';
import type { Failure } from '#rpc/native-types.gen.ts';

/** Why a build did not succeed, in the words of the native API. */
export function failureReply(failure: BuildFailure | undefined): Failure | undefined {
  return failure && { Fault: failure.fault, Kind: failure.kind, Message: failure.message };
}
