import type { AccountKeys } from '#account/account.ts';
import { accountKeys } from '#account/keys/account-keys.ts';
import { CallRecord } from '#audit/call-record.ts';
import type { Nonces } from '#audit/nonces.ts';
import type { RootAccount } from '#data-folder/root-file.ts';
import type { Database } from '#db/database.ts';
import { isRead } from '#native/request-note.ts';
import type { NotedDecision, SecretBox } from '#rpc/context.ts';
import type { Config } from '#settings/config.ts';
import { createThrottle } from '#signature/throttle.ts';
import type { Verifier } from '#signature/verify-signature.ts';

const DAY_MS = 86_400_000;

/** What the account's keys and the signature check need. */
export interface GatewayWiringMeans {
  config: Config;
  account: RootAccount;
  db: Database;
  secrets: SecretBox;
  nonces: Nonces;
  /** How many servers have this database. */
  liveServers: () => number;
  publicUrl: string;
  now: () => number;
  report: (message: string, error: unknown) => void;
}

/** The record of calls, kept as long as the settings say. */
export function openCallRecord({
  config,
  db,
  now,
  report,
  removesOld,
}: Pick<GatewayWiringMeans, 'config' | 'db' | 'now' | 'report'> & { removesOld: () => boolean }): CallRecord {
  return new CallRecord({
    db,
    now,
    keepMs: config['call-record-days'] * DAY_MS,
    keepRows: config['call-record-rows'],
    removesOld,
    onFault: (error) => report('calls could not be written to the record', error),
  });
}

/** Writes a decision that no request waits for into the record of calls. */
export function noteInto(calls: CallRecord): (decision: NotedDecision) => void {
  return (decision) =>
    calls.note({ ...decision, reads: isRead(decision.action), code: decision.denied ? 'NoPrivilege' : 'allowed' });
}

/** The keys of the account, and the check of signatures for the RPC gateway and the native API. */
export function openVerifier(parts: GatewayWiringMeans): { keys: AccountKeys; verifier: Verifier } {
  const { config, account, db, secrets, nonces, liveServers, publicUrl, now, report } = parts;
  const keys = accountKeys({
    root: {
      accountId: account.AccountId,
      accessKeyId: account.AccessKeyId,
      accessKeySecret: account.AccessKeySecret,
    },
    db,
    secrets,
    onFault: (error) => report('the last use of a key could not be stored', error),
  });
  const callsPerSecond = config['calls-per-second'];
  const verifier: Verifier = {
    account: keys,
    nonces,
    now,
    publicHost: new URL(publicUrl).host,
    trustedProxies: config['trusted-proxies'],
    ...(callsPerSecond > 0 ? { throttle: createThrottle(callsPerSecond, liveServers) } : {}),
  };
  return { keys, verifier };
}
