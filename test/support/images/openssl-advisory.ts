import { callNative } from '../../../client/src/call-native.ts';
import type { TestServer } from '../slipway.ts';

/** Where the advisory is explained. */
export const ADVISORY_LINK = 'https://advisories.example/CVE-2023-1';

/** Imports one advisory of severity High, on openssl of Debian, in place of an earlier one. That of `pushDebian` is older than 3.0.10. */
export async function importAdvisory({ client }: TestServer, Name: string, Fixed: string): Promise<void> {
  const set = { Name: 'debian', Source: 'OSV', DataTime: Date.now() } as const;
  const { AdvisorySetId: setId } = await callNative(client, 'createAdvisorySet', set);
  const about = { Ecosystem: 'Debian:12', Package: 'openssl', Name, Link: ADVISORY_LINK, Severity: 'High' as const };
  const Advisories = [{ ...about, Ranges: [{ Introduced: '0', Fixed }] }];
  await callNative(client, 'addAdvisories', { setId, Advisories });
  await callNative(client, 'publishAdvisorySet', { setId });
}
