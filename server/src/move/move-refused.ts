/** Why a move is not begun or not completed, and how to fix it. */
export class MoveRefused extends Error {
  /** 2: command line or settings; 4: the machine, or what is there. */
  readonly exitCode: 2 | 4;

  constructor(exitCode: 2 | 4, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
