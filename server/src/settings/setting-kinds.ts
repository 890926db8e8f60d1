import { resolve } from 'node:path';
import { type IpRange, parseIpRange } from '#address/ip-range.ts';
import { isTimeZone } from '#lifecycle/schedule.ts';
import { ImageReferenceError, parseImageReference } from '#registry/foreign/image-reference.ts';
import type { Network } from '#rpc/context.ts';
import { type Ids, idsEach, parseIds } from '#sandbox/protocol/ids.ts';

/** How a setting's text becomes a value, and what to say when it cannot. */
export interface Kind<T> {
  readonly parse: (text: string) => T | undefined;
  readonly expects: string;
  /** What is wrong with a text, as `is …` or `has …`, without what may be secret; absent where the text itself says it. */
  readonly mistake?: (text: string) => string;
  /** The text without what nobody may see, undefined if nothing is left; absent for kinds that hold no secrets. */
  readonly withoutSecrets?: (text: string) => string | undefined;
}

/** A row of the table of settings. */
export interface Setting {
  readonly kind: Kind<unknown>;
  readonly fallback: string | undefined;
  readonly sentence: string;
}

export const text: Kind<string> = { parse: (value) => value, expects: 'a text' };
export const secretText: Kind<string> = { ...text, withoutSecrets: () => undefined };
export const path: Kind<string> = { parse: (value) => (value === '' ? undefined : resolve(value)), expects: 'a path' };
/** The data folder's name for one in memory. */
export const MEMORY = 'memory';
export const dataPlace: Kind<string> = {
  parse: (value) => (value === MEMORY ? MEMORY : path.parse(value)),
  expects: 'a path, or memory',
};
export const flag: Kind<boolean> = {
  parse: (value) => ({ true: true, false: false })[value],
  expects: 'true or false',
};
/** One of a few words. */
export function oneOf<Word extends string>(...words: Word[]): Kind<Word> {
  const expects = `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  return { parse: (value) => words.find((word) => word === value), expects };
}
export const list: Kind<readonly string[]> = {
  parse: (value) =>
    value
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  expects: 'a list separated by commas',
};
export const imageNames: Kind<readonly string[]> = {
  parse: (value) => {
    const names = list.parse(value) ?? [];
    return names.every(isImageName) ? names : undefined;
  },
  expects: 'a list of image names with or without tags, such as docker/dockerfile, separated by commas',
};
export const ipRanges: Kind<readonly IpRange[]> = {
  parse: (value) => {
    const ranges = (list.parse(value) ?? []).map(parseIpRange);
    return ranges.every((range) => range !== undefined) ? ranges : undefined;
  },
  expects: 'a list of addresses or CIDR ranges, separated by commas',
};
export const networks: Kind<readonly Network[]> = {
  parse: (value) => {
    const parsed = (list.parse(value) ?? []).map(parseNetwork);
    return parsed.every((network) => network !== undefined) ? parsed : undefined;
  },
  expects: 'networks with commas, each as vpc-1/vsw-1=10.8.0.0/16@10.8.0.1',
};
export const ids: Kind<Ids> = {
  parse: parseIds,
  expects: `two numbers with - between, from 65536 to 4294901760, that span ${idsEach} or more`,
};
export const httpUrl: Kind<string> = {
  parse: (value) => (/^https?:\/\/[^/?#@\s]+\/?$/.test(value) ? value.replace(/\/$/, '') : undefined),
  expects: 'http:// or https:// with a host and an optional port, without a path',
};
export const collectorUrl: Kind<string> = {
  parse: (value) => (/^https?:\/\/[^?#@\s]+$/.test(value) ? value : undefined),
  expects: 'http:// or https:// with a host and an optional port and a path',
  // Services that are rented often have a token in the path.
  withoutSecrets: (value) => value.replace(/^(https?:\/\/[^/]+\/).+$/, '$1…'),
};
export const httpProxy: Kind<string> = {
  parse: (value) => (/^http:\/\/[^/?#@\s']+\/?$/.test(value) ? value.replace(/\/$/, '') : undefined),
  expects: 'http:// with a host and an optional port, without a path and a password',
};
export const noProxy: Kind<readonly string[]> = {
  parse: (value) => {
    const entries = list.parse(value) ?? [];
    return entries.every((entry) =>
      /^(\*|(\*?\.)?[\w.-]+|[\d.]+(\/(\d|[12]\d|3[0-2]))?|[\da-f:]+(\/(\d{1,2}|1[01]\d|12[0-8]))?)$/i.test(entry),
    )
      ? entries
      : undefined;
  },
  expects: 'a list of hosts, domains, addresses or CIDR ranges, separated by commas',
};
export const environment: Kind<Readonly<Record<string, string>>> = {
  parse: (value) => {
    const entries = (list.parse(value) ?? []).map((entry) =>
      /^([A-Za-z_]\w{0,127})=([\x20-\x7e]{0,4096})$/.exec(entry),
    );
    return entries.every((entry) => entry !== null)
      ? Object.fromEntries(entries.map(([, name = '', text = '']) => [name, text]))
      : undefined;
  },
  expects: 'a list of NAME=value, separated by commas',
  // A mirror's URL may have a password.
  withoutSecrets: (value) =>
    (list.parse(value) ?? []).map((entry) => `${entry.split('=')[0]}=…`).join(',') || undefined,
};
export const timeZone: Kind<string> = {
  parse: (value) => (isTimeZone(value) ? value : undefined),
  expects: 'the name of a time zone, such as UTC or Europe/Berlin',
};
export const address: Kind<{ host: string; port: number }> = {
  parse: (value) => {
    const match = /^(?:\[([0-9a-f:]+)\]|([^:[\]/\s]+)):(\d{1,5})$/i.exec(value);
    const port = Number(match?.[3]);
    return match && port <= 65_535 ? { host: match[1] ?? match[2] ?? '', port } : undefined;
  },
  expects: 'HOST:PORT, such as 127.0.0.1:8720',
};

export function integer(minimum: number, maximum: number): Kind<number> {
  return {
    parse: (value) => {
      const number = Number(value);
      return /^\d{1,15}$/.test(value) && number >= minimum && number <= maximum ? number : undefined;
    },
    expects: `a whole number from ${minimum} to ${maximum}`,
  };
}

export function setting<T>(kind: Kind<T>, fallback: string | undefined, sentence: string) {
  return { kind: kind as Kind<unknown>, fallback, sentence, value: undefined as T };
}

function parseNetwork(text: string): Network | undefined {
  const [, vpcId, vswitchId, range = '', address = ''] = /^([\w-]+)\/([\w-]+)=([^@]+)@([^@/]+)$/.exec(text) ?? [];
  const clients = parseIpRange(range);
  if (vpcId === undefined || vswitchId === undefined || clients === undefined) return undefined;
  return parseIpRange(address) === undefined ? undefined : { vpcId, vswitchId, clients, address };
}

function isImageName(text: string): boolean {
  try {
    parseImageReference(text);
    return true;
  } catch (error) {
    if (error instanceof ImageReferenceError) return false;
    throw error;
  }
}
