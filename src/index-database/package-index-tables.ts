import { ELEMENT_TABLE } from "./element-records.ts";
import { BLOCK_TABLE } from "./entry-blocks.ts";
import { createPostingTable, POSTING_TABLES } from "./posting-pages.ts";
import { RANKING_TABLE } from "./ranking-pages.ts";

/**
 * A `position` is an entry's place in the order of popularity, so that the first numbers of a list are the best. The newest
 * versions of all packages come before all older versions: searches stop after the last of the newest. `names` has every
 * name in lower case, with positions and kinds (see nameNumber). `words` has the words of the newest versions, as `searchWords` makes them, with
 * positions. `elsewhere` has every name, of any kind, that some package has on another platform, with the platform (see elsewhereNumber).
 */
export const INDEX_TABLES = [
  "CREATE TABLE meta (json TEXT NOT NULL);",
  "CREATE TABLE newest (count INTEGER NOT NULL);",
  BLOCK_TABLE,
  RANKING_TABLE,
  ELEMENT_TABLE,
  ...POSTING_TABLES.map(createPostingTable),
].join("\n");
