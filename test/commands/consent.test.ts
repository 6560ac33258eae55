import assert from "node:assert/strict";
import { test } from "node:test";
import { allowedNames, consentTo } from "../../src/commands/consent.ts";
import { type Consent, NO_CONSENT, type Question } from "../../src/install/name-concerns.ts";

const REPLACE: Question = { kind: "replace", name: "tool", from: "tools", to: "other" };
const NAMES: Question = {
  kind: "names",
  name: "box",
  concerns: [
    { link: "ls", reason: "is a command that scripts rely on" },
    { link: "jq", reason: 'would hide "/usr/bin/jq"' },
  ],
};

interface Asked {
  readonly answer?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly given?: Consent;
}

/** What was asked, and what was agreed to. */
async function ask({ answer = true, yes = false, dryRun = false, given = NO_CONSENT }: Asked) {
  const asked: string[] = [];
  const confirm = async (question: string, fallback: boolean) => {
    assert.equal(fallback, false, "where nobody can answer it is no");
    asked.push(question);
    return answer;
  };
  const context = { yes, dryRun, report: { confirm } };
  return { asked, consent: await consentTo(context, [REPLACE, NAMES], given) };
}

test("consentTo() asks each question, and a yes counts only for what was asked", async () => {
  const { asked, consent } = await ask({});
  assert.deepEqual(asked, [
    'tool is installed from "tools". Replace it with the one from "other"?',
    'Some programs of box need your consent: "ls" is a command that scripts rely on, "jq" would hide "/usr/bin/jq". Place them?',
  ]);
  assert.deepEqual(consent, { ...NO_CONSENT, replace: ["tool"], names: ["ls", "jq"] });
  assert.deepEqual((await ask({ answer: false })).consent, NO_CONSENT);
});

test("consentTo() asks once for the names of all packages", async () => {
  const asked: string[] = [];
  const git: Question = {
    kind: "names",
    name: "git",
    concerns: [{ link: "git", reason: 'would hide "/usr/bin/git"' }],
  };
  const confirm = async (question: string) => asked.push(question) > 0;
  const consent = await consentTo({ yes: false, dryRun: false, report: { confirm } }, [NAMES, git], NO_CONSENT);
  assert.equal(asked.length, 1);
  assert.match(
    asked[0] ?? "",
    /^Some programs of box, git need your consent: "ls" .*"git" would hide "\/usr\/bin\/git"/,
  );
  assert.deepEqual(consent, { ...NO_CONSENT, names: ["ls", "jq", "git"] });
});

test("consentTo() takes --yes for no answer, and asks nothing then", async () => {
  assert.deepEqual(await ask({ yes: true }), { asked: [], consent: NO_CONSENT });
  assert.deepEqual(await ask({ dryRun: true }), { asked: [], consent: NO_CONSENT });
});

test("consentTo() does not ask what the options answer", async () => {
  const given: Consent = { ...NO_CONSENT, replace: "all", names: ["ls", "jq"] };
  assert.deepEqual(await ask({ given }), { asked: [], consent: given });
  const part = await ask({ given: { ...NO_CONSENT, replace: ["tool"], names: ["ls"] }, answer: false });
  assert.equal(part.asked.length, 1);
  assert.deepEqual(part.consent, { ...NO_CONSENT, replace: ["tool"], names: ["ls"] });
});

test("consentTo() asks about a lower version and about a copy, and --yes answers neither", async () => {
  const questions: readonly Question[] = [
    { kind: "downgrade", name: "tool", from: "2.0", to: "1.0" },
    { kind: "copy", name: "tool", place: "copies.example/tool", signedAs: "ghcr.io/me/tool" },
  ];
  const asked: string[] = [];
  const answering = (answer: boolean) => ({ confirm: async (text: string) => asked.push(text) > 0 && answer });
  const yes = await consentTo({ yes: false, dryRun: false, report: answering(true) }, questions, NO_CONSENT);
  assert.deepEqual(yes, { ...NO_CONSENT, downgrade: true, signedAs: ["ghcr.io/me/tool"] });
  assert.deepEqual(asked, [
    "tool 2.0 is installed, and 1.0 is a lower version. Change it?",
    'tool lies in "copies.example/tool", and is signed as "ghcr.io/me/tool". Is it a copy that you want?',
  ]);
  const no = await consentTo({ yes: false, dryRun: false, report: answering(false) }, questions, NO_CONSENT);
  assert.deepEqual(no, NO_CONSENT);
  assert.deepEqual(
    await consentTo({ yes: true, dryRun: false, report: answering(true) }, questions, NO_CONSENT),
    NO_CONSENT,
  );
  const given = { ...NO_CONSENT, downgrade: true, signedAs: ["ghcr.io/me/tool"] };
  await consentTo({ yes: false, dryRun: false, report: answering(false) }, questions, given);
  assert.equal(asked.length, 4, "what the options answer is not asked");
});

test("allowedNames() reads names one by one, and with commas between", () => {
  assert.deepEqual(allowedNames({ "allow-name": ["ls", "sudo,su", ""] }), ["ls", "sudo", "su"]);
});
