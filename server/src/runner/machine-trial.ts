import type { MachinePlatforms, MachineProblem, Sandbox } from '#sandbox/client/sandbox.ts';

/** How long the result of a failed trial build is kept. */
const RETRY_MS = 30_000;

/** What this machine lacks for builds, in sentences with the fix; empty if nothing. */
export type Problems = readonly string[];

/** Tests whether this machine can build. */
export class MachineTrial {
  readonly #means: { sandbox: Sandbox; monotonicMs: () => number; report(message: string, error: unknown): void };
  #visible: Promise<Problems> | undefined;
  #platforms: MachinePlatforms | undefined;
  #build: { problems: Promise<Problems>; endedMs?: number; failed?: boolean } | undefined;

  constructor(means: { sandbox: Sandbox; monotonicMs: () => number; report(message: string, error: unknown): void }) {
    this.#means = means;
  }

  /** Checks that need no trial build; every build waits for them. Done once. */
  visibleProblems = async (): Promise<Problems> => {
    this.#visible ??= this.#try(false);
    return this.#visible;
  };

  /**
   * Also runs a trial build, which takes seconds: on the first request, and the result is kept. After a failure it runs
   * again, but at most every half minute, because anyone who reaches the port may ask. No build waits for it: if a
   * sandbox does not start, the build reports that itself.
   */
  problems = async (): Promise<Problems> => {
    const found = await this.visibleProblems();
    if (found.length > 0) return found;
    const old = this.#build;
    const isStale = old?.failed === true && this.#means.monotonicMs() - (old.endedMs ?? 0) >= RETRY_MS;
    if (old && !isStale) return old.problems;
    const trial: NonNullable<typeof old> = { problems: this.#try(true) };
    this.#build = trial;
    const problems = await trial.problems;
    trial.failed = problems.length > 0;
    trial.endedMs = this.#means.monotonicMs();
    return problems;
  };

  /** The platforms it builds for; undefined if that could not be tested. */
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
      this.#means.report('the sandbox could not be tested', error);
      return ['the sandbox could not be tested'];
    }
  }
}
