import { readFileSync } from 'node:fs';
import { parseTargets, type TargetSettings } from '#replication/target-settings.ts';
import { ConfigError } from './config.ts';

/** The instances that images may be copied to, from their file; none without one. Throws `ConfigError`. */
export function readSyncTargets(file: string | undefined): TargetSettings[] {
  if (file === undefined) return [];
  try {
    return parseTargets(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigError([`sync-targets-file ${file}: ${(error as Error).message}`]);
  }
}
