/** A call that was answered. */
export interface RecordedCall {
  readonly timeMs: number;
  /** Of a build, its id. Empty where it is not known. */
  readonly requestId: string;
  /** Empty of a call that nobody could sign. */
  readonly callerArn: string;
  readonly accessKeyId: string;
  /** RAM action, as `cr:CreateNamespace`; of what was refused before it was known, the method and the route, or nothing. */
  readonly action: string;
  /** Empty where it was refused before it was decided. */
  readonly resource: string;
  readonly sourceIp: string | undefined;
  /** Whether it only reads, by the level of its RAM action. */
  readonly reads: boolean;
  readonly denied: boolean;
  /** `success`, or the code of the refusal. */
  readonly code: string;
}
