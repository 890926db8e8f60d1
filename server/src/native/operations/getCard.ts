import { findExpiredLog } from '#build/logs/expired-log-store.ts';
import { failureCard } from '#log/failure-card.ts';
import type { NativeOperations } from '#rpc/native-types.gen.ts';
import { nativeOperation } from '../native-operation.ts';
import { buildOf } from '../replies/build-of.ts';

type Card = NativeOperations['getCard']['reply'];

/** `GET /builds/ID/card`: why the build failed. It is kept longer than the log. */
export default nativeOperation('getCard', async (context, { id }) => {
  const record = await buildOf(context, id);
  const { db, searches, principal, regexProgram } = context;
  const expired = record.logExpiredMs === undefined ? undefined : await findExpiredLog(db, record.buildRecordId);
  const kept = expired?.card as Card | undefined;
  return kept ?? (await searches.run(principal, () => failureCard(context, regexProgram, record)));
});
