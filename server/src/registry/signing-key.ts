import { execFile } from 'node:child_process';
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The key that signs registry tokens, and its certificate as distribution and the `x5c` header want it. */
export interface SigningKey {
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** PEM file for distribution's `rootcertbundle`. */
  certificateFile: string;
  /** Base64 of the DER certificate, one element of `x5c`. */
  certificateDer: string;
}

const runFile = promisify(execFile);
// A certificate nobody looks at but our own registry: its end would only be an outage.
const CERTIFICATE_DAYS = 36_500;

/**
 * Reads the ES256 signing key of `folder`, or makes it once with `openssl` (key 0600, certificate beside it). Throws
 * when the files do not belong together or when others may read the key.
 */
export async function loadSigningKey(folder: string): Promise<SigningKey> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const keyFile = join(folder, 'token-key.pem');
  const certificateFile = join(folder, 'token-certificate.pem');
  if (!(await exists(keyFile))) await makeKey(keyFile, certificateFile);

  const mode = (await stat(keyFile)).mode & 0o777;
  if ((mode & 0o077) !== 0) {
    throw new Error(`${keyFile} may be read by others (mode ${mode.toString(8)}): chmod 600 it`);
  }
  const privateKey = createPrivateKey(await readFile(keyFile));
  const certificate = new X509Certificate(await readFile(certificateFile));
  if (!certificate.checkPrivateKey(privateKey)) throw new Error(`${certificateFile} is not of ${keyFile}`);
  return {
    privateKey,
    publicKey: certificate.publicKey,
    certificateFile,
    certificateDer: certificate.raw.toString('base64'),
  };
}

async function makeKey(keyFile: string, certificateFile: string): Promise<void> {
  const newKeyFile = `${keyFile}.new`;
  await rm(newKeyFile, { force: true });
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-batch'];
  args.push('-days', String(CERTIFICATE_DAYS), '-subj', '/CN=slipway registry tokens');
  args.push('-keyout', newKeyFile, '-out', certificateFile);
  try {
    await runFile('openssl', args, { timeout: 60_000 });
  } catch (cause) {
    throw new Error('make the registry signing key with openssl', { cause });
  }
  // The key's name appears last: a half-made pair is made again at the next start.
  await rename(newKeyFile, keyFile);
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw new Error(`look at ${file}`, { cause });
  }
}
