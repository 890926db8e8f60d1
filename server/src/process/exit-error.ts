/** Why the server cannot start or continue, with the exit code that says whose fault it is. */
export class ExitError extends Error {
  /** 2: command line or settings; 4: the machine. */
  readonly exitCode: 2 | 4;

  constructor(exitCode: 2 | 4, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
