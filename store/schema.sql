-- An exhibit store: evidence of many runs in one file, kept once, provable.
--
-- Two halves. What is fixed for ever: contents, items, changes, coverage,
-- runs, verdicts, the log and its checkpoints. Rows are only ever added; the
-- triggers at the end refuse anything else, which guards against mistakes,
-- while the log and a checkpoint kept elsewhere guard against people.
-- What can always be recomputed: log_node, bucket, and every view (views.sql).
--
-- Every column is under a hash that the log covers, or is computed again by
-- 'exhibit verify' from what is. A test edits each of them.
--
-- Times are UTC ISO 8601 text. Digests are SHA-256, 32 bytes. The order of the
-- log is the order of time; a time is what a clock claimed.

PRAGMA application_id = 0x45584842; -- 'EXHB'
PRAGMA user_version = 2;

-- Bytes, once, by their digest: observations, provenance, coverage, verdicts
-- and the text of checks. body is the exact text that was hashed; it is NULL
-- only after retention has dropped it and left a tombstone.
CREATE TABLE content (
	id INTEGER PRIMARY KEY,
	sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
	size INTEGER NOT NULL, -- bytes
	body ANY
) STRICT;

CREATE TABLE tombstone (
	content INTEGER PRIMARY KEY REFERENCES content,
	record INTEGER NOT NULL REFERENCES log -- the leaf that says why
) STRICT;

-- Kinds, scopes and keys, each text once.
CREATE TABLE name (
	id INTEGER PRIMARY KEY,
	text TEXT NOT NULL UNIQUE
) STRICT;

-- What observations are about: the view subject has the texts. The name that is
-- hashed is SHA-256 of the canonical JSON array ["kind","scope","key"]; its
-- first 12 bits choose the bucket of the state tree.
CREATE TABLE item (
	id INTEGER PRIMARY KEY,
	kind INTEGER NOT NULL REFERENCES name,
	scope INTEGER NOT NULL REFERENCES name,
	key INTEGER NOT NULL REFERENCES name,
	bucket INTEGER NOT NULL CHECK (bucket BETWEEN 0 AND 4095),
	UNIQUE (kind, scope, key)
) STRICT;
CREATE INDEX item_by_key ON item (key);
CREATE INDEX item_by_bucket ON item (bucket);

-- An attempt to collect. One without a row in ended was interrupted, or is
-- still under way; nothing it collected is in the store.
CREATE TABLE attempt (
	id INTEGER PRIMARY KEY,
	began TEXT NOT NULL,
	origin TEXT NOT NULL,	-- which store collected it
	operator TEXT NOT NULL, -- who asked
	exhibit TEXT NOT NULL,	-- version and build
	module TEXT NOT NULL,	-- cryptographic module that hashed
	plan TEXT NOT NULL,	-- canonical JSON: what was asked
	record INTEGER NOT NULL UNIQUE REFERENCES log
) STRICT;

-- A run that ended, numbered in the order of ending: state as of run R is
-- every change up to R.
CREATE TABLE ended (
	run INTEGER PRIMARY KEY,
	attempt INTEGER NOT NULL UNIQUE REFERENCES attempt,
	ended TEXT NOT NULL, -- the log's time of its record: see log.at
	state TEXT NOT NULL CHECK (state IN ('complete', 'partial', 'failed')),
	state_root BLOB NOT NULL CHECK (length(state_root) = 32),
	record INTEGER NOT NULL UNIQUE REFERENCES log,
	-- the first of the runs that asked the same, by origin and plan
	series INTEGER NOT NULL REFERENCES ended
		DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX ended_by_series ON ended (series);

-- The state of a subject from this run on: its content, or NULL: gone.
CREATE TABLE change (
	subject INTEGER NOT NULL REFERENCES item,
	run INTEGER NOT NULL REFERENCES ended DEFERRABLE INITIALLY DEFERRED,
	content INTEGER REFERENCES content,
	provenance INTEGER REFERENCES content,
	PRIMARY KEY (subject, run)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_by_run ON change (run, subject);

-- Where a collector asks.
CREATE TABLE place (
	id INTEGER PRIMARY KEY,
	scope TEXT NOT NULL,
	collector TEXT NOT NULL,
	UNIQUE (scope, collector)
) STRICT;

-- How completely it answered in the runs of a series, from this run on: the
-- content is canonical JSON with calls, collector, denied, gaps, kinds, outcome,
-- reason, scope, subjects; NULL: it was not asked. The view answer has a row for
-- every run.
CREATE TABLE answer_change (
	series INTEGER NOT NULL REFERENCES ended DEFERRABLE INITIALLY DEFERRED,
	place INTEGER NOT NULL REFERENCES place,
	run INTEGER NOT NULL REFERENCES ended DEFERRABLE INITIALLY DEFERRED,
	content INTEGER REFERENCES content,
	PRIMARY KEY (place, series, run)
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_change_by_series ON answer_change (series, run);

-- Whether the runs of a series saw it unchanged where the answer was not
-- complete, from this run on (a complete answer says so of all its subjects at
-- once). The view sighting has a row for every run.
CREATE TABLE sighting_change (
	series INTEGER NOT NULL REFERENCES ended DEFERRABLE INITIALLY DEFERRED,
	subject INTEGER NOT NULL REFERENCES item,
	run INTEGER NOT NULL REFERENCES ended DEFERRABLE INITIALLY DEFERRED,
	seen INTEGER NOT NULL CHECK (seen IN (0, 1)),
	PRIMARY KEY (subject, series, run)
) STRICT, WITHOUT ROWID;
CREATE INDEX sighting_change_by_series ON sighting_change (series, run);

-- RFC 6962 log: body is the exact canonical JSON hashed, seq its leaf index. at
-- is the latest time that this record or one before it claims; what is at or
-- before a date is therefore the longest beginning of the log that is.
CREATE TABLE log (
	seq INTEGER PRIMARY KEY,
	type TEXT NOT NULL,
	at TEXT NOT NULL,
	body TEXT NOT NULL,
	leaf BLOB NOT NULL CHECK (length(leaf) = 32) -- SHA-256(0x00 || body)
) STRICT;

-- Complete subtrees of the log above its leaves; a cache.
CREATE TABLE log_node (
	level INTEGER NOT NULL,
	idx INTEGER NOT NULL,
	hash BLOB NOT NULL CHECK (length(hash) = 32),
	PRIMARY KEY (level, idx)
) STRICT, WITHOUT ROWID;

-- Leaf hashes of the state tree as of the newest run, but of empty buckets; a
-- cache.
CREATE TABLE bucket (
	bucket INTEGER PRIMARY KEY CHECK (bucket BETWEEN 0 AND 4095),
	hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- C2SP checkpoint of the log: origin, size, base64 root; detached CMS over the
-- note's exact bytes; RFC 3161 token. The next record of the log holds a hash of
-- all this.
CREATE TABLE checkpoint (
	id INTEGER PRIMARY KEY,
	made TEXT NOT NULL,
	size INTEGER NOT NULL,
	root BLOB NOT NULL CHECK (length(root) = 32),
	note TEXT NOT NULL,
	cms BLOB,
	tst BLOB
) STRICT;

-- One judging of the state as of a run, at a time, under a profile. The log
-- record holds the digests of every check and catalogue used.
CREATE TABLE judgement (
	id INTEGER PRIMARY KEY,
	made TEXT NOT NULL,  -- when it was judged
	as_of TEXT NOT NULL, -- the time it was judged for
	run INTEGER NOT NULL REFERENCES ended,
	profile TEXT NOT NULL,
	record INTEGER NOT NULL UNIQUE REFERENCES log
) STRICT;

CREATE TABLE rule (
	id INTEGER PRIMARY KEY,
	profile TEXT NOT NULL,
	check_id TEXT NOT NULL,
	UNIQUE (profile, check_id)
) STRICT;

-- The verdict of a rule on a subject from this judgement of its profile on:
-- canonical JSON with reason and verdict, or NULL: no longer judged.
CREATE TABLE opinion (
	rule INTEGER NOT NULL REFERENCES rule,
	subject INTEGER NOT NULL REFERENCES item,
	judgement INTEGER NOT NULL REFERENCES judgement
		DEFERRABLE INITIALLY DEFERRED,
	content INTEGER REFERENCES content,
	PRIMARY KEY (rule, subject, judgement)
) STRICT, WITHOUT ROWID;
CREATE INDEX opinion_by_judgement ON opinion (judgement, rule, subject);

-- ------------------------------------------------------------- triggers ----
-- Append only. INSERT OR REPLACE deletes without asking a delete trigger, so
-- an insert over an existing key is refused as well.

CREATE TRIGGER content_keep_update BEFORE UPDATE ON content
WHEN NEW.id <> OLD.id OR NEW.sha256 <> OLD.sha256 OR NEW.size <> OLD.size
  OR NOT (
	(NEW.body IS NULL AND EXISTS
		(SELECT 1 FROM tombstone WHERE content = OLD.id))
	OR (OLD.body IS NULL AND NEW.body IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'content is append-only'); END;
CREATE TRIGGER content_keep_delete BEFORE DELETE ON content
BEGIN SELECT RAISE(ABORT, 'content is append-only'); END;
CREATE TRIGGER content_keep_insert BEFORE INSERT ON content
WHEN EXISTS (SELECT 1 FROM content WHERE id = NEW.id OR sha256 = NEW.sha256)
BEGIN SELECT RAISE(ABORT, 'content is append-only'); END;

CREATE TRIGGER tombstone_keep_update BEFORE UPDATE ON tombstone
BEGIN SELECT RAISE(ABORT, 'tombstone is append-only'); END;
CREATE TRIGGER tombstone_keep_delete BEFORE DELETE ON tombstone
BEGIN SELECT RAISE(ABORT, 'tombstone is append-only'); END;
CREATE TRIGGER tombstone_keep_insert BEFORE INSERT ON tombstone
WHEN EXISTS (SELECT 1 FROM tombstone WHERE content = NEW.content)
BEGIN SELECT RAISE(ABORT, 'tombstone is append-only'); END;

CREATE TRIGGER name_keep_update BEFORE UPDATE ON name
BEGIN SELECT RAISE(ABORT, 'name is append-only'); END;
CREATE TRIGGER name_keep_delete BEFORE DELETE ON name
BEGIN SELECT RAISE(ABORT, 'name is append-only'); END;
CREATE TRIGGER name_keep_insert BEFORE INSERT ON name
WHEN EXISTS (SELECT 1 FROM name WHERE id = NEW.id OR text = NEW.text)
BEGIN SELECT RAISE(ABORT, 'name is append-only'); END;

CREATE TRIGGER item_keep_update BEFORE UPDATE ON item
BEGIN SELECT RAISE(ABORT, 'item is append-only'); END;
CREATE TRIGGER item_keep_delete BEFORE DELETE ON item
BEGIN SELECT RAISE(ABORT, 'item is append-only'); END;
CREATE TRIGGER item_keep_insert BEFORE INSERT ON item
WHEN EXISTS (SELECT 1 FROM item WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM item
	WHERE kind = NEW.kind AND scope = NEW.scope AND key = NEW.key)
BEGIN SELECT RAISE(ABORT, 'item is append-only'); END;

CREATE TRIGGER attempt_keep_update BEFORE UPDATE ON attempt
BEGIN SELECT RAISE(ABORT, 'attempt is append-only'); END;
CREATE TRIGGER attempt_keep_delete BEFORE DELETE ON attempt
BEGIN SELECT RAISE(ABORT, 'attempt is append-only'); END;
CREATE TRIGGER attempt_keep_insert BEFORE INSERT ON attempt
WHEN EXISTS (SELECT 1 FROM attempt WHERE id = NEW.id OR record = NEW.record)
BEGIN SELECT RAISE(ABORT, 'attempt is append-only'); END;

CREATE TRIGGER ended_keep_update BEFORE UPDATE ON ended
BEGIN SELECT RAISE(ABORT, 'ended is append-only'); END;
CREATE TRIGGER ended_keep_delete BEFORE DELETE ON ended
BEGIN SELECT RAISE(ABORT, 'ended is append-only'); END;
CREATE TRIGGER ended_keep_insert BEFORE INSERT ON ended
WHEN NEW.run <> (SELECT coalesce(max(run), 0) + 1 FROM ended)
  OR EXISTS (SELECT 1 FROM ended
	WHERE attempt = NEW.attempt OR record = NEW.record)
BEGIN SELECT RAISE(ABORT, 'ended is append-only'); END;

CREATE TRIGGER change_keep_update BEFORE UPDATE ON change
BEGIN SELECT RAISE(ABORT, 'change is append-only'); END;
CREATE TRIGGER change_keep_delete BEFORE DELETE ON change
BEGIN SELECT RAISE(ABORT, 'change is append-only'); END;
CREATE TRIGGER change_keep_insert BEFORE INSERT ON change
WHEN NEW.run <= (SELECT max(run) FROM ended)
BEGIN SELECT RAISE(ABORT, 'change is append-only'); END;

CREATE TRIGGER place_keep_update BEFORE UPDATE ON place
BEGIN SELECT RAISE(ABORT, 'place is append-only'); END;
CREATE TRIGGER place_keep_delete BEFORE DELETE ON place
BEGIN SELECT RAISE(ABORT, 'place is append-only'); END;
CREATE TRIGGER place_keep_insert BEFORE INSERT ON place
WHEN EXISTS (SELECT 1 FROM place WHERE id = NEW.id
	OR (scope = NEW.scope AND collector = NEW.collector))
BEGIN SELECT RAISE(ABORT, 'place is append-only'); END;

CREATE TRIGGER answer_change_keep_update BEFORE UPDATE ON answer_change
BEGIN SELECT RAISE(ABORT, 'answer_change is append-only'); END;
CREATE TRIGGER answer_change_keep_delete BEFORE DELETE ON answer_change
BEGIN SELECT RAISE(ABORT, 'answer_change is append-only'); END;
CREATE TRIGGER answer_change_keep_insert BEFORE INSERT ON answer_change
WHEN NEW.run <= (SELECT max(run) FROM ended)
BEGIN SELECT RAISE(ABORT, 'answer_change is append-only'); END;

CREATE TRIGGER sighting_change_keep_update BEFORE UPDATE ON sighting_change
BEGIN SELECT RAISE(ABORT, 'sighting_change is append-only'); END;
CREATE TRIGGER sighting_change_keep_delete BEFORE DELETE ON sighting_change
BEGIN SELECT RAISE(ABORT, 'sighting_change is append-only'); END;
CREATE TRIGGER sighting_change_keep_insert BEFORE INSERT ON sighting_change
WHEN NEW.run <= (SELECT max(run) FROM ended)
BEGIN SELECT RAISE(ABORT, 'sighting_change is append-only'); END;

CREATE TRIGGER log_keep_update BEFORE UPDATE ON log
BEGIN SELECT RAISE(ABORT, 'log is append-only'); END;
CREATE TRIGGER log_keep_delete BEFORE DELETE ON log
BEGIN SELECT RAISE(ABORT, 'log is append-only'); END;
CREATE TRIGGER log_keep_insert BEFORE INSERT ON log
WHEN NEW.seq <> (SELECT coalesce(max(seq) + 1, 0) FROM log)
BEGIN SELECT RAISE(ABORT, 'log is append-only'); END;

CREATE TRIGGER checkpoint_keep_update BEFORE UPDATE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'checkpoint is append-only'); END;
CREATE TRIGGER checkpoint_keep_delete BEFORE DELETE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'checkpoint is append-only'); END;
CREATE TRIGGER checkpoint_keep_insert BEFORE INSERT ON checkpoint
WHEN EXISTS (SELECT 1 FROM checkpoint WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'checkpoint is append-only'); END;

CREATE TRIGGER judgement_keep_update BEFORE UPDATE ON judgement
BEGIN SELECT RAISE(ABORT, 'judgement is append-only'); END;
CREATE TRIGGER judgement_keep_delete BEFORE DELETE ON judgement
BEGIN SELECT RAISE(ABORT, 'judgement is append-only'); END;
CREATE TRIGGER judgement_keep_insert BEFORE INSERT ON judgement
WHEN NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM judgement)
  OR EXISTS (SELECT 1 FROM judgement WHERE record = NEW.record)
BEGIN SELECT RAISE(ABORT, 'judgement is append-only'); END;

CREATE TRIGGER rule_keep_update BEFORE UPDATE ON rule
BEGIN SELECT RAISE(ABORT, 'rule is append-only'); END;
CREATE TRIGGER rule_keep_delete BEFORE DELETE ON rule
BEGIN SELECT RAISE(ABORT, 'rule is append-only'); END;
CREATE TRIGGER rule_keep_insert BEFORE INSERT ON rule
WHEN EXISTS (SELECT 1 FROM rule WHERE id = NEW.id
	OR (profile = NEW.profile AND check_id = NEW.check_id))
BEGIN SELECT RAISE(ABORT, 'rule is append-only'); END;

CREATE TRIGGER opinion_keep_update BEFORE UPDATE ON opinion
BEGIN SELECT RAISE(ABORT, 'opinion is append-only'); END;
CREATE TRIGGER opinion_keep_delete BEFORE DELETE ON opinion
BEGIN SELECT RAISE(ABORT, 'opinion is append-only'); END;
CREATE TRIGGER opinion_keep_insert BEFORE INSERT ON opinion
WHEN NEW.judgement <= (SELECT max(id) FROM judgement)
BEGIN SELECT RAISE(ABORT, 'opinion is append-only'); END;
