/*
 * Icons as paths on a grid of 16 by 16, drawn with lines of the text's colour. They always come with a name: as the
 * icon of an `IconButton`, or beside a word.
 */
const PATHS = {
  'arrow-down': 'M8 3v10M4 9l4 4 4-4',
  'arrow-up': 'M8 13V3M4 7l4-4 4 4',
  bell: 'M4 11V7a4 4 0 0 1 8 0v4l1 1H3zM6.5 14h3',
  book: 'M3 3h4a1 1 0 0 1 1 1v9a1 1 0 0 0-1-1H3zM13 3H9a1 1 0 0 0-1 1v9a1 1 0 0 1 1-1h4z',
  box: 'M8 2l5.5 3v6L8 14l-5.5-3V5zM2.5 5L8 8l5.5-3M8 8v6',
  branch:
    'M5 5.5v5M5 5.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM5 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11 6.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11 6.5c0 2.5-6 1.5-6 4',
  check: 'M3 8.5l3.5 3.5L13 4.5',
  'chevron-down': 'M4 6l4 4 4-4',
  'chevron-left': 'M10 4L6 8l4 4',
  'chevron-right': 'M6 4l4 4-4 4',
  'chevron-up': 'M4 10l4-4 4 4',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.5V8l2.5 1.5',
  code: 'M5.5 4.5L2 8l3.5 3.5M10.5 4.5L14 8l-3.5 3.5M9 3L7 13',
  commit: 'M8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1.5 8h4M10.5 8h4',
  compare: 'M2.5 3h4.5v10H2.5zM9 3h4.5v10H9zM4 6h1.5M4 8.5h1.5M10.5 6H12',
  copy: 'M6 6h7v7H6zM10 6V3H3v7h3',
  cross: 'M4 4l8 8M12 4l-8 8',
  download: 'M8 2.5v7M4.5 6.5L8 10l3.5-3.5M2.5 11v2.5h11V11',
  edit: 'M10.5 3l2.5 2.5L6 12.5l-3 .5.5-3z',
  error: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6 6l4 4M10 6l-4 4',
  external: 'M9 3h4v4M13 3L7.5 8.5M6.5 4H3v9h9V9.5',
  filter: 'M2.5 4h11M4.5 8h7M6.5 12h3',
  fold: 'M2.5 8h11M8 1.5v4M6 3.5l2 2 2-2M8 14.5v-4M6 12.5l2-2 2 2',
  follow: 'M8 2.5v7.5M4.5 6.5L8 10l3.5-3.5M3 13.5h10',
  help: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6.2 6.3a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.8.6-.8 1.3M8 11.3v.2',
  home: 'M2.5 7.5L8 3l5.5 4.5M4 6.5V13h8V6.5',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.5v3.5M8 5v.2',
  key: 'M5.5 13a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM7.3 8.7L13 3M10.5 5.5l2 2',
  link: 'M7 9l2-2M6.5 5.5l2-2a2.5 2.5 0 0 1 4 4l-2 2M9.5 10.5l-2 2a2.5 2.5 0 0 1-4-4l2-2',
  list: 'M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.2M2.5 8h.2M2.5 12h.2',
  menu: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  moon: 'M13 9.5A5.5 5.5 0 1 1 6.5 3a4.5 4.5 0 0 0 6.5 6.5z',
  more: 'M3 8h.2M8 8h.2M13 8h.2',
  'next-error': 'M6.5 11.5a4.5 4.5 0 1 1 0-9 4.5 4.5 0 0 1 0 9zM5 5.5l3 3M8 5.5l-3 3M13 6v7.5M11 11.5l2 2 2-2',
  play: 'M5 3l7 5-7 5z',
  plus: 'M8 3v10M3 8h10',
  progress: 'M2.5 6h11v4h-11zM5 6v4M8 6v4',
  rebuild: 'M13 8a5 5 0 1 1-1.5-3.5L13 6M13 2.5V6H9.5',
  regex: 'M3.5 12h.2M10 3v7M7 4.8l6 3.4M13 4.8L7 8.2',
  restore: 'M3 8a5 5 0 1 0 1.5-3.5L3 6M3 2.5V6h3.5',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3L14 14',
  server: 'M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.2M5 11h.2',
  settings:
    'M2.5 5h6M11.5 5h2M2.5 11h2M7.5 11h6M10 6.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM6 12.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z',
  shield: 'M8 2l5 2v4c0 3-2 5-5 6-3-1-5-3-5-6V4z',
  'sign-out': 'M7 3H3v10h4M6.5 8H13M10.5 5.5L13 8l-2.5 2.5',
  stop: 'M4 4h8v8H4z',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M12.6 3.4l-.7.7M4.1 11.9l-.7.7',
  tag: 'M2.5 3v5L8 13.5 13.5 8 8 2.5H3zM5.5 5.5h.2',
  'to-end': 'M8 2.5v7.5M4.5 6.5L8 10l3.5-3.5M3 13.5h10',
  'to-start': 'M8 13.5V6M4.5 9.5L8 6l3.5 3.5M3 2.5h10',
  trash: 'M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.5 9h6l.5-9M7 7v4M9 7v4',
  unfold: 'M2.5 8h11M8 5.5v-4M6 3.5l2-2 2 2M8 10.5v4M6 12.5l2 2 2-2',
  user: 'M8 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 13.5c0-2.5 2-4 5-4s5 1.5 5 4',
  warning: 'M8 2.5L14 13H2zM8 6.5V9.5M8 11.3v.2',
  wheel:
    'M8 12.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM8 9.2a1.2 1.2 0 1 0 0-2.4 1.2 1.2 0 0 0 0 2.4zM8 1.5v5.3M8 9.2v5.3M1.5 8h5.3M9.2 8h5.3M3.4 3.4l3.7 3.7M8.9 8.9l3.7 3.7M12.6 3.4L8.9 7.1M7.1 8.9l-3.7 3.7',
  wrap: 'M2.5 4h11M2.5 8h8.5a2.3 2.3 0 0 1 0 4.6H8M9.5 10.8L7.7 12.6l1.8 1.8M2.5 12.5h2.5',
} as const;

/** The name of an icon. */
export type IconName = keyof typeof PATHS;

/** An icon, which screen readers skip: what it is next to names it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
