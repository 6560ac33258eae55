/** Where a registry keeps what it holds. */
export const ROOT = {
  type: "string",
  requiresArg: true,
  demandOption: true,
  description: "The directory that holds what is pushed",
} as const;
