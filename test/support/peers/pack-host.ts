import { createHash, randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip, deflateSync } from 'node:zlib';
import { atEnd, type Scope } from '../slipway.ts';

/** Any id: anyone who reads the pack to its end would find that it is not there. */
const COMMIT = 'a'.repeat(40);
const MANY_OBJECTS = 1_000_000;

/** A code host whose repository is a single pack, written by `pack`. Returns its address. */
export async function startPackHost(t: Scope, pack: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<string> {
  const answer = async (url: string, asked: string, response: ServerResponse) => {
    const service = url.endsWith('git-upload-pack') && !url.includes('?') ? 'result' : 'advertisement';
    response.writeHead(200, { 'content-type': `application/x-git-upload-pack-${service}` });
    if (service === 'advertisement') {
      const refs = `${COMMIT} HEAD\0shallow allow-tip-sha1-in-want symref=HEAD:refs/heads/main\n`;
      response.end(
        `${packet('# service=git-upload-pack\n')}0000${packet(refs)}${packet(`${COMMIT} refs/heads/main\n`)}0000`,
      );
      return;
    }
    response.write(`${packet(`shallow ${COMMIT}`)}0000`);
    if (!asked.includes('done')) return void response.end();
    response.write(packet('NAK\n'));
    await pipeline(Readable.from(pack), response).catch(() => undefined);
  };
  const server = createServer(async (request, response) => {
    const body = request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request;
    await answer(request.url ?? '', await text(body), response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  atEnd(t, () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/team/app.git`;
}

/** Endless blobs of bytes that do not compress: each is a file of its full size on disk. */
export async function* endlessPack(): AsyncGenerator<Buffer> {
  yield packHeader(MANY_OBJECTS);
  const content = randomBytes(2 ** 20);
  for (let at = 0; ; at += 1) {
    content.writeUInt32BE(at);
    yield Buffer.concat([objectHeader(OBJECT.blob, content.length), deflateSync(content, { level: 0 })]);
  }
}

/** A few kilobytes that git resolves into one object of `resultBytes`. */
export function deltaBomb(resultBytes: number): Buffer[] {
  const base = Buffer.alloc(LARGEST_COPY);
  const id = createHash('sha1').update(`blob ${base.length}\0`).update(base).digest();
  const copies = Math.ceil(resultBytes / LARGEST_COPY);
  // Copy from offset 0 (no offset bytes), with a size of three bytes.
  const copy = Buffer.from([0x80 | 0x70, 0xff, 0xff, 0xff]);
  const delta = Buffer.concat([
    variableLength(base.length),
    variableLength(copies * LARGEST_COPY),
    ...Array<Buffer>(copies).fill(copy),
  ]);
  const body = Buffer.concat([
    packHeader(2),
    objectHeader(OBJECT.blob, base.length),
    deflateSync(base),
    objectHeader(OBJECT.refDelta, delta.length),
    id,
    deflateSync(delta),
  ]);
  return [body, createHash('sha1').update(body).digest()];
}

const LARGEST_COPY = 0xff_ffff;
const OBJECT = { blob: 3, refDelta: 7 };

/** https://git-scm.com/docs/protocol-common#_pkt_line_format */
function packet(text: string): string {
  return `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, '0')}${text}`;
}

/** https://git-scm.com/docs/pack-format */
function packHeader(count: number): Buffer {
  const header = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1');
  header.writeUInt32BE(count, 8);
  return header;
}

function objectHeader(type: number, size: number): Buffer {
  const first = (type << 4) | (size & 0x0f);
  const more = Math.floor(size / 16);
  return more === 0 ? Buffer.from([first]) : Buffer.concat([Buffer.from([first | 0x80]), variableLength(more)]);
}

/** Seven bits per byte, lowest first. */
function variableLength(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 0x80);
  }
}
