import { parseEntries, type RegistryEntry, refuseDoubles, textOf, urlOf } from '#registry/foreign/registry-entries.ts';
import type { Provider } from '#rpc/context.ts';

/** How the newest tags of a registry are found: by the lists of Docker Hub or of Quay, or by the registry itself. */
export type Listing = 'docker-hub' | 'quay' | 'registry';

/** Another registry, whose images may be mirrored. */
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
const NAME_FORM = /^[A-Za-z0-9_.-]{1,64}$/;

/** The vendor's names: https://www.alibabacloud.com/help/en/acr/developer-reference/api-cr-2018-12-01-createartifactsubscriptionrule */
const KNOWN: readonly Record<string, string>[] = [
  { name: 'DOCKER_HUB', registry: 'https://docker.io', listing: 'docker-hub', api: 'https://hub.docker.com' },
  { name: 'GCR', registry: 'https://gcr.io' },
  { name: 'QUAY', registry: 'https://quay.io', listing: 'quay' },
];

/**
 * Reads the text of the setting subscription-providers-file: a JSON list of objects with `name` and `registry`; `listing`, `api`,
 * and `user` with `password` may be left out. The vendor's registries are always there; an entry of the same name changes one. Throws
 * an Error that names the entry and what is wrong with it.
 */
export function parseProviders(text: string): ProviderSettings[] {
  const given = parseEntries(text, FIELDS);
  const known = KNOWN.filter(({ name }) => !given.some((entry) => entry.name === name));
  const providers = [
    ...known.map((entry) => parseProvider(entry, '')),
    ...given.map((entry, index) => {
      const standard = KNOWN.find(({ name }) => name === entry.name);
      return parseProvider({ ...standard, ...entry }, `entry ${index + 1}`);
    }),
  ];
  refuseDoubles(providers.map(({ name }) => name));
  return providers;
}

function parseProvider(entry: RegistryEntry, what: string): ProviderSettings {
  const text = (field: string) => textOf(entry, field, what);
  const url = (field: string) => urlOf(entry, field, what);
  const name = text('name');
  if (!NAME_FORM.test(name)) throw new Error(`${what}: name must be at most 64 letters, digits, _ . or -`);
  const listing = LISTINGS.find((each) => each === (entry.listing ?? 'registry'));
  if (listing === undefined) throw new Error(`${what}: listing must be one of ${LISTINGS.join(', ')}`);
  const registry = url('registry');
  const hasLogin = entry.user !== undefined || entry.password !== undefined;
  return {
    name,
    registry,
    listing,
    host: new URL(registry).host,
    api: entry.api === undefined ? registry : url('api'),
    login: hasLogin ? { user: text('user'), password: text('password') } : undefined,
  };
}
