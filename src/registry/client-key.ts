import { networkOf } from "../http/addresses.ts";

/** Who is told apart where clients share what is limited: a user who has proved it, else the network of an address. */
export function clientKey(user: string | null, address: string): string {
  return user === null ? `address ${networkOf(address)}` : `user ${user}`;
}
