import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The result of recheck for an expression (https://makenowjust-labs.github.io/recheck/docs/usage/diagnostics/). */
interface Diagnostics {
  status: 'safe' | 'vulnerable' | 'unknown';
  complexity?: { type: string; summary: string };
  error?: { kind: string };
}

const FOLDER = import.meta.dirname;
const PROOF_TIME_MS = 60_000;
/** The analysis of recheck that proves: it examines the automaton, while the other one tries texts. */
const OPTIONS = { checker: 'automaton', timeout: PROOF_TIME_MS };

/**
 * Proves that matching an expression takes time linear in the text's length, wherever in the text the match starts.
 * Returns undefined, or the reason why there is no proof.
 */
export function linearMistake(pattern: string, flags: string): string | undefined {
  const { status, complexity, error } = load().checkSync(pattern, flags.replace(/[dv]/g, ''), OPTIONS);
  if (status === 'safe') return undefined;
  if (status === 'vulnerable') return `it backtracks: ${complexity?.summary ?? 'more than linearly'}`;
  return error?.kind === 'unsupported'
    ? 'look-around and back references cannot be analysed'
    : `it could not be analysed (${error?.kind ?? 'for no reason given'}); a simpler one can`;
}

interface Recheck {
  checkSync(pattern: string, flags: string, options: typeof OPTIONS): Diagnostics;
}
let recheck: Recheck | undefined;

/** Does not use the faster native programs (50 MB): this project has few new expressions. */
function load(): Recheck {
  if (recheck) return recheck;
  if (!existsSync(join(FOLDER, 'node_modules', 'recheck')))
    execFileSync('npm', ['ci', '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: FOLDER,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  process.env.RECHECK_BACKEND = 'pure';
  recheck = createRequire(import.meta.url)('recheck') as Recheck;
  return recheck;
}
