/** A repository that is configured. */
export const NAME = {
  type: "string",
  demandOption: true,
  description: "Its name, as `pkg repo list` shows it",
} as const;
