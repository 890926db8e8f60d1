import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { ConfigError } from '#settings/config.ts';

const MACHINE_BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The certificates of a PEM file behind those that the machine trusts, as one PEM text; undefined without a file. Throws
 * `ConfigError` if the file cannot be read or holds something else.
 */
export function readAuthorities(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const given = certificatesOf(file);
  return [machineCertificates().trim(), ...given, ''].join('\n');
}

function certificatesOf(file: string): string[] {
  try {
    const found = readFileSync(file, 'latin1').match(CERTIFICATE) ?? [];
    if (found.length === 0) throw new Error('it has no certificate in PEM');
    return found.map((pem) => new X509Certificate(pem).toString().trim());
  } catch (error) {
    throw new ConfigError([`trusted-ca-file ${file}: ${(error as Error).message}`]);
  }
}

function machineCertificates(): string {
  try {
    return readFileSync(MACHINE_BUNDLE, 'latin1');
  } catch {
    // A machine without its own list trusts the one that Node.js brings.
    return rootCertificates.join('\n');
  }
}
