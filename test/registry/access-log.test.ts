import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { suite, test } from "node:test";
import { hasCode } from "../../src/errors.ts";
import { createAccess } from "../../src/registry/access.ts";
import { type AnswerLine, formatAnswerJson, formatAnswerLine, openAccessLog } from "../../src/registry/access-log.ts";
import { tempDirectory } from "../support/temp-home.ts";
import { basic, htpasswdFile } from "./htpasswd-file.ts";
import { openRegistry } from "./registry-client.ts";

const LINE: AnswerLine = {
  at: Date.UTC(2025, 10, 21, 1, 2, 3, 4),
  client: "127.0.0.1",
  user: null,
  method: "GET",
  path: "/v2/a/blobs/x",
  status: 200,
  bytes: 10,
  ms: 1.6,
};

suite("access log", () => {
  test("formatAnswerLine() gives one line of eight words", () => {
    assert.equal(formatAnswerLine(LINE), "2025-11-21T01:02:03.004Z 127.0.0.1 - GET /v2/a/blobs/x 200 10 2");
    assert.equal(
      formatAnswerJson({ ...LINE, user: "ann" }),
      '{"requestedAt":"2025-11-21T01:02:03.004Z","client":"127.0.0.1","user":"ann","method":"GET","path":"/v2/a/blobs/x","status":200,"bytesSent":10,"durationMs":2}',
    );
  });

  const hostile = ["a\nb", "a b", "a\u001b[2Jb", "a\u202eb", "a\u0085b", 'a"b', "a\\b", "", "ä", "😀", "\u007f"];
  for (const text of hostile) {
    test(`formatAnswerLine() keeps ${JSON.stringify(text)} one visible word`, () => {
      const line = formatAnswerLine({ ...LINE, user: text, path: text, client: text });
      assert.match(line, /^[!-~]+(?: [!-~]+){7}$/);
      const json = formatAnswerJson({ ...LINE, user: text, path: text });
      assert.match(json, /^[ -~]+$/);
      const { user, path } = JSON.parse(json);
      assert.deepEqual([user, path], [text, text]);
    });
  }

  test("openAccessLog() appends to a file of its owner's", async (t) => {
    const path = join(tempDirectory(t), "access.log");
    for (const line of ["one", "two"]) {
      const log = await openAccessLog(path, assert.ifError);
      log.write(line);
      await log.close();
    }
    assert.equal(readFileSync(path, "utf8"), "one\ntwo\n");
    assert.equal(statSync(path).mode & 0o777, 0o600);
    await assert.rejects(openAccessLog("/nowhere/access.log", assert.ifError), (error) =>
      hasCode(error, "FILE_SYSTEM"),
    );
  });

  test("startRegistry() logs who requested what, and no secret", async (t) => {
    const access = await createAccess({
      htpasswd: htpasswdFile(t, { ann: "right" }).path,
      anonymousPull: false,
      onProblem: () => {},
    });
    const lines: AnswerLine[] = [];
    let told = Promise.withResolvers<void>();
    const onAnswer = (line: AnswerLine) => {
      lines.push(line);
      told.resolve();
    };
    const { ask } = await openRegistry(t, { access, onAnswer });
    for (const [path, password] of [
      ["/v2/?token=geheim", "right"],
      ["/v2/", "geheim"],
    ] as const) {
      told = Promise.withResolvers();
      await (await ask("GET", path, { headers: basic("ann", password) })).text();
      await told.promise;
    }
    assert.deepEqual(
      lines.map(({ client, user, method, path, status, bytes }) => [client, user, method, path, status, bytes > 0]),
      [
        ["127.0.0.1", "ann", "GET", "/v2/", 200, true],
        ["127.0.0.1", null, "GET", "/v2/", 401, true],
      ],
    );
    assert.ok(!JSON.stringify(lines).includes("geheim"));
    assert.ok(lines.every(({ ms, at }) => ms >= 0 && ms < 60_000 && Math.abs(Date.now() - at) < 60_000));
  });

  test("startRegistry() logs 499 for a client that left", async (t) => {
    const told = Promise.withResolvers<AnswerLine>();
    const { server } = await openRegistry(t, { onAnswer: told.resolve });
    const socket = connect(server.port, "127.0.0.1");
    socket.write("PUT /v2/a/manifests/x HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\nhalf", () =>
      socket.destroy(),
    );
    const { status, bytes } = await told.promise;
    assert.deepEqual([status, bytes], [499, 0]);
  });
});
