import { execFile } from 'node:child_process';
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** The key that signs registry tokens, and its certificate in the forms that distribution and the `x5c` header need. */
export interface SigningKey {
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** PEM file for distribution's `rootcertbundle`. */
  certificateFile: string;
  /** Base64 of the DER certificate, one element of `x5c`. */
  certificateDer: string;
}

const runFile = promisify(execFile);
// Only our own registry checks this certificate. It would refuse one that is not valid yet by its clock, or has
// expired, which would only cause an outage. So the certificate is valid for any clock.
const [BEGIN, END] = ['19700101000000Z', '99991231235959Z'];

/**
 * Reads the ES256 signing key of `folder`, or makes it once with `openssl` (key 0600, certificate beside it). A
 * certificate that is valid only from some day on is replaced. Throws if the files do not match, or if others may read
 * the key.
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
  let certificate = new X509Certificate(await readFile(certificateFile));
  if (!certificate.checkPrivateKey(privateKey)) throw new Error(`${certificateFile} is not of ${keyFile}`);
  if (Date.parse(certificate.validFrom) > 0) {
    await makeCertificate(keyFile, certificateFile);
    certificate = new X509Certificate(await readFile(certificateFile));
  }
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
  await writeFile(newKeyFile, '', { mode: 0o600 });
  await openssl(['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', newKeyFile]);
  await makeCertificate(newKeyFile, certificateFile);
  // The key gets its name last, so a half-made pair is made again at the next start.
  await rename(newKeyFile, keyFile);
}

const SETTINGS = `[req]
prompt = no
distinguished_name = name
[name]
CN = slipway registry tokens
[ca]
default_ca = own
[own]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = names
x509_extensions = extensions
[names]
commonName = supplied
[extensions]
basicConstraints = critical,CA:true
subjectKeyIdentifier = hash
`;

/** Uses `openssl ca`: it is the only way to self-sign that accepts a start time in every version. */
async function makeCertificate(keyFile: string, certificateFile: string): Promise<void> {
  const folder = await mkdtemp(`${certificateFile}-`);
  try {
    await writeFile(join(folder, 'settings'), SETTINGS);
    await writeFile(join(folder, 'index'), '');
    const key = resolve(keyFile);
    await openssl(['req', '-new', '-key', key, '-config', 'settings', '-out', 'request'], folder);
    const how = ['-selfsign', '-batch', '-notext', '-create_serial', '-startdate', BEGIN, '-enddate', END];
    await openssl(['ca', ...how, '-config', 'settings', '-in', 'request', '-keyfile', key, '-out', 'made'], folder);
    await rename(join(folder, 'made'), certificateFile);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function openssl(args: string[], folder?: string): Promise<void> {
  try {
    await runFile('openssl', args, { timeout: 60_000, cwd: folder });
  } catch (cause) {
    throw new Error(`make the registry signing key with openssl ${args[0]}`, { cause });
  }
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
