/** What can be put in place of a part of a text. */
export interface Completion {
  from: number;
  to: number;
  choices: readonly string[];
}

/** A short list can be read; more letters make it shorter. */
const SHOWN = 8;
/** A text that begins before the cursor and may become an action; `acs:` begins a resource. */
const BEGUN = /"([a-z]+(?::[A-Za-z]*)?)$/;

/** The actions that the text at the cursor may become: those that begin with it, then those that contain its name. */
export function completionAt(text: string, cursor: number, actions: readonly string[]): Completion | undefined {
  const [, begun] = BEGUN.exec(text.slice(text.lastIndexOf('\n', cursor - 1) + 1, cursor)) ?? [];
  if (begun === undefined || begun.startsWith('acs:')) return undefined;
  const sought = begun.toLowerCase();
  const [service = '', name = ''] = sought.split(':');
  const first = actions.filter((action) => action.toLowerCase().startsWith(sought));
  const inside =
    name.length < 2
      ? []
      : actions.filter((action) => {
          const lower = action.toLowerCase();
          return lower.startsWith(`${service}:`) && lower.includes(name) && !lower.startsWith(sought);
        });
  const choices = [...first, ...inside].slice(0, SHOWN);
  const rest = /^[A-Za-z:*]*/.exec(text.slice(cursor))?.[0] ?? '';
  if (choices.length === 0 || (choices.length === 1 && choices[0] === begun + rest)) return undefined;
  return { from: cursor - begun.length, to: cursor + rest.length, choices };
}
