import { readFileSync } from 'node:fs';
import { type ProviderSettings, parseProviders } from '#mirror/provider-settings.ts';
import { ConfigError } from './config.ts';

/** The registries whose images may be mirrored: those of the vendor, and those of the file. Throws `ConfigError`. */
export function readProviders(file: string | undefined): ProviderSettings[] {
  try {
    return parseProviders(file === undefined ? '[]' : readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigError([`subscription-providers-file ${file}: ${(error as Error).message}`]);
  }
}
