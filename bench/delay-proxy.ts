import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A server far away: what is sent to it, and what it answers, takes time. */
export interface DelayProxy {
  /** Of the same server, through the proxy. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Stands before a server on loopback as a network of so many milliseconds from one end to the other and back would: a
 * connection is made after one round trip, and every byte is half of one on its way. Its bandwidth is that of loopback.
 */
export async function startDelayProxy(target: string, roundTripMs: number): Promise<DelayProxy> {
  const { hostname, port, pathname } = new URL(target);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    const opened = performance.now() + roundTripMs;
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      const later = (work: () => void) => {
        setTimeout(work, Math.max(0, opened - performance.now()) + roundTripMs / 2);
      };
      sockets.add(from);
      from.setNoDelay(true).on("error", () => to.destroy());
      from.on("data", (bytes) => later(() => to.write(bytes)));
      from.on("end", () => later(() => to.end()));
      from.on("close", () => sockets.delete(from));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return {
    url: `http://127.0.0.1:${address.port}${pathname === "/" ? "" : pathname}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
