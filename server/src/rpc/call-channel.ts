import { channel } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';

/** A call and how it was answered. */
export interface CallEnd {
  readonly api: 'rpc' | 'native' | 'registry';
  /** Identifies the call. The response may not have been sent completely yet. */
  readonly response: ServerResponse;
  readonly requestId: string;
  /** For the vendor's API: the operation, once found. */
  readonly action: string | undefined;
  /** `success`, or the error code. */
  readonly code: string;
}

/** Publishes a `CallEnd` for each call to the vendor's API, for each call that the native API refused, and for each refused login to the registry. */
export const endedCalls = channel('slipway:call-end');
