/** The packages of an environment, as an argument. */
export const SEVERAL_PACKAGES = {
  type: "string",
  array: true,
  default: [],
  description:
    "Names as [family/]name[#id][@version][:repository], references, or places such as ./tools.tar; default: those of the project",
} as const;
