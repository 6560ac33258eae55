import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { test } from "node:test";
import { ed25519Problem, pointProblem } from "../../src/verify/ed25519.ts";

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = mod(-121665n * inverse(121666n));
const MESSAGE = Buffer.from("message");
const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const KEY = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
const SIGNATURE = sign(null, MESSAGE, privateKey);

type Point = readonly [x: bigint, y: bigint];

function mod(value: bigint, modulus = P): bigint {
  return ((value % modulus) + modulus) % modulus;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let [square, left] = [mod(base), exponent]; left > 0n; left >>= 1n) {
    if (left & 1n) result = mod(result * square);
    square = mod(square * square);
  }
  return result;
}

function inverse(value: bigint): bigint {
  return power(value, P - 2n);
}

/** The complete addition law of edwards25519 (RFC 8032, section 5.1.4, in affine form). */
function add([x1, y1]: Point, [x2, y2]: Point): Point {
  const product = mod(D * x1 * x2 * y1 * y2);
  return [mod((x1 * y2 + x2 * y1) * inverse(1n + product)), mod((y1 * y2 + x1 * x2) * inverse(1n - product))];
}

/** The point with this y and an even or odd x; null when there is none. */
function pointAt(y: bigint, odd: boolean): Point | null {
  const square = mod((y * y - 1n) * inverse(D * y * y + 1n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x) !== square) x = mod(x * power(2n, (P - 1n) / 4n));
  if (mod(x * x) !== square || (x === 0n && odd)) return null;
  return [(x & 1n) === (odd ? 1n : 0n) ? x : mod(-x), y];
}

function encode(value: bigint, bytes = 32): Buffer {
  return Buffer.from(value.toString(16).padStart(bytes * 2, "0"), "hex").reverse();
}

function decode(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
}

/** All points whose order divides 8, found as the multiples of one of order 8. */
function torsionPoints(): readonly Point[] {
  const identity: Point = [0n, 1n];
  for (let y = 2n; ; y++) {
    const start = pointAt(y, false);
    if (start === null) continue;
    const generator = multiply(start, L);
    const points = [identity];
    for (let point = generator; point[1] !== 1n; point = add(point, generator)) points.push(point);
    if (points.length === 8) return points;
  }
}

function multiply(point: Point, scalar: bigint): Point {
  let result: Point = [0n, 1n];
  for (let [double, left] = [point, scalar]; left > 0n; left >>= 1n) {
    if (left & 1n) result = add(result, double);
    double = add(double, double);
  }
  return result;
}

test("pointProblem() refuses each of the eight points of small order, in each spelling", () => {
  const points = torsionPoints();
  assert.equal(points.length, 8);
  for (const [x, y] of points) {
    for (const sign of [0n, 1n]) {
      assert.equal(pointProblem(encode(y | (sign << 255n))), "a point of small order", `x ${x}, y ${y}, sign ${sign}`);
    }
  }
});

test("pointProblem() refuses a y that is not below the prime", () => {
  for (let y = P; y < 2n ** 255n; y++) {
    assert.equal(pointProblem(encode(y)), "not in canonical form");
    assert.equal(pointProblem(encode(y | (1n << 255n))), "not in canonical form");
  }
});

test("pointProblem() accepts keys as they are made", () => {
  assert.equal(pointProblem(KEY), null);
  assert.equal(pointProblem(encode(P - 2n)), null);
});

test("ed25519Problem() accepts what Node signed and nothing near it", () => {
  assert.equal(ed25519Problem(KEY, MESSAGE, SIGNATURE), null);
  assert.equal(ed25519Problem(KEY, Buffer.from("massage"), SIGNATURE), "it does not verify");
  for (let index = 0; index < SIGNATURE.length; index++) {
    const damaged = Buffer.from(SIGNATURE);
    damaged.writeUInt8(damaged.readUInt8(index) ^ 1, index);
    assert.notEqual(ed25519Problem(KEY, MESSAGE, damaged), null, `byte ${index}`);
  }
});

test("ed25519Problem() refuses S from the group order on, and no S below it", () => {
  const r = SIGNATURE.subarray(0, 32);
  const withS = (s: bigint) => ed25519Problem(KEY, MESSAGE, Buffer.concat([r, encode(s)]));
  assert.equal(withS(L - 1n), "it does not verify");
  assert.equal(withS(0n), "it does not verify");
  for (const s of [L, L + 1n, decode(SIGNATURE.subarray(32)) + L, 2n ** 256n - 1n]) {
    assert.equal(withS(s), "its second half is not in canonical form");
  }
});

test("ed25519Problem() refuses an R of small order, although the equation holds", () => {
  const r = encode(1n);
  const s = mod(challenge(r) * secretScalar(privateKey), L);
  const problem = ed25519Problem(KEY, MESSAGE, Buffer.concat([r, encode(s)]));
  assert.equal(problem, "its first half is a point of small order");
});

test("ed25519Problem() refuses a key of small order, under which anyone can sign", () => {
  const problem = ed25519Problem(encode(1n), MESSAGE, SIGNATURE);
  assert.equal(problem, "no signature can be made with its key");
});

function challenge(r: Uint8Array): bigint {
  return mod(decode(createHash("sha512").update(r).update(KEY).update(MESSAGE).digest()), L);
}

/** RFC 8032, section 5.1.5, steps 1 and 2. */
function secretScalar(key: KeyObject): bigint {
  const seed = Buffer.from(key.export({ format: "jwk" }).d ?? "", "base64url");
  const half = decode(createHash("sha512").update(seed).digest().subarray(0, 32));
  return (half & ((1n << 254n) - 8n)) | (1n << 254n);
}
