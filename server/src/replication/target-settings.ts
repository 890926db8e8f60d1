import type { SyncTarget } from '#rpc/context.ts';

/** Another instance that images are copied to, as the operator describes it. */
export interface TargetSettings extends SyncTarget {
  /** `https://host` of its registry; `http://` for one without TLS. */
  registry: string;
  /** How to log in there. */
  login: TargetLogin;
}

/** The lasting login of a registry; or a key with which a server of the vendor's API gives one for an hour. */
export type TargetLogin =
  | { user: string; password: string }
  | { api: string; accessKeyId: string; accessKeySecret: string };

const FIELDS = [
  ...['instanceId', 'regionId', 'accountId', 'registry', 'user', 'password'],
  ...['api', 'accessKeyId', 'accessKeySecret'],
];
const URL_FORM = /^https?:\/\/[^/?#@\s]+\/?$/;

/**
 * Reads the text of the setting sync-targets-file: a JSON list of objects with `instanceId`, `regionId`, `registry`, and either
 * `user` and `password` or `api`, `accessKeyId` and `accessKeySecret`; `accountId` may be left out. Throws an Error that
 * names the entry and what is wrong with it.
 */
export function parseTargets(text: string): TargetSettings[] {
  const list = parseJson(text);
  if (!Array.isArray(list)) throw new Error('it must be a list of objects');
  const targets = list.map((entry: unknown, index) => parseTarget(entry, `entry ${index + 1}`));
  const double = targets.find((each, index) => targets.findIndex((at) => at.instanceId === each.instanceId) !== index);
  if (double !== undefined) throw new Error(`${double.instanceId} is there twice`);
  return targets;
}

/** The words of the parser quote the text, in which there are secrets. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('it is not JSON');
  }
}

function parseTarget(entry: unknown, what: string): TargetSettings {
  if (typeof entry !== 'object' || entry === null) throw new Error(`${what} must be an object`);
  const given = entry as Record<string, unknown>;
  const unknown = Object.keys(given).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) throw new Error(`${what} has the field ${unknown}; known are ${FIELDS.join(', ')}`);
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
  const login =
    given.api === undefined
      ? { user: textOf('user'), password: textOf('password') }
      : { api: urlOf('api'), accessKeyId: textOf('accessKeyId'), accessKeySecret: textOf('accessKeySecret') };
  const accountId = given.accountId === undefined ? {} : { accountId: textOf('accountId') };
  const names = { instanceId: textOf('instanceId'), regionId: textOf('regionId'), ...accountId };
  return { ...names, registry: urlOf('registry'), login };
}

/** The secret of a login, which no log may show. */
export function targetSecret({ login }: TargetSettings): string {
  return 'password' in login ? login.password : login.accessKeySecret;
}
