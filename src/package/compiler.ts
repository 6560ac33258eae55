/** The formula of the compiler that bottles are built with. */
export const COMPILER = "gcc";
/** The libraries that programs need of it; the keg of the formula has links to them in the prefix's `lib`. */
export const COMPILER_LIBRARIES = ["libatomic.so.1", "libgcc_s.so.1", "libgomp.so.1", "libstdc++.so.6"] as const;
