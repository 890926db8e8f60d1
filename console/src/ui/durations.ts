/** `0.4 s`, `12 s`, `3 min 05 s`, `1 h 02 min`. */
export function formatDuration(ms: number): string {
  if (ms < 9950) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${two(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** How long ago: `just now`, `40 s ago`, `3 min ago`, `2 h ago`, `5 d ago`. */
export function formatAge(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** `14:03:22.041`, in the reader's time zone. */
export function formatClock(timeMs: number): string {
  const time = new Date(timeMs);
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

/** `412 B`, `3.1 KiB`, `2.0 GiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  const power = Math.min(3, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return power === 0 ? `${bytes} B` : `${(bytes / 1024 ** power).toFixed(1)} ${units[power]}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** As in `Dec 1, 2026, 8:40 PM`, in the reader's time zone. */
export function formatDate(timeMs: number): string {
  return new Date(timeMs).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
}

/** As in `Dec 1, 2026, 8:40:07 PM`, in the reader's time zone. */
export function formatExactly(timeMs: number): string {
  return new Date(timeMs).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'medium' });
}
