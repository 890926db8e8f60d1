import { countJsonParts } from '#image/json-parts.ts';
import { type ForeignAccess, openForeignRepository } from '#registry/foreign/foreign-registry.ts';
import { pinnedGet, readBody } from '#registry/foreign/pinned-request.ts';
import { RegistryError } from '#registry/foreign/registry-error.ts';
import { retryAfterMs } from '#registry/foreign/retry-after.ts';
import type { UpstreamTag } from './newest-tags.ts';
import type { ProviderSettings } from './provider-settings.ts';

/** The tags of a repository of another registry. */
export interface UpstreamTags {
  tags: UpstreamTag[];
  /** How many there are according to the registry, which may have listed fewer. */
  total: number;
}

/** Limits for the list of a registry. Of a list that is newest first, `datedPages` are read. */
const LIMITS = {
  pages: 1000,
  datedPages: 50,
  pageBytes: 8 * 2 ** 20,
  pageParts: 500_000,
  tags: 50_000,
  nameChars: 128,
};

/**
 * Lists tags. If the registry has dates, they come newest first, and the list ends once `isEnough` returns true. Throws RegistryError.
 */
export async function listUpstreamTags(
  { provider, repository, access }: UpstreamRepository,
  isEnough: (tags: readonly UpstreamTag[]) => Promise<boolean>,
): Promise<UpstreamTags> {
  if (provider.listing !== 'registry') {
    const pages = provider.listing === 'quay' ? quayPage : dockerHubPage;
    try {
      return await listPages((page) => pages({ provider, repository, access }, page), isEnough);
    } catch (error) {
      // These lists have public images only.
      const isHidden = error instanceof RegistryError && (error.kind === 'not-found' || error.kind === 'unauthorised');
      if (!isHidden) throw error;
    }
  }
  return registryTags({ provider, repository, access });
}

export interface UpstreamRepository {
  provider: ProviderSettings;
  /** `library/nginx` */
  repository: string;
  access: ForeignAccess;
}

/** As many as these lists give at once. */
const PAGE_SIZE = 100;

interface TagPage {
  tags: UpstreamTag[];
  total: number | undefined;
  hasMore: boolean;
}

async function listPages(
  read: (page: number) => Promise<TagPage>,
  isEnough: (tags: readonly UpstreamTag[]) => Promise<boolean>,
): Promise<UpstreamTags> {
  const byName = new Map<string, UpstreamTag>();
  let total = 0;
  for (let page = 1; page <= LIMITS.datedPages; page += 1) {
    const found = await read(page);
    const before = byName.size;
    for (const tag of found.tags.slice(0, PAGE_SIZE)) if (!byName.has(tag.name)) byName.set(tag.name, tag);
    total = Math.max(found.total ?? 0, byName.size);
    if (!found.hasMore || byName.size === before || (await isEnough([...byName.values()]))) break;
  }
  return { tags: [...byName.values()], total };
}

/** https://docs.docker.com/reference/api/hub/latest/#tag/repositories */
async function dockerHubPage(upstream: UpstreamRepository, page: number): Promise<TagPage> {
  const query = `page_size=${PAGE_SIZE}&ordering=last_updated&page=${page}`;
  const json = await getJson(upstream, `/v2/repositories/${upstream.repository}/tags?${query}`);
  const tags = objectsOf(json.results).flatMap((each) => tagOf(each.name, dateOf(each.last_updated)));
  return { tags, total: numberOf(json.count), hasMore: typeof json.next === 'string' };
}

/** https://docs.quay.io/api/swagger/#!/tag/listRepoTags: times are in seconds. */
async function quayPage(upstream: UpstreamRepository, page: number): Promise<TagPage> {
  const path = `/api/v1/repository/${upstream.repository}/tag/?limit=${PAGE_SIZE}&onlyActiveTags=true&page=${page}`;
  const json = await getJson(upstream, path);
  const tags = objectsOf(json.tags).flatMap((each) => {
    const seconds = numberOf(each.start_ts);
    return tagOf(each.name, seconds === undefined ? undefined : seconds * 1000);
  });
  return { tags, total: undefined, hasMore: json.has_additional === true };
}

/**
 * The list that every registry has: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-tags. Google's
 * adds when each image came. Without dates the newest can be anywhere in the list, so it is read whole or refused.
 */
async function registryTags({ provider, repository, access }: UpstreamRepository): Promise<UpstreamTags> {
  const opened = openForeignRepository(provider.host, repository, access);
  const what = `${provider.host}/${repository}: the list of tags`;
  const tags = new Map<string, UpstreamTag>();
  const read = new Set<string>();
  for (let query: string | undefined = '?n=1000'; query !== undefined; ) {
    if (read.has(query)) throw new RegistryError('refused', `${what} leads back to a page that was read`);
    if (read.size === LIMITS.pages) throw new RegistryError('refused', `${what} has more than ${LIMITS.pages} pages`);
    read.add(query);
    const answer = await opened.get(`tags/list${query}`);
    query = nextQuery(answer.headers.link);
    const json = parseObject(await readBody(answer, LIMITS.pageBytes, what));
    const dates = datesOf(json.manifest);
    for (const name of Array.isArray(json.tags) ? (json.tags as unknown[]) : [])
      for (const tag of tagOf(name, dates.get(name))) tags.set(tag.name, tag);
    if (tags.size > LIMITS.tags) throw new RegistryError('refused', `${what} has more than ${LIMITS.tags} tags`);
  }
  return { tags: [...tags.values()], total: tags.size };
}

function nextQuery(link: string | string[] | undefined): string | undefined {
  const [first = ''] = [link].flat();
  const start = first.indexOf('?');
  const end = first.indexOf('>');
  return start === -1 || end < start ? undefined : first.slice(start, end);
}

function datesOf(manifests: unknown): ReadonlyMap<unknown, number> {
  const dates = new Map<unknown, number>();
  if (typeof manifests !== 'object' || manifests === null) return dates;
  for (const { tag, timeUploadedMs } of objectsOf(Object.values(manifests))) {
    const date = Number(timeUploadedMs);
    if (Array.isArray(tag) && Number.isFinite(date)) for (const name of tag) dates.set(name, date);
  }
  return dates;
}

async function getJson({ provider, repository, access }: UpstreamRepository, path: string) {
  const url = new URL(path, provider.api);
  // The login of the registry is not valid for its API.
  const { login: _, ...options } = access;
  const answer = await pinnedGet(url, { ...options, tlsVerify: url.protocol === 'https:' });
  const { statusCode: status = 0, headers } = answer;
  const what = `${provider.host}/${repository}: the tags`;
  if (status === 200) return parseObject(await readBody(answer, LIMITS.pageBytes, what));
  answer.destroy();
  const kind = status === 404 ? 'not-found' : status === 401 || status === 403 ? 'unauthorised' : 'refused';
  throw new RegistryError(kind, `${what}: ${url.host} answered HTTP ${status}`, '', {
    status,
    retryAfterMs: retryAfterMs(headers),
  });
}

function parseObject(bytes: Buffer): Record<string, unknown> {
  try {
    const json: unknown = countJsonParts(bytes) > LIMITS.pageParts ? undefined : JSON.parse(bytes.toString());
    if (typeof json === 'object' && json !== null) return json as Record<string, unknown>;
  } catch {
    // It is refused below, without its text.
  }
  throw new RegistryError('refused', `the list of tags is not a JSON object of at most ${LIMITS.pageParts} parts`);
}

function tagOf(name: unknown, updatedMs: number | undefined): UpstreamTag[] {
  return typeof name === 'string' && name.length <= LIMITS.nameChars ? [{ name, updatedMs }] : [];
}

function dateOf(text: unknown): number | undefined {
  const date = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : date;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function objectsOf(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) return [];
  return value.filter((each): each is Record<string, unknown> => typeof each === 'object' && each !== null);
}
