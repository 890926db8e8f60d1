import type { NativeCalls } from '@slipway/client/native.gen.ts';

/** An advisory as the server takes it. */
export type Advisory = NativeCalls['addAdvisories']['params']['Advisories'][number];
export type Severity = Advisory['Severity'];

/** What an importer gives: a piece of a dump, and how new its data is, if it says so. */
export interface ReadAdvisories {
  advisories: Advisory[];
  dataMs: number | undefined;
}

const SUMMARY_CHARS = 500;
const LINK_CHARS = 500;

/** The first line of a text, as short as the server takes it; undefined for an empty one. */
export function shortSummary(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const line = text.trim().split('\n', 1)[0] ?? '';
  if (line === '') return undefined;
  return line.length > SUMMARY_CHARS ? `${line.slice(0, SUMMARY_CHARS - 1)}…` : line;
}

export function shortLink(text: unknown): string | undefined {
  return typeof text === 'string' && /^https?:/.test(text) && text.length <= LINK_CHARS ? text : undefined;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}
