/** A call by which a process ends itself, as if it had been killed there. */
export interface Deadly {
  /** A function of `node:fs`. */
  readonly call: "renameSync" | "unlinkSync";
  /** What its last argument, a path, has in it. */
  readonly path: string;
  readonly when: "before" | "after";
}

/** NODE_OPTIONS with which a process of this Node kills itself before or after a call that names a path. */
export function killedAt({ call, path, when }: Deadly): { readonly NODE_OPTIONS: string } {
  const code = `import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
const own = fs.${call};
fs.${call} = (...args) => {
  const isMeant = String(args.at(-1)).includes(${JSON.stringify(path)});
  if (isMeant && ${when === "before"}) process.kill(process.pid, "SIGKILL");
  const result = own(...args);
  if (isMeant) process.kill(process.pid, "SIGKILL");
  return result;
};
syncBuiltinESMExports();`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
}
