import { nativeOperation } from '../native-operation.ts';
import { garbageReply } from '../replies/garbage-reply.ts';

/** `GET /garbage-collection` */
export default nativeOperation('getGarbageCollection', async ({ garbage }) => garbageReply(garbage));
