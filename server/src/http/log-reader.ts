import type { BuildRecord } from '#build/build.ts';
import { buildLogExpired } from '#build/errors.ts';
import type { Principal } from '#ram/principal.ts';
import { type BuildRequest, type NativeApi, readerOf } from './native-api.ts';

/** Like `readerOf`, of a request that needs the lines themselves. Throws BUILD_LOG_EXPIRED where they are kept no longer. */
export async function logReaderOf(
  api: NativeApi,
  request: BuildRequest,
): Promise<{ principal: Principal; record: BuildRecord }> {
  const reader = await readerOf(api, request);
  refuseExpired(reader.record);
  return reader;
}

/** Throws BUILD_LOG_EXPIRED of a record whose log is kept no longer. */
export function refuseExpired(record: BuildRecord): void {
  const { logExpiredMs, buildRecordId } = record;
  if (logExpiredMs !== undefined) throw buildLogExpired(buildRecordId, logExpiredMs);
}
