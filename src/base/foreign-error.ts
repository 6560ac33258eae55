import { PkgError, systemCode } from "../errors.ts";
import { databaseWords, fileWords, isDecompression, runtimeWords, type Words } from "./foreign-words.ts";
import { networkWords } from "./network-words.ts";

/** What was tried, by the system call that failed. */
const TASKS: Readonly<Record<string, string>> = {
  open: "open",
  read: "read",
  write: "write",
  scandir: "list",
  mkdir: "make directory",
  mkdtemp: "make temporary directory",
  rmdir: "remove",
  rm: "remove",
  unlink: "remove",
  rename: "rename",
  link: "link",
  symlink: "link",
  readlink: "read link",
  chmod: "set the mode of",
  fchmod: "set the mode of",
  utime: "set the time of",
  futime: "set the time of",
  lutime: "set the time of",
  copyfile: "copy",
  fsync: "save",
  fdatasync: "save",
  ftruncate: "write",
  spawn: "run",
  listen: "listen on",
};

/**
 * What `error` is to a person where nobody has said so before: a failure of the system, of a file, of a database or of memory. It is
 * the last resort, behind the rooms that know what was tried; null for what only a bug can cause.
 */
export function foreignError(error: unknown): PkgError | null {
  if (error instanceof PkgError) return error;
  if (error instanceof AggregateError) return foreignError(error.errors[0]);
  if (!(error instanceof Error)) return null;
  const code = systemCode(error) ?? "";
  if (isDecompression(code)) {
    return told("decompress the data", { code: "ARCHIVE_INVALID", reason: `it is damaged (${code})` }, error);
  }
  const database = databaseWords(code);
  if (database !== null) return told("use a database", withCode(database, code), error);
  const runtime = runtimeWords(code) ?? memoryWords(error);
  if (runtime !== null) return told("go on", code === "ERR_DLOPEN_FAILED" ? withText(runtime, error) : runtime, error);
  if (["connect", "getaddrinfo"].includes(String(Reflect.get(error, "syscall")))) return unreachable(error, code);
  const words = fileWords(code);
  return words === null ? null : told(taskOf(error), withCode(words, code), error);
}

function unreachable(error: Error, code: string): PkgError | null {
  const words = networkWords(code);
  if (words === null) return null;
  const host = String(Reflect.get(error, "hostname") ?? Reflect.get(error, "address") ?? "the server");
  return told(`reach "${host}"`, withCode({ ...words, reason: words.reason(host) }, code), error);
}

/** V8 has no code for this, and no class of its own. */
function memoryWords(error: Error): Words | null {
  const isMemory =
    error instanceof RangeError && /allocation failed|^Invalid (?:string|array buffer) length/.test(error.message);
  return isMemory ? runtimeWords("ERR_MEMORY_ALLOCATION_FAILED") : null;
}

function withCode(words: Words, code: string): Words {
  return { ...words, reason: `${words.reason} (${code})` };
}

/** Only the text names the library, and where it was tried. */
function withText(words: Words, { message }: Error): Words {
  return { ...words, reason: `${words.reason} (${message.split("\n", 1)[0]})` };
}

function told(task: string, { code, reason, hint }: Words, cause: Error): PkgError {
  return new PkgError(code, `Cannot ${task}: ${reason}`, hint === undefined ? { cause } : { cause, hint });
}

/** e.g. `open "/a/b"`, or `read` where no path is known. */
function taskOf(error: Error): string {
  const text = (key: string) => {
    const value: unknown = Reflect.get(error, key);
    return typeof value === "string" && value !== "" ? value : null;
  };
  const [call = "", program = null] = (text("syscall") ?? "").split(" ");
  const task = TASKS[call] ?? (call === "" ? "go on" : "use the system");
  const path = text("path") ?? text("hostname") ?? text("address") ?? program;
  const dest = text("dest");
  return `${task}${path === null ? "" : ` "${path}"`}${dest === null ? "" : ` as "${dest}"`}`;
}
