import { openStarter, type ProgramStarter } from '@slipway/program';
import type { BuildRequest, Sandbox } from '#sandbox/client/sandbox.ts';
import { BuildFailed } from '../failure/build-failed.ts';
import { mebibytes } from './mebibytes.ts';
import type { StartProgram } from './program.ts';
import { SOURCE_FILES } from './source-limit.ts';
import { makeWorkFolder, type WorkFolder, workFolder } from './work-folder.ts';

/** The limits of each build: those of its box, and that of its source. */
export type BuildLimits = BuildRequest['limits'] & { sourceBytes: number };

/** What a workplace needs. */
export interface WorkplaceMeans {
  sandbox: Sandbox;
  dataFolder: string;
  limits: BuildLimits;
  buildRecordId: string;
}

/** While fetching, there are a pack and its unpacked files. */
const SOURCE_COPIES = 2;
/** Limit for git's own folders, one for each repository of a source. */
const MORE_FILES = 4000;
/** Limit for one base image: it has at most some hundred layers, and is removed before the next one is fetched. */
const BASE_FILES = 1000;
/** Git, ssh and skopeo start threads by the number of processors, independent of the limit for steps. */
const LEAST_PROCESSES = 256;

/**
 * Where one build works outside its box: its programs are in their own control group, and write to their own file
 * systems. The build's clean-up removes it, if nothing did before.
 */
export class Workplace {
  readonly #means: WorkplaceMeans;
  #starter: ProgramStarter | undefined;
  #folder: WorkFolder | undefined;

  constructor(means: WorkplaceMeans) {
    this.#means = means;
  }

  /** Creates it. Throws the helper's error. */
  async open(): Promise<void> {
    const { sandbox, dataFolder, limits, buildRecordId } = this.#means;
    this.#starter = await openStarter();
    const spaces = await sandbox.openWork({
      buildId: buildRecordId,
      pid: this.#starter.pid ?? 0,
      limits: { ...limits, pids: processLimit(limits) },
      sizeBytes: SOURCE_COPIES * limits.sourceBytes,
      files: SOURCE_FILES + MORE_FILES,
    });
    this.#folder = workFolder(dataFolder, buildRecordId, spaces);
    await makeWorkFolder(this.#folder);
  }

  get folder(): WorkFolder {
    if (this.#folder === undefined) throw new Error('the workplace is not open');
    return this.#folder;
  }

  /** Runs a program in the build's control group. */
  readonly start: StartProgram = async (program) => {
    if (this.#starter === undefined) throw new Error('the workplace is not open');
    return this.#starter.start(program);
  };

  /** Creates the folder for base images; does nothing if it exists. */
  async openBases(): Promise<void> {
    const { sandbox, limits, buildRecordId } = this.#means;
    await sandbox.openSpace({
      buildId: buildRecordId,
      space: 'bases',
      sizeBytes: limits.diskBytes,
      files: BASE_FILES,
    });
  }

  /**
   * The failure of a build whose base images do not fit into that folder, or need more in total than its box's disk.
   */
  tooLarge(shown: string, verb: 'is' | 'are' = 'is'): BuildFailed {
    const limit = `its limit of ${mebibytes(this.#means.limits.diskBytes)} (setting build-disk-mebibytes)`;
    return new BuildFailed('base-too-large', `${shown} ${verb} larger than ${limit}`);
  }

  /** Runs `act`; if it fails because the kernel stopped its programs at a limit, says so about `doing`. */
  async limited<T>(doing: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw (await this.#limitMet(doing)) ?? error;
    }
  }

  close(): void {
    this.#starter?.close();
  }

  async #limitMet(doing: string): Promise<BuildFailed | undefined> {
    const { sandbox, limits, buildRecordId } = this.#means;
    // Without the helper, the reason is unknown.
    const counted = await sandbox.countWork(buildRecordId).catch(() => undefined);
    if (counted === undefined) return undefined;
    if (counted.isDiskLow)
      return new BuildFailed('disk-low', `${doing} was stopped: the disk of the data folder is nearly full`);
    const ended = (kind: 'memory-limit' | 'process-limit', what: string) =>
      new BuildFailed(kind, `${doing} needed more ${what}`);
    if (counted.oomKills > 0)
      return ended(
        'memory-limit',
        `memory than its limit of ${mebibytes(limits.memoryBytes)} (setting build-memory-mebibytes)`,
      );
    if (counted.pidsMaxEvents > 0)
      return ended('process-limit', `processes than its limit of ${processLimit(limits)} (setting build-processes)`);
    return undefined;
  }
}

function processLimit({ pids }: BuildLimits): number {
  return Math.max(pids, LEAST_PROCESSES);
}
