import { readApiError } from '@slipway/client/api-call-error.ts';

/** Whether the server takes builds, or why not. */
export interface Readiness {
  Problems: string[];
  Platforms?: {
    Native: string[];
    Emulated: string[];
    /** Why it builds for no others. */
    Refusal?: string;
  };
}

/** Whether the server was started to run no builds: nothing is wrong, and no platform is built for. */
export function buildsNothing({ Platforms: platforms }: Readiness): boolean {
  return platforms !== undefined && platforms.Native.length + platforms.Emulated.length === 0;
}

/** Reads an answer of `/readyz`, which is 503 if there are problems. A proxy on the way may answer something else. */
export function readReadiness(status: number, body: string): Readiness {
  const reply = parsed(body);
  if (!Array.isArray(reply?.Problems)) throw readApiError(status, body);
  return reply as Readiness;
}

function parsed(body: string): Partial<Readiness> | null {
  try {
    return JSON.parse(body) as Partial<Readiness> | null;
  } catch {
    // JSON.parse throws only SyntaxError.
    return null;
  }
}
