import { chownSync, mkdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { findProgram, needPrograms } from '../support/programs.ts';
import { Child, plainUser } from './child.ts';

type Reply = string | number | null | Reply[];
interface Waiting {
  resolve: (reply: Reply) => void;
  reject: (error: Error) => void;
}

/**
 * Quay's design, a list with one JSON value per line (here with many values per command, unlike Quay), and GitLab's,
 * chunks of 128 KiB that grow by appending. Uses a server of its own on a private folder, over a unix socket, with the
 * append-only file on.
 */
export class Redis {
  readonly #server: Child;
  readonly #socketPath: string;

  private constructor(server: Child, socketPath: string) {
    this.#server = server;
    this.#socketPath = socketPath;
  }

  static async start(folder: string): Promise<Redis> {
    needPrograms({ 'redis-server': 'redis-server' });
    mkdirSync(folder);
    const user = plainUser();
    if (user.uid !== undefined) chownSync(folder, user.uid, user.gid ?? user.uid);
    const socketPath = join(folder, 'redis.sock');
    const flags = ['--port', '0', '--unixsocket', socketPath, '--dir', folder, '--appendonly', 'yes', '--save', ''];
    const server = new Child(findProgram('redis-server') ?? 'redis-server', flags, folder);
    const redis = new Redis(server, socketPath);
    await server.waitUntil(async () => (await redis.open()).close());
    return redis;
  }

  async open(): Promise<RedisConnection> {
    const socket = connect(this.#socketPath);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new RedisConnection(socket);
  }

  cpuMs(): number {
    return this.#server.cpuMs();
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }
}

/** The part of RESP2 that the benchmark needs, pipelined (https://redis.io/docs/latest/develop/reference/protocol-spec/). */
export class RedisConnection {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  #rest = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => {
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
  }

  command(...parts: readonly (string | Buffer)[]): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      const framed = parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
      this.#socket.write(`*${parts.length}\r\n${framed.join('')}`);
    });
  }

  async append(build: number, lines: readonly string[]): Promise<void> {
    await this.command('RPUSH', `log-${build}`, ...lines);
  }

  /** The page's JSON: the values are already JSON and are only joined. */
  async page(build: number, offset: number): Promise<string> {
    const values = (await this.command('LRANGE', `log-${build}`, String(offset), String(offset + 99))) as string[];
    return `[${values.join(',')}]`;
  }

  close(): void {
    this.#socket.end();
  }

  #read(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (let parsed = parse(bytes, at); parsed !== undefined; parsed = parse(bytes, at)) {
      at = parsed.end;
      const waiting = this.#waiting.shift();
      if (parsed.error === undefined) waiting?.resolve(parsed.reply);
      else waiting?.reject(new Error(parsed.error));
    }
    this.#rest = Buffer.from(bytes.subarray(at));
  }
}

interface Parsed {
  reply: Reply;
  end: number;
  error?: string;
}

function parse(bytes: Buffer, at: number): Parsed | undefined {
  const lineEnd = bytes.indexOf('\r\n', at);
  if (lineEnd === -1) return undefined;
  const type = bytes[at];
  const line = bytes.toString('latin1', at + 1, lineEnd);
  const end = lineEnd + 2;
  if (type === 0x2b) return { reply: line, end };
  if (type === 0x3a) return { reply: Number(line), end };
  if (type === 0x2d) return { reply: null, end, error: line };
  const length = Number(line);
  if (length < 0) return { reply: null, end };
  if (type === 0x24) {
    if (bytes.length < end + length + 2) return undefined;
    return { reply: bytes.toString('utf8', end, end + length), end: end + length + 2 };
  }
  const replies: Reply[] = [];
  let next = end;
  for (let index = 0; index < length; index += 1) {
    const item = parse(bytes, next);
    if (item === undefined) return undefined;
    replies.push(item.reply);
    next = item.end;
  }
  return { reply: replies, end: next };
}
