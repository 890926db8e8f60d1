import { BuildFailed } from './build-failed.ts';

/**
 * The requesters of a build may not pull an image from our own registry; the message names the action and the resource.
 */
export class PullRefused extends BuildFailed {
  constructor(message: string) {
    super('base-pull-denied', message);
  }
}
