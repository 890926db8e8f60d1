import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { type PostgresServer, startPostgres } from '../../../server/src/db/testing/postgres-server.ts';
import { atEnd, type Scope } from '../slipway.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { type SwiftStore, startSwift } from './swift-store.ts';

/** A server of PostgreSQL that loses nothing, a store of objects behind a proxy that can fail, and the flags for both. */
export interface Stores {
  postgres: PostgresServer;
  swift: SwiftStore;
  proxy: FaultProxy;
  flags: string[];
  /** The flags for an empty database, and a place in the bucket, of this name. */
  apart(name: string): Promise<string[]>;
}

/** Starts both with an empty database and an empty bucket, until the scope ends. */
export async function startStores(t: Scope): Promise<Stores> {
  const postgres = await startPostgres({ fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' });
  atEnd(t, () => postgres.stop());
  const swift = await startSwift(t);
  await swift.client.send(new CreateBucketCommand({ Bucket: 'slipway' }));
  const proxy = await startFaultProxy(t, swift.endpoint);
  const apart = async (database: string, prefix = database) => {
    const client = await postgres.connect('postgres', 'test');
    await client.query(`create database ${database} template template0`);
    await client.end();
    const bucket = ['--bucket', `s3://slipway/${prefix}`, '--s3-endpoint', proxy.url, '--s3-keys', swift.keysFile];
    return ['--database', postgres.urlOf(database), ...bucket];
  };
  return { postgres, swift, proxy, flags: await apart('slipway', 'one'), apart };
}
