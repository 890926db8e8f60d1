import { join } from 'node:path';

/** Where the parts of an installation are. */
export interface InstallPlaces {
  /** Folder of the versions. */
  readonly versions: string;
  /** Link to the version that runs. */
  readonly current: string;
  readonly command: string;
  readonly unit: string;
  readonly settings: string;
  readonly settingsFile: string;
  readonly state: string;
}

/** The name of the service, and of its user. */
export const SERVICE = 'slipway';

/** The places below a prefix, `/` for this machine's own. */
export function installPlaces(root: string): InstallPlaces {
  const versions = join(root, 'opt/slipway');
  const settings = join(root, 'etc/slipway');
  return {
    versions,
    current: join(versions, 'current'),
    command: join(root, 'usr/local/bin/slipway'),
    unit: join(root, 'etc/systemd/system', `${SERVICE}.service`),
    settings,
    settingsFile: join(settings, 'slipway.json'),
    state: join(root, 'var/lib/slipway'),
  };
}
