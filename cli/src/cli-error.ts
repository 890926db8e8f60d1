/** How a command ends that did not do what it was asked. */
export const EXIT_CODES = {
  /** The build ended FAILED through its source, or a limit or rule of the server. */
  buildFailed: 1,
  /** What was looked for in a log is not there, as with grep. */
  notFound: 1,
  /** Command line or settings. */
  usage: 2,
  /** The server said no: signature, permission, policy, not found. */
  refused: 3,
  /** The machine: port, disk, package, network to the server. */
  machine: 4,
  cancelled: 130,
} as const;

/** A failure that the user is told in one sentence, with what fixes it; anything else is a fault of ours. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

  constructor(exitCode: (typeof EXIT_CODES)[keyof typeof EXIT_CODES], message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
