import { ManifestMistake } from '#image/manifest.ts';
import { JobFailed } from '#job/job.ts';
import { CopyTooLarge } from '#registry/copy/copy-plan.ts';
import { RegistryError } from '#registry/foreign/registry-error.ts';
import { ApiError } from '#rpc/errors/api-error.ts';

/** The vendor's name for a failure: https://www.alibabacloud.com/help/en/acr/developer-reference/api-cr-2018-12-01-getreposynctask */
export function failureOf(error: unknown): unknown {
  if (error instanceof JobFailed) return error;
  const failed = (code: string, mayPass: boolean) =>
    new JobFailed({ code, message: (error as Error).message }, { mayPass, pauseMs: pauseOf(error), cause: error });
  if (error instanceof ManifestMistake) return failed('UNSUPPORTED_FORMAT', false);
  if (error instanceof ApiError) {
    if (error.code === 'TAG_IMMUTABLE') return failed('TAG_CONFLICT', false);
    return failed('INTERNAL_ERROR', error.status >= 500);
  }
  if (!(error instanceof RegistryError)) return error;
  if (error instanceof CopyTooLarge || error.status === 413) return failed('DATA_LENGTH_EXCEEDED', false);
  const { kind, status = 0 } = error;
  if (kind === 'unreachable' || status === 429 || status >= 500) return failed('NETWORK_ERROR', true);
  if (kind === 'unauthorised' || kind === 'not-found') return failed('INTERNAL_ERROR', false);
  return failed(status === 0 || status === 400 ? 'UNSUPPORTED_FORMAT' : 'INTERNAL_ERROR', false);
}

/** A registry may say when to try again. */
function pauseOf(error: unknown): number | undefined {
  return error instanceof RegistryError ? error.retryAfterMs : undefined;
}
