import { parseIpRange } from '#ram/ip-range.ts';
import { ApiError, invalidParameter, missingParameter } from '#rpc/api-error.ts';
import { aclEntryNotFound } from './errors.ts';

/** What is reached at an endpoint: the registry, or classic charts, which this server does not serve. */
export type ModuleName = 'Registry' | 'Chart';

/** One range of the allow-list, in the very text that was given: clients look for it. */
export interface AclEntry {
  readonly entry: string;
  readonly comment: string;
}

/** Who may reach the registry from outside: nobody where it is off, those of the list, or everybody where the list is empty. */
export interface Endpoint {
  readonly enabled: boolean;
  readonly entries: readonly AclEntry[];
}

/** An endpoint that nobody changed. It is open, so that an upgrade locks nobody out. */
export const UNCHANGED_ENDPOINT: Endpoint = { enabled: true, entries: [] };

/** What the vendor puts on an empty list when the endpoint is switched on. Terraform knows it and leaves it alone. */
const DEFAULT_ENTRY: AclEntry = { entry: '127.0.0.1/32', comment: 'default' };

const ENTRIES_LIMIT = 200;
const COMMENT_LIMIT = 500;

/** The endpoint, switched. Where it is so already, nothing changes. */
export function switched(endpoint: Endpoint, enabled: boolean): Endpoint {
  if (enabled === endpoint.enabled) return endpoint;
  const opens = enabled && endpoint.entries.length === 0;
  return { enabled, entries: opens ? [DEFAULT_ENTRY] : endpoint.entries };
}

/** The endpoint with these entries too; one whose text is there already stays as it is. Throws `InvalidParameter`. */
export function withEntries(endpoint: Endpoint, given: readonly AclEntry[]): Endpoint {
  const known = new Map(endpoint.entries.map((one) => [one.entry, one]));
  for (const one of given) if (!known.has(one.entry)) known.set(one.entry, one);
  if (known.size > ENTRIES_LIMIT) {
    const reason = `the list would have ${known.size} entries; ${ENTRIES_LIMIT} is the limit.`;
    throw invalidParameter('Entry', reason, 'InvalidParameter.Entry');
  }
  return { ...endpoint, entries: [...known.values()] };
}

/** The endpoint without these entries. Throws ENDPOINT_ACL_NOT_EXIST for the first that is not there. */
export function withoutEntries(endpoint: Endpoint, given: readonly AclEntry[]): Endpoint {
  const known = new Set(endpoint.entries.map(({ entry }) => entry));
  const missing = given.find(({ entry }) => !known.has(entry));
  if (missing) throw aclEntryNotFound(missing.entry);
  const gone = new Set(given.map(({ entry }) => entry));
  return { ...endpoint, entries: endpoint.entries.filter(({ entry }) => !gone.has(entry)) };
}

/** How a call gives entries: one, several, or both. */
interface GivenEntries {
  Entry?: string | undefined;
  Comment?: string | undefined;
  Entries?: readonly { Entry?: string | undefined; Comment?: string | undefined }[] | undefined;
}

/** The entries of a call. Throws for none, for a text that is no address range, and for a comment that is too long. */
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

/** Refuses an endpoint of another type than `internet`, which clients write in either case. */
export function checkEndpointType(type: string): void {
  if (type.toLowerCase() === 'internet') return;
  throw invalidParameter('EndpointType', 'only internet can be changed and shown.', 'InvalidParameter.EndpointType');
}

/** Refuses to change what is not there: no classic charts are served. */
export function checkModule(module: ModuleName): void {
  if (module === 'Registry') return;
  throw new ApiError('NotImplemented', 400, 'Classic charts are not served, so that ModuleName=Chart has no endpoint.');
}
