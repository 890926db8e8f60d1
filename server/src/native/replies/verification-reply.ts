import type { Verification } from '@slipway/logbook';
import type { Verification as VerificationReply } from '#rpc/native-types.gen.ts';

/** The damage in a log. A build that has not started has no log, so none of it can be damaged. */
export function verificationReply(buildRecordId: string, found: Verification | undefined): VerificationReply {
  return {
    BuildRecordId: buildRecordId,
    Sealed: found?.sealed ?? false,
    TotalCount: found?.lineCount ?? 0,
    Damage: (found?.damage ?? []).map(({ block, firstLine, lastLine, reason }) => ({
      Block: block,
      FirstLine: firstLine,
      LastLine: lastLine,
      Reason: reason,
    })),
  };
}
