/** Exit codes of commands that failed. */
export const EXIT_CODES = {
  /** The build ended FAILED because of its source, or a limit or rule of the server. */
  buildFailed: 1,
  /** A search in a log found nothing, as with grep. */
  notFound: 1,
  /** Command line or settings. */
  usage: 2,
  /** The server refused: signature, permission, policy, not found. */
  refused: 3,
  /** The machine: port, disk, package, network to the server. */
  machine: 4,
  cancelled: 130,
} as const;

/** A failure that is reported to the user in one sentence, with the fix; anything else is a bug. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

  constructor(exitCode: (typeof EXIT_CODES)[keyof typeof EXIT_CODES], message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
