import assert from "node:assert/strict";
import { test } from "node:test";
import { scriptInterpreter } from "../../src/package/script-interpreter.ts";

const LINES: readonly (readonly [start: string, path: string | null, looksUp?: string])[] = [
  ["#!/bin/sh\necho", "/bin/sh"],
  ["#! \t/bin/sh -e\n", "/bin/sh"],
  ["#!/bin/sh\r\n", "/bin/sh\r"],
  ["#!/usr/bin/env python3\n", "/usr/bin/env", "python3"],
  ["#!/usr/bin/env -S A=1 deno run\n", "/usr/bin/env", "deno"],
  ["#!/usr/bin/env\n", "/usr/bin/env"],
  ["#!/usr/bin/python3\n\0PK\x03\x04", "/usr/bin/python3"],
  ["#!", null],
  ["#!  \n", null],
  ["#!\r\n", null],
  ["#!/", null],
  ["#! /usr/bin/ -e\n", null],
];

test("scriptInterpreter() reads the first line as the kernel does", () => {
  for (const [start, path, looksUp = null] of LINES) {
    assert.deepEqual(scriptInterpreter(Buffer.from(start)), path === null ? null : { path, looksUp }, start);
  }
});
