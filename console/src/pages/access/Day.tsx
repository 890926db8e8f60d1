import { Ago } from '../../ui/Ago.tsx';

/** How long ago something was, with the exact time on hover; `none` if it never was. */
export function Day({ at, none = 'never' }: { at: string | undefined; none?: string }) {
  if (at === undefined || at === '') return <span className="quiet">{none}</span>;
  return <Ago at={at} />;
}
