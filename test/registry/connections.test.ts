import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, Socket } from "node:net";
import { suite, type TestContext, test } from "node:test";
import { Connections } from "../../src/registry/connections.ts";
import { makeCertificate } from "../http/certificate.ts";
import { listen } from "../http/local-server.ts";
import { skipWithout } from "../support/docker-registry.ts";
import { openRegistry } from "./registry-client.ts";

const LIMITS = { maxConnections: 3, idleMs: 600_000, slowMs: 5_000, minBytesPerSecond: 1024 };

interface World {
  /** Opens a connection from this address of the loopback network; resolves once the server has it. */
  open(localAddress: string): Promise<Socket>;
  readonly server: Server;
  readonly connections: Connections;
  now: number;
}

async function openWorld(t: TestContext): Promise<World> {
  const server = createServer((request, response) => world.connections.watch(request, response));
  const clock = () => world.now;
  const world = { server, connections: new Connections(server, LIMITS, clock), now: 0, open };
  const { port } = await listen(t, server);
  async function open(localAddress: string): Promise<Socket> {
    const accepted = once(server, "connection");
    const socket = connect({ port, host: "127.0.0.1", localAddress });
    socket.on("error", () => {}).resume();
    t.after(() => void socket.destroy());
    await Promise.all([accepted, once(socket, "connect")]);
    return socket;
  }
  return world;
}

/** Waits until the connection is closed, if it is not yet. */
async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await once(socket, "close");
}

/** Waits until the server answers what is no request: it is still connected. */
async function isServed(socket: Socket): Promise<void> {
  const answered = once(socket, "data");
  socket.write("nonsense\r\n\r\n");
  await answered;
}

suite("Connections", () => {
  test("Connections closes the oldest of the network that has most", async (t) => {
    const world = await openWorld(t);
    const other = await world.open("127.0.0.2");
    const [first, second] = [await world.open("127.0.0.3"), await world.open("127.0.0.3")];
    const third = await world.open("127.0.0.3");
    await closed(first);
    const fourth = await world.open("127.0.0.4");
    await closed(second);
    for (const socket of [other, third, fourth]) await isServed(socket);
  });

  test("dropSlow() drops the oldest request that moved too little, of the network that makes most", async (t) => {
    const world = await openWorld(t);
    const send = async (address: string) => {
      const socket = await world.open(address);
      const arrived = once(world.server, "request");
      socket.write("PUT / HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n");
      const [request] = await arrived;
      request.resume();
      return { socket, request };
    };
    const other = await send("127.0.0.2");
    const first = await send("127.0.0.3");
    const second = await send("127.0.0.3");
    assert.equal(world.connections.dropSlow({ socket: new Socket() }), false);
    world.now = 5_000;
    first.socket.write(Buffer.alloc(6_000));
    for (let got = 0; got < 6_000; ) got += (await once(first.request, "data"))[0].length;
    assert.equal(world.connections.dropSlow({ socket: new Socket() }), true);
    await closed(second.socket);
    assert.equal(world.connections.dropSlow({ socket: new Socket() }), true);
    await closed(other.socket);
    assert.equal(world.connections.dropSlow({ socket: new Socket() }), false);
    world.now = 10_000;
    assert.equal(world.connections.dropSlow({ socket: new Socket() }), true);
    await closed(first.socket);
  });

  test("Connections counts TLS whose handshake never ends", { skip: skipWithout("openssl") }, async (t) => {
    const { server } = await openRegistry(t, { tls: makeCertificate(), limits: { maxRequests: 2 } });
    const silent: Socket[] = [];
    for (let count = 0; count < 20; count += 1) {
      const socket = connect(server.port, "127.0.0.1").on("error", () => {});
      t.after(() => void socket.destroy());
      await once(socket, "connect");
      silent.push(socket);
    }
    const { request } = await import("node:https");
    const sent = request(`${server.url}/v2/`, { rejectUnauthorized: false }).end();
    const [response] = await once(sent, "response");
    assert.equal(response.resume().statusCode, 200);
  });
});
