import type { BuildFailure, DockerfileLines } from '#build/build.ts';
import { FAILURES, type FailureFacts, type FailureKind } from '#build/failure/failure-kind.ts';

/** Foreign text in a sentence is truncated; the log has all of it. */
const MESSAGE_LIMIT_CHARS = 4096;

/** Ends a build: in which way it failed, and the message for its log and record. */
export class BuildFailed extends Error {
  readonly kind: FailureKind;
  readonly fault: BuildFailure['fault'];
  readonly facts: FailureFacts;
  /** Why the log may lack lines that the builder printed; undefined if it has them all. */
  readonly lostLines: string | undefined;
  /** The exit code of the failing step's program, if it ran. */
  readonly exitCode: number | undefined;
  /** The message without the failing step's instruction; undefined if the message has none. */
  readonly summary: string | undefined;
  /** Where the failing step is, or where the base image that could not be fetched is named. */
  dockerfile: DockerfileLines | undefined;

  constructor(kind: FailureKind, message: string, options: FailureOptions = {}) {
    super(shorten(message), options);
    this.kind = kind;
    this.fault = FAILURES[kind].fault;
    this.facts = options.facts ?? {};
    this.summary = options.summary === undefined ? undefined : shorten(options.summary);
    this.lostLines = options.lostLines;
    this.exitCode = options.exitCode;
  }

  /** The word for the stage that it ended. */
  get stageEnd(): 'failed' | 'cancelled' {
    return this.fault === 'cancelled' ? 'cancelled' : 'failed';
  }
}

interface FailureOptions extends ErrorOptions {
  facts?: FailureFacts;
  summary?: string;
  lostLines?: string;
  exitCode?: number;
}

function shorten(text: string): string {
  return text.length > MESSAGE_LIMIT_CHARS ? `${text.slice(0, MESSAGE_LIMIT_CHARS)}…` : text;
}

/** Why a build's signal was aborted: its `reason` is one of these. */
export function cancelled(supersededBy?: string): BuildFailed {
  if (supersededBy === undefined) return new BuildFailed('cancelled', 'the build was cancelled');
  return new BuildFailed('superseded', `the build was cancelled: build ${supersededBy} took its place`);
}

export function timedOut(limitMs: number): BuildFailed {
  const limit = `its limit of ${limitMs / 1000} seconds (setting build-timeout-seconds)`;
  return new BuildFailed('time-limit', `the build took longer than ${limit}`);
}

export function serverStopped(): BuildFailed {
  return new BuildFailed('server-stopped', 'the server was stopped while the build ran', {
    lostLines: 'the server was stopped',
  });
}
