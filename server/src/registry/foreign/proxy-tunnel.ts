import { request } from 'node:http';
import type { Socket } from 'node:net';

/**
 * A connection to `host:port` through an HTTP proxy (CONNECT, RFC 9110 section 9.3.6). Rejects with a sentence that names the
 * proxy if it cannot be reached, refuses, or says nothing for `idleTimeoutMs`.
 */
export function openTunnel(
  proxy: string,
  target: { host: string; port: number },
  options: { signal?: AbortSignal | undefined; idleTimeoutMs: number },
): Promise<Socket> {
  const url = new URL(proxy);
  const authority = `${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`;
  return new Promise((resolve, reject) => {
    const asked = request({
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: url.port || 80,
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, 'user-agent': 'slipway' },
      agent: false,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    asked.setTimeout(options.idleTimeoutMs, () => asked.destroy(new Error(`silent for ${options.idleTimeoutMs} ms`)));
    asked.on('connect', (answer, socket) => {
      socket.setTimeout(0);
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new Error(`the proxy ${proxy} answered HTTP ${answer.statusCode}`));
    });
    asked.on('error', (cause) => reject(new Error(`the proxy ${proxy}: ${cause.message}`, { cause })));
    asked.end();
  });
}
