import { type Server, STATUS_CODES } from "node:http";
import { Socket } from "node:net";
import { systemCode } from "../errors.ts";
import { ANSWER_HEADER_LINES } from "./answer-headers.ts";
import type { Connections } from "./connections.ts";

/** The statuses that Node itself gives to what it cannot read; all else is 400. */
const STATUS_OF: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/**
 * Answers what is no request of HTTP, or none in time, as Node would, but with the headers that every answer has.
 *
 * @see node:http, event "clientError"
 */
export function answerBrokenHeads(server: Server, connections: Connections): void {
  server.on("clientError", (error, socket) => {
    const code = systemCode(error) ?? "";
    // It would be read as a part of an answer that is still being sent.
    const mayAnswer = socket.writable && socket instanceof Socket && !connections.isAnswering(socket);
    if (mayAnswer && code !== "ECONNRESET") socket.write(headOf(STATUS_OF[code] ?? 400), () => socket.destroy());
    else socket.destroy();
  });
}

function headOf(status: number): string {
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...ANSWER_HEADER_LINES, "content-length: 0"];
  return [...head, "connection: close", "", ""].join("\r\n");
}
