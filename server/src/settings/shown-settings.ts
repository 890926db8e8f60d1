import { SETTINGS } from './config.ts';
import type { Given, Origin } from './given-settings.ts';
import type { Setting } from './setting-kinds.ts';

/** A setting as it is in a server, for people who may see the settings. */
export interface ShownSetting {
  readonly name: string;
  /** Undefined if it is not set, or if it is a secret. */
  readonly value: string | undefined;
  readonly fallback: string | undefined;
  readonly origin: Origin;
  /** Whether the value, or a part of it, is kept back. */
  readonly isSecret: boolean;
  readonly sentence: string;
}

/** Every setting with its value in use. Secrets are left out here, so that nothing behind this can show one. */
export function shownSettings(
  given: ReadonlyMap<string, Given>,
  config: Readonly<Record<string, unknown>>,
): ShownSetting[] {
  return Object.entries<Setting>(SETTINGS).map(([name, { kind, fallback, sentence }]) => {
    const { text, origin = 'default' } = given.get(name) ?? {};
    const inUse = text === undefined ? undefined : valueText(config[name], text);
    const value = inUse === undefined || kind.withoutSecrets === undefined ? inUse : kind.withoutSecrets(inUse);
    return {
      name,
      value,
      fallback: fallback === '' ? undefined : fallback,
      origin,
      isSecret: kind.withoutSecrets !== undefined && (inUse === undefined || value !== inUse),
      sentence,
    };
  });
}

/** What is in use: a path is absolute. Lists and ranges are as they were given. */
function valueText(value: unknown, given: string): string | undefined {
  const text = typeof value === 'object' ? given : String(value);
  return text === '' ? undefined : text;
}
