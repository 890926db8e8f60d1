/** How many builds run: on this server, of one instance and of one repository. */
interface RunningBuilds {
  server: number;
  instance: number;
  repository: number;
}

/** How many builds may run at once. */
export interface BuildLimits {
  /** On this server; 0 if it runs none. */
  perServer: number;
  perInstance: number;
  perRepository: number;
}

/** Which limit keeps a build waiting, with the setting that raises it; undefined if no limit does. */
export function limitReason(running: RunningBuilds, limits: BuildLimits): string | undefined {
  if (limits.perServer === 0) return 'this server was started with --no-builds and runs no builds';
  // A free place on the server would not help a repository at its own limit, so that limit comes first.
  if (running.repository >= limits.perRepository)
    return `its repository runs as many builds as it may at once, ${limits.perRepository} (setting repository-builds)`;
  if (running.instance >= limits.perInstance)
    return `the instance runs as many builds as it may at once, ${limits.perInstance} (setting instance-builds)`;
  if (running.server >= limits.perServer)
    return `this server runs as many builds as it may at once, ${limits.perServer} (setting concurrent-builds)`;
  return undefined;
}
