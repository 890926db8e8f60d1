import { bad, isObject, matching } from './request-values.ts';

const ARGUMENT_NAME_FORM = /^[A-Za-z_][A-Za-z0-9_.-]{0,254}$/;
const LABEL_NAME_FORM = /^[^=\p{Cc}]{1,255}$/u;
const SECRET_ID_FORM = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** The form of texts by name. */
interface TextsForm {
  most: number;
  names: RegExp;
  longest: number;
  refused: RegExp;
  isHidden: boolean;
}

export const BUILD_ARGS_FORM = {
  most: 1000,
  names: ARGUMENT_NAME_FORM,
  longest: 65_536,
  refused: /\0/,
  isHidden: true,
};
/** The caller's labels, and those that describe the source. */
export const LABELS_FORM = { most: 128, names: LABEL_NAME_FORM, longest: 4096, refused: /\0/, isHidden: true };
export const ENVIRONMENT_FORM = {
  most: 100,
  names: ARGUMENT_NAME_FORM,
  longest: 4096,
  refused: /[^\x20-\x7e]/,
  isHidden: false,
};
/** All of them must fit in a box's private memory file system. */
export const SECRETS_FORM = { most: 64, names: SECRET_ID_FORM, longest: 65_536, refused: /(?!)/, isHidden: true };
export const SSH_KEYS_FORM = { most: 8, names: SECRET_ID_FORM, longest: 65_536, refused: /(?!)/, isHidden: true };

/** Reads texts by name. A refusal goes into the build's log, so it does not show a secret value. */
export function textsOf(field: string, given: unknown, form: TextsForm): Record<string, string> {
  const shown = (value: unknown): unknown => (form.isHidden ? '(its value)' : value);
  if (!isObject(given)) throw bad(field, shown(given));
  const entries = Object.entries(given);
  if (entries.length > form.most) throw bad(field, `${entries.length} entries`);
  return Object.fromEntries(
    entries.map(([name, text]) => {
      matching(field, name, form.names);
      if (typeof text !== 'string' || text.length > form.longest || form.refused.test(text))
        throw bad(`${field}.${name}`, shown(text));
      return [name, text];
    }),
  );
}
