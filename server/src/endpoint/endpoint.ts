import { parseIpRange } from '#address/ip-range.ts';
import { invalidParameter, missingParameter } from '#rpc/errors/api-error.ts';
import { aclEntryNotFound } from './errors.ts';

/** What an endpoint serves: the registry, or chart repositories. */
export type ModuleName = 'Registry' | 'Chart';

/** One range of the allow-list, exactly as it was given: clients look for that text. */
export interface AclEntry {
  readonly entry: string;
  readonly comment: string;
}

/**
 * Who may reach the registry from outside: nobody if it is off, the listed ranges, or everybody if the list is empty.
 */
export interface Endpoint {
  readonly enabled: boolean;
  readonly entries: readonly AclEntry[];
}

/** An endpoint that nobody has changed. It is open, so that an upgrade locks nobody out. */
export const UNCHANGED_ENDPOINT: Endpoint = { enabled: true, entries: [] };

/**
 * The vendor puts this entry on an empty list when the endpoint is switched on. Terraform knows it and leaves it alone.
 */
const DEFAULT_ENTRY: AclEntry = { entry: '127.0.0.1/32', comment: 'default' };

const ENTRIES_LIMIT = 200;
const COMMENT_LIMIT = 500;

/** The endpoint, switched on or off. Returns it unchanged if it is so already. */
export function switched(endpoint: Endpoint, enabled: boolean): Endpoint {
  if (enabled === endpoint.enabled) return endpoint;
  const opens = enabled && endpoint.entries.length === 0;
  return { enabled, entries: opens ? [DEFAULT_ENTRY] : endpoint.entries };
}

/**
 * The endpoint with these entries added; an entry whose text is on the list already stays unchanged. Throws
 * `InvalidParameter`.
 */
export function withEntries(endpoint: Endpoint, given: readonly AclEntry[]): Endpoint {
  const known = new Map(endpoint.entries.map((one) => [one.entry, one]));
  for (const one of given) if (!known.has(one.entry)) known.set(one.entry, one);
  if (known.size > ENTRIES_LIMIT) {
    const reason = `the list would have ${known.size} entries; ${ENTRIES_LIMIT} is the limit.`;
    throw invalidParameter('Entry', reason, 'InvalidParameter.Entry');
  }
  return { ...endpoint, entries: [...known.values()] };
}

/** The endpoint without these entries. Throws ENDPOINT_ACL_NOT_EXIST for the first one that is not on the list. */
export function withoutEntries(endpoint: Endpoint, given: readonly AclEntry[]): Endpoint {
  const known = new Set(endpoint.entries.map(({ entry }) => entry));
  const missing = given.find(({ entry }) => !known.has(entry));
  if (missing) throw aclEntryNotFound(missing.entry);
  const gone = new Set(given.map(({ entry }) => entry));
  return { ...endpoint, entries: endpoint.entries.filter(({ entry }) => !gone.has(entry)) };
}

/** The entries of a call: one, several, or both. */
interface GivenEntries {
  Entry?: string | undefined;
  Comment?: string | undefined;
  Entries?: readonly { Entry?: string | undefined; Comment?: string | undefined }[] | undefined;
}

/**
 * Reads the entries of a call. Throws if there are none, if one is not an address range, and if a comment is too long.
 */
export function givenEntries({ Entry, Comment, Entries = [] }: GivenEntries): AclEntry[] {
  const given = [...(Entry === undefined ? [] : [{ Entry, Comment }]), ...Entries];
  if (given.length === 0) throw missingParameter('Entry');
  return given.map((one) => {
    const { Entry: entry = '', Comment: comment = '' } = one;
    if (entry.includes('%') || parseIpRange(entry) === undefined) {
      const reason = `${JSON.stringify(entry.slice(0, 100))} is neither an address nor a range such as 192.168.1.0/24.`;
      throw invalidParameter('Entry', reason, 'InvalidParameter.Entry');
    }
    if (comment.length > COMMENT_LIMIT)
      throw invalidParameter('Comment', `it has ${comment.length} characters; ${COMMENT_LIMIT} is the limit.`);
    return { entry, comment };
  });
}

/** Refuses an endpoint of another type than `internet`; clients write it in any case. */
export function checkEndpointType(type: string): void {
  if (type.toLowerCase() === 'internet') return;
  throw invalidParameter('EndpointType', 'only internet can be changed and shown.', 'InvalidParameter.EndpointType');
}

/** Where the port serves chart repositories. */
export const CHART_PATH = '/chart';

/** The part of the address of an image or a chart repository in front of `/NAMESPACE/NAME`, without the protocol. */
export function endpointHost(module: ModuleName, publicHost: string): string {
  return module === 'Registry' ? publicHost : `${publicHost}${CHART_PATH}`;
}

/** Reads the name of a module that is required. Throws `InvalidParameter.ModuleName`. */
export function givenModule(text: string): ModuleName {
  if (text === 'Registry' || text === 'Chart') return text;
  const reason = `${JSON.stringify(text.slice(0, 100))} is neither Registry nor Chart.`;
  throw invalidParameter('ModuleName', reason, 'InvalidParameter.ModuleName');
}
