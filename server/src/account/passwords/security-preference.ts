import { ipInRange, parseIpRange } from '#address/ip-range.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { parameterNotImplemented } from '#rpc/errors/not-implemented.ts';
import type { Params } from '#rpc/operation.ts';

/** How users sign in to the console. */
export interface SecurityPreference {
  readonly mayChangePassword: boolean;
  readonly sessionHours: number;
  /** Addresses and ranges separated by `;`, as sent. Empty allows every address. */
  readonly networkMasks: string;
}

/** The values of settings that were never set. */
export const DEFAULT_SECURITY_PREFERENCE: SecurityPreference = {
  mayChangePassword: true,
  sessionHours: 12,
  networkMasks: '',
};

const MASKS = 40;
/** Settings that are not implemented. Turning one on would promise a protection or a right that does not exist. */
const ONLY_OFF = [
  ['EnableSaveMFATicket', false],
  ['AllowUserToManageAccessKeys', false],
  ['AllowUserToManageMFADevices', false],
  ['AllowUserToManagePublicKeys', false],
  ['EnforceMFAForLogin', false],
  ['MFAOperationForLogin', 'independent'],
  ['OperationForRiskLogin', 'autonomous'],
] as const;

type Sent = Partial<Params<'SetSecurityPreference'> & Params<'ims.SetSecurityPreference'>>;

/** The preference with the sent fields applied. Throws InvalidParameter, or NotImplemented for a setting that cannot be turned on. */
export function changedSecurityPreference(old: SecurityPreference, sent: Sent): SecurityPreference {
  for (const [name, off] of ONLY_OFF) {
    if (sent[name] !== undefined && sent[name] !== off) throw parameterNotImplemented(name);
  }
  const { LoginSessionDuration: hours, LoginNetworkMasks: masks } = sent;
  if (hours !== undefined && (hours < 1 || hours > 24)) {
    throw invalidParameter('LoginSessionDuration', `${hours} is not from 1 to 24 hours.`);
  }
  if (masks !== undefined) checkMasks(masks);
  return {
    mayChangePassword: sent.AllowUserToChangePassword ?? old.mayChangePassword,
    sessionHours: hours ?? old.sessionHours,
    networkMasks: masks ?? old.networkMasks,
  };
}

/** Whether users may sign in from this address. An unknown address is in no range. */
export function maySignInFrom({ networkMasks }: SecurityPreference, address: string | undefined): boolean {
  const masks = split(networkMasks);
  return masks.length === 0 || masks.some((mask) => isIn(address ?? '', mask));
}

/** The preference, as product ram returns it. */
export function securityPreferenceReply({ mayChangePassword, sessionHours, networkMasks }: SecurityPreference) {
  return {
    LoginProfilePreference: {
      AllowUserToChangePassword: mayChangePassword,
      EnableSaveMFATicket: false,
      LoginSessionDuration: sessionHours,
      LoginNetworkMasks: networkMasks,
    },
    AccessKeyPreference: { AllowUserToManageAccessKeys: false },
    PublicKeyPreference: { AllowUserToManagePublicKeys: false },
    MFAPreference: { AllowUserToManageMFADevices: false },
  };
}

/** The preference, as product ims returns it. */
export function imsSecurityPreferenceReply(preference: SecurityPreference) {
  const { LoginProfilePreference, AccessKeyPreference, MFAPreference } = securityPreferenceReply(preference);
  const factors = {
    EnforceMFAForLogin: false,
    MFAOperationForLogin: 'independent',
    OperationForRiskLogin: 'autonomous',
  };
  return { LoginProfilePreference: { ...LoginProfilePreference, ...factors }, AccessKeyPreference, MFAPreference };
}

function checkMasks(text: string): void {
  const masks = split(text);
  if (masks.length > MASKS) {
    throw invalidParameter('LoginNetworkMasks', `it has ${masks.length} ranges; ${MASKS} is the limit.`);
  }
  const invalid = masks.find((mask) => parseIpRange(mask) === undefined);
  if (invalid !== undefined) {
    const shown = JSON.stringify(invalid.slice(0, 200));
    throw invalidParameter('LoginNetworkMasks', `${shown} is not an address or range; separate them by ";".`);
  }
}

function split(masks: string): string[] {
  return masks.split(';').flatMap((mask) => (mask.trim() === '' ? [] : [mask.trim()]));
}

function isIn(address: string, mask: string): boolean {
  const range = parseIpRange(mask);
  return range !== undefined && ipInRange(address, range);
}
