import type { FastifyRequest } from 'fastify';

/** Whether a client accepts gzip as an encoding. */
export function acceptsGzip({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  const accepted = String(headers['accept-encoding'] ?? '').split(',');
  return accepted.some((coding) => {
    const [name, ...weights] = coding.split(';').map((part) => part.trim().toLowerCase());
    return name === 'gzip' && !weights.some((weight) => /^q=0(\.0*)?$/.test(weight));
  });
}
