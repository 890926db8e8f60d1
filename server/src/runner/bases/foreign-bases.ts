import { type AddressRefused, AddressUnknown, type AllowedAddresses, ANY_ADDRESS } from '#address/address.ts';
import { findRoute } from '#address/route.ts';
import type { BuildRecord } from '#build/build.ts';
import type { BaseSource } from '#registry/foreign/base-source.ts';
import {
  type ChosenImage,
  type ForeignImage,
  inspectForeignDigest,
  listedForeignDigest,
} from '#registry/foreign/foreign-image.ts';
import type { RegistryError } from '#registry/foreign/registry-error.ts';
import { bareHostname } from '#registry/foreign/registry-host.ts';
import type { BaseName, KnownBase } from '#source/bases/known-base-store.ts';
import type { Reach } from '../git/git-remote.ts';

/** How one build reaches a foreign registry. */
export interface RegistryWay {
  /** Asked before it, in order. */
  mirrors: readonly string[];
  /** Also undefined if there is one that the build may not use. */
  login: { user: string; password: string } | undefined;
  plainHttp: boolean;
  allowPrivate: boolean;
  /** Host names of all registries that may have private addresses, without the brackets of IPv6. */
  privateHosts: readonly string[];
}

/** What fetching images of foreign registries needs. */
export interface ForeignBases {
  allowed: AllowedAddresses;
  reach: Reach;
  /** The settings of a registry that apply to builds of `repository` (`namespace/name`). */
  registryWay(record: BuildRecord, repository: string, host: string): Promise<RegistryWay>;
  /** What names referred to at their registries' last answer. */
  known: {
    find(base: BaseName): Promise<KnownBase | undefined>;
    save(base: BaseName, known: KnownBase): Promise<void>;
  };
  now: () => number;
}

/** A foreign registry must not be a way into the machine's own network, unless the operator allows it. */
export function foreignImage(
  { allowed, reach }: ForeignBases,
  source: BaseSource,
  way: RegistryWay,
  signal: AbortSignal,
): ForeignImage {
  const hostname = bareHostname(new URL(source.source.replace('docker://', 'http://')));
  const isTrusted = (asked: string): boolean => {
    if (source.origin === 'mirror') return asked === hostname;
    return way.allowPrivate && (asked === hostname || way.privateHosts.includes(asked));
  };
  const pin = (asked: string) => findRoute(asked, isTrusted(asked) ? ANY_ADDRESS : allowed, reach.proxies);
  const { authorities } = reach;
  return { source: source.source, tlsVerify: source.tlsVerify, authorities, pin, login: way.login, signal };
}

/**
 * The digest of the image that a name refers to. If the registry confirms that it has not changed, which needs no
 * download, nothing more is requested. Throws RegistryError.
 */
export async function lookUpForeign(
  { known, now }: ForeignBases,
  image: ForeignImage,
  base: BaseName,
  mustAnswer: boolean,
): Promise<ChosenImage> {
  const listedDigest = await listedForeignDigest(image);
  const isPinned = listedDigest !== undefined && image.source.endsWith(`@${listedDigest}`);
  const before = await known.find(base);
  const isSame = before !== undefined && before.listedDigest === listedDigest && !(isPinned && mustAnswer);
  const pinned = listedDigest === undefined ? image : { ...image, source: pinnedTo(image.source, listedDigest) };
  const chosen = isSame
    ? { digest: before.digest, isListed: before.digest !== before.listedDigest }
    : await inspectForeignDigest(pinned, base.platform);
  const { digest } = chosen;
  await known.save(base, { listedDigest: listedDigest ?? digest, digest, seenMs: now() });
  return chosen;
}

/** Whether a registry may return an image later that it does not return now. */
export function mayPass(error: RegistryError): boolean {
  const cause = error.cause as AddressRefused | undefined;
  if (error.kind === 'unreachable' || cause instanceof AddressUnknown) return true;
  const status = error.status ?? 0;
  return status === 401 || status === 403 || status === 429 || status >= 500;
}

function pinnedTo(source: string, digest: string): string {
  const name = source.split('@', 1)[0] ?? '';
  const colon = name.lastIndexOf(':');
  return `${colon > name.lastIndexOf('/') ? name.slice(0, colon) : name}@${digest}`;
}
