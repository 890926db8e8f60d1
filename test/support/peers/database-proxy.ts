import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { atEnd, type Scope } from '../slipway.ts';

/** The address of a database, behind which another server can be put, and whose network can be cut. */
export interface DatabaseProxy {
  /** The address of one of its databases. */
  urlOf(database: string): string;
  /** Passes nothing on any more and ends no connection, as a firewall that drops every packet. New connections get no answer either. */
  cut(): void;
  /** Passes new connections on again. Those of before stay cut. */
  restore(): void;
  /** Ends all connections, and passes new ones on to another server. */
  switchTo(url: string): void;
}

/** Starts it on loopback, in front of a server of PostgreSQL with a socket in a folder. */
export async function startDatabaseProxy(t: Scope, url: string): Promise<DatabaseProxy> {
  let target = socketOf(url);
  let isCut = false;
  const open = new Set<Socket>();
  const keep = (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => open.delete(socket));
    return socket;
  };
  const server = createServer((client) => {
    keep(client);
    if (isCut) return;
    const upstream = keep(connect(target));
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.pipe(other).once('close', () => isCut || one.destroy());
  });
  const endAll = () => {
    for (const socket of open) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => {
    endAll();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: (database) => `postgres://slipway@127.0.0.1:${port}/${database}`,
    cut: () => {
      isCut = true;
      for (const socket of open) socket.unpipe().pause();
    },
    restore: () => {
      isCut = false;
    },
    switchTo: (next) => {
      target = socketOf(next);
      endAll();
    },
  };
}

function socketOf(url: string): string {
  const { searchParams } = new URL(url);
  return `${searchParams.get('host')}/.s.PGSQL.${searchParams.get('port')}`;
}
