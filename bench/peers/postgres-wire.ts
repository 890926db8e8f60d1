import { connect, type Socket } from 'node:net';

interface Waiting {
  rows: (string | null)[][];
  resolve: (rows: (string | null)[][]) => void;
  reject: (error: Error) => void;
}

/**
 * The part of PostgreSQL's protocol 3 that the benchmark needs (https://www.postgresql.org/docs/15/protocol.html):
 * prepared statements with text parameters, pipelined. Each `run` is one Bind, Execute and Sync, and so one
 * transaction. Over a unix socket, without a password.
 */
export class PostgresConnection {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  #failure: Error | undefined;
  #rest = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(new Error('the connection was closed')));
  }

  static async open(socketPath: string, user: string): Promise<PostgresConnection> {
    const socket = connect(socketPath);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    const connection = new PostgresConnection(socket);
    const content = Buffer.from(`user\0${user}\0database\0postgres\0\0`);
    const head = Buffer.alloc(8);
    head.writeInt32BE(content.length + 8, 0);
    head.writeInt32BE(196_608, 4);
    await connection.#send([head, content]);
    return connection;
  }

  /** A statement in simple form, without parameters. */
  async query(sql: string): Promise<(string | null)[][]> {
    return this.#send([message('Q', text(sql))]);
  }

  async prepare(name: string, sql: string): Promise<void> {
    await this.#send([message('P', text(name), text(sql), int16(0)), message('S')]);
  }

  /** Runs a prepared statement. May be called again before it has resolved. */
  run(name: string, parameters: readonly string[]): Promise<(string | null)[][]> {
    const values = parameters.flatMap((value) => {
      const bytes = Buffer.from(value);
      return [int32(bytes.length), bytes];
    });
    const bind = message('B', text(''), text(name), int16(0), int16(parameters.length), ...values, int16(0));
    return this.#send([bind, message('E', text(''), int32(0)), message('S')]);
  }

  close(): void {
    this.#socket.end(message('X'));
  }

  #send(messages: readonly Buffer[]): Promise<(string | null)[][]> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ rows: [], resolve, reject });
      this.#socket.write(Buffer.concat(messages));
    });
  }

  #read(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (bytes.length >= 5) {
      const lengthBytes = bytes.readInt32BE(1) + 1;
      if (bytes.length < lengthBytes) break;
      this.#take(String.fromCharCode(bytes[0] ?? 0), bytes.subarray(5, lengthBytes));
      bytes = bytes.subarray(lengthBytes);
    }
    this.#rest = Buffer.from(bytes);
  }

  #take(type: string, content: Buffer): void {
    const first = this.#waiting[0];
    if (type === 'D') first?.rows.push(rowOf(content));
    if (type === 'E') this.#failure = new Error(content.toString().replaceAll('\0', ' '));
    if (type !== 'Z') return;
    this.#waiting.shift();
    if (this.#failure !== undefined) first?.reject(this.#failure);
    else first?.resolve(first.rows);
  }

  #end(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}

function rowOf(content: Buffer): (string | null)[] {
  let at = 2;
  return Array.from({ length: content.readInt16BE(0) }, () => {
    const length = content.readInt32BE(at);
    at += 4;
    if (length < 0) return null;
    at += length;
    return content.toString('utf8', at - length, at);
  });
}

function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(content.length + 4), content]);
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
