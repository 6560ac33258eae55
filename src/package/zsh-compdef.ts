/**
 * The text of a completion function for zsh that completes the package's own commands alone: its first line names the commands, and
 * others, such as `git`, would have been taken from the system's.
 *
 * @param own the command that the file is called after
 * @returns null where nothing has to be changed
 * @see zshcompsys(1), "Autoloaded files"
 */
export function withOwnCompdef(
  text: string,
  { own, commands }: { readonly own: string; readonly commands: readonly string[] },
): string | null {
  const end = text.search(/\n|$/);
  const [tag = "", ...words] = text.slice(0, end).trim().split(/\s+/);
  if (tag !== "#compdef") return null;
  const kept = words.filter((word) => commands.includes(word.split("=", 1)[0] ?? ""));
  if (kept.length === words.length) return null;
  return `#compdef ${kept.length === 0 ? own : kept.join(" ")}${text.slice(end)}`;
}
