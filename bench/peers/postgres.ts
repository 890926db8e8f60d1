import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, needPrograms } from '../support/programs.ts';
import { Child, plainUser } from './child.ts';
import { PostgresConnection } from './postgres-wire.ts';

const USER = 'bench';

/**
 * Woodpecker's design: a row per line, primary key (build, line), pages by keyset. Uses a server of its own on a
 * private folder, over a unix socket. An insert of many rows is one prepared statement and one transaction, with
 * `synchronous_commit` on, so an acknowledgement means that the rows are on the device.
 */
export class PostgresRows {
  readonly #server: Child;
  readonly #socketPath: string;

  private constructor(server: Child, socketPath: string) {
    this.#server = server;
    this.#socketPath = socketPath;
  }

  static async start(folder: string): Promise<PostgresRows> {
    needPrograms({ initdb: 'postgresql', postgres: 'postgresql' });
    mkdirSync(folder);
    const user = plainUser();
    if (user.uid !== undefined) chownSync(folder, user.uid, user.gid ?? user.uid);
    const data = join(folder, 'data');
    const initdb = findProgram('initdb') ?? 'initdb';
    const flags = ['-D', data, '-U', USER, '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-instructions'];
    execFileSync(initdb, flags, { ...user, cwd: folder, stdio: 'pipe' });
    const settings = {
      listen_addresses: '',
      unix_socket_directories: folder,
      shared_buffers: '1GB',
      max_wal_size: '8GB',
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const server = new Child(findProgram('postgres') ?? 'postgres', ['-D', data, ...args], folder);
    const peer = new PostgresRows(server, join(folder, '.s.PGSQL.5432'));
    await server.waitUntil(async () => {
      const connection = await peer.connect();
      await connection.query(
        'create table log_line (build bigint, line bigint, stage text, time bigint, message text, primary key (build, line))',
      );
      connection.close();
    });
    return peer;
  }

  async connect(): Promise<PostgresConnection> {
    return PostgresConnection.open(this.#socketPath, USER);
  }

  /** A connection that appends lines and reads pages. */
  async open(): Promise<PostgresLog> {
    const connection = await this.connect();
    await connection.prepare(
      'append',
      "insert into log_line select $1::bigint, $2::bigint + o - 1, 'GIT_CLONE', $3::bigint, m from unnest($4::text[]) with ordinality as u(m, o)",
    );
    await connection.prepare(
      'page',
      'select line, message, stage from log_line where build = $1::bigint and line >= $2::bigint order by line limit 100',
    );
    return new PostgresLog(connection);
  }

  cpuMs(): number {
    return this.#server.cpuMs();
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }
}

/** One client of the rival. */
export class PostgresLog {
  readonly #connection: PostgresConnection;

  constructor(connection: PostgresConnection) {
    this.#connection = connection;
  }

  /** Resolves when the rows are durable. */
  async append(build: number, firstLine: number, messages: readonly string[]): Promise<void> {
    const array = `{${messages.map((message) => `"${message.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
    await this.#connection.run('append', [String(build), String(firstLine), String(Date.now()), array]);
  }

  /** The page's JSON, as in the reply. */
  async page(build: number, offset: number): Promise<string> {
    const rows = await this.#connection.run('page', [String(build), String(offset + 1)]);
    return JSON.stringify(
      rows.map(([line, message, stage]) => ({ LineNumber: Number(line), Message: message, BuildStage: stage })),
    );
  }

  async settle(): Promise<void> {
    await this.#connection.query('vacuum analyze log_line');
    await this.#connection.query('checkpoint');
  }

  close(): void {
    this.#connection.close();
  }
}
