/** A call that was answered. */
export interface RecordedCall {
  readonly timeMs: number;
  /** For a build, the build's id. Empty if unknown. */
  readonly requestId: string;
  /** Empty for an unauthenticated call. */
  readonly callerArn: string;
  readonly accessKeyId: string;
  /** The RAM action, such as `cr:CreateNamespace`. If the call was refused earlier: its method and route, or empty. */
  readonly action: string;
  /** Empty if the call was refused before authorization. */
  readonly resource: string;
  readonly sourceIp: string | undefined;
  /** Whether the call only reads, according to the level of its RAM action. */
  readonly reads: boolean;
  readonly denied: boolean;
  /** `success`, or the error code. */
  readonly code: string;
}
