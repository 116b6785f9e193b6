/** "every request", "every 2nd write", "every 4th entry". */
export function every(n: number, what: string): string {
  return n === 1 ? `every ${what}` : `every ${ordinal(n)} ${what}`;
}

function ordinal(n: number): string {
  const teens = n % 100 >= 11 && n % 100 <= 13;
  return `${n}${teens ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`;
}

export const listed = (words: readonly string[]): string => words.join(', ').replace(/, ([^,]*)$/, ' and $1');
