import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { atEnd } from '../slipway.ts';

/** A host that accepts connections and sends nothing. */
export async function startSilentHost(t: TestContext): Promise<string> {
  const sockets = new Set<Socket>();
  const host = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', () => resolve()));
  atEnd(t, () => {
    for (const socket of sockets) socket.destroy();
    host.close();
  });
  return `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
}
