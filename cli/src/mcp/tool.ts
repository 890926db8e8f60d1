import type { Client } from '@slipway/client/client.ts';

/** How an answer may be incomplete; part of every answer about a log. */
export interface AnswerFlags {
  /** There is more than the answer contains; ask for the rest. */
  truncated: boolean;
  /** Secrets in the log were replaced before it was stored. */
  masked: boolean;
  /** Lines are missing: the build's machine died, or the log reached its limit. */
  partial: boolean;
  /** The log is no longer kept. */
  expired: boolean;
  /** The build still runs: its log grows. */
  running: boolean;
}

/** Arguments as a model sends them. */
export type Arguments = Readonly<Record<string, unknown>>;

/** A tool that a model may call. It only reads. */
export interface Tool {
  name: string;
  description: string;
  inputSchema: { type: 'object'; properties: Record<string, object>; required?: string[] };
  run(client: Client, args: Arguments): Promise<Record<string, unknown>>;
}

/** An unusable argument; the message is for the model. */
export class BadArgument extends Error {
  override readonly name = 'BadArgument';
}

/** A text argument. Throws `BadArgument` for anything else, and if a required one is absent. */
export function textOf(args: Arguments, name: string): string {
  const value = args[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new BadArgument(`${name} must be a text`);
}

/** A text argument that may be absent or empty. Throws `BadArgument` for anything but a text. */
export function optionalTextOf(args: Arguments, name: string): string | undefined {
  const value = args[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw new BadArgument(`${name} must be a text`);
  return value;
}

/** A whole number between two others, or the fallback if it is absent. */
export function countOf(args: Arguments, name: string, fallback: number, minimum: number, maximum: number): number {
  const value = args[name] ?? fallback;
  if (Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum) return Number(value);
  throw new BadArgument(`${name} must be a whole number from ${minimum} to ${maximum}`);
}

/** The id of a build as a part of a path. */
export function buildIdOf(args: Arguments, name = 'build_id'): string {
  const id = textOf(args, name);
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return id.toLowerCase();
  throw new BadArgument(`${name} must be a BuildRecordId, a UUID`);
}
