// How long to wait before the next try to connect.

const FIRST = 500;
const LONGEST = 30_000;

/** Milliseconds: doubling with each failure, spread so that visitors do not return at once. */
export function backoff(failures: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST, FIRST * 2 ** Math.min(failures, 10));
  return Math.round(ceiling * (0.5 + random() / 2));
}
