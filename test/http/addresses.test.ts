import assert from "node:assert/strict";
import { test } from "node:test";
import { type AddressKind, addressKind, isLoopbackHost, literalAddress, reaches } from "../../src/http/addresses.ts";

const kinds: Readonly<Record<AddressKind, readonly string[]>> = {
  public: [
    "8.8.8.8",
    "140.82.112.33",
    "172.15.255.255",
    "172.32.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "169.253.255.255",
    "198.18.0.1",
    "223.255.255.255",
    "2606:50c0:8000::153",
    "2a00:1450:4001::1",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
  ],
  private: [
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.192",
    "fd00:ec2::254",
    "fc00::1",
    "fec0::1",
    "::ffff:10.0.0.1",
    "64:ff9b::10.0.0.1",
    "2002:a00:1::",
  ],
  loopback: ["127.0.0.1", "127.255.255.254", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::ffff:7f00:1"],
  forbidden: [
    "169.254.169.254",
    "169.254.0.0",
    "0.0.0.0",
    "0.1.2.3",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "febf::1",
    "ff02::1",
    "100::1",
    "2001:0:1::1",
    "::169.254.169.254",
    "::127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:a9fe:a9fe",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:a9fe:a9fe::",
    "",
    "localhost",
    "1.2.3",
  ],
};

for (const kind of ["public", "private", "loopback", "forbidden"] as const) {
  for (const address of kinds[kind]) {
    test(`addressKind() takes "${address}" for ${kind}`, () => assert.equal(addressKind(address), kind));
  }
}

test("reaches() goes outward only: public, then private, then loopback, never forbidden", () => {
  const allowed = (reach: "public" | "private" | "loopback") =>
    (["public", "private", "loopback", "forbidden"] as const).filter((kind) => reaches(reach, kind));
  assert.deepEqual(allowed("public"), ["public"]);
  assert.deepEqual(allowed("private"), ["public", "private"]);
  assert.deepEqual(allowed("loopback"), ["public", "private", "loopback"]);
});

const hosts: readonly (readonly [string, string | null, boolean])[] = [
  ["http://127.0.0.1:1/", "127.0.0.1", true],
  ["http://2130706433/", "127.0.0.1", true],
  ["http://0x7f.1/", "127.0.0.1", true],
  ["http://0177.0.0.1/", "127.0.0.1", true],
  ["http://[::1]:5000/", "::1", true],
  ["http://[::ffff:127.0.0.1]/", "::ffff:7f00:1", true],
  ["http://localhost/", null, true],
  ["http://LOCALHOST./", null, true],
  ["http://a.localhost/", null, true],
  ["http://notlocalhost/", null, false],
  ["http://localhost.example/", null, false],
  ["http://10.0.0.1/", "10.0.0.1", false],
];

for (const [url, address, loopback] of hosts) {
  test(`literalAddress() and isLoopbackHost() see through "${url}"`, () => {
    assert.equal(literalAddress(new URL(url)), address);
    assert.equal(isLoopbackHost(new URL(url)), loopback);
  });
}
