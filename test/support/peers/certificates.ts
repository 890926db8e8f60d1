import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate authority for one test; files are PEM. */
export interface Authority {
  readonly certificate: string;
  /** Makes a new key with a certificate for an address and a name. */
  issue(address: string, name?: string): { cert: string; key: string };
}

/** Makes an authority in a folder with the openssl of this machine. */
export function makeAuthority(folder: string): Authority {
  const certificate = join(folder, 'ca.pem');
  const caKey = join(folder, 'ca-key.pem');
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-batch'];
  openssl('req', '-x509', ...ec, '-days', '2', '-subj', '/CN=test authority', '-keyout', caKey, '-out', certificate);
  let issued = 0;
  return {
    certificate,
    issue(address, host = 'localhost') {
      const name = join(folder, `server-${++issued}`);
      const [cert, key, request, extensions] = ['pem', 'key', 'csr', 'ext'].map((end) => `${name}.${end}`) as [
        string,
        string,
        string,
        string,
      ];
      writeFileSync(extensions, `subjectAltName=IP:${address},DNS:${host}\n`);
      openssl('req', ...ec, '-subj', '/CN=test server', '-keyout', key, '-out', request);
      const sign = ['-CA', certificate, '-CAkey', caKey, '-CAcreateserial', '-days', '2', '-extfile', extensions];
      openssl('x509', '-req', '-in', request, ...sign, '-out', cert);
      // The server reads a renewed key as a plain user.
      chmodSync(key, 0o644);
      return { cert, key };
    },
  };
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
