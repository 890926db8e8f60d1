import { existsSync, lstatSync, rmSync } from 'node:fs';
import { installPlaces, SERVICE } from './install-places.ts';
import { hasSystemd, runTool, type Step } from './step.ts';

/**
 * What `slipway uninstall` does: the reverse of an installation. Settings and data stay, unless they are to be removed
 * too. The code is last, because it runs this.
 */
export function uninstallSteps({ root, purge }: { root: string; purge: boolean }): Step[] {
  const isHere = root === '/';
  const places = installPlaces(root);
  const steps: Step[] = [];
  if (isHere && hasSystemd() && existsSync(places.unit))
    steps.push({
      text: `stop ${SERVICE}.service`,
      act: () => runTool('systemctl', ['disable', '--quiet', '--now', SERVICE]),
    });
  const removed = [places.unit, places.command, ...(purge ? [places.settings, places.state] : []), places.versions];
  for (const path of removed)
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined)
      steps.push({ text: `remove ${path}`, act: () => rmSync(path, { recursive: true, force: true }) });
  if (isHere && hasSystemd())
    steps.push({ text: 'reload systemd', act: () => runTool('systemctl', ['daemon-reload']) });
  return steps;
}
