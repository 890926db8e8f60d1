/** Fifty expressions that take a backtracking engine forever on lines of many letters `a`. */
export function catastrophic(): string[] {
  const bases = [
    '(a+)+$',
    '(a*)*b',
    '(a|aa)+$',
    '(a|a?)+b',
    '(.*a){12}$',
    '(a?){50}a{50}',
    '([a-z]+)*[0-9]',
    '(x+x+)+y',
    '(.*)(.*)(.*)(.*)z',
    'a{1,500}b',
  ];
  return bases.flatMap((base) => [base, `^${base}`, `${base}.*${base}`, `(?:${base}){3}`, `(?i)${base}`]);
}
