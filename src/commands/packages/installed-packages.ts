/** The argument of commands for what is installed: the names of packages, or all of them. */
export const INSTALLED_PACKAGES = {
  type: "string",
  array: true,
  default: [],
  description: "Installed names; by default all",
} as const;
