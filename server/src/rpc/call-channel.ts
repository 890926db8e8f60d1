import { channel } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';

/** A call as it was answered. */
export interface CallEnd {
  readonly api: 'rpc' | 'native';
  /** Tells the call from all others; what it says may still be on its way. */
  readonly response: ServerResponse;
  readonly requestId: string;
  /** Of the vendor's API, once an operation was found. */
  readonly action: string | undefined;
  /** `success`, or the refusal's code. */
  readonly code: string;
}

/** Gets a `CallEnd` for each call of the vendor's API, and for each that the native API refused. */
export const endedCalls = channel('slipway:call-end');
