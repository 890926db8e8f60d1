import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientBase, type DatabaseError } from 'pg';
import { DatabaseTaken, type SoleServerMeans } from './database-taken.ts';
import { UnfitDatabase } from './fit-database.ts';
import type { DatabaseHold } from './postgres-pool.ts';

/** An advisory lock of two numbers, of which Slipway has the first ("slip"): who has it uses the database. */
export const DATABASE_LOCK = [0x736c_6970, 1] as const;
const BEAT_EVERY_MS = 5_000;
const ANSWER_MS = 10_000;
const RETRY_EVERY_MS = 250;
/** PostgreSQL gives up a connection whose machine is gone after 25 s. */
const KEEPALIVE =
  'set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3; set tcp_user_timeout = 25000; set idle_session_timeout = 0';
/** How long a start waits for the connection of its own earlier life. */
const EARLIER_LIFE_MS = 30_000;
/** PostgreSQL cuts names of connections there. */
const NAME_LENGTH = 63;
/** What the driver says of a statement that takes longer than `query_timeout`. */
const NO_ANSWER = 'Query read timeout';
/** How the names of the connections begin on which servers work, after the one that holds the database. */
const POOL_NAME = 'slipway pool ';
/** PostgreSQL ends a connection as soon as its statement looks whether it should end. */
const LOOK_AGAIN_MS = 20;

/**
 * Lets one server at a time work with a database: a connection of its own holds an advisory lock. When the connection breaks, the server
 * must not write until it has the lock again, and ends if another one took it meanwhile.
 *
 * It may learn of that late: its process or its machine was stopped, or the network was cut. One that was killed may have left
 * statements that still run. So the server that takes the lock first ends the connections on which another one works, and each new
 * one of those has to find the lock held. Then nothing that the earlier server began is committed after the next one has begun.
 */
export class SoleServer implements DatabaseHold {
  readonly #means: SoleServerMeans;
  readonly #name: string;
  readonly poolName: string;
  #client: Client | undefined;
  #processId = 0;
  #term = 0;
  #beat: NodeJS.Timeout | undefined;
  #onSilence: () => void = () => undefined;
  #isClosed = false;
  #retaking: Promise<void> = Promise.resolve();

  /** Takes the database. Throws `DatabaseTaken`, `UnfitDatabase`, or why it cannot be reached. */
  static async take(means: SoleServerMeans): Promise<SoleServer> {
    const server = new SoleServer(means);
    const endMs = means.monotonicMs() + EARLIER_LIFE_MS;
    for (;;) {
      const holder = await server.#try();
      if (holder === undefined) return server;
      const isEarlierLife = holder.processId === 0 || holder.name.startsWith(`slipway ${means.nodeId} `);
      if (!isEarlierLife || means.monotonicMs() > endMs) throw takenBy(holder);
      await sleep(RETRY_EVERY_MS);
    }
  }

  private constructor(means: SoleServerMeans) {
    this.#means = means;
    // Those of its own earlier life have another name.
    this.poolName = `${POOL_NAME}${randomUUID().slice(0, 8)} ${means.nodeId}`.slice(0, NAME_LENGTH);
    this.#name = `slipway ${means.nodeId} ${means.host}`.replace(/[^\x20-\x7e]/g, '?').slice(0, NAME_LENGTH);
  }

  /** Whether this server has the database, so far as it knows. */
  isHeld = (): boolean => this.#client !== undefined;

  get term(): number {
    return this.#term;
  }

  onSilence(act: () => void): void {
    const before = this.#onSilence;
    this.#onSilence = () => {
      before();
      act();
    };
  }

  async confirm(client: ClientBase): Promise<void> {
    const { rowCount } = await client.query(
      "select from pg_locks where locktype = 'advisory' and granted and objsubid = 2 and classid = $1 and objid = $2 and pid = $3",
      [...DATABASE_LOCK, this.#processId],
    );
    if (rowCount === 0) throw new Error('this server does not hold the database any more');
  }

  /** Gives the database up. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#retaking;
    clearInterval(this.#beat);
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  /** Takes the lock on a new connection. Returns who has it instead. */
  async #try(): Promise<Holder | undefined> {
    const client = this.#newClient();
    // Told by the statement that fails, or by `end`.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query(KEEPALIVE);
      const { rows } = await client.query(
        'select pg_is_in_recovery() as "isStandby", pg_try_advisory_lock($1, $2) as "isHeld", pg_backend_pid() as "processId"',
        [...DATABASE_LOCK],
      );
      const [{ isStandby, isHeld, processId }] = rows as [{ isStandby: boolean; isHeld: boolean; processId: number }];
      if (isStandby) throw new Error('it is a standby, which takes no writes');
      if (isHeld) {
        await this.#endOtherPools(client);
        this.#hold(client, processId);
        return undefined;
      }
      const holder = await this.#findHolder(client);
      void client.end().catch(() => undefined);
      return holder;
    } catch (error) {
      void client.end().catch(() => undefined);
      throw unfit(error as DatabaseError & NodeJS.ErrnoException) ?? error;
    }
  }

  /** Throws `UnfitDatabase` if a file of the URL cannot be read. */
  #newClient(): Client {
    try {
      return new Client({
        connectionString: this.#means.url,
        application_name: this.#name,
        connectionTimeoutMillis: ANSWER_MS,
        query_timeout: ANSWER_MS,
        keepAlive: true,
      });
    } catch (error) {
      throw unfit(error as DatabaseError & NodeJS.ErrnoException) ?? error;
    }
  }

  /** Returns when no other server can commit anything any more. Throws an Error if that takes too long. */
  async #endOtherPools(client: Client): Promise<void> {
    const endMs = this.#means.monotonicMs() + ANSWER_MS;
    for (;;) {
      const { rowCount } = await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and usename = current_user and starts_with(application_name, $1) and application_name <> $2`,
        [POOL_NAME, this.poolName],
      );
      if (rowCount === 0) return;
      if (this.#means.monotonicMs() > endMs) throw new Error('the statements of another server do not end');
      await sleep(LOOK_AGAIN_MS);
    }
  }

  async #findHolder(client: Client): Promise<Holder> {
    const { rows } = await client.query<Holder>(
      `select pid as "processId", coalesce(application_name, '') as name, coalesce(host(client_addr), '') as address, backend_start as since
        from pg_stat_activity where pid = (select pid from pg_locks where locktype = 'advisory' and granted and objsubid = 2
          and database = (select oid from pg_database where datname = current_database()) and classid = $1 and objid = $2)`,
      [...DATABASE_LOCK],
    );
    const holder = rows[0] ?? { processId: 0, name: '', address: '', since: undefined };
    // The connection that broke may still be there on the other side.
    const isOwn = holder.processId === this.#processId && holder.name === this.#name;
    if (isOwn) await client.query('select pg_terminate_backend($1)', [holder.processId]);
    return holder;
  }

  #hold(client: Client, processId: number): void {
    this.#client = client;
    this.#processId = processId;
    this.#term += 1;
    client.once('end', () => this.#lose(client, new Error('the connection ended')));
    this.#beat = setInterval(() => {
      client.query('select 1').catch((error: Error) => {
        this.#lose(client, error);
        if (error.message === NO_ANSWER) this.#onSilence();
      });
    }, BEAT_EVERY_MS).unref();
  }

  #lose(client: Client, error: unknown): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    clearInterval(this.#beat);
    // Its socket may take minutes to notice.
    void client.end().catch(() => undefined);
    this.#means.onAway(error);
    this.#retaking = this.#retake();
  }

  async #retake(): Promise<void> {
    const startMs = this.#means.monotonicMs();
    while (!this.#isClosed) {
      // Undefined while nobody can say who has it.
      const holder = await this.#try().catch(() => null);
      if (this.#isClosed) return;
      if (holder === undefined) return this.#goOn(startMs);
      const isOther = holder !== null && holder.processId !== 0 && holder.name !== this.#name;
      if (isOther) return this.#means.onTaken(takenBy(holder));
      await sleep(RETRY_EVERY_MS);
    }
  }

  async #goOn(startMs: number): Promise<void> {
    const term = this.#term;
    while (!this.#isClosed && this.isHeld() && this.#term === term)
      try {
        return await this.#means.onBack(this.#means.monotonicMs() - startMs);
      } catch {
        // Told by `onBack`.
        await sleep(RETRY_EVERY_MS);
      }
  }
}

interface Holder {
  processId: number;
  /** Of its connection: who it is. Empty if this user may not see it. */
  name: string;
  /** Empty for one on the same machine. */
  address: string;
  since: Date | undefined;
}

function takenBy({ name, address, since }: Holder): DatabaseTaken {
  const [, nodeId, host] = /^slipway (\S+) (.+)$/.exec(name) ?? [];
  const who = nodeId === undefined ? 'another server' : `the server ${nodeId} on ${host}`;
  const from = address === '' ? '' : `, from ${address}`;
  const when = since === undefined ? '' : `, since ${since.toISOString()}`;
  return new DatabaseTaken(
    `${who} uses the database${from}${when}, and only one server can; stop that one, or give this one another database`,
  );
}

/** Classes of errors: a wrong login, and a database that does not exist. */
const REFUSALS = ['28', '3D'];
/** What Node.js says of a certificate: https://nodejs.org/docs/latest-v24.x/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE = /CERT|SIGNATURE|_CA$|ERR_TLS_|ERR_OSSL_/;

/** What waiting does not fix. */
function unfit({ code = '', message, path }: DatabaseError & NodeJS.ErrnoException): UnfitDatabase | undefined {
  if (REFUSALS.some((each) => code.startsWith(each)))
    return new UnfitDatabase(
      `the database does not let the server in (${message}): check the user, its password and the name of the database`,
    );
  if (path !== undefined && (code === 'ENOENT' || code === 'EACCES') && !path.includes('.s.PGSQL.'))
    return new UnfitDatabase(
      `a file of the setting database cannot be read (${message}): check sslrootcert, sslcert and sslkey; the user of the server must be able to read them`,
    );
  if (message === 'The server does not support SSL connections')
    return new UnfitDatabase(
      'the database does not offer TLS: turn it on there (ssl = on), or leave sslmode out of the setting database',
    );
  if (CERTIFICATE.test(code))
    return new UnfitDatabase(
      `the certificate of the database is not to be trusted (${message}): name the file of its authority with sslrootcert in the setting database, and a host that the certificate has`,
    );
  return undefined;
}
