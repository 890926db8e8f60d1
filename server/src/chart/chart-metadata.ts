import { parseDocument } from 'yaml';

/** The fields of a Chart.yaml that an index repeats. */
export interface ChartMetadata {
  readonly name: string;
  readonly version: string;
  /** JSON of all its fields, with Helm's names and types. */
  readonly json: string;
}

/** A name that can be part of a file name and of a path. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const VERSION = /^v?(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?$/;
const VERSION_LIMIT = 128;
const JSON_LIMIT_CHARS = 128 * 1024;
/** Enough for ordinary anchors, but not for a text that expands without bound. */
const ALIAS_LIMIT = 50;

/** The fields of Helm's `Metadata` (`pkg/chart/metadata.go`), and how each is read. */
const FIELDS: Record<string, Reader> = {
  name: text,
  home: text,
  version: text,
  description: text,
  icon: text,
  apiVersion: text,
  condition: text,
  tags: text,
  appVersion: text,
  kubeVersion: text,
  type: text,
  deprecated: flag,
  sources: listOf(text),
  keywords: listOf(text),
  annotations: mapOf(text),
  maintainers: listOf(fields({ name: text, email: text, url: text })),
  dependencies: listOf(
    fields({
      name: text,
      version: text,
      repository: text,
      condition: text,
      alias: text,
      tags: listOf(text),
      enabled: flag,
      'import-values': listOf(anything),
    }),
  ),
};

/** Reads the text of a Chart.yaml. If something is wrong, returns the mistake in words that end a sentence. */
export function readChartYaml(yaml: string): { metadata: ChartMetadata } | { mistake: string } {
  let read: unknown;
  try {
    const document = parseDocument(yaml, { logLevel: 'silent', uniqueKeys: false, schema: 'core' });
    const [error] = document.errors;
    if (error) return { mistake: `its Chart.yaml is not YAML: ${firstLine(error.message)}` };
    read = document.toJS({ maxAliasCount: ALIAS_LIMIT });
  } catch (error) {
    return { mistake: `its Chart.yaml cannot be read: ${firstLine((error as Error).message)}` };
  }
  try {
    return checked(fields(FIELDS)(read, 'Chart.yaml') as Record<string, unknown>);
  } catch (error) {
    if (error instanceof FieldMistake) return { mistake: error.message };
    throw error;
  }
}

function checked(found: Record<string, unknown>): { metadata: ChartMetadata } | { mistake: string } {
  const { apiVersion, name, version } = found as Record<string, string | undefined>;
  if (apiVersion !== 'v1' && apiVersion !== 'v2')
    return { mistake: 'the apiVersion in its Chart.yaml is neither v1 nor v2' };
  if (name === undefined || !NAME.test(name))
    return {
      mistake: `the name in its Chart.yaml must be at most 128 letters, digits, ".", "_" and "-", with a letter or digit first`,
    };
  if (version === undefined || !isVersion(version))
    return { mistake: 'the version in its Chart.yaml is not a semantic version such as 1.2.3' };
  // Separators that YAML treats as line ends, and unprintable characters, would not survive an index.
  const json = JSON.stringify(found).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, escaped);
  if (json.length > JSON_LIMIT_CHARS)
    return { mistake: `its Chart.yaml has more than ${JSON_LIMIT_CHARS} characters of metadata` };
  return { metadata: { name, version, json } };
}

function isVersion(version: string): boolean {
  const match = version.length <= VERSION_LIMIT ? VERSION.exec(version) : null;
  if (!match) return false;
  const [, pre = '0', build = '0'] = match;
  return (
    pre.split('.').every((part) => part !== '' && !/^0\d+$/.test(part)) && build.split('.').every((part) => part !== '')
  );
}

type Reader = (value: unknown, place: string) => unknown;

class FieldMistake extends Error {}

function text(value: unknown, place: string): string {
  if (typeof value === 'string') return value.toWellFormed();
  // For example `appVersion: 1.10` without quotes, which Helm reads as a text too.
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new FieldMistake(`${place} is not a text`);
}

function flag(value: unknown, place: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new FieldMistake(`${place} is neither true nor false`);
}

/** Only clients read it, so it is kept unchanged. */
function anything(value: unknown, place: string): unknown {
  if (typeof value === 'object' && value !== null) return fields({ child: text, parent: text })(value, place);
  return text(value, place);
}

function listOf(one: Reader): Reader {
  return (value, place) => {
    if (!Array.isArray(value)) throw new FieldMistake(`${place} is not a list`);
    return value.map((each) => one(each, place));
  };
}

function mapOf(one: Reader): Reader {
  return (value, place) => {
    const pairs = Object.entries(objectOf(value, place));
    return Object.fromEntries(pairs.map(([key, each]) => [key.toWellFormed(), one(each, place)]));
  };
}

/** Fields that Helm does not know are left out. */
function fields(readers: Record<string, Reader>): Reader {
  return (value, place) => {
    const object = objectOf(value, place);
    const known = Object.entries(readers).filter(([name]) => (object[name] ?? null) !== null);
    return Object.fromEntries(known.map(([name, read]) => [name, read(object[name], `${name} in its Chart.yaml`)]));
  };
}

function objectOf(value: unknown, place: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new FieldMistake(`${place} is not a list of names and values`);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function firstLine(message: string): string {
  return (message.split('\n', 1)[0] ?? '').slice(0, 200).replace(/[.:]$/, '');
}
