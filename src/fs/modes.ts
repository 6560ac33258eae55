/** The mode that marks a recorded file as a symlink, as in git; its content is the text of its target. */
export const SYMLINK_MODE = 0o120777;
