/** One error code of the API: its HTTP status, its message (`…` where a name or value stands), its cause, and how to fix it. */
export interface ErrorCode {
  readonly status: number;
  readonly message: string;
  readonly cause: string;
  readonly fix: string;
}
