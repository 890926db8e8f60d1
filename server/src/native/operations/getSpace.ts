import { nativeOperation } from '../native-operation.ts';
import { spaceReply } from '../replies/space-reply.ts';

/** `GET /space` */
export default nativeOperation('getSpace', async ({ space }) => spaceReply(space));
