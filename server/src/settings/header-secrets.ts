/** What no log may have of an Authorization header: its credentials, as it sends them, and the password of a Basic login. */
export function headerSecrets(header: string): string[] {
  const text = header.trim();
  const end = text.indexOf(' ');
  const credentials = text.slice(end + 1).trim();
  const isBasic = text.slice(0, end).toLowerCase() === 'basic';
  const login = isBasic ? Buffer.from(credentials, 'base64').toString() : '';
  const password = login.slice(login.indexOf(':') + 1);
  return [credentials, password].filter((secret) => secret !== '');
}
