import assert from "node:assert/strict";
import { PassThrough, Writable } from "node:stream";
import { test } from "node:test";
import { createSecrets } from "../../src/base/secrets.ts";
import { PkgError } from "../../src/errors.ts";
import { createReporter, type Reporter, type ReporterOptions } from "../../src/report/reporter.ts";

class Sink extends Writable {
  text = "";
  isTTY = false;
  readonly columns = 80;
  readonly rows = 24;
  readonly #seen: { readonly pattern: RegExp; readonly resolve: () => void }[] = [];

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    for (const { pattern, resolve } of this.#seen) if (pattern.test(this.text)) resolve();
    done();
  }

  /** Resolves when what was written matches. */
  shows(pattern: RegExp): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#seen.push({ pattern, resolve });
    if (pattern.test(this.text)) resolve();
    return promise;
  }
}

interface Stage {
  readonly report: Reporter;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly stdin: PassThrough;
}

function stage(options: Partial<ReporterOptions> = {}): Stage {
  const [stdout, stderr, stdin] = [new Sink(), new Sink(), new PassThrough()];
  const defaults = { mode: "text", quiet: false, verbose: false, color: false, interactive: false } as const;
  return {
    stdout,
    stderr,
    stdin,
    report: createReporter({ ...defaults, stdout, stderr, stdin: () => stdin, ...options }),
  };
}

function terminal(options: Partial<ReporterOptions> = {}): Stage {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const [stdout, stderr] = [new Sink(), new Sink()].map((sink) => Object.assign(sink, { isTTY: true }));
  assert.ok(stdout !== undefined && stderr !== undefined);
  return { ...stage({ interactive: true, stdin: () => stdin, stdout, stderr, ...options }), stdin, stdout, stderr };
}

const MISMATCH = new PkgError("DIGEST_MISMATCH", 'Cannot verify "x\u001b[2J": digest is "a", expected "b"', {
  hint: "Run `pkg sync`",
});
const MISMATCH_LINES = 'error: Cannot verify "x\\u{1b}[2J": digest is "a", expected "b"\nhint: Run `pkg sync`\n';

function runTasks({ report }: Stage): void {
  report.emit({ kind: "task-started", id: "a", title: "trurl 8.14.1", totalBytes: 100 });
  report.emit({ kind: "task-step", id: "a", step: "fetch" });
  report.emit({ kind: "task-progress", id: "a", bytes: 50, totalBytes: 100 });
  report.emit({ kind: "task-started", id: "b", title: "x\u202e", totalBytes: null });
  report.emit({ kind: "task-failed", id: "b", error: MISMATCH });
  report.emit({ kind: "task-done", id: "a", summary: "installed" });
}

test("Reporter prints nothing of a task but its failure where nothing can be redrawn: the result tells the rest", async () => {
  const all = stage();
  runTasks(all);
  all.report.error(MISMATCH);
  all.report.result({}, () => ["+ trurl 8.14.1"]);
  await all.report.finish();
  assert.equal(all.stderr.text, MISMATCH_LINES);
  assert.equal(all.stdout.text, "+ trurl 8.14.1\n");
});

test("Reporter prints steps, details and short waits with verbose only", () => {
  const tell = (verbose: boolean) => {
    const { report, stderr } = stage({ verbose });
    report.emit({ kind: "task-started", id: "a", title: "x", totalBytes: null });
    report.emit({ kind: "task-step", id: "a", step: "verify" });
    report.emit({ kind: "detail", message: "2 requests" });
    report.emit({ kind: "retrying", what: "x", waitMs: 200, reason: "reset" });
    report.emit({ kind: "retrying", what: "x", waitMs: 4000, reason: "busy" });
    report.emit({ kind: "waiting-for-lock", holder: "pid 1 (pkg sync)" });
    return stderr.text;
  };
  const waits = "note: Trying x again in 4.0 s: busy\nnote: Waiting for pid 1 (pkg sync), which holds the lock\n";
  assert.equal(tell(false), waits);
  assert.equal(tell(true), `x: started\nx: verify\ndetail: 2 requests\nnote: Trying x again in 0.2 s: reset\n${waits}`);
});

test("Reporter prints results and errors alone when quiet", async () => {
  const all = stage({ quiet: true });
  runTasks(all);
  all.report.emit({ kind: "warning", message: "w" });
  all.report.emit({ kind: "note", message: "n" });
  all.report.print(["result"]);
  await all.report.finish();
  assert.equal(all.stderr.text, MISMATCH_LINES);
  assert.equal(all.stdout.text, "result\n");
});

test("Reporter prints one JSON document, with warnings and errors as text on stderr", async () => {
  const all = stage({ mode: "json" });
  runTasks(all);
  all.report.emit({ kind: "warning", message: "w\u0007" });
  all.report.emit({ kind: "note", message: "n" });
  all.report.print(["not in JSON"]);
  all.report.result({ name: "x\u202e\u009b", failed: [MISMATCH] }, () => ["not in JSON"]);
  all.report.error(new PkgError("LOCKED", "Cannot lock"));
  await all.report.finish();
  assert.deepEqual(JSON.parse(all.stdout.text), {
    name: "x\u202e\u009b",
    failed: [{ code: "DIGEST_MISMATCH", message: MISMATCH.message, hint: "Run `pkg sync`" }],
    warnings: ["w\u0007"],
    errors: [{ code: "LOCKED", message: "Cannot lock", hint: null }],
  });
  assert.match(all.stdout.text, /"x\\u202e\\u009b"/);
  assert.equal(all.stderr.text, `${MISMATCH_LINES}warning: w\\u{7}\nerror: Cannot lock\n`);
});

test("Reporter prints the first error as the JSON document when there was no result", async () => {
  const { report, stdout } = stage({ mode: "json" });
  report.error(MISMATCH);
  report.error(new Error("later"));
  await report.finish();
  await report.finish();
  assert.deepEqual(JSON.parse(stdout.text), {
    error: { code: "DIGEST_MISMATCH", message: MISMATCH.message, hint: "Run `pkg sync`" },
    errors: [
      {
        code: "BUG",
        message: "This is a bug in pkg: Error: later",
        hint: "Run it again with --verbose and report what it prints",
      },
    ],
  });
});

test("Reporter writes a note between two pieces of work at once, not after the second", async () => {
  const { report, stderr } = terminal();
  report.emit({ kind: "task-started", id: "sync", title: "sync", totalBytes: null });
  report.emit({ kind: "task-done", id: "sync", summary: "" });
  report.emit({ kind: "note", message: "jq 1.8.1 + oniguruma 6.9.10" });
  report.emit({ kind: "task-started", id: "jq", title: "jq 1.8.1", totalBytes: null });
  await new Promise((resolve) => setImmediate(resolve));
  assert.match(stderr.text, /oniguruma/);
  report.emit({ kind: "note", message: "while something is drawn" });
  assert.doesNotMatch(stderr.text, /while something is drawn/);
  report.emit({ kind: "task-done", id: "jq", summary: "" });
  await report.finish();
  assert.match(stderr.text, /while something is drawn/);
});

test("Reporter refuses a second result", () => {
  const { report } = stage();
  report.result({}, () => []);
  assert.throws(() => report.result({}, () => []), /one result/);
});

test("Reporter prints an error as the JSON document when the result is nested too deep", async () => {
  const { report, stdout } = stage({ mode: "json" });
  const deep: unknown = JSON.parse("[".repeat(100_000) + "]".repeat(100_000));
  assert.throws(
    () => report.result({ content: deep }, () => []),
    (error) => {
      report.error(error);
      return error instanceof PkgError && error.code === "HTTP_UNEXPECTED";
    },
  );
  await report.finish();
  assert.match(JSON.parse(stdout.text).error.message, /nested more than 128 levels deep/);
});

test("Reporter shows no secret, wherever it comes from", async () => {
  const secrets = createSecrets();
  const password = "correct horse";
  secrets.add(password);
  for (const mode of ["text", "json"] as const) {
    const { report, stdout, stderr } = stage({ mode, verbose: true, secrets });
    const cause = new Error(`cause ${password}`);
    report.emit({ kind: "warning", message: `warning ${password}` });
    report.emit({ kind: "detail", message: `detail ${encodeURIComponent(password)}` });
    report.emit({ kind: "task-started", id: "1", title: `title ${password}`, totalBytes: null });
    report.emit({ kind: "task-done", id: "1", summary: `summary ${password}` });
    report.error(new PkgError("FILE_SYSTEM", `message ${password}`, { cause, hint: `hint ${password}` }));
    report.error(new Error(`bug ${password}`));
    report.result({ value: password, error: new PkgError("USAGE", `https://a:b@c/ ${password}`) }, () => [
      `value ${password}`,
    ]);
    await report.finish();
    assert.doesNotMatch(stdout.text + stderr.text, /correct|a:b/);
    assert.match(stderr.text, /warning \*\*\*/);
  }
});

test("Reporter.error() shows the stack of a bug and the causes of an error with verbose only", async () => {
  const tell = async (verbose: boolean) => {
    const { report, stderr } = stage({ verbose });
    report.error(new TypeError("x is not a function"));
    report.error(new PkgError("FILE_SYSTEM", "Cannot read", { cause: new Error("EIO\u001b") }));
    await report.finish();
    return stderr.text;
  };
  const brief = await tell(false);
  assert.match(
    brief,
    /^error: This is a bug in pkg: TypeError: x is not a function\nhint: .*--verbose.*\nerror: Cannot read\n$/,
  );
  const full = await tell(true);
  assert.match(full, /\n {2}at .*reporter\.test\.ts/);
  assert.match(full, /\n {2}caused by Error: EIO\\u\{1b\}\n/);
});

test("Reporter writes each message on one line, so that no text can pass for one of ours", async () => {
  const { report, stderr } = stage();
  report.error(new PkgError("USAGE", "Cannot x\nhint: run `rm`\r\u001b[A", { hint: "a\nb" }));
  for (const kind of ["note", "warning"] as const) report.emit({ kind, message: "m\u2028\nerror: x" });
  report.emit({ kind: "note", message: "m", more: ["of ours\nhint: x"] });
  report.say(["t\nhint: x: s\nhint: x"]);
  await report.finish();
  const lines = [
    "error: Cannot x\\u{a}hint: run `rm`\\u{d}\\u{1b}[A",
    "hint: a\\u{a}b",
    "note: m\\u{2028}\\u{a}error: x",
    "warning: m\\u{2028}\\u{a}error: x",
    "note: m",
    "    of ours\\u{a}hint: x",
    "t\\u{a}hint: x: s\\u{a}hint: x",
  ];
  assert.deepEqual(stderr.text.trimEnd().split("\n"), lines);
});

test("Reporter writes no line that a CI system takes for a command", async () => {
  const { report, stdout } = stage();
  report.print([
    "::error::x",
    "  ::add-mask::x",
    "##[error]x",
    "a ##vso[task]x",
    "##teamcity[x]",
    "std::vec",
    "## [1.0]",
    "a ::b",
  ]);
  await report.finish();
  assert.deepEqual(stdout.text.trimEnd().split("\n"), [
    "\\u{3a}:error::x",
    "  \\u{3a}:add-mask::x",
    "\\u{23}#[error]x",
    "a \\u{23}#vso[task]x",
    "\\u{23}#teamcity[x]",
    "std::vec",
    "## [1.0]",
    "a ::b",
  ]);
});

test("Reporter colours a terminal and no file", async () => {
  const tell = async (all: Stage) => {
    all.report.error(new PkgError("LOCKED", "Cannot lock"));
    all.report.print([all.report.style.green("ok")]);
    await all.report.finish();
    return [all.stderr.text, all.stdout.text];
  };
  assert.deepEqual(await tell(terminal({ color: true })), [
    "\u001b[31m\u001b[1merror:\u001b[22m\u001b[39m Cannot lock\n",
    "\u001b[32mok\u001b[39m\n",
  ]);
  assert.equal((await tell(stage({ color: true })))[0], "error: Cannot lock\n");
  assert.deepEqual(await tell(terminal({ color: false })), ["error: Cannot lock\n", "ok\n"]);
});

test("Reporter redraws a line per task on a terminal and writes the rest after the redraw", async () => {
  const all = terminal();
  const { report, stderr, stdout } = all;
  report.emit({ kind: "task-started", id: "a", title: "trurl\u202e", totalBytes: 100 });
  report.emit({ kind: "note", message: "a stale index" });
  await stderr.shows(/trurl\\u\{202e\} {3}0 of 100 B/);
  report.emit({ kind: "task-started", id: "b", title: "late", totalBytes: null });
  report.emit({ kind: "waiting-for-lock", holder: "pid 7" });
  await stderr.shows(/late/);
  await stderr.shows(/Waiting for pid 7, which holds the lock/);
  report.emit({ kind: "task-done", id: "a", summary: "installed" });
  report.emit({ kind: "task-failed", id: "b", error: MISMATCH });
  await stderr.shows(/2 of 2, 1 failed/);
  assert.doesNotMatch(stderr.text, /stale index|Cannot verify/);
  report.result({}, () => ["+ trurl"]);
  assert.equal(stdout.text, "");
  await report.finish();
  const afterRedraw = stderr.text.slice(stderr.text.lastIndexOf("\u001b[?25h") + "\u001b[?25h".length);
  assert.equal(afterRedraw, `note: a stale index\n${MISMATCH_LINES}`);
  assert.equal(stdout.text, "+ trurl\n");
});

test("Reporter writes in order what was reported during and right after the redraw", async () => {
  const stream = Object.assign(new Sink(), { isTTY: true });
  const { report } = terminal({ stdout: stream, stderr: stream });
  report.emit({ kind: "task-started", id: "a", title: "trurl", totalBytes: 100 });
  report.emit({ kind: "note", message: "a note" });
  report.result({}, () => ["+ trurl"]);
  report.error(MISMATCH);
  report.say(["1 installed, 1 failed"]);
  await report.finish();
  const afterRedraw = stream.text.slice(stream.text.lastIndexOf("\u001b[?25h") + "\u001b[?25h".length);
  assert.equal(afterRedraw, `note: a note\n+ trurl\n${MISMATCH_LINES}1 installed, 1 failed\n`);
});

test("Reporter redraws from where the cursor stays, and cuts what a narrower window would break", async () => {
  const { report, stderr } = terminal();
  report.emit({ kind: "task-started", id: "a", title: "first", totalBytes: null });
  report.emit({ kind: "task-started", id: "b", title: "second", totalBytes: null });
  // Three lines: two tasks, and both together.
  await stderr.shows(/second[^\n]*\n[^\n]*\[2A/);
  const shown = stderr.text.replaceAll("\u001b", "^");
  assert.match(shown, /\r\^\[\?7l[^\n]*first[^\n]*\n[^\n]*second[^\n]*\n[^\n]*\^\[J\^\[\?7h\r\^\[2A/);
  await report.finish();
});

test("Reporter shows the cursor as soon as it is asked to stop: a second signal leaves no time for it", async () => {
  const controller = new AbortController();
  const { report, stderr } = terminal({ signal: controller.signal });
  report.emit({ kind: "task-started", id: "a", title: "first", totalBytes: null });
  await stderr.shows(/first/);
  controller.abort();
  assert.ok(stderr.text.endsWith("\r\u001b[J\u001b[?25h"), JSON.stringify(stderr.text.slice(-20)));
  await report.finish();
});

test("Reporter ends the redraw of tasks that never ended, and can start another", async () => {
  const { report, stderr } = terminal();
  report.emit({ kind: "task-started", id: "a", title: "first", totalBytes: null });
  await stderr.shows(/first/);
  report.error(MISMATCH);
  await report.finish();
  report.emit({ kind: "task-started", id: "b", title: "second", totalBytes: null });
  await stderr.shows(/second/);
  await report.finish();
  assert.ok(stderr.text.endsWith("\u001b[?25h"), "the cursor is not shown again");
});

const ANSWERS: readonly (readonly [input: string, fallback: boolean, answer: boolean])[] = [
  ["y\n", false, true],
  ["YES\n", false, true],
  ["n\n", true, false],
  ["\n", true, true],
  ["\n", false, false],
  ["what?\ny\n", false, true],
  ["a\nb\nc\ny\n", true, false],
];

test("Reporter.confirm() takes yes, no or the fallback", async (t) => {
  for (const [input, fallback, answer] of ANSWERS) {
    await t.test(JSON.stringify(input), async () => {
      const { report, stdin, stderr } = terminal();
      stdin.write(input);
      assert.equal(await report.confirm("Remove x\u001b?", fallback), answer);
      assert.match(stderr.text, fallback ? /^Remove x\\u\{1b\}\? \[Y\/n\] / : /^Remove x\\u\{1b\}\? \[y\/N\] /);
    });
  }
});

test("Reporter.confirm() takes the end of the input for no", async () => {
  const { report, stdin } = terminal();
  stdin.end();
  assert.equal(await report.confirm("Go on?", true), false);
});

test("Reporter.confirm() asks nobody where nobody can answer", async (t) => {
  const silent: readonly Partial<ReporterOptions>[] = [
    { interactive: false },
    { mode: "json" },
    { stdin: () => new PassThrough() },
    { stdout: new Sink() },
  ];
  for (const options of silent) {
    await t.test(Object.keys(options).join(), async () => {
      const { report, stderr } = terminal(options);
      assert.equal(await report.confirm("Go on?", true), true);
      assert.equal(stderr.text, "");
    });
  }
});

test("Reporter.prompt() and choose() ask nobody whose result goes into a file, but for a passphrase", async () => {
  const { report, stdin, stderr } = terminal({ stdout: new Sink() });
  stdin.write("typed\n");
  assert.equal(await report.prompt("Name?", { hidden: false }), null);
  assert.equal(await report.choose("Which?", [["a"], ["b"]]), null);
  assert.equal(stderr.text, "");
  assert.equal(await report.prompt("Passphrase?", { hidden: true }), "typed");
});

test("Reporter.confirm() ends with INTERRUPTED when the signal does", async () => {
  const controller = new AbortController();
  const { report } = terminal({ signal: controller.signal });
  const answer = report.confirm("Go on?", true);
  controller.abort();
  await assert.rejects(answer, { code: "INTERRUPTED" });
});

class Broken extends Writable {
  readonly #code: string;

  constructor(code: string) {
    super();
    this.#code = code;
  }

  override _write(_chunk: Buffer, _encoding: BufferEncoding, done: (error: Error) => void): void {
    done(Object.assign(new Error(`write ${this.#code}`), { code: this.#code }));
  }
}

test("Reporter.finish() fails when a result could not be written, unless its reader went away", async () => {
  const finish = async (code: string) => {
    const { report } = stage({ stdout: new Broken(code) });
    report.print(["a"]);
    report.print(["b"]);
    await report.finish();
  };
  await finish("EPIPE");
  await assert.rejects(finish("ENOSPC"), { code: "DISK_FULL" });
  await assert.rejects(finish("EIO"), { code: "FILE_SYSTEM" });
});

test("a terminal that cannot move its cursor gets lines, and can still be asked", async () => {
  const world = terminal({ redraws: false, verbose: true });
  runTasks(world);
  world.stdin.write("y\n");
  assert.equal(await world.report.confirm("Go on?", false), true);
  await world.report.finish();
  assert.ok(!world.stderr.text.includes("\u001b"), world.stderr.text);
  assert.match(world.stderr.text, /trurl 8\.14\.1: installed\n/);
});

test("Reporter breaks lines at blanks on a terminal alone, and never those of a script or of what is to be typed", async () => {
  const [words, path] = [`${"word ".repeat(20)}end`, `export PATH="${"a b".repeat(40)}"`];
  const write = async ({ report, stdout, stderr }: Stage) => {
    report.emit({ kind: "note", message: words, more: [path] });
    report.error(new PkgError("USAGE", words));
    report.result({}, () => [words]);
    await report.finish();
    return { result: stdout.text.split("\n"), told: stderr.text.split("\n") };
  };
  const piped = await write(stage());
  assert.deepEqual(piped, { result: [words, ""], told: [`note: ${words}`, `    ${path}`, `error: ${words}`, ""] });
  const shown = await write(terminal());
  assert.deepEqual(shown.result, [`${"word ".repeat(16).trim()}`, `  ${"word ".repeat(4)}end`, ""]);
  assert.deepEqual(shown.told.slice(2, 3), [`    ${path}`]);
  assert.ok([...shown.told.toSpliced(2, 1), ...shown.result].every((line) => line.length <= 80));
  const script = terminal();
  script.report.script({}, () => [path]);
  assert.equal(script.stdout.text, `${path}\n`);
});

test("Reporter begins a new line after the ^C that a terminal shows, unless its progress clears that away", async () => {
  const interrupted = async (make: typeof stage, work: (made: Stage) => void) => {
    const controller = new AbortController();
    const made = make({ signal: controller.signal });
    work(made);
    controller.abort();
    const shown = made.stderr.text;
    await made.report.finish();
    return shown;
  };
  assert.equal(await interrupted(terminal, () => {}), "\n");
  assert.doesNotMatch(await interrupted(terminal, runTasks), /\n/);
  assert.equal(await interrupted(stage, () => {}), "");
});
