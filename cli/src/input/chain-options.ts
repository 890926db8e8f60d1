import { type ChainChoice, chainChoiceOf, type DeniedLevel, type DeniedTag } from '@slipway/client/chain-choice.ts';
import { type Command, Option } from 'commander';
import { parseCount } from './log-filter.ts';

/** The options that say what a delivery chain does. Undefined means not given. */
export interface ChoiceOptions {
  deny?: string;
  denyCount?: string;
  denyNames?: string[];
  both?: boolean;
  deniedTag?: string;
  timeout?: string;
  retry?: string;
  scan?: boolean;
  replication?: boolean;
  triggers?: boolean;
}

const LEVELS: Readonly<Record<string, DeniedLevel>> = { high: 'HIGH', medium: 'MEDIUM', low: 'LOW', any: 'UNKNOWN' };
const TAG_ACTIONS: Readonly<Record<string, DeniedTag>> = {
  keep: 'BLOCK',
  delete: 'BLOCK_DELETE_TAG',
  retag: 'BLOCK_RETAG',
};

/** What happens to the tag of a denied image. */
export const DENIED_TAG_WORDS: Readonly<Record<DeniedTag, string>> = {
  BLOCK: 'the tag stays; the image is not replicated and calls no trigger',
  BLOCK_DELETE_TAG: 'the tag is removed; slipway restore brings it back',
  BLOCK_RETAG: 'the tag goes back to its previous image',
};

/** The chain if no option is given: it scans, and denies nothing. */
const SCANS: ChainChoice = {
  scans: true,
  names: [],
  needsBoth: false,
  deniedTag: 'BLOCK',
  replicates: true,
  triggers: true,
};

/** Adds the options of a chain's short form. */
export function withChoice(command: Command): Command {
  return command
    .addOption(
      new Option('--deny <severity>', 'deny images with a vulnerability of this severity or above').choices(
        Object.keys(LEVELS),
      ),
    )
    .option('--deny-count <count>', 'deny from this many such vulnerabilities (default: 1)')
    .option('--deny-names <names...>', 'deny images with one of these vulnerabilities, such as CVE-2023-0001')
    .option('--both', 'deny only images that --deny and --deny-names both apply to')
    .addOption(
      new Option('--denied-tag <what>', 'what to do with the tag of a denied image').choices(Object.keys(TAG_ACTIONS)),
    )
    .option('--timeout <seconds>', 'how long a scan may take (default: 900)')
    .option('--retry <count>', 'how many times a failed scan is repeated (default: 3)')
    .option('--no-scan', 'do not scan; the chain then holds no image back')
    .option('--no-replication', 'do not replicate images')
    .option('--no-triggers', 'do not call triggers');
}

/** The choice of these options over that of a ChainConfig, and whether any option was given. Throws `CliError`. */
export function choiceOf(options: ChoiceOptions, before?: string): { chosen: ChainChoice; isGiven: boolean } {
  const { deny, denyCount, denyNames, both, deniedTag, timeout, retry, scan, replication, triggers } = options;
  const given: Partial<ChainChoice> = {
    ...(deny === undefined ? {} : { level: LEVELS[deny] }),
    ...(denyCount === undefined ? {} : { count: parseCount('--deny-count', denyCount, 1) }),
    ...(denyNames === undefined ? {} : { names: denyNames }),
    ...(both ? { needsBoth: true } : {}),
    ...(deniedTag === undefined ? {} : { deniedTag: TAG_ACTIONS[deniedTag] ?? 'BLOCK' }),
    ...(timeout === undefined ? {} : { timeoutSeconds: parseCount('--timeout', timeout, 1) }),
    ...(retry === undefined ? {} : { retries: parseCount('--retry', retry, 0) }),
    // A flag that begins with --no is true if it is not given.
    ...(scan === false ? { scans: false } : {}),
    ...(replication === false ? { replicates: false } : {}),
    ...(triggers === false ? { triggers: false } : {}),
  };
  const chosen = { ...(before === undefined ? SCANS : chainChoiceOf(before)), ...given };
  // A count without a severity counts all vulnerabilities.
  const counted = chosen.count !== undefined && chosen.level === undefined;
  return { chosen: counted ? { ...chosen, level: 'UNKNOWN' } : chosen, isGiven: Object.keys(given).length > 0 };
}
