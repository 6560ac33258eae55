/** Each migrates the tables from the version that is its index here (`user_version`) to the next. Never change one: add one. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE installations (
    name TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    repository TEXT,
    package_id TEXT NOT NULL,
    family TEXT NOT NULL,
    type TEXT NOT NULL,
    reference TEXT NOT NULL,
    manifest_digest TEXT,
    program_digest TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    directory TEXT NOT NULL UNIQUE,
    checks TEXT NOT NULL,
    skipped TEXT NOT NULL,
    signed_by TEXT,
    installed_at TEXT NOT NULL,
    requested TEXT NOT NULL,
    expected_sha256 TEXT,
    expected_blake3 TEXT,
    expected_size_bytes INTEGER
  ) STRICT;

  CREATE TABLE files (
    installation TEXT NOT NULL REFERENCES installations (name) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    path TEXT NOT NULL,
    digest TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    mode INTEGER NOT NULL,
    blake3 TEXT,
    PRIMARY KEY (installation, path)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE links (
    path TEXT PRIMARY KEY,
    installation TEXT NOT NULL REFERENCES installations (name) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    target TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX links_by_installation ON links (installation);

  -- One row a document; title is that of the signed file, empty for what belongs to the whole package.
  CREATE TABLE evidence (
    installation TEXT NOT NULL REFERENCES installations (name) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('manifest', 'checksum', 'checksum-signature', 'signature')),
    title TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (installation, kind, title)
  ) STRICT;

  -- What was begun on disk and not yet ended: the document is written before the first change and says how to undo it.
  CREATE TABLE intents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL CHECK (state IN ('open', 'undo', 'cleanup')),
    document TEXT NOT NULL,
    cleanup TEXT NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE installations ADD COLUMN provenance TEXT;

  -- What is known of a repository's index: who may sign it, and the newest that was seen. Serials never go back.
  CREATE TABLE repository_trust (
    name TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    -- What the index calls itself.
    repository TEXT NOT NULL,
    serial INTEGER NOT NULL,
    -- Of the index document of that serial: there is only one.
    digest TEXT NOT NULL,
    issued_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    -- A JSON object: version, threshold, keys.
    key_set TEXT NOT NULL,
    -- The keys in the config file when it was pinned, a JSON array; empty: pinned on first use.
    given_keys TEXT NOT NULL,
    pinned_at TEXT NOT NULL
  ) STRICT;
  `,
  `
  ALTER TABLE installations ADD COLUMN publisher_key TEXT;
  `,
  `
  -- The repository that the publisher signed it for.
  ALTER TABLE installations ADD COLUMN signed_as TEXT;

  -- Kept with the signatures: the signed facts, PROGRAM.json.
  CREATE TABLE evidence_with_entry (
    installation TEXT NOT NULL REFERENCES installations (name) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('manifest', 'checksum', 'checksum-signature', 'signature', 'entry')),
    title TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (installation, kind, title)
  ) STRICT;
  INSERT INTO evidence_with_entry SELECT installation, kind, title, content FROM evidence;
  DROP TABLE evidence;
  ALTER TABLE evidence_with_entry RENAME TO evidence;
  `,
  `
  -- Whose the packages of a repository are. A name in the config may be given to another repository: then it has another row.
  CREATE TABLE repository_owners (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Its name in the config, or the last one it had.
    name TEXT NOT NULL,
    -- Where its index is; NULL: not known, as an older program used it.
    url TEXT,
    -- What its index calls itself; NULL: its form does not say.
    identity TEXT,
    -- Whose signatures it has, a JSON object: version (0 for an older form), threshold, keys; NULL: it is not signed.
    key_set TEXT,
    -- Of an older form: the newest time that enough of its signatures stated; NULL: none did.
    signed_at TEXT,
    -- NULL: it is in use.
    removed_at TEXT
  ) STRICT;
  CREATE UNIQUE INDEX repository_owners_in_use ON repository_owners (name) WHERE removed_at IS NULL;

  -- NULL for a direct reference. Not a foreign key, since an interrupted change may be finished after its owner is gone.
  ALTER TABLE installations ADD COLUMN owner INTEGER;
  `,
  `
  -- Directories of packages that were removed or replaced, kept for what else is in them. What is neither here nor in
  -- installations was left when the database was lost.
  CREATE TABLE leftovers (
    directory TEXT PRIMARY KEY,
    -- What the package was installed as.
    name TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- Links that another package has taken over, the last one taken last: they come back when that one gives them up.
  CREATE TABLE taken_links (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL,
    installation TEXT NOT NULL REFERENCES installations (name) ON DELETE CASCADE,
    target TEXT NOT NULL,
    UNIQUE (path, installation)
  ) STRICT;

  -- What was in the way of a link, and was moved aside: it comes back when the link goes.
  CREATE TABLE saved_files (
    -- The name that it has now in the bin directory.
    saved TEXT PRIMARY KEY,
    -- The name that it had.
    path TEXT NOT NULL,
    -- What it was: kind, size, time, or the text of a link.
    stamp TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- A list of names, as JSON.
  ALTER TABLE installations ADD COLUMN dependencies TEXT NOT NULL DEFAULT '[]';
  -- 1 where nobody asked for it.
  ALTER TABLE installations ADD COLUMN is_dependency INTEGER NOT NULL DEFAULT 0;
  -- An object, as JSON; null for everything but bottles.
  ALTER TABLE installations ADD COLUMN keg TEXT;
  `,
  `
  -- 'copy' for a file that a person may edit.
  ALTER TABLE links ADD COLUMN kind TEXT NOT NULL DEFAULT 'link' CHECK (kind IN ('link', 'copy'));
  ALTER TABLE taken_links ADD COLUMN kind TEXT NOT NULL DEFAULT 'link' CHECK (kind IN ('link', 'copy'));
  `,
  `
  -- What was taken from a container image, and what that says about itself: a JSON object.
  ALTER TABLE installations ADD COLUMN image TEXT;
  `,
  `
  -- What was accepted as the formulae at an address: what has been replaced is not taken again.
  CREATE TABLE formula_marks (
    address TEXT NOT NULL,
    -- A commit, or the digest of the document where it names none.
    mark TEXT NOT NULL,
    -- When it was first seen.
    seen_at TEXT NOT NULL,
    -- How many formulae there were.
    formulae INTEGER NOT NULL,
    -- 1 once another one took its place.
    is_replaced INTEGER NOT NULL,
    PRIMARY KEY (address, mark)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Directories in the data directory that were made for links, and go with the last of them: \`@data/man/man1\`.
  CREATE TABLE made_directories (place TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  `,
  `
  -- Null: as the name says.
  ALTER TABLE installations ADD COLUMN package_name TEXT;
  -- Null: the newest. Empty: what \`requested\` says, in what an older program recorded.
  ALTER TABLE installations ADD COLUMN wish TEXT DEFAULT '';
  ALTER TABLE installations ADD COLUMN is_pinned INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE installations ADD COLUMN unlinked TEXT NOT NULL DEFAULT '[]';
  `,
  `
  -- What editions of one package share, such as the list of their files: a JSON object, each stored once.
  CREATE TABLE edition_contents (
    id INTEGER PRIMARY KEY,
    -- SHA-256 of the document, lower-case hex.
    hash TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
  ) STRICT;

  -- Installations as they were recorded, each stored once.
  CREATE TABLE editions (
    id INTEGER PRIMARY KEY,
    -- SHA-256 of both documents, lower-case hex.
    hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    -- A row of repository_owners.
    owner INTEGER,
    document TEXT NOT NULL,
    contents INTEGER NOT NULL REFERENCES edition_contents (id),
    -- When it was last replaced or removed; NULL: it never was.
    left_at TEXT
  ) STRICT;
  CREATE INDEX editions_by_name ON editions (name);

  -- What the profile has been: the state of each is the one of today without what was changed after it.
  CREATE TABLE generations (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    made_at TEXT NOT NULL,
    -- As it was typed, without secrets.
    command TEXT NOT NULL,
    -- One for each run of the program: what one run changes is one generation.
    run TEXT NOT NULL,
    -- The generation whose state an undo has brought back; NULL: it is no undo.
    state_of INTEGER,
    -- Places at which what had been moved aside came back: a JSON array.
    returned TEXT NOT NULL
  ) STRICT;

  CREATE TABLE generation_changes (
    generation INTEGER NOT NULL REFERENCES generations (number) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- NULL: it was not installed.
    before INTEGER REFERENCES editions (id),
    after INTEGER REFERENCES editions (id),
    PRIMARY KEY (generation, name)
  ) STRICT, WITHOUT ROWID;
  `,
];
