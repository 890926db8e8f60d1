import { writeFile } from 'node:fs/promises';

/**
 * Writes a credential as skopeo reads it (containers-auth.json(5)), readable by this user alone. The file must not
 * exist yet. `registryUrl` is the address under which skopeo will be told to find the registry.
 */
export async function writeAuthFile(
  file: string,
  credential: { registryUrl: string; user: string; password: string },
): Promise<void> {
  const auth = Buffer.from(`${credential.user}:${credential.password}`).toString('base64');
  const text = JSON.stringify({ auths: { [new URL(credential.registryUrl).host]: { auth } } });
  await writeFile(file, text, { mode: 0o600, flag: 'wx' });
}
