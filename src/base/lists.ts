/** The first items of a list for people, and how many more there are: `a, b and 3 more`. */
export function listSome(items: readonly string[], most: number): string {
  const more = items.length > most ? ` and ${items.length - most} more` : "";
  return `${items.slice(0, most).join(", ")}${more}`;
}
