/** The argument of commands for what is installed: any words that `install` takes, or all packages. */
export const INSTALLED_PACKAGES = {
  type: "string",
  array: true,
  default: [],
  description: "Installed packages, as install takes them; by default all",
} as const;

/** The same where at least one has to be named. */
export const NAMED_PACKAGES = {
  type: "string",
  array: true,
  demandOption: true,
  description: "Installed packages, as install takes them",
} as const;

/** The same, or one program of a package. */
export const LINKED_PROGRAMS = {
  type: "string",
  array: true,
  demandOption: true,
  description: "Installed packages, as install takes them, or NAME:PROGRAM for one of its programs",
} as const;
