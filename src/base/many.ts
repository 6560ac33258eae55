/**
 * Adds items to the end of a list. `list.push(...items)` passes each item as an argument, and an engine runs out of stack
 * at some 100,000 of them.
 */
export function addAll<T>(list: T[], items: Iterable<T>): void {
  for (const item of items) list.push(item);
}

/** The largest of the numbers, or of `least` and them: `Math.max(...numbers)` for any number of them. */
export function maxOf(numbers: Iterable<number>, least: number): number {
  let max = least;
  for (const number of numbers) if (number > max) max = number;
  return max;
}
