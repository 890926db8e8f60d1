import { BuildFailed } from './build-failed.ts';

/** Those for whom a build runs may not pull an image of our own registry; the message names the action and the resource. */
export class PullRefused extends BuildFailed {
  constructor(message: string) {
    super('source', message);
  }
}
