import type { Database } from "../state/open-sqlite.ts";
import { gatherColumns } from "./gather-columns.ts";
import { type IndexDraft, oldPosition } from "./index-draft.ts";
import { elsewhereNumber, MAX_HOSTS, nameNumber, nameOf } from "./package-index-schema.ts";
import { GONE, type KeptPostings } from "./posting-builder.ts";
import { createPageWriter, type Postings } from "./posting-pages.ts";
import { rankEntries } from "./rank-entries.ts";
import { writeRanking } from "./ranking-pages.ts";

/** Where each entry is in the new index. */
interface Positions {
  /** Entries by their place in the document, in the order of their positions. */
  readonly order: Uint32Array;
  /** By old position: the new one, or GONE. */
  readonly ofOld: Uint32Array;
  /** By the index of a new entry. */
  readonly ofNew: Uint32Array;
}

/** Writes all that depends on the order of a draft's entries. */
export function writeDraft(database: Database, draft: IndexDraft): void {
  const { sources, inPlace, added } = draft;
  const columns = gatherColumns(draft);
  const { order, newest } = rankEntries(draft, columns);
  const positions = {
    order,
    ofOld: new Uint32Array(inPlace?.ranked.names.length ?? 0).fill(GONE),
    ofNew: new Uint32Array(added.entries.names.length),
  };
  order.forEach((index, position) => {
    const source = sources[index] ?? 0;
    if (source >= 0) positions.ofNew[source] = position;
    else positions.ofOld[oldPosition(source)] = position;
  });
  writeRanking(database, columns, order);
  writeRecords(database, draft, positions);
  writePostings(database, draft, positions);
  database.prepare("INSERT INTO newest (count) VALUES (?)").run(newest);
}

function writeRecords(database: Database, { records, sources, added }: IndexDraft, { ofOld, ofNew }: Positions): void {
  let entry = 0;
  for (let index = 0; index < records.count; index++) {
    if (!records.isHere(index)) continue;
    const source = sources[entry++] ?? 0;
    records.renumber(index, (source >= 0 ? ofNew[source] : ofOld[oldPosition(source)]) ?? 0);
  }
  database
    .prepare("INSERT INTO elements (hosts, records) VALUES (?, ?)")
    .run(JSON.stringify(added.hosts), records.bytes);
}

function writePostings(database: Database, draft: IndexDraft, { order, ofOld, ofNew }: Positions): void {
  const { sources, inPlace, added, addedElsewhere, elsewhereNumbers, keptElsewhere } = draft;
  const { elsewhereHosts } = added;
  const newInOrder = order.map((index) => sources[index] ?? 0).filter((_, at) => (sources[order[at] ?? 0] ?? 0) >= 0);
  added.names.write(createPageWriter(database, "names"), {
    order: newInOrder,
    numbers: ofNew.map((position) => nameNumber(position, 0)),
    kept: keptPostings(inPlace?.names, (number) => {
      const { position, kind } = nameOf(number);
      const moved = ofOld[position] ?? GONE;
      return moved === GONE ? GONE : nameNumber(moved, kind);
    }),
  });
  added.words.write(createPageWriter(database, "words"), {
    order: newInOrder,
    numbers: ofNew,
    kept: keptPostings(inPlace?.words, (position) => ofOld[position] ?? GONE),
  });
  added.elsewhere.write(createPageWriter(database, "elsewhere"), {
    order: Uint32Array.from(addedElsewhere).filter((index) => (elsewhereHosts[index] ?? 0) < MAX_HOSTS),
    numbers: Uint32Array.from(elsewhereHosts, (host, index) => elsewhereNumber(elsewhereNumbers[index] ?? 0, host)),
    kept: keptPostings(inPlace?.elsewhere, (number) => {
      const moved = keptElsewhere[Math.floor(number / MAX_HOSTS)] ?? GONE;
      return moved === GONE ? GONE : elsewhereNumber(moved, number % MAX_HOSTS);
    }),
  });
}

function keptPostings(postings: Postings | undefined, renumber: KeptPostings["renumber"]): KeptPostings | null {
  return postings === undefined ? null : { each: postings.each, renumber };
}
