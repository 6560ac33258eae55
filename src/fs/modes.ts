/** The mode by which a symlink is recorded, as git does; its content is its target's text. */
export const SYMLINK_MODE = 0o120777;
