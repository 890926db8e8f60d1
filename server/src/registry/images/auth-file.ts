import { writeFile } from 'node:fs/promises';

/**
 * Writes a credential in skopeo's format (containers-auth.json(5)), readable by this user alone. The file must not
 * exist yet. `registryUrl` is the URL that skopeo will use for the registry.
 */
export async function writeAuthFile(
  file: string,
  credential: { registryUrl: string; user: string; password: string },
): Promise<void> {
  const auth = Buffer.from(`${credential.user}:${credential.password}`).toString('base64');
  const text = JSON.stringify({ auths: { [new URL(credential.registryUrl).host]: { auth } } });
  await writeFile(file, text, { mode: 0o600, flag: 'wx' });
}
