import { createHmac, randomUUID } from 'node:crypto';
import { connect } from 'node:net';

import { canonicalQuery } from '../../server/src/signature/rfc3986.ts';
import { v1StringToSign } from '../../server/src/signature/signature-v1.ts';

/** Whose calls they are, and to which server. */
export interface Caller {
  port: number;
  accessKeyId: string;
  accessKeySecret: string;
}

/** A request of a signed call, with a nonce of its own. */
export function signedRequest(
  action: string,
  params: Record<string, string>,
  { port, accessKeyId, accessKeySecret }: Caller,
): string {
  const parameters: Record<string, string> = {
    Action: action,
    Version: '2018-12-01',
    Format: 'JSON',
    AccessKeyId: accessKeyId,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: randomUUID(),
    Timestamp: `${new Date().toISOString().slice(0, 19)}Z`,
    ...params,
  };
  const stringToSign = v1StringToSign('GET', Object.entries(parameters));
  const Signature = createHmac('sha1', `${accessKeySecret}&`).update(stringToSign).digest('base64');
  const query = canonicalQuery(Object.entries({ ...parameters, Signature }));
  return `GET /?${query} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: application/json\r\n\r\n`;
}

/** Sends requests on a few connections, on each one after the other, until none is left. */
export async function sendAll(port: number, requests: string[], connections: number): Promise<void> {
  await Promise.all(Array.from({ length: connections }, () => drive(port, requests)));
}

function drive(port: number, requests: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let missing = 0;
    const next = () => {
      const request = requests.pop();
      if (request === undefined) {
        socket.destroy();
        resolve();
      } else socket.write(request);
    };
    socket.on('connect', next).on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      if (missing === 0) {
        const head = chunk.toString('latin1', 0, Math.min(chunk.length, 1024));
        const end = head.indexOf('\r\n\r\n');
        const length = /content-length: (\d+)/i.exec(head)?.[1];
        if (!head.startsWith('HTTP/1.1 200') || end === -1 || length === undefined) {
          reject(new Error(`an unexpected reply: ${chunk.toString()}`));
          return;
        }
        missing = end + 4 + Number(length);
      }
      missing -= chunk.length;
      if (missing === 0) next();
    });
  });
}
