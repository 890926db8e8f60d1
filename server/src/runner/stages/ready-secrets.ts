import type { GivenSecrets } from '#build/request/given-secrets.ts';
import { SECRETS_SUM_LIMIT_BYTES } from '#build/secrets/build-secret.ts';
import { BuildFailed } from '../failure/build-failed.ts';
import type { BuildJob, BuildMeans } from './build-job.ts';

/** The secrets for the steps, after they were added to the log's masker. */
export async function readySecrets(
  means: BuildMeans,
  { record, log }: BuildJob,
  ids: readonly string[],
  given: GivenSecrets,
): Promise<Record<string, string>> {
  const kept = await means.buildSecrets(
    record,
    ids.filter((id) => !Object.hasOwn(given.secrets, id)),
  );
  const secrets = { ...kept, ...given.secrets };
  const sumBytes = Object.values(secrets).reduce((sum, value) => sum + Buffer.byteLength(value), 0);
  if (sumBytes > SECRETS_SUM_LIMIT_BYTES)
    throw new BuildFailed(
      'secrets-too-large',
      `the secrets of this build have ${sumBytes} bytes in all; ${SECRETS_SUM_LIMIT_BYTES} is the limit`,
    );
  await log.addSecret(...Object.values(kept));
  for (const id of ids.filter((each) => !Object.hasOwn(secrets, each)))
    await log.line(
      `the secret ${id} is not set, so its mount is empty: slipway secret set ${id}, or slipway build --secret id=${id},src=FILE`,
    );
  return secrets;
}
