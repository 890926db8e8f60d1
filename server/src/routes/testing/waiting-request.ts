import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';

/** Sends a request whose body waits until the server asks for it (`Expect: 100-continue`), as curl does above 1 MiB. */
export async function sendWhenAsked(
  url: string,
  { method = 'POST', headers, body }: { method?: string; headers: Record<string, string>; body: Buffer },
): Promise<{ asked: boolean; status: number; headers: IncomingMessage['headers']; text: string }> {
  const length = String(body.length);
  const sent = request(url, { method, headers: { ...headers, expect: '100-continue', 'content-length': length } });
  let asked = false;
  sent.once('continue', () => {
    asked = true;
    sent.end(body);
  });
  sent.flushHeaders();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  sent.destroy();
  return { asked, status: response.statusCode ?? 0, headers: response.headers, text };
}
