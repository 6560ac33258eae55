import { COMPILER, COMPILER_LIBRARIES } from "../package/compiler.ts";
import type { KegEdits } from "./keg-edits.ts";
import type { KegName } from "./take-keg.ts";

/** What kegs use of this machine, and of each other. */
export interface MachineLinks {
  readonly keg: KegName;
  /** The certificates of the authorities that this machine trusts; null: it has none. */
  readonly certificates: string | null;
  /** The dynamic linker of this machine, where a program of the keg needs one; else null. */
  readonly interpreter: string | null;
}

/** Adds the links of a keg to what programs look for in the prefix and no step of its formula places there. */
export function addMachineLinks(edits: KegEdits, machine: MachineLinks): void {
  addCertificates(edits, machine);
  const { keg, interpreter } = machine;
  // Each keg with programs brings the link: the first one has it, and after that the next.
  if (interpreter !== null) edits.linkBeside("lib/ld.so", interpreter, keg);
  if (keg.name === COMPILER) addLibraries(edits);
}

/** Programs of Homebrew look for certificates in the prefix. */
function addCertificates(edits: KegEdits, { keg, certificates }: MachineLinks): void {
  const isOpenSsl = /^openssl(?:@|$)/.test(keg.name);
  if (isOpenSsl) edits.linkBeside(`etc/${keg.name}/cert.pem`, "etc/ca-certificates/cert.pem", keg);
  if (keg.name !== "ca-certificates") return;
  const own = "share/ca-certificates/cacert.pem";
  const place = "etc/ca-certificates/cert.pem";
  if (certificates !== null) edits.linkBeside(place, certificates, keg);
  else if (edits.has(own)) edits.link(place, own);
}

/** Libraries of the compiler that built other kegs, which may be newer than this machine's. */
function addLibraries(edits: KegEdits): void {
  for (const library of COMPILER_LIBRARIES) {
    const path = `lib/gcc/current/${library}`;
    if (edits.paths.has(path)) edits.link(`lib/${library}`, path);
  }
}
