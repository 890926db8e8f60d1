import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';

/** A required figure, and the measured one. */
interface Figure {
  what: string;
  measured: number;
  target: string;
  met: boolean;
  detail: string;
}

/**
 * The figures of one benchmark. `print` writes the table and makes the process exit with 1 if a figure falls short; not
 * before that, so that a run always shows all of them.
 */
export class Figures {
  readonly #title: string;
  readonly #figures: Figure[] = [];

  constructor(title: string) {
    this.#title = title;
  }

  atLeast(what: string, measured: number, limit: number, detail: string): void {
    this.#add({ what, measured, target: `>= ${limit}`, met: measured >= limit, detail });
  }

  atMost(what: string, measured: number, limit: number, detail: string): void {
    this.#add({ what, measured, target: `<= ${limit}`, met: measured <= limit, detail });
  }

  /** A figure without a requirement. */
  report(what: string, measured: number, detail: string): void {
    this.#add({ what, measured, target: 'reported', met: true, detail });
  }

  print(): void {
    console.log(`\n${this.#title} (${machine()})`);
    console.log('| what | target | measured | | |');
    console.log('|---|---|---|---|---|');
    for (const { what, target, measured, met, detail } of this.#figures) {
      console.log(`| ${what} | ${target} | ${shown(measured)} | ${met ? 'ok' : 'MISSED'} | ${detail} |`);
    }
    if (this.#figures.some(({ met }) => !met)) process.exitCode = 1;
  }

  #add(figure: Figure): void {
    this.#figures.push(figure);
  }
}

/** The middle value. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The value that `percent` of the values do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;
}

/** Wall and processor time of an act in this process (all its threads), in ms. */
export async function timed<T>(act: () => Promise<T> | T): Promise<{ wallMs: number; cpuMs: number; result: T }> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = await act();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000, result };
}

/** Three significant digits. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
}

function machine(): string {
  const [first] = cpus();
  return `${first?.model.trim() ?? 'unknown cpu'}, ${cpus().length} cores, Node ${process.version}, commit ${commit()}`;
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { stdio: 'pipe' }).toString().trim();
  } catch {
    // A copy without its repository can still be measured.
    return 'unknown';
  }
}
