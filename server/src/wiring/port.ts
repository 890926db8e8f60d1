import { readTlsFiles, type TlsPair, watchTlsFiles } from '#certificates/tls-files.ts';
import { Port } from '#port/port.ts';
import { ExitError } from '#process/exit-error.ts';
import type { Config } from '#settings/config.ts';

/** Where the renewal of a certificate is told. */
interface CertificateLog {
  info(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** The port, and what lets it take a renewed certificate from then on. */
interface OpenPort {
  port: Port;
  watchCertificate(logger: CertificateLog): void;
}

/** Binds the port of the settings, with their certificate if they name one. Throws `ExitError`. */
export async function openPort(config: Config): Promise<OpenPort> {
  const files = tlsFilesOf(config);
  const port = await bind(config, files && readTlsOrExit(files));
  return {
    port,
    watchCertificate(logger) {
      if (files === undefined) return;
      const take = (pair: TlsPair) => {
        port.renew(pair);
        logger.info({ certificate: files.cert }, 'the certificate was renewed');
      };
      watchTlsFiles(files, take, (error) => logger.error({ err: error }, 'the certificate was not renewed'));
    },
  };
}

function tlsFilesOf(config: Config): { cert: string; key: string } | undefined {
  const { 'tls-cert': cert, 'tls-key': key } = config;
  return cert !== undefined && key !== undefined ? { cert, key } : undefined;
}

function readTlsOrExit(files: { cert: string; key: string }): TlsPair {
  try {
    return readTlsFiles(files);
  } catch (error) {
    throw new ExitError(2, (error as Error).message, { cause: error });
  }
}

async function bind(config: Config, tls: TlsPair | undefined): Promise<Port> {
  const { host, port } = config.listen;
  try {
    const limit = { each: config['connections-each-limit'], exempt: config['trusted-proxies'] };
    return await Port.bind(config.listen, tls, limit);
  } catch (error) {
    const { code, address = host } = error as NodeJS.ErrnoException & { address?: string };
    const why =
      code === 'EADDRINUSE' ? 'is taken' : code === 'EACCES' ? 'needs root' : `cannot be listened on (${code})`;
    throw new ExitError(
      4,
      `the address ${address.includes(':') ? `[${address}]` : address}:${port} ${why}; choose another one with --listen`,
      { cause: error },
    );
  }
}
