/*
 * What a command on files prints: results on standard output, messages on standard error. With `--json`, an error is one document there,
 * and remarks are left out.
 */

let isJson = false;

/** From now on. */
export function writeJson(): void {
  isJson = true;
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A remark for people. */
export function say(text: string): void {
  if (!isJson) process.stderr.write(`slipway: ${text}\n`);
}

/** An error. */
export function tell(exitCode: number, message: string): void {
  say(message);
  const Code = exitCode === 2 ? 'InvalidCommandLine' : 'Failed';
  if (isJson) process.stderr.write(`${JSON.stringify({ Code, Message: message, ExitCode: exitCode })}\n`);
}

export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
