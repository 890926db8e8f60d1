import { type Distribution, type FoundPackage, foundPackage } from './inventory.ts';

/** Reads the installed packages of `/var/lib/dpkg/status`, or of a file below `status.d`: https://manpages.debian.org/dpkg/dpkg.1 */
export function readDpkgStatus(text: string): FoundPackage[] {
  return stanzasOf(text, ': ').flatMap((fields) => {
    const status = fields.get('Status');
    if (status !== undefined && !status.endsWith(' installed')) return [];
    const [name, version] = [fields.get('Package'), fields.get('Version')];
    const source = fields.get('Source');
    return (
      foundPackage({
        name,
        version,
        format: 'dpkg',
        architecture: fields.get('Architecture'),
        source: source === undefined ? undefined : dpkgSource(source, version ?? ''),
      }) ?? []
    );
  });
}

/** `name`, or `name (version)` if the package's own version differs. */
function dpkgSource(text: string, version: string): { name: string; version: string } {
  const open = text.indexOf(' (');
  if (open < 0) return { name: text, version };
  return { name: text.slice(0, open), version: text.slice(open + 2).replace(/\)$/, '') };
}

/** Reads `/lib/apk/db/installed`: https://wiki.alpinelinux.org/wiki/Apk_spec */
export function readApkInstalled(text: string): FoundPackage[] {
  return stanzasOf(text, ':').flatMap((fields) => {
    const [version, origin] = [fields.get('V'), fields.get('o')];
    return (
      foundPackage({
        name: fields.get('P'),
        version,
        format: 'apk',
        architecture: fields.get('A'),
        license: fields.get('L'),
        source: origin === undefined ? undefined : { name: origin, version: version ?? '' },
      }) ?? []
    );
  });
}

/** Paragraphs of fields: of a field with several lines the first line, and of a repeated field the first value. */
function stanzasOf(text: string, separator: string): Map<string, string>[] {
  const stanzas: Map<string, string>[] = [];
  let fields = new Map<string, string>();
  const end = () => {
    if (fields.size > 0) stanzas.push(fields);
    fields = new Map();
  };
  for (const line of text.split('\n')) {
    if (line.trim() === '') end();
    const at = line.indexOf(separator);
    if (at <= 0 || line.startsWith(' ')) continue;
    const name = line.slice(0, at);
    if (!fields.has(name)) fields.set(name, line.slice(at + separator.length).trim());
  }
  end();
  return stanzas;
}

/** Reads `os-release`; undefined if it names no distribution. */
export function readOsRelease(text: string): Distribution | undefined {
  const values = new Map<string, string>();
  for (const line of text.split('\n').slice(0, OS_RELEASE_LINES)) {
    const at = line.indexOf('=');
    if (at > 0) values.set(line.slice(0, at).trim(), unquoted(line.slice(at + 1).trim()).slice(0, OS_RELEASE_CHARS));
  }
  const id = values.get('ID');
  if (!id) return undefined;
  return { id, version: values.get('VERSION_ID') ?? '', codename: values.get('VERSION_CODENAME') ?? '' };
}

const OS_RELEASE_LINES = 200;
const OS_RELEASE_CHARS = 100;

function unquoted(text: string): string {
  const quote = text.charAt(0);
  return (quote === '"' || quote === "'") && text.endsWith(quote) ? text.slice(1, -1) : text;
}
