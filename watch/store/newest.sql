CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE api_key (
	id VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	secret_hash VARCHAR NOT NULL,
	scopes JSON NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT,
	used_at BIGINT,
	revoked_at BIGINT,
	PRIMARY KEY (id)
);

CREATE TABLE board (
	id INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	"query" TEXT,
	public BOOLEAN NOT NULL,
	managed BOOLEAN NOT NULL,
	active BOOLEAN NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (name)
);

CREATE TABLE brand (
	id INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	role VARCHAR NOT NULL,
	"query" TEXT NOT NULL,
	managed BOOLEAN NOT NULL,
	active BOOLEAN NOT NULL,
	created_at BIGINT NOT NULL, words JSON DEFAULT '{}' NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (name)
);

CREATE TABLE channel (
	id INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	managed BOOLEAN NOT NULL,
	active BOOLEAN NOT NULL,
	flagged TEXT,
	PRIMARY KEY (id),
	UNIQUE (name)
);

CREATE TABLE digest_issue (
	id INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	day DATE NOT NULL,
	since BIGINT NOT NULL,
	until BIGINT NOT NULL,
	late BOOLEAN NOT NULL,
	content JSON NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (name, day)
);

CREATE TABLE digest_plan (
	id INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	managed BOOLEAN NOT NULL,
	active BOOLEAN NOT NULL,
	told_until BIGINT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (name)
);

CREATE TABLE goal (
	id INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	metric VARCHAR NOT NULL,
	brand VARCHAR,
	target VARCHAR NOT NULL,
	"by" DATE NOT NULL,
	managed BOOLEAN NOT NULL,
	active BOOLEAN NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (name)
);

CREATE TABLE heartbeat (
	stage VARCHAR NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (stage)
);

CREATE TABLE opt_out (
	id INTEGER NOT NULL,
	digest VARCHAR NOT NULL,
	recipient VARCHAR NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (digest, recipient)
);

CREATE TABLE person (
	id INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	password VARCHAR NOT NULL,
	role VARCHAR NOT NULL,
	disabled BOOLEAN NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (name)
);

CREATE TABLE setting (
	"key" VARCHAR NOT NULL,
	value VARCHAR NOT NULL,
	PRIMARY KEY ("key")
);

CREATE TABLE source (
	id INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	url TEXT,
	brands JSON NOT NULL,
	tags JSON NOT NULL,
	options JSON NOT NULL,
	lang VARCHAR,
	rights VARCHAR NOT NULL,
	every INTEGER NOT NULL,
	managed BOOLEAN NOT NULL,
	active BOOLEAN NOT NULL,
	enabled BOOLEAN NOT NULL,
	created_at BIGINT NOT NULL,
	next_poll_at BIGINT,
	not_before BIGINT,
	claimed_until BIGINT,
	claim VARCHAR,
	etag BLOB,
	last_modified BLOB,
	moved_to TEXT,
	moved_days INTEGER NOT NULL,
	moved_at BIGINT,
	failures INTEGER NOT NULL,
	first_success_at BIGINT,
	last_success_at BIGINT,
	last_poll_at BIGINT,
	last_new_at BIGINT,
	last_outcome VARCHAR,
	last_failure VARCHAR,
	last_message TEXT, page JSON,
	PRIMARY KEY (id),
	UNIQUE (name)
);

CREATE INDEX source_due ON source (active, enabled, next_poll_at);

CREATE TABLE story (
	id INTEGER NOT NULL,
	title TEXT NOT NULL,
	first_seen BIGINT NOT NULL,
	last_seen BIGINT NOT NULL,
	items INTEGER NOT NULL, signature BLOB,
	PRIMARY KEY (id)
);

CREATE TABLE topic (
	id INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	title JSON NOT NULL,
	department VARCHAR,
	"query" TEXT,
	managed BOOLEAN NOT NULL,
	active BOOLEAN NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (name)
);

CREATE TABLE alert_rule (
	id INTEGER NOT NULL,
	name VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	brand_id INTEGER,
	topic VARCHAR,
	department VARCHAR,
	source_tag VARCHAR,
	lang VARCHAR,
	keywords JSON NOT NULL,
	false_alarms FLOAT NOT NULL,
	minimum INTEGER NOT NULL,
	channels JSON NOT NULL,
	quiet VARCHAR,
	severity VARCHAR,
	managed BOOLEAN NOT NULL,
	active BOOLEAN NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(brand_id) REFERENCES brand (id),
	UNIQUE (name)
);

CREATE TABLE item (
	id INTEGER NOT NULL,
	"key" VARCHAR NOT NULL,
	source_id INTEGER NOT NULL,
	url TEXT,
	title TEXT NOT NULL,
	text TEXT NOT NULL,
	author TEXT,
	image TEXT,
	comments_url TEXT,
	tags JSON NOT NULL,
	engagement INTEGER,
	lang VARCHAR,
	published BIGINT NOT NULL,
	updated BIGINT,
	collected BIGINT NOT NULL,
	digest VARCHAR NOT NULL,
	backlog BOOLEAN NOT NULL,
	labels_version VARCHAR,
	attempts INTEGER NOT NULL,
	quarantined TEXT,
	story_id INTEGER,
	spam FLOAT,
	toxic FLOAT, first_page BOOLEAN DEFAULT 0 NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(source_id) REFERENCES source (id),
	FOREIGN KEY(story_id) REFERENCES story (id),
	UNIQUE ("key")
);

CREATE INDEX item_collected ON item (collected);

CREATE INDEX item_unlabelled ON item (labels_version, id);

CREATE INDEX ix_item_source_id ON item (source_id);

CREATE INDEX ix_item_story_id ON item (story_id);

CREATE TABLE poll (
	id INTEGER NOT NULL,
	source_id INTEGER NOT NULL,
	at BIGINT NOT NULL,
	outcome VARCHAR NOT NULL,
	http_status INTEGER,
	kind VARCHAR,
	message TEXT,
	entries INTEGER NOT NULL,
	new INTEGER NOT NULL,
	updated INTEGER NOT NULL,
	bytes INTEGER NOT NULL,
	seconds FLOAT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(source_id) REFERENCES source (id) ON DELETE CASCADE
);

CREATE INDEX poll_of_source ON poll (source_id, at);

CREATE TABLE sign_in (
	token_hash VARCHAR NOT NULL,
	person_id INTEGER NOT NULL,
	created_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	PRIMARY KEY (token_hash),
	FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE INDEX ix_sign_in_person_id ON sign_in (person_id);

CREATE TABLE tally (
	brand_id INTEGER NOT NULL,
	hour BIGINT NOT NULL,
	negative INTEGER NOT NULL,
	neutral INTEGER NOT NULL,
	positive INTEGER NOT NULL,
	negative_once INTEGER NOT NULL,
	neutral_once INTEGER NOT NULL,
	positive_once INTEGER NOT NULL,
	PRIMARY KEY (brand_id, hour),
	FOREIGN KEY(brand_id) REFERENCES brand (id)
);

CREATE TABLE board_item (
	board_id INTEGER NOT NULL,
	item_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	note TEXT,
	added_at BIGINT NOT NULL,
	PRIMARY KEY (board_id, item_id),
	FOREIGN KEY(board_id) REFERENCES board (id) ON DELETE CASCADE,
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE
);

CREATE TABLE incident (
	id INTEGER NOT NULL,
	rule_id INTEGER NOT NULL,
	brand_id INTEGER NOT NULL,
	state VARCHAR NOT NULL,
	severity VARCHAR NOT NULL,
	opened_at BIGINT NOT NULL,
	widened_at BIGINT,
	acknowledged_at BIGINT,
	acknowledged_by VARCHAR,
	calm_since BIGINT,
	resolved_at BIGINT,
	observed INTEGER NOT NULL,
	expected FLOAT NOT NULL,
	peak_score FLOAT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(brand_id) REFERENCES brand (id),
	FOREIGN KEY(rule_id) REFERENCES alert_rule (id)
);

CREATE INDEX incident_by_time ON incident (opened_at);

CREATE UNIQUE INDEX incident_open_once ON incident (rule_id, brand_id) WHERE state != 'resolved';

CREATE TABLE item_topic (
	item_id INTEGER NOT NULL,
	topic VARCHAR NOT NULL,
	score FLOAT NOT NULL,
	by_query BOOLEAN NOT NULL,
	PRIMARY KEY (item_id, topic),
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE
);

CREATE INDEX item_topic_by_name ON item_topic (topic, item_id);

CREATE TABLE mention (
	id INTEGER NOT NULL,
	item_id INTEGER NOT NULL,
	brand_id INTEGER NOT NULL,
	published BIGINT NOT NULL,
	collected BIGINT NOT NULL,
	heard_at BIGINT NOT NULL,
	counted BOOLEAN NOT NULL,
	reprint BOOLEAN NOT NULL,
	spam BOOLEAN NOT NULL,
	snippet TEXT NOT NULL,
	spans JSON NOT NULL,
	sentiment VARCHAR NOT NULL,
	confidence FLOAT NOT NULL,
	scores JSON NOT NULL,
	evidence JSON NOT NULL,
	corrected BOOLEAN NOT NULL,
	model_version VARCHAR NOT NULL,
	status VARCHAR NOT NULL,
	owner VARCHAR,
	note TEXT,
	tags JSON NOT NULL, sure BOOLEAN DEFAULT 1 NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(brand_id) REFERENCES brand (id),
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE,
	UNIQUE (item_id, brand_id)
);

CREATE INDEX mention_by_sentiment ON mention (brand_id, sentiment, published, id);

CREATE INDEX mention_heard ON mention (brand_id, counted, heard_at);

CREATE INDEX mention_latest ON mention (brand_id, published, id);

CREATE INDEX mention_newest ON mention (published, id);

CREATE TABLE sighting (
	id INTEGER NOT NULL,
	source_id INTEGER NOT NULL,
	guid TEXT NOT NULL,
	item_id INTEGER NOT NULL,
	first_seen BIGINT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE,
	FOREIGN KEY(source_id) REFERENCES source (id) ON DELETE CASCADE,
	UNIQUE (source_id, guid)
);

CREATE INDEX ix_sighting_item_id ON sighting (item_id);

CREATE TABLE delivery (
	id INTEGER NOT NULL,
	"key" VARCHAR NOT NULL,
	message_id VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	incident_id INTEGER,
	issue_id INTEGER,
	channel VARCHAR NOT NULL,
	recipient VARCHAR,
	message JSON NOT NULL,
	state VARCHAR NOT NULL,
	created_at BIGINT NOT NULL,
	due_at BIGINT NOT NULL,
	claimed_until BIGINT,
	claim VARCHAR,
	attempts INTEGER NOT NULL,
	reply TEXT,
	sent_at BIGINT,
	history JSON NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(incident_id) REFERENCES incident (id),
	FOREIGN KEY(issue_id) REFERENCES digest_issue (id),
	UNIQUE ("key")
);

CREATE INDEX delivery_due ON delivery (state, due_at);

CREATE TABLE incident_step (
	id INTEGER NOT NULL,
	incident_id INTEGER NOT NULL,
	at BIGINT NOT NULL,
	change VARCHAR NOT NULL,
	severity VARCHAR NOT NULL,
	"by" VARCHAR,
	spike JSON NOT NULL,
	settings JSON NOT NULL,
	mentions JSON NOT NULL,
	note TEXT,
	PRIMARY KEY (id),
	FOREIGN KEY(incident_id) REFERENCES incident (id) ON DELETE CASCADE
);

CREATE INDEX ix_incident_step_incident_id ON incident_step (incident_id);

CREATE VIRTUAL TABLE item_index USING fts5(tokens, tokenize = 'ascii');

CREATE TABLE robots (
	origin VARCHAR NOT NULL,
	status INTEGER,
	text TEXT NOT NULL,
	asked_at BIGINT NOT NULL,
	PRIMARY KEY (origin)
);

CREATE TABLE correction (
	id INTEGER NOT NULL,
	item_id INTEGER NOT NULL,
	brand_id INTEGER,
	at BIGINT NOT NULL,
	"by" VARCHAR NOT NULL,
	label VARCHAR NOT NULL,
	was JSON,
	now JSON,
	said JSON,
	model_version VARCHAR NOT NULL,
	digest VARCHAR NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE,
	FOREIGN KEY(brand_id) REFERENCES brand (id)
);

CREATE INDEX ix_correction_item_id ON correction (item_id);

CREATE TABLE overruled (
	item_id INTEGER NOT NULL,
	label VARCHAR NOT NULL,
	brand_id INTEGER NOT NULL,
	correction_id INTEGER,
	said JSON NOT NULL,
	PRIMARY KEY (item_id, label, brand_id),
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE,
	FOREIGN KEY(correction_id) REFERENCES correction (id) ON DELETE SET NULL
);

CREATE INDEX ix_overruled_correction_id ON overruled (correction_id);

CREATE INDEX story_recent ON story (last_seen) WHERE signature IS NOT NULL;

CREATE TABLE story_mark (
	story_id INTEGER NOT NULL,
	mark BIGINT NOT NULL,
	PRIMARY KEY (story_id, mark),
	FOREIGN KEY(story_id) REFERENCES story (id) ON DELETE CASCADE
)
 WITHOUT ROWID
;

CREATE INDEX story_mark_found ON story_mark (mark)
