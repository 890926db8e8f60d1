import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { ReplyUnderTest } from '../../server/src/gateway/testing/caller.ts';

/** A server between a client and ours. */
export interface Recorder extends AsyncDisposable {
  readonly host: string;
  /** The latest reply, as it was sent. Reading it forgets it. */
  take(): ReplyUnderTest | undefined;
}

/** Forwards every request to `host`, and keeps the latest reply. */
export async function startRecorder(host: string): Promise<Recorder> {
  let last: ReplyUnderTest | undefined;
  const forward = async (asked: IncomingMessage, answer: ServerResponse) => {
    const { method, url, headers } = asked;
    const onward = request(`http://${host}${url}`, { method, headers, agent: false });
    onward.end(await buffer(asked));
    const [reply] = (await once(onward, 'response')) as [IncomingMessage];
    const body = await buffer(reply);
    const status = reply.statusCode ?? 0;
    last = { status, body: JSON.parse(body.toString()) };
    answer.writeHead(status, reply.headers).end(body);
  };
  const server = createServer((asked, answer) => {
    forward(asked, answer).catch((error: Error) => answer.destroy(error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = last;
      last = undefined;
      return taken;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
