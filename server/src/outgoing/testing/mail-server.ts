import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as it was taken. */
export interface TakenMail {
  from: string;
  to: string[];
  user: string | undefined;
  isEncrypted: boolean;
  /** Names of its headers, and their values with folded lines joined. */
  headers: [name: string, value: string][];
  /** Decoded. */
  body: string;
}

/** A real mail server on loopback, until the test ends. */
export async function startMailServer(
  context: TestContext,
  options: SMTPServerOptions & { refuses?: string } = {},
): Promise<{ port: number; taken: TakenMail[] }> {
  const taken: TakenMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    onRcptTo({ address }, _, done) {
      if (address === options.refuses) return done(Object.assign(new Error('no such mailbox'), { responseCode: 550 }));
      done();
    },
    onData(stream, { envelope, user, secure }, done) {
      const parts: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => parts.push(chunk));
      stream.once('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        taken.push({ from, to, user, isEncrypted: secure, ...readMail(Buffer.concat(parts).toString()) });
        done(null, 'taken');
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => new Promise<void>((resolve) => server.close(resolve)));
  return { port: (server.server.address() as AddressInfo).port, taken };
}

function readMail(text: string): Pick<TakenMail, 'headers' | 'body'> {
  const end = text.indexOf('\r\n\r\n');
  const lines = text
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const body = text.slice(end + 4).replaceAll('\r\n', '\n');
  const isQuoted = headers.some(
    ([name, value]) => /^content-transfer-encoding$/i.test(name) && value === 'quoted-printable',
  );
  return { headers, body: isQuoted ? unquoted(body) : body };
}

/** RFC 2045, section 6.7. */
function unquoted(text: string): string {
  const bytes = text
    .replaceAll('=\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
