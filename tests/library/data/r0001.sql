BEGIN TRANSACTION;
CREATE TABLE act (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	kind VARCHAR(16) NOT NULL, 
	rater_id INTEGER NOT NULL, 
	session_id INTEGER, 
	at VARCHAR(32) NOT NULL, 
	text TEXT NOT NULL, 
	undone_by INTEGER, 
	target INTEGER, 
	CONSTRAINT fk_act_rater_id_rater FOREIGN KEY(rater_id) REFERENCES rater (id), 
	CONSTRAINT fk_act_session_id_session FOREIGN KEY(session_id) REFERENCES session (id), 
	CONSTRAINT fk_act_undone_by_act FOREIGN KEY(undone_by) REFERENCES act (seq), 
	CONSTRAINT fk_act_target_act FOREIGN KEY(target) REFERENCES act (seq)
);
INSERT INTO "act" VALUES(1,'correct',1,1,'2026-11-25T10:40:51.553+00:00','MOS 0.75 on 2 images',NULL,NULL);
INSERT INTO "act" VALUES(2,'flag',1,1,'2026-11-25T10:40:51.564+00:00','flag ''reject'' on 1 image',NULL,NULL);
INSERT INTO "act" VALUES(3,'rate',2,2,'2026-11-25T10:40:51.604+00:00','rated 0.25 on 1 image',NULL,NULL);
INSERT INTO "act" VALUES(4,'note',2,3,'2026-11-25T10:40:51.642+00:00','note on 1 image',NULL,NULL);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE assignment (
	field VARCHAR(8) NOT NULL, 
	value TEXT, 
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	act_seq INTEGER NOT NULL, 
	image_id INTEGER NOT NULL, 
	prior_id INTEGER, 
	origin_id INTEGER, 
	sha256 VARCHAR(64), 
	CONSTRAINT fk_assignment_act_seq_act FOREIGN KEY(act_seq) REFERENCES act (seq), 
	CONSTRAINT fk_assignment_image_id_image FOREIGN KEY(image_id) REFERENCES image (id)
);
CREATE TABLE calibrator (
	id INTEGER NOT NULL, 
	model_id VARCHAR(80) NOT NULL, 
	version INTEGER NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	parameters JSON NOT NULL, 
	active BOOLEAN NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_calibrator PRIMARY KEY (id), 
	CONSTRAINT fk_calibrator_model_id_model FOREIGN KEY(model_id) REFERENCES model (id)
);
CREATE TABLE content (
	sha256 VARCHAR(64) NOT NULL, 
	size BIGINT, 
	width INTEGER, 
	height INTEGER, 
	first_read_at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_content PRIMARY KEY (sha256)
);
INSERT INTO "content" VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',NULL,96,96,'2026-11-25T10:40:51.528+00:00');
CREATE TABLE correction (
	value DOUBLE, 
	why TEXT NOT NULL, 
	label_set_id INTEGER, 
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	act_seq INTEGER NOT NULL, 
	image_id INTEGER NOT NULL, 
	prior_id INTEGER, 
	origin_id INTEGER, 
	sha256 VARCHAR(64), 
	CONSTRAINT fk_correction_label_set_id_label_set FOREIGN KEY(label_set_id) REFERENCES label_set (id), 
	CONSTRAINT fk_correction_act_seq_act FOREIGN KEY(act_seq) REFERENCES act (seq), 
	CONSTRAINT fk_correction_image_id_image FOREIGN KEY(image_id) REFERENCES image (id)
);
INSERT INTO "correction" VALUES(0.75,'',NULL,1,1,1,NULL,NULL,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
INSERT INTO "correction" VALUES(0.75,'',NULL,2,1,2,NULL,NULL,NULL);
CREATE TABLE flag (
	value VARCHAR(16), 
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	act_seq INTEGER NOT NULL, 
	image_id INTEGER NOT NULL, 
	prior_id INTEGER, 
	origin_id INTEGER, 
	sha256 VARCHAR(64), 
	CONSTRAINT fk_flag_act_seq_act FOREIGN KEY(act_seq) REFERENCES act (seq), 
	CONSTRAINT fk_flag_image_id_image FOREIGN KEY(image_id) REFERENCES image (id)
);
INSERT INTO "flag" VALUES('reject',1,2,1,NULL,NULL,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
CREATE TABLE folder (
	id INTEGER NOT NULL, 
	path TEXT NOT NULL, 
	added_at VARCHAR(32) NOT NULL, 
	manifest_stamp TEXT, 
	CONSTRAINT pk_folder PRIMARY KEY (id), 
	CONSTRAINT uq_folder_path UNIQUE (path)
);
INSERT INTO "folder" VALUES(1,'/pictures/faces','2026-11-25T10:40:51.467+00:00',NULL);
CREATE TABLE image (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	folder_id INTEGER NOT NULL, 
	rel_path TEXT NOT NULL, 
	size BIGINT NOT NULL, 
	mtime_ns BIGINT NOT NULL, 
	sha256 VARCHAR(64), 
	width INTEGER, 
	height INTEGER, 
	missing BOOLEAN NOT NULL, 
	problem TEXT, 
	problem_at VARCHAR(32), 
	mos DOUBLE, 
	mos_n INTEGER NOT NULL, 
	mos_low DOUBLE, 
	mos_high DOUBLE, 
	provenance TEXT, 
	flag VARCHAR(16), 
	note TEXT, 
	split VARCHAR(8), 
	group_name TEXT, 
	manifest_group TEXT, 
	CONSTRAINT ck_image_mos_range CHECK (mos is null or (mos >= 0 and mos <= 1)), 
	CONSTRAINT fk_image_folder_id_folder FOREIGN KEY(folder_id) REFERENCES folder (id), 
	CONSTRAINT fk_image_sha256_content FOREIGN KEY(sha256) REFERENCES content (sha256)
);
INSERT INTO "image" VALUES(1,1,'a.jpg',100,1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',96,96,0,NULL,NULL,0.75,0,NULL,NULL,'human','reject',NULL,NULL,NULL,NULL);
INSERT INTO "image" VALUES(2,1,'b.jpg',100,1,NULL,NULL,NULL,0,NULL,NULL,0.75,0,NULL,NULL,'human',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "image" VALUES(3,1,'c.jpg',100,1,NULL,NULL,NULL,0,NULL,NULL,0.25,1,NULL,NULL,'human',NULL,'hat',NULL,NULL,NULL);
CREATE TABLE imported_label (
	label_set_id INTEGER NOT NULL, 
	value DOUBLE, 
	sd DOUBLE, 
	n INTEGER, 
	extra JSON, 
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	act_seq INTEGER NOT NULL, 
	image_id INTEGER NOT NULL, 
	prior_id INTEGER, 
	origin_id INTEGER, 
	sha256 VARCHAR(64), 
	CONSTRAINT fk_imported_label_label_set_id_label_set FOREIGN KEY(label_set_id) REFERENCES label_set (id), 
	CONSTRAINT fk_imported_label_act_seq_act FOREIGN KEY(act_seq) REFERENCES act (seq), 
	CONSTRAINT fk_imported_label_image_id_image FOREIGN KEY(image_id) REFERENCES image (id)
);
CREATE TABLE label_set (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	kind VARCHAR(8) NOT NULL, 
	scale_low DOUBLE NOT NULL, 
	scale_high DOUBLE NOT NULL, 
	mapping TEXT NOT NULL, 
	source TEXT NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_label_set PRIMARY KEY (id), 
	CONSTRAINT uq_label_set_name UNIQUE (name)
);
CREATE TABLE model (
	id VARCHAR(80) NOT NULL, 
	name TEXT NOT NULL, 
	file TEXT NOT NULL, 
	checkpoint TEXT, 
	arch TEXT NOT NULL, 
	input_size INTEGER NOT NULL, 
	preprocessing_id TEXT NOT NULL, 
	card JSON NOT NULL, 
	run_id INTEGER, 
	active BOOLEAN NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_model PRIMARY KEY (id), 
	CONSTRAINT fk_model_run_id_run FOREIGN KEY(run_id) REFERENCES run (id)
);
CREATE TABLE note (
	value TEXT, 
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	act_seq INTEGER NOT NULL, 
	image_id INTEGER NOT NULL, 
	prior_id INTEGER, 
	origin_id INTEGER, 
	sha256 VARCHAR(64), 
	CONSTRAINT fk_note_act_seq_act FOREIGN KEY(act_seq) REFERENCES act (seq), 
	CONSTRAINT fk_note_image_id_image FOREIGN KEY(image_id) REFERENCES image (id)
);
INSERT INTO "note" VALUES('hat',1,4,3,NULL,NULL,NULL);
CREATE TABLE rater (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_rater PRIMARY KEY (id), 
	CONSTRAINT uq_rater_name UNIQUE (name)
);
INSERT INTO "rater" VALUES(1,'Ann','2026-11-25T10:40:51.433+00:00');
INSERT INTO "rater" VALUES(2,'Bea','2026-11-25T10:40:51.584+00:00');
CREATE TABLE rating (
	rater_id INTEGER NOT NULL, 
	value DOUBLE, 
	mode VARCHAR(8) NOT NULL, 
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	act_seq INTEGER NOT NULL, 
	image_id INTEGER NOT NULL, 
	prior_id INTEGER, 
	origin_id INTEGER, 
	sha256 VARCHAR(64), 
	CONSTRAINT fk_rating_rater_id_rater FOREIGN KEY(rater_id) REFERENCES rater (id), 
	CONSTRAINT fk_rating_act_seq_act FOREIGN KEY(act_seq) REFERENCES act (seq), 
	CONSTRAINT fk_rating_image_id_image FOREIGN KEY(image_id) REFERENCES image (id)
);
INSERT INTO "rating" VALUES(2,0.25,'open',1,3,3,NULL,NULL,NULL);
CREATE TABLE run (
	id INTEGER NOT NULL, 
	directory TEXT NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	model_before VARCHAR(80), 
	model_after VARCHAR(80), 
	snapshot TEXT, 
	created_at VARCHAR(32) NOT NULL, 
	finished_at VARCHAR(32), 
	CONSTRAINT pk_run PRIMARY KEY (id), 
	CONSTRAINT uq_run_directory UNIQUE (directory)
);
CREATE TABLE saved_view (
	id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	"query" TEXT NOT NULL, 
	sort TEXT NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_saved_view PRIMARY KEY (id), 
	CONSTRAINT uq_saved_view_name UNIQUE (name)
);
CREATE TABLE score (
	model_id VARCHAR(80) NOT NULL, 
	preprocessing_id VARCHAR(80) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	value DOUBLE NOT NULL, 
	CONSTRAINT pk_score PRIMARY KEY (model_id, preprocessing_id, sha256), 
	CONSTRAINT fk_score_sha256_content FOREIGN KEY(sha256) REFERENCES content (sha256)
)
 WITHOUT ROWID

;
INSERT INTO "score" VALUES('m','p','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',0.5);
CREATE TABLE session (
	id INTEGER NOT NULL, 
	rater_id INTEGER NOT NULL, 
	started_at VARCHAR(32) NOT NULL, 
	host TEXT NOT NULL, 
	CONSTRAINT pk_session PRIMARY KEY (id), 
	CONSTRAINT fk_session_rater_id_rater FOREIGN KEY(rater_id) REFERENCES rater (id)
);
INSERT INTO "session" VALUES(1,1,'2026-11-25T10:40:51.447+00:00','host');
INSERT INTO "session" VALUES(2,2,'2026-11-25T10:40:51.596+00:00','host');
INSERT INTO "session" VALUES(3,2,'2026-11-25T10:40:51.628+00:00','host');
CREATE UNIQUE INDEX ix_image_folder_path ON image (folder_id, rel_path);
CREATE INDEX ix_image_sha256 ON image (sha256);
CREATE INDEX ix_act_rater_id_seq ON act (rater_id, seq);
CREATE UNIQUE INDEX ix_calibrator_model_version ON calibrator (model_id, version);
CREATE INDEX ix_rating_image_id ON rating (image_id);
CREATE INDEX ix_rating_act_seq ON rating (act_seq);
CREATE INDEX ix_correction_image_id ON correction (image_id);
CREATE INDEX ix_correction_act_seq ON correction (act_seq);
CREATE INDEX ix_flag_act_seq ON flag (act_seq);
CREATE INDEX ix_flag_image_id ON flag (image_id);
CREATE INDEX ix_note_act_seq ON note (act_seq);
CREATE INDEX ix_note_image_id ON note (image_id);
CREATE INDEX ix_assignment_act_seq ON assignment (act_seq);
CREATE INDEX ix_assignment_image_id ON assignment (image_id);
CREATE INDEX ix_imported_label_act_seq ON imported_label (act_seq);
CREATE INDEX ix_imported_label_image_id ON imported_label (image_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('image',3);
INSERT INTO "sqlite_sequence" VALUES('act',4);
INSERT INTO "sqlite_sequence" VALUES('correction',2);
INSERT INTO "sqlite_sequence" VALUES('flag',1);
INSERT INTO "sqlite_sequence" VALUES('rating',1);
INSERT INTO "sqlite_sequence" VALUES('note',1);
COMMIT;
