/**
 * Expressions that the checker cannot prove, each with the reason why it takes linear time, or why its text is ours or
 * short. The key is the expression's text as the check prints it.
 */
export const EXCEPTED: Readonly<Record<string, string>> = {
  "new RegExp(escaped, 'giu')": 'every special character is escaped, so it is one literal text',
  "new RegExp(pattern, 'u')": 'the patterns are those of spec/native.json, which are proved there',
};
