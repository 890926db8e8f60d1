/**
 * Expressions without a proof of the checker, each with the reason why it costs no more than its text is long, or why its text
 * is ours or short. By its text, as the check names it.
 */
export const EXCEPTED: Readonly<Record<string, string>> = {
  "new RegExp(escaped, 'giu')": 'every character that means something is escaped: it is one literal text',
  "new RegExp(pattern, 'u')": 'the patterns are those of spec/native.json, which are proved where they stand',
};
