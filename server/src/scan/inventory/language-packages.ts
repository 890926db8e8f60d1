import { type FoundPackage, foundPackage } from './inventory.ts';

/** Reads the `package.json` of an installed npm package. A file that is not JSON was not installed by npm. */
export function readPackageJson(text: string): FoundPackage[] {
  const json = parse(text);
  if (!isObject(json)) return [];
  const { name, version, license } = json;
  const found = foundPackage({ name: textOf(name), version: textOf(version), format: 'npm', license: textOf(license) });
  return found === undefined ? [] : [found];
}

/**
 * Reads the packages that a `package-lock.json` locks, except those only for development:
 * https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json
 */
export function readPackageLock(text: string): FoundPackage[] {
  const json = parse(text);
  if (!isObject(json)) return [];
  const entries = isObject(json.packages)
    ? lockedPackages(json.packages)
    : isObject(json.dependencies)
      ? lockedDependencies(json.dependencies)
      : [];
  return entries.flatMap(({ name, version }) => foundPackage({ name, version, format: 'npm' }) ?? []);
}

interface Locked {
  name: string;
  version: string | undefined;
}

/** In versions 2 and 3, by their folders. */
function lockedPackages(packages: Record<string, unknown>): Locked[] {
  return Object.entries(packages).flatMap(([folder, entry]) => {
    const at = folder.lastIndexOf(NODE_MODULES);
    if (!isObject(entry) || at < 0 || entry.dev === true || entry.link === true) return [];
    return [{ name: textOf(entry.name) ?? folder.slice(at + NODE_MODULES.length), version: textOf(entry.version) }];
  });
}

/** In version 1, each with its nested ones. */
function lockedDependencies(dependencies: Record<string, unknown>): Locked[] {
  const found: Locked[] = [];
  const open = [dependencies];
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const [name, entry] of Object.entries(at)) {
      if (!isObject(entry)) continue;
      if (entry.dev !== true) found.push({ name, version: textOf(entry.version) });
      if (isObject(entry.dependencies)) open.push(entry.dependencies);
    }
  return found;
}

const NODE_MODULES = 'node_modules/';

/** Reads `METADATA` or `PKG-INFO` of an installed Python package: https://packaging.python.org/en/latest/specifications/core-metadata/ */
export function readPythonMetadata(text: string): FoundPackage[] {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    // The description follows.
    if (line.trim() === '') break;
    const at = line.indexOf(':');
    const name = line.slice(0, at).toLowerCase();
    if (at > 0 && !fields.has(name)) fields.set(name, line.slice(at + 1).trim());
  }
  const [name, version] = [fields.get('name'), fields.get('version')];
  const license = fields.get('license-expression') ?? fields.get('license');
  const found = foundPackage({ name: name && normalPythonName(name), version, format: 'python', license });
  return found === undefined ? [] : [found];
}

/** https://packaging.python.org/en/latest/specifications/name-normalization/ */
function normalPythonName(name: string): string {
  return name.toLowerCase().split(/[-_.]/).filter(Boolean).join('-');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
