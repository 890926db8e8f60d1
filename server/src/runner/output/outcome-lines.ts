import type { BuildOutcome, RefusedConnection } from '#sandbox/client/sandbox.ts';

/**
 * What a log says after a build's output has ended: which connections were refused. It must not contain anything that
 * depends on timing, such as a cache held by another build, because logs are compared.
 */
export function outcomeLines(outcome: Pick<BuildOutcome, 'refused'>): string[] {
  return outcome.refused.map(refusalLine);
}

/** The line that explains a refused connection: what it was, the rule, and the setting that would allow it. */
function refusalLine({ address, protocol, port, of }: RefusedConnection): string {
  const rule = of === 'host' ? 'an address of this machine' : 'a private or reserved address';
  return (
    `refused: ${protocol} connection to ${address} port ${port}, ${rule}; ` +
    `builds may reach it if the server's setting build-allow-addresses lists ${address}`
  );
}
