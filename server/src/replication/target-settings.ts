import { parseEntries, type RegistryEntry, refuseDoubles, textOf, urlOf } from '#registry/foreign/registry-entries.ts';
import type { SyncTarget } from '#rpc/context.ts';

/** Another instance to which images are copied, as configured by the operator. */
export interface TargetSettings extends SyncTarget {
  /** `https://host` of its registry; `http://` for one without TLS. */
  registry: string;
  /** How to log in there. */
  login: TargetLogin;
}

/** A permanent login of a registry; or a key for the vendor's API of a server, which returns a login for an hour. */
export type TargetLogin =
  | { user: string; password: string }
  | { api: string; accessKeyId: string; accessKeySecret: string };

const FIELDS = [
  ...['instanceId', 'regionId', 'accountId', 'registry', 'user', 'password'],
  ...['api', 'accessKeyId', 'accessKeySecret'],
];

/**
 * Reads the text of the setting sync-targets-file: a JSON list of objects with `instanceId`, `regionId`, `registry`, and either
 * `user` and `password` or `api`, `accessKeyId` and `accessKeySecret`; `accountId` may be left out. Throws an Error that
 * names the entry and what is wrong with it.
 */
export function parseTargets(text: string): TargetSettings[] {
  const targets = parseEntries(text, FIELDS).map((entry, index) => parseTarget(entry, `entry ${index + 1}`));
  refuseDoubles(targets.map(({ instanceId }) => instanceId));
  return targets;
}

function parseTarget(entry: RegistryEntry, what: string): TargetSettings {
  const text = (field: string) => textOf(entry, field, what);
  const url = (field: string) => urlOf(entry, field, what);
  const login =
    entry.api === undefined
      ? { user: text('user'), password: text('password') }
      : { api: url('api'), accessKeyId: text('accessKeyId'), accessKeySecret: text('accessKeySecret') };
  const accountId = entry.accountId === undefined ? {} : { accountId: text('accountId') };
  const names = { instanceId: text('instanceId'), regionId: text('regionId'), ...accountId };
  return { ...names, registry: url('registry'), login };
}

/** The secret of a login, which no log may show. */
export function targetSecret({ login }: TargetSettings): string {
  return 'password' in login ? login.password : login.accessKeySecret;
}
