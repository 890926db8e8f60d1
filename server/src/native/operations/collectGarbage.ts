import { nativeOperation } from '../native-operation.ts';
import { garbageReply } from '../replies/garbage-reply.ts';

const HOUR_MS = 3_600_000;

/** `POST /garbage-collection`: begins a collection and does not wait for its end. */
export default nativeOperation('collectGarbage', async ({ garbage }, { keepHours }) => {
  void garbage.collect(keepHours === undefined ? garbage.keepMs : keepHours * HOUR_MS);
  return garbageReply(garbage);
});
