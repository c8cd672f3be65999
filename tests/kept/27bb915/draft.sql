BEGIN TRANSACTION;
CREATE TABLE answers (
	target VARCHAR(998) NOT NULL, 
	recipient VARCHAR(320) NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	PRIMARY KEY (target, recipient)
);
CREATE TABLE desk (
	token VARCHAR(32) NOT NULL, 
	message_id VARCHAR(998) NOT NULL, 
	item TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	due_date VARCHAR(10), 
	complete INTEGER NOT NULL, 
	folder TEXT NOT NULL, 
	chore TEXT, 
	PRIMARY KEY (token)
);
INSERT INTO "desk" VALUES('62554ed6d01d38122994999e54413ae1','<thrown@corp.example>','AnrchzBmv0qloS7mZd2HibsAAAAAAAAAAQAAAAAAAAAJliOCdA==','CQAAAAAAAAAAAACD','2026-11-25',0,'',NULL);
INSERT INTO "desk" VALUES('7f4077fe2b619f22369ba3185f4e256a','<sends@corp.example>','AnrchzBmv0qloS7mZd2HibsAAAAAAAAAAQAAAAAAAAAKDyrTzg==','CQAAAAAAAAAAAACE','2026-11-25',0,'',NULL);
INSERT INTO "desk" VALUES('8cc7ef70f42d78f232c3e3b646d8cc28','<stays@corp.example>','AnrchzBmv0qloS7mZd2HibsAAAAAAAAAAQAAAAAAAAALeC3jWA==','CQAAAAAAAAAAAACF','2026-11-25',0,'',NULL);
CREATE TABLE effects (
	number INTEGER NOT NULL, 
	token VARCHAR(32) NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	message_id VARCHAR(998) NOT NULL, 
	asker VARCHAR(320) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	not_before VARCHAR(32) NOT NULL, 
	tries INTEGER NOT NULL, 
	attempted VARCHAR(32), 
	note TEXT NOT NULL, 
	look INTEGER NOT NULL, 
	seen INTEGER NOT NULL, 
	occasion VARCHAR(64) NOT NULL, 
	moment VARCHAR(32), 
	sent_as VARCHAR(998), 
	failed VARCHAR(32), 
	PRIMARY KEY (number), 
	UNIQUE (token)
);
INSERT INTO "effects" VALUES(1,'15ee093fe02a0df63dde13391481a06e','acknowledgement','<stays@corp.example>','bob@corp.example','drafted','2026-11-23T09:01:00.000000+00:00',1,'2026-11-23T09:04:00.000000+00:00','',0,0,'','2026-11-25T08:45:00.000000+00:00',NULL,NULL);
INSERT INTO "effects" VALUES(2,'8cc7ef70f42d78f232c3e3b646d8cc28','task','<stays@corp.example>','bob@corp.example','done','2026-11-23T09:01:00.000000+00:00',1,'2026-11-23T09:04:00.000000+00:00','',0,1,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(3,'3d1cb66ef1eff2ca74748dfe71425d03','appointment','<stays@corp.example>','bob@corp.example','done','2026-11-23T09:01:00.000000+00:00',1,'2026-11-23T09:04:00.000000+00:00','',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(4,'50240ebdeac9f9ce3ee76670b1bcd733','acknowledgement','<sends@corp.example>','bob@corp.example','drafted','2026-11-23T09:01:00.000000+00:00',1,'2026-11-23T09:04:00.000000+00:00','',0,0,'','2026-11-25T08:45:00.000000+00:00',NULL,NULL);
INSERT INTO "effects" VALUES(5,'7f4077fe2b619f22369ba3185f4e256a','task','<sends@corp.example>','bob@corp.example','done','2026-11-23T09:01:00.000000+00:00',1,'2026-11-23T09:04:00.000000+00:00','',0,1,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(6,'9af3c0525c32912825ae12d2c35777a7','appointment','<sends@corp.example>','bob@corp.example','done','2026-11-23T09:01:00.000000+00:00',1,'2026-11-23T09:04:00.000000+00:00','',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(7,'8f643db0dbc0b720f89b856ff03202e5','acknowledgement','<thrown@corp.example>','bob@corp.example','drafted','2026-11-23T09:01:00.000000+00:00',1,'2026-11-23T09:04:00.000000+00:00','',0,0,'','2026-11-25T08:45:00.000000+00:00',NULL,NULL);
INSERT INTO "effects" VALUES(8,'62554ed6d01d38122994999e54413ae1','task','<thrown@corp.example>','bob@corp.example','done','2026-11-23T09:01:00.000000+00:00',1,'2026-11-23T09:04:00.000000+00:00','',0,1,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(9,'0da7acf69bf33cf35622692600b9f81b','appointment','<thrown@corp.example>','bob@corp.example','done','2026-11-23T09:01:00.000000+00:00',1,'2026-11-23T09:04:00.000000+00:00','',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(10,'c889eb274df097e4dff7579702ea4036','acknowledgement','<held@corp.example>','bob@corp.example','planned','2026-11-24T08:02:00.000000+00:00',0,NULL,'',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(11,'d3f2cd1b14eceee319a7e071e5a7b7e2','task','<held@corp.example>','bob@corp.example','planned','2026-11-24T08:02:00.000000+00:00',0,NULL,'',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(12,'ac77742634d5b3e327925523d52ae7df','appointment','<held@corp.example>','bob@corp.example','planned','2026-11-24T08:02:00.000000+00:00',0,NULL,'',0,0,'',NULL,NULL,NULL);
CREATE TABLE history (
	number INTEGER NOT NULL, 
	message_id VARCHAR(998) NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	what VARCHAR(16) NOT NULL, 
	due VARCHAR(32) NOT NULL, 
	words TEXT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "history" VALUES(1,'<stays@corp.example>','2026-11-23T08:33:00.000000+00:00','made','2026-11-25T08:45:00.000000+00:00','');
INSERT INTO "history" VALUES(2,'<sends@corp.example>','2026-11-23T08:33:00.000000+00:00','made','2026-11-25T08:45:00.000000+00:00','');
INSERT INTO "history" VALUES(3,'<thrown@corp.example>','2026-11-23T08:33:00.000000+00:00','made','2026-11-25T08:45:00.000000+00:00','');
INSERT INTO "history" VALUES(4,'<held@corp.example>','2026-11-24T07:33:00.000000+00:00','made','2026-11-26T08:00:00.000000+00:00','');
CREATE TABLE labels (
	message_id VARCHAR(998) NOT NULL, 
	promised INTEGER, 
	obeyed TEXT NOT NULL, 
	PRIMARY KEY (message_id)
);
CREATE TABLE mails (
	message_id VARCHAR(998) NOT NULL, 
	received VARCHAR(32) NOT NULL, 
	decided VARCHAR(32) NOT NULL, 
	sender VARCHAR(320) NOT NULL, 
	conversation VARCHAR(512), 
	acknowledge INTEGER NOT NULL, 
	mode VARCHAR(16) NOT NULL, 
	findings TEXT NOT NULL, 
	item TEXT NOT NULL, 
	PRIMARY KEY (message_id)
);
INSERT INTO "mails" VALUES('<stays@corp.example>','2026-11-23T08:31:00.000000+00:00','2026-11-23T08:33:00.000000+00:00','bob@corp.example','A3rchzBmv0qloS7mZd2HibsAAAAAAAAAAZxMNZS1/oVBgGH+JA==',1,'draft','[{"says": "evidence", "rule": "request", "weight": 10.867795571790447, "reason": "asks for an answer or an action (1.00, at least 0.73)"}]','AnrchzBmv0qloS7mZd2HibsAAAAAAAAAAQAAAAAAAAADdvZrag==');
INSERT INTO "mails" VALUES('<sends@corp.example>','2026-11-23T08:31:00.000000+00:00','2026-11-23T08:33:00.000000+00:00','bob@corp.example','A3rchzBmv0qloS7mZd2HibsAAAAAAAAAAWGxeOcTHwMBNzelGA==',1,'draft','[{"says": "evidence", "rule": "request", "weight": 10.867795571790447, "reason": "asks for an answer or an action (1.00, at least 0.73)"}]','AnrchzBmv0qloS7mZd2HibsAAAAAAAAAAQAAAAAAAAAE6JL+yQ==');
INSERT INTO "mails" VALUES('<thrown@corp.example>','2026-11-23T08:31:00.000000+00:00','2026-11-23T08:33:00.000000+00:00','bob@corp.example','A3rchzBmv0qloS7mZd2HibsAAAAAAAAAAfGPYg+4/yoKuh5qwg==',1,'draft','[{"says": "evidence", "rule": "request", "weight": 10.867795571790447, "reason": "asks for an answer or an action (1.00, at least 0.73)"}]','AnrchzBmv0qloS7mZd2HibsAAAAAAAAAAQAAAAAAAAAFn5XOXw==');
INSERT INTO "mails" VALUES('<held@corp.example>','2026-11-24T07:32:00.000000+00:00','2026-11-24T07:33:00.000000+00:00','bob@corp.example','A3rchzBmv0qloS7mZd2HibsAAAAAAAAAAXMfXXGCsHNs3P6Fxw==',1,'draft','[{"says": "evidence", "rule": "request", "weight": 10.867795571790447, "reason": "asks for an answer or an action (1.00, at least 0.73)"}]','AnrchzBmv0qloS7mZd2HibsAAAAAAAAAAQAAAAAAAAAPf0AnQQ==');
INSERT INTO "mails" VALUES('<later@corp.example>','2026-11-24T07:34:00.000000+00:00','2026-11-24T07:35:00.000000+00:00','bob@corp.example','A3rchzBmv0qloS7mZd2HibsAAAAAAAAAAaAYd5RSz3YaaiAS8Q==',0,'draft','[{"says": "evidence", "rule": "request", "weight": 10.867795571790447, "reason": "asks for an answer or an action (1.00, at least 0.73)"}, {"says": "veto", "rule": "limits", "reason": "sending is held since 2026-11-24T07:33:00+00:00: paused by you"}]','AnrchzBmv0qloS7mZd2HibsAAAAAAAAAAQAAAAAAAAAQ8kgqtA==');
CREATE TABLE meta (
	"key" VARCHAR(64) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "meta" VALUES('schema','2');
INSERT INTO "meta" VALUES('mailbox','alice@corp.example');
INSERT INTO "meta" VALUES('mode','draft');
INSERT INTO "meta" VALUES('groups','{"team@corp.example":{"at":"2026-11-23T08:31:00+00:00","tried":"2026-11-23T08:31:00+00:00","members":["bob@corp.example","dora@partner.example"]}}');
INSERT INTO "meta" VALUES('pruned','2026-11-23T08:31:00+00:00');
INSERT INTO "meta" VALUES('start_mark','2026-11-23T08:31:00+00:00');
INSERT INTO "meta" VALUES('marked','yes');
INSERT INTO "meta" VALUES('categories','["Promised", "a: cannot", "a: more", "a: no", "a: yes"]');
INSERT INTO "meta" VALUES('drafts_looked','2026-11-24T07:31:00+00:00');
INSERT INTO "meta" VALUES('digest','{"slot": "2026-11-24T08:30:00+01:00", "tries": 1, "attempted": "2026-11-24T07:31:00+00:00", "since": "2026-11-23T08:31:00+00:00"}');
INSERT INTO "meta" VALUES('owner_settings','{"at": "2026-11-24T07:33:00+00:00", "zone": "Europe/Berlin", "hours": [[["09:00:00", "17:30:00"]], [["09:00:00", "17:30:00"]], [["09:00:00", "17:30:00"]], [["09:00:00", "17:30:00"]], [["09:00:00", "17:30:00"]], [], []], "out_of_office": [], "away": []}');
INSERT INTO "meta" VALUES('cursor','{"Inbox":{"state":"U3rchzBmv0qloS7mZd2HibsAAAAAAAAACAAAAAAAAACMAAAAAAAAAIwm5l6+","seen":"2026-11-24T07:34:00+00:00 0"},"/sent":{"state":"U3rchzBmv0qloS7mZd2HibsAAAAAAAAACgAAAAAAAAB5AAAAAAAAAHnjbE4/","seen":"2026-11-23T08:30:00+00:00 0"},"/tasks":{"state":"U3rchzBmv0qloS7mZd2HibsAAAAAAAAAEAAAAAAAAACJAAAAAAAAAIntWjmd","seen":"2026-11-23T09:04:00+00:00 0"}}');
INSERT INTO "meta" VALUES('last_poll','2026-11-24T07:35:00+00:00');
INSERT INTO "meta" VALUES('hold','{"why": "paused by you", "since": "2026-11-24T07:33:00+00:00", "told": true}');
CREATE TABLE promises (
	message_id VARCHAR(998) NOT NULL, 
	asker VARCHAR(320) NOT NULL, 
	conversation VARCHAR(512), 
	question TEXT NOT NULL, 
	due VARCHAR(32) NOT NULL, 
	reminder VARCHAR(32) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	made VARCHAR(32) NOT NULL, 
	first_due VARCHAR(32) NOT NULL, 
	told VARCHAR(32), 
	moves INTEGER NOT NULL, 
	waits INTEGER NOT NULL, 
	overdue VARCHAR(32), 
	answered VARCHAR(32), 
	closed VARCHAR(32), 
	why TEXT NOT NULL, 
	PRIMARY KEY (message_id)
);
INSERT INTO "promises" VALUES('<stays@corp.example>','bob@corp.example','A3rchzBmv0qloS7mZd2HibsAAAAAAAAAAZxMNZS1/oVBgGH+JA==','{"message_id": "<stays@corp.example>", "asker": {"email": "bob@corp.example", "name": "Bob"}, "subject": "About stays", "received": "2026-11-23T08:31:00+00:00", "language": "en", "urgency": "normal", "deadline": null, "sentence": "", "text": "", "references": [], "sensitivity": "normal", "importance": "normal", "conversation": "A3rchzBmv0qloS7mZd2HibsAAAAAAAAAAZxMNZS1/oVBgGH+JA==", "letter": "received", "contact": null, "category": "", "asker_offset": null, "item": "AnrchzBmv0qloS7mZd2HibsAAAAAAAAAAQAAAAAAAAADdvZrag==", "commanded": false}','2026-11-25T08:45:00.000000+00:00','2026-11-24T16:15:00.000000+00:00','open','2026-11-23T08:33:00.000000+00:00','2026-11-25T08:45:00.000000+00:00',NULL,0,0,NULL,NULL,NULL,'');
INSERT INTO "promises" VALUES('<sends@corp.example>','bob@corp.example','A3rchzBmv0qloS7mZd2HibsAAAAAAAAAAWGxeOcTHwMBNzelGA==','{"message_id": "<sends@corp.example>", "asker": {"email": "bob@corp.example", "name": "Bob"}, "subject": "About sends", "received": "2026-11-23T08:31:00+00:00", "language": "en", "urgency": "normal", "deadline": null, "sentence": "", "text": "", "references": [], "sensitivity": "normal", "importance": "normal", "conversation": "A3rchzBmv0qloS7mZd2HibsAAAAAAAAAAWGxeOcTHwMBNzelGA==", "letter": "received", "contact": null, "category": "", "asker_offset": null, "item": "AnrchzBmv0qloS7mZd2HibsAAAAAAAAAAQAAAAAAAAAE6JL+yQ==", "commanded": false}','2026-11-25T08:45:00.000000+00:00','2026-11-24T16:15:00.000000+00:00','open','2026-11-23T08:33:00.000000+00:00','2026-11-25T08:45:00.000000+00:00',NULL,0,0,NULL,NULL,NULL,'');
INSERT INTO "promises" VALUES('<thrown@corp.example>','bob@corp.example','A3rchzBmv0qloS7mZd2HibsAAAAAAAAAAfGPYg+4/yoKuh5qwg==','{"message_id": "<thrown@corp.example>", "asker": {"email": "bob@corp.example", "name": "Bob"}, "subject": "About thrown", "received": "2026-11-23T08:31:00+00:00", "language": "en", "urgency": "normal", "deadline": null, "sentence": "", "text": "", "references": [], "sensitivity": "normal", "importance": "normal", "conversation": "A3rchzBmv0qloS7mZd2HibsAAAAAAAAAAfGPYg+4/yoKuh5qwg==", "letter": "received", "contact": null, "category": "", "asker_offset": null, "item": "AnrchzBmv0qloS7mZd2HibsAAAAAAAAAAQAAAAAAAAAFn5XOXw==", "commanded": false}','2026-11-25T08:45:00.000000+00:00','2026-11-24T16:15:00.000000+00:00','open','2026-11-23T08:33:00.000000+00:00','2026-11-25T08:45:00.000000+00:00',NULL,0,0,NULL,NULL,NULL,'');
INSERT INTO "promises" VALUES('<held@corp.example>','bob@corp.example','A3rchzBmv0qloS7mZd2HibsAAAAAAAAAAXMfXXGCsHNs3P6Fxw==','{"message_id": "<held@corp.example>", "asker": {"email": "bob@corp.example", "name": "Bob"}, "subject": "About held", "received": "2026-11-24T07:32:00+00:00", "language": "en", "urgency": "normal", "deadline": null, "sentence": "Could you please send me the figures for October?", "text": "Could you please send me the figures for October?", "references": [], "sensitivity": "normal", "importance": "normal", "conversation": "A3rchzBmv0qloS7mZd2HibsAAAAAAAAAAXMfXXGCsHNs3P6Fxw==", "letter": "received", "contact": null, "category": "", "asker_offset": null, "item": "AnrchzBmv0qloS7mZd2HibsAAAAAAAAAAQAAAAAAAAAPf0AnQQ==", "commanded": false}','2026-11-26T08:00:00.000000+00:00','2026-11-25T15:30:00.000000+00:00','open','2026-11-24T07:33:00.000000+00:00','2026-11-26T08:00:00.000000+00:00',NULL,0,0,NULL,NULL,NULL,'');
CREATE TABLE tokens (
	token VARCHAR(32) NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	PRIMARY KEY (token)
);
INSERT INTO "tokens" VALUES('62554ed6d01d38122994999e54413ae1','2026-11-23T09:04:00.000000+00:00');
INSERT INTO "tokens" VALUES('7f4077fe2b619f22369ba3185f4e256a','2026-11-23T09:04:00.000000+00:00');
INSERT INTO "tokens" VALUES('8cc7ef70f42d78f232c3e3b646d8cc28','2026-11-23T09:04:00.000000+00:00');
CREATE INDEX mails_decided ON mails (decided);
CREATE INDEX mails_conversation ON mails (conversation);
CREATE INDEX promises_state ON promises (state, due);
CREATE INDEX promises_conversation ON promises (conversation);
CREATE INDEX effects_due ON effects (state, not_before);
CREATE INDEX effects_attempted ON effects (kind, attempted);
CREATE INDEX effects_question ON effects (message_id);
CREATE INDEX desk_question ON desk (message_id);
CREATE INDEX desk_item ON desk (item);
CREATE INDEX history_question ON history (message_id);
CREATE INDEX history_at ON history (at);
CREATE INDEX answers_at ON answers (at);
COMMIT;
