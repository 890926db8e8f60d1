import { CliError, EXIT_CODES } from '../error/cli-error.ts';

/** Which lines of a log to show; undefined fields do not narrow it. */
export interface LogFilter {
  stage?: string | undefined;
  step?: number | undefined;
  sinceMs?: number | undefined;
}

const STAGES: Record<string, string> = {
  git_clone: 'GIT_CLONE',
  fetch: 'GIT_CLONE',
  docker_image_build: 'DOCKER_IMAGE_BUILD',
  build: 'DOCKER_IMAGE_BUILD',
  docker_image_push: 'DOCKER_IMAGE_PUSH',
  push: 'DOCKER_IMAGE_PUSH',
};
const UNIT_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A filter in the native API's parameters. */
export function filterQuery({ stage, step, sinceMs }: LogFilter): Record<string, string> {
  return {
    ...(stage === undefined ? {} : { stage }),
    ...(step === undefined ? {} : { step: String(step) }),
    ...(sinceMs === undefined ? {} : { since: String(sinceMs) }),
  };
}

/** A stage by the API's name or the log's: fetch, build, push. Throws `CliError`. */
export function parseStage(text: string): string {
  const stage = STAGES[text.toLowerCase()];
  if (stage !== undefined) return stage;
  throw new CliError(
    EXIT_CODES.usage,
    `--stage ${JSON.stringify(text)} is not one of fetch, build, push, GIT_CLONE, DOCKER_IMAGE_BUILD, DOCKER_IMAGE_PUSH`,
  );
}

/**
 * A time, or how long ago: `2026-03-01T12:00:00Z`, `90s`, `10m`, `2h`, `1d`. Returns milliseconds since 1970. Throws
 * `CliError`.
 */
export function parseSince(text: string, nowMs: number, option = '--since'): number {
  const [, amount, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (amount !== undefined) return nowMs - Number(amount) * (UNIT_MS[unit] ?? 0);
  const timeMs = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(timeMs)) return timeMs;
  throw new CliError(
    EXIT_CODES.usage,
    `${option} ${JSON.stringify(text)} is neither a time as in 2026-03-01T12:00:00Z nor how long ago, as in 90s, 10m, 2h, 1d`,
  );
}

/** The whole number of an option. Throws `CliError`. */
export function parseCount(name: string, text: string, minimum: number): number {
  if (/^\d{1,15}$/.test(text) && Number(text) >= minimum) return Number(text);
  throw new CliError(EXIT_CODES.usage, `${name} ${JSON.stringify(text)} is not a whole number, ${minimum} or greater`);
}
