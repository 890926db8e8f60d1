import type { BuildDetail } from '../../api/build.ts';
import { statusLook } from '../../ui/statuses.ts';

/** Whether a page can show notifications here. Browsers of phones have the interface, and throw when it is used. */
export function canNotify(): boolean {
  // Allowed before: a try would be seen.
  if (Notification.permission === 'granted') return true;
  return make('') !== undefined;
}

/** Shows that a build ended. Returns whether the browser can. */
export function notifyEnd(build: BuildDetail): boolean {
  const { BuildRecordId: id, Repository: repository, ImageTag: tag, Status: status, Failure: failure } = build;
  const { word, icon } = statusLook(status);
  const notification = make(`${repository}:${tag} ${word.toLowerCase()}`, {
    body: status === 'FAILED' ? (failure?.Message ?? '') : '',
    icon: `/console/${icon}`,
    tag: id,
  });
  if (notification === undefined) return false;
  notification.onclick = () => {
    window.focus();
    notification.close();
  };
  return true;
}

function make(title: string, options?: NotificationOptions): Notification | undefined {
  try {
    return new Notification(title, options);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
