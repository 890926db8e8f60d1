/** How many builds run: on this server, of one instance and of one repository. */
interface RunningBuilds {
  server: number;
  instance: number;
  repository: number;
}

/** How many builds may run at once. */
export interface BuildLimits {
  /** On this server; 0 if its role is api. */
  perServer: number;
  perInstance: number;
  perRepository: number;
}

/** Which limit keeps a build waiting, with the setting that raises it; undefined if no limit does. */
export function limitReason(running: RunningBuilds, limits: BuildLimits): string | undefined {
  if (limits.perServer === 0) return 'no server of this instance builds; start one with the role all';
  // A free place on the server would not help a repository at its own limit, so that limit comes first.
  if (running.repository >= limits.perRepository)
    return `its repository already runs ${counted(limits.perRepository)}, its limit (setting repository-builds)`;
  if (running.instance >= limits.perInstance)
    return `the instance already runs ${counted(limits.perInstance)}, its limit (setting instance-builds)`;
  if (running.server >= limits.perServer)
    return `this server already runs ${counted(limits.perServer)}, its limit (setting concurrent-builds)`;
  return undefined;
}

function counted(builds: number): string {
  return builds === 1 ? '1 build' : `${builds} builds`;
}
