import type { Provider } from '#rpc/context.ts';

/** How the newest tags of a registry are found: by the lists of Docker Hub or of Quay, or by the registry itself. */
export type Listing = 'docker-hub' | 'quay' | 'registry';

/** A registry of others whose images may be mirrored. */
export interface ProviderSettings extends Provider {
  /** `https://host` of the registry; `http://` for one without TLS. */
  registry: string;
  listing: Listing;
  /** Where the lists of `docker-hub` and `quay` are: `https://hub.docker.com`. */
  api: string;
  login: { user: string; password: string } | undefined;
}

const LISTINGS: readonly Listing[] = ['docker-hub', 'quay', 'registry'];
const FIELDS = ['name', 'registry', 'listing', 'api', 'user', 'password'];
const URL_FORM = /^https?:\/\/[^/?#@\s]+\/?$/;
const NAME_FORM = /^[A-Za-z0-9_.-]{1,64}$/;

/** The vendor's names: https://www.alibabacloud.com/help/en/acr/developer-reference/api-cr-2018-12-01-createartifactsubscriptionrule */
const KNOWN: readonly Record<string, string>[] = [
  { name: 'DOCKER_HUB', registry: 'https://docker.io', listing: 'docker-hub', api: 'https://hub.docker.com' },
  { name: 'GCR', registry: 'https://gcr.io' },
  { name: 'QUAY', registry: 'https://quay.io', listing: 'quay' },
];

/**
 * Reads the text of the setting subscription-providers-file: a JSON list of objects with `name` and `registry`; `listing`, `api`,
 * and `user` with `password` may be left out. Those of the vendor are always there: an entry of the same name changes them. Throws
 * an Error that names the entry and what is wrong with it.
 */
export function parseProviders(text: string): ProviderSettings[] {
  const list = parseJson(text);
  if (!Array.isArray(list)) throw new Error('it must be a list of objects');
  const given = list.map((entry: unknown, index) => objectOf(entry, `entry ${index + 1}`));
  const known = KNOWN.filter(({ name }) => !given.some((entry) => entry.name === name));
  const providers = [
    ...known.map((entry) => parseProvider(entry, '')),
    ...given.map((entry, index) => {
      const standard = KNOWN.find(({ name }) => name === entry.name);
      return parseProvider({ ...standard, ...entry }, `entry ${index + 1}`);
    }),
  ];
  const double = providers.find((each, index) => providers.findIndex(({ name }) => name === each.name) !== index);
  if (double !== undefined) throw new Error(`${double.name} is there twice`);
  return providers;
}

/** The words of the parser quote the text, in which there are secrets. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('it is not JSON');
  }
}

function objectOf(entry: unknown, what: string): Record<string, unknown> {
  if (typeof entry !== 'object' || entry === null) throw new Error(`${what} must be an object`);
  const unknown = Object.keys(entry).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) throw new Error(`${what} has the field ${unknown}; known are ${FIELDS.join(', ')}`);
  return entry as Record<string, unknown>;
}

function parseProvider(given: Record<string, unknown>, what: string): ProviderSettings {
  const textOf = (field: string): string => {
    const value = given[field];
    if (typeof value === 'string' && value !== '') return value;
    throw new Error(`${what} needs ${field}, a text`);
  };
  const urlOf = (field: string): string => {
    const value = textOf(field);
    if (URL_FORM.test(value)) return value.replace(/\/$/, '');
    throw new Error(`${what}: ${field} must be https:// or http:// with a host, without a path`);
  };
  const name = textOf('name');
  if (!NAME_FORM.test(name)) throw new Error(`${what}: name must be at most 64 letters, digits, _ . or -`);
  const listing = LISTINGS.find((each) => each === (given.listing ?? 'registry'));
  if (listing === undefined) throw new Error(`${what}: listing must be one of ${LISTINGS.join(', ')}`);
  const registry = urlOf('registry');
  const hasLogin = given.user !== undefined || given.password !== undefined;
  return {
    ...{ name, registry, listing, host: new URL(registry).host },
    api: given.api === undefined ? registry : urlOf('api'),
    login: hasLogin ? { user: textOf('user'), password: textOf('password') } : undefined,
  };
}
