/** The mode that marks a recorded file as a symlink, as in git; its content is the text of its target. */
export const SYMLINK_MODE = 0o120777;

/** The bits of a mode that let somebody run a file. */
export const EXECUTABLE_BITS = 0o111;

/** The permissions that a person's umask leaves of `mode`: for results that a person named a place for. */
export function lessUmask(mode: number): number {
  return mode & ~process.umask();
}
