/** Why a backup cannot be made, read or restored, in one sentence with the fix. */
export class BackupRefused extends Error {
  /** 2: what the command was given; 4: the machine, or a damaged backup. */
  readonly exitCode: 2 | 4;

  constructor(exitCode: 2 | 4, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
