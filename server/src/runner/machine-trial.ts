import type { MachinePlatforms, MachineProblem, Sandbox } from '#sandbox/client/sandbox.ts';

/** What is kept of a failed trial build until another one is made. */
const RETRY_MS = 30_000;

/** What this machine lacks for builds, in sentences with the fix; empty is good. */
export type Problems = readonly string[];

/** Tries out whether this machine can build. */
export class MachineTrial {
  readonly #means: { sandbox: Sandbox; now: () => number; report(message: string, error: unknown): void };
  #visible: Promise<Problems> | undefined;
  #platforms: MachinePlatforms | undefined;
  #build: { problems: Promise<Problems>; endedMs?: number; failed?: boolean } | undefined;

  constructor(means: { sandbox: Sandbox; now: () => number; report(message: string, error: unknown): void }) {
    this.#means = means;
  }

  /** What can be seen without a trial, which every build waits for: looked for once. */
  visibleProblems = async (): Promise<Problems> => {
    this.#visible ??= this.#try(false);
    return this.#visible;
  };

  /**
   * By a trial build as well, which takes seconds: made when somebody first asks, and kept; again after a failure, but not more
   * often than every half minute, since whoever reaches the port may ask. No build waits for it: where a sandbox does not start,
   * the build says so itself.
   */
  problems = async (): Promise<Problems> => {
    const found = await this.visibleProblems();
    if (found.length > 0) return found;
    const old = this.#build;
    const isStale = old?.failed === true && this.#means.now() - (old.endedMs ?? 0) >= RETRY_MS;
    if (old && !isStale) return old.problems;
    const trial: NonNullable<typeof old> = { problems: this.#try(true) };
    this.#build = trial;
    const problems = await trial.problems;
    trial.failed = problems.length > 0;
    trial.endedMs = this.#means.now();
    return problems;
  };

  /** What it builds for; undefined where it could not be tried out. */
  platforms = async (): Promise<MachinePlatforms | undefined> => {
    await this.visibleProblems();
    return this.#platforms;
  };

  async #try(build: boolean): Promise<Problems> {
    try {
      const { problems, platforms } = await this.#means.sandbox.check({ build });
      this.#platforms = platforms;
      return problems.map(({ what, fix }: MachineProblem) => `${what}; ${fix}`);
    } catch (error) {
      this.#means.report('the sandbox could not be tried out', error);
      return ['the sandbox could not be tried out'];
    }
  }
}
