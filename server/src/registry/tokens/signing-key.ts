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

const FORMER_KEY = 'token-key.pem';
const CERTIFICATE = 'token-certificate.pem';

/**
 * Opens the ES256 signing key that `keep` gives, and writes its certificate into `folder` for distribution. `keep` gets what makes the
 * key with its certificate, as PEM, for the first time: it takes those that an earlier version left in `folder`.
 */
export async function openSigningKey(
  folder: string,
  keep: (make: () => Promise<string>) => Promise<string>,
): Promise<SigningKey> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const pem = await keep(() => makePem(folder));
  const privateKey = createPrivateKey(pem);
  const certificate = new X509Certificate(pem);
  const certificateFile = join(folder, CERTIFICATE);
  await writeFile(`${certificateFile}.new`, certificate.toString());
  await rename(`${certificateFile}.new`, certificateFile);
  const { publicKey, raw } = certificate;
  return { privateKey, publicKey, certificateFile, certificateDer: raw.toString('base64') };
}

/** Removes the file in which earlier versions had the key, once it is kept elsewhere. */
export async function removeFormerKey(folder: string): Promise<void> {
  await rm(join(folder, FORMER_KEY), { force: true });
}

/** A key with its certificate. A key of an earlier version is not taken over if others may have read it. */
async function makePem(folder: string): Promise<string> {
  const scratch = await mkdtemp(join(folder, 'token-key-'));
  try {
    const keyFile = join(scratch, 'key');
    const former = await readPrivate(join(folder, FORMER_KEY));
    if (former === undefined)
      await openssl(['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', keyFile]);
    else await writeFile(keyFile, former, { mode: 0o600 });
    const key = await readFile(keyFile, 'utf8');
    const certificate = former && (await readIfThere(join(folder, CERTIFICATE)));
    if (certificate !== undefined && isLasting(certificate, key)) return `${key.trim()}\n${certificate}`;
    return `${key.trim()}\n${await makeCertificate(scratch, keyFile)}`;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Whether it belongs to the key, and is valid for any clock. */
function isLasting(certificate: string, key: string): boolean {
  const read = new X509Certificate(certificate);
  return read.checkPrivateKey(createPrivateKey(key)) && Date.parse(read.validFrom) <= 0;
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
async function makeCertificate(folder: string, keyFile: string): Promise<string> {
  await writeFile(join(folder, 'settings'), SETTINGS);
  await writeFile(join(folder, 'index'), '');
  const key = resolve(keyFile);
  await openssl(['req', '-new', '-key', key, '-config', 'settings', '-out', 'request'], folder);
  const how = ['-selfsign', '-batch', '-notext', '-create_serial', '-startdate', BEGIN, '-enddate', END];
  await openssl(['ca', ...how, '-config', 'settings', '-in', 'request', '-keyfile', key, '-out', 'made'], folder);
  return readFile(join(folder, 'made'), 'utf8');
}

async function openssl(args: string[], folder?: string): Promise<void> {
  try {
    await runFile('openssl', args, { timeout: 60_000, cwd: folder });
  } catch (cause) {
    throw new Error(`make the registry signing key with openssl ${args[0]}`, { cause });
  }
}

/** The text of a file that nobody but its owner may read. */
async function readPrivate(file: string): Promise<string | undefined> {
  const content = await readIfThere(file);
  return content === undefined || ((await stat(file)).mode & 0o077) !== 0 ? undefined : content;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`read ${file}`, { cause });
  }
}
