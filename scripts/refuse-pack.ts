/** Ends `npm pack` at the root: the root is the program with all its dependencies, not a package to be installed. */
console.error(
  "Cannot pack the program: it is built with `npm run build`\n" +
    "The library, `pkg/oci`, is packed with `npm pack ./packages/oci`",
);
process.exitCode = 1;
