BEGIN TRANSACTION;
CREATE TABLE answers (
	target VARCHAR(998) NOT NULL, 
	recipient VARCHAR(320) NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	PRIMARY KEY (target, recipient)
);
INSERT INTO "answers" VALUES('<kept@corp.example>','bob@corp.example','2026-11-23T09:11:00.000000+00:00');
INSERT INTO "answers" VALUES('<tick@corp.example>','bob@corp.example','2026-11-24T09:59:00.000000+00:00');
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
INSERT INTO "desk" VALUES('2dbb7156dfa088a0f2b833e943107708','<urgent@corp.example>','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAU7hACKA==','CQAAAAAAAAAAAACT','2026-11-23',0,'',NULL);
INSERT INTO "desk" VALUES('0ff9314fef94dd434ca537483eecd44f','<told@corp.example>','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAowX9+rw==','CQAAAAAAAAAAAACp','2026-11-25',0,'',NULL);
INSERT INTO "desk" VALUES('18167149d2e1745e92643aaaded5e578','<tick@corp.example>','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAptnhOOQ==','CQAAAAAAAAAAAACq','2026-11-25',0,'','{"complete": true}');
INSERT INTO "desk" VALUES('246427b6dff7f1c3fd761aeaa9bea38c','<asked@corp.example>','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAqL3Efgw==','CQAAAAAAAAAAAADr','2026-12-01',0,'',NULL);
INSERT INTO "desk" VALUES('832b7be4b1da0654d7b165b307712890','<more@corp.example>','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAArWHYvFQ==','CQAAAAAAAAAAAADP','2026-11-25',0,'',NULL);
INSERT INTO "desk" VALUES('921484e79107330b65ce37a0e1052020','<dropped@corp.example>','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAsxhK6tg==','CQAAAAAAAAAAAADG','2026-11-25',1,'',NULL);
INSERT INTO "desk" VALUES('bd27544b9ad53aa32d54eeb58c2d0529','<moved@corp.example>','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAuKBzbmg==','CQAAAAAAAAAAAADa','2026-11-27',0,'',NULL);
INSERT INTO "desk" VALUES('bf8e6aaac6748306f11501edf54501e0','<kept@corp.example>','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAvXxvrDA==','CQAAAAAAAAAAAADO','2026-11-25',1,'',NULL);
INSERT INTO "desk" VALUES('0bedac60e73d094ad0b432c9a318bc89','<release@corp.example>','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAABF8nxjSg==','CQAAAAAAAAAAAADi','2026-11-25',0,'',NULL);
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
INSERT INTO "effects" VALUES(1,'1721b54e098bebf47038a4e1284c92a4','acknowledgement','<told@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,1,'',NULL,'<52ebe757ec5542ea849409d13f911f4d@exchange.corp.example>',NULL);
INSERT INTO "effects" VALUES(2,'0ff9314fef94dd434ca537483eecd44f','task','<told@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,1,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(3,'61c0a0b01984291da7dc7e5545de918c','appointment','<told@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(4,'7d8f9c87667242d6493493205a83325f','acknowledgement','<moved@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,1,'',NULL,'<6a0bb40b3c734f879115192f32c85e7d@exchange.corp.example>',NULL);
INSERT INTO "effects" VALUES(5,'bd27544b9ad53aa32d54eeb58c2d0529','task','<moved@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,1,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(6,'4cd8514d840f8ec1198eecf4c7bf2235','appointment','<moved@corp.example>','bob@corp.example','done','2026-11-23T09:12:00.000000+00:00',1,'2026-11-23T09:12:00.000000+00:00','',1,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(7,'99bcfd289b13fd76b1dc995b7e49ff2e','acknowledgement','<more@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,1,'',NULL,'<2919677783e54138b96bef8555d7549d@exchange.corp.example>',NULL);
INSERT INTO "effects" VALUES(8,'832b7be4b1da0654d7b165b307712890','task','<more@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,1,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(9,'afa8dc6aff1f1298da84f4d854c262d1','appointment','<more@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(10,'141850d0c6379f494825a9c36e76b14a','acknowledgement','<kept@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,1,'',NULL,'<507998ee9b5645989883b0672bcf1253@exchange.corp.example>',NULL);
INSERT INTO "effects" VALUES(11,'bf8e6aaac6748306f11501edf54501e0','task','<kept@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,1,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(12,'c4e37d3392e53732143258299593125b','appointment','<kept@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(13,'5e4ff8a69990760b746c5689ec22094f','acknowledgement','<dropped@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,1,'',NULL,'<d2ee777e2a3e498c8cd2145a1a67b9ae@exchange.corp.example>',NULL);
INSERT INTO "effects" VALUES(14,'921484e79107330b65ce37a0e1052020','task','<dropped@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,1,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(15,'4339cc7980018bc655f9ea2cd84dabe7','appointment','<dropped@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(16,'2884186a18f27dc62d098d43dabb3964','acknowledgement','<withdrawn@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,1,'',NULL,'<81d33828dfaa462ba117a3e5e4bbe81f@exchange.corp.example>',NULL);
INSERT INTO "effects" VALUES(17,'b9e504f1f812e52470d3574f1e36bb4c','task','<withdrawn@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,1,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(18,'2270076da7d97f33cc7d2c497e337433','appointment','<withdrawn@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(19,'b290bf7f7caf9058cb553d86bd0d0b35','acknowledgement','<asked@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,1,'',NULL,'<5881b770be7f49ec9058d53f8f94ac5a@exchange.corp.example>',NULL);
INSERT INTO "effects" VALUES(20,'246427b6dff7f1c3fd761aeaa9bea38c','task','<asked@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,1,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(21,'69e18adc48b1b45bb680948a67fd7e9a','appointment','<asked@corp.example>','bob@corp.example','done','2026-11-24T07:33:00.000000+00:00',1,'2026-11-24T07:33:00.000000+00:00','',1,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(22,'668f5846d431906bf4af3bd9c8b58c04','acknowledgement','<tick@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,1,'',NULL,'<0302356c8fc4422380d78191a0c28625@exchange.corp.example>',NULL);
INSERT INTO "effects" VALUES(23,'18167149d2e1745e92643aaaded5e578','task','<tick@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,1,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(24,'83d4012950bf5eefe6fb40ca38670777','appointment','<tick@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(25,'e87a7e6d6f753a4f726c5349ef6a88b1','acknowledgement','<payroll@corp.example>','bob@corp.example','done','2026-11-23T09:02:00.000000+00:00',1,'2026-11-23T09:10:00.000000+00:00','',0,1,'',NULL,'<2e897fa2b8104b56afc01518c9eccf63@exchange.corp.example>',NULL);
INSERT INTO "effects" VALUES(26,'6f45822d1ca8ef8e7703a6577fd591f4','acknowledgement','<urgent@corp.example>','carol@partner.example','done','2026-11-23T08:37:00.000000+00:00',1,'2026-11-23T08:40:00.000000+00:00','',0,1,'',NULL,'<ae3a3131c31a449890acc69e797b3a3f@exchange.corp.example>',NULL);
INSERT INTO "effects" VALUES(27,'2dbb7156dfa088a0f2b833e943107708','task','<urgent@corp.example>','carol@partner.example','done','2026-11-23T08:37:00.000000+00:00',1,'2026-11-23T08:40:00.000000+00:00','',0,1,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(28,'b6bcb60d617bc7352f67144323669237','appointment','<urgent@corp.example>','carol@partner.example','done','2026-11-23T08:37:00.000000+00:00',1,'2026-11-23T08:40:00.000000+00:00','',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(29,'bee0f2c82185b383d873ffce07f2b4f4','new-date','<moved@corp.example>','bob@corp.example','done','2026-11-23T09:17:00.000000+00:00',1,'2026-11-23T09:19:00.000000+00:00','',0,1,'0 2026-11-27','2026-11-27T08:45:00.000000+00:00','<020aadc614b34979874617ba844a100c@exchange.corp.example>',NULL);
INSERT INTO "effects" VALUES(30,'3b2281dff7494dae3071f69c6bfd7ee9','more-information','<more@corp.example>','bob@corp.example','done','2026-11-23T09:12:00.000000+00:00',1,'2026-11-23T09:12:00.000000+00:00','',0,1,'',NULL,'<be401c9c32104147af3e6e44928f331c@exchange.corp.example>',NULL);
INSERT INTO "effects" VALUES(31,'ebcb7103d472ea636b70b68d3898f056','overdue-notice','<urgent@corp.example>','carol@partner.example','done','2026-11-23T13:30:00.000000+00:00',1,'2026-11-23T13:30:00.000000+00:00','',0,1,'2026-11-23T12:45+00:00',NULL,'<707aa8e78a5d495b8b16dce74283da68@exchange.corp.example>',NULL);
INSERT INTO "effects" VALUES(32,'3504ec0ece5c6d3473faa7db45f900e0','acknowledgement','<release@corp.example>','bob@corp.example','done','2026-11-23T17:30:00.000000+00:00',1,'2026-11-23T17:30:00.000000+00:00','',1,1,'',NULL,'<3112ba4f4e4f4ebfb4705d9981d95879@exchange.corp.example>',NULL);
INSERT INTO "effects" VALUES(33,'0bedac60e73d094ad0b432c9a318bc89','task','<release@corp.example>','bob@corp.example','done','2026-11-23T17:30:00.000000+00:00',1,'2026-11-23T17:30:00.000000+00:00','',1,1,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(34,'0a0c2fd0c1d398d6ceec07ce04af4fde','appointment','<release@corp.example>','bob@corp.example','done','2026-11-23T17:30:00.000000+00:00',1,'2026-11-23T17:30:00.000000+00:00','',1,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(35,'8e6618a5627ce2dfa8e70de077539af6','new-date','<asked@corp.example>','bob@corp.example','drafted','2026-11-24T07:38:00.000000+00:00',1,'2026-11-24T07:39:00.000000+00:00','',0,0,'0 2026-12-01','2026-12-01T08:45:00.000000+00:00',NULL,NULL);
INSERT INTO "effects" VALUES(36,'be95233f5e9eb42d628830a1e4442d1e','acknowledgement','<lettered@corp.example>','bob@corp.example','parked','2026-11-24T08:10:00.000000+00:00',2,'2026-11-24T08:23:00.000000+00:00','it can''t be known whether it went out',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(37,'89231b2973a185da5d318e8dad7415ed','task','<lettered@corp.example>','bob@corp.example','planned','2026-11-24T08:10:00.000000+00:00',0,NULL,'',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(38,'4cc95980b5d7d6af65fb5687ac0c75e0','appointment','<lettered@corp.example>','bob@corp.example','planned','2026-11-24T08:10:00.000000+00:00',0,NULL,'',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(39,'a1bae5a3bf0444299a769cdae81e8793','acknowledgement','<tasked@corp.example>','bob@corp.example','done','2026-11-24T09:04:00.000000+00:00',1,'2026-11-24T09:06:00.000000+00:00','',0,1,'',NULL,'<67373bec7b284fc3a692f0b6cc6302de@exchange.corp.example>',NULL);
INSERT INTO "effects" VALUES(40,'267af9c283d2304127234d1594137cb4','task','<tasked@corp.example>','bob@corp.example','parked','2026-11-24T09:04:00.000000+00:00',2,'2026-11-24T09:17:00.000000+00:00','it can''t be known whether it went out',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(41,'f004dca8a2e5de18ef5e3c40e1459b9c','appointment','<tasked@corp.example>','bob@corp.example','done','2026-11-24T09:04:00.000000+00:00',1,'2026-11-24T09:06:00.000000+00:00','',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(42,'3ccf7342f73b88bb774f629667f59dfc','acknowledgement','<lost@corp.example>','bob@corp.example','unknown','2026-11-24T09:58:00.000000+00:00',1,'2026-11-24T09:59:00.000000+00:00','no connection to the server: Reraised from ConnectionError((''Connection aborted.'', RemoteDisconnected(''Remote end closed connection without response'')))',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(43,'9e941337aea88ac27e15db434c92ccde','task','<lost@corp.example>','bob@corp.example','planned','2026-11-24T09:58:00.000000+00:00',0,NULL,'',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(44,'2170afdaabf9926a92b796425b073c01','appointment','<lost@corp.example>','bob@corp.example','planned','2026-11-24T09:58:00.000000+00:00',0,NULL,'',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(45,'adb40b0dba7a63b23ae26c4ab877efa2','acknowledgement','<late@corp.example>','bob@corp.example','unknown','2026-11-24T09:58:00.000000+00:00',1,'2026-11-24T09:59:00.000000+00:00','no connection to the server: Reraised from ConnectionError((''Connection aborted.'', RemoteDisconnected(''Remote end closed connection without response'')))',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(46,'fee0748587d17d75fb4aaef02dec56b6','task','<late@corp.example>','bob@corp.example','planned','2026-11-24T09:58:00.000000+00:00',0,NULL,'',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(47,'b4d397578fc476a8ef36d124bd802f95','appointment','<late@corp.example>','bob@corp.example','planned','2026-11-24T09:58:00.000000+00:00',0,NULL,'',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(48,'03471996a95dda6771148f7ee9770627','acknowledgement','<killed@corp.example>','bob@corp.example','attempting','2026-11-24T10:00:00.000000+00:00',1,'2026-11-24T10:00:00.000000+00:00','',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(49,'d249ec37f7ea0afb17e4e6f964ab6767','task','<killed@corp.example>','bob@corp.example','planned','2026-11-24T10:00:00.000000+00:00',0,NULL,'',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(50,'0f9883df3492d71a7814d33d6569f37f','appointment','<killed@corp.example>','bob@corp.example','planned','2026-11-24T10:00:00.000000+00:00',0,NULL,'',0,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(51,'abf6139a25eaef791753d6539ed3c4ca','acknowledgement','<grace@corp.example>','bob@corp.example','planned','2026-11-24T10:03:00.000000+00:00',0,NULL,'',1,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(52,'12abdff1d449ddc3cccdd60113fc0ec6','task','<grace@corp.example>','bob@corp.example','planned','2026-11-24T10:03:00.000000+00:00',0,NULL,'',1,0,'',NULL,NULL,NULL);
INSERT INTO "effects" VALUES(53,'4c39579086eae0a256a278b8405414b9','appointment','<grace@corp.example>','bob@corp.example','planned','2026-11-24T10:03:00.000000+00:00',0,NULL,'',1,0,'',NULL,NULL,NULL);
CREATE TABLE history (
	number INTEGER NOT NULL, 
	message_id VARCHAR(998) NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	what VARCHAR(16) NOT NULL, 
	due VARCHAR(32) NOT NULL, 
	words TEXT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "history" VALUES(1,'<told@corp.example>','2026-11-23T08:34:00.000000+00:00','made','2026-11-25T08:45:00.000000+00:00','');
INSERT INTO "history" VALUES(2,'<moved@corp.example>','2026-11-23T08:34:00.000000+00:00','made','2026-11-25T08:45:00.000000+00:00','');
INSERT INTO "history" VALUES(3,'<more@corp.example>','2026-11-23T08:34:00.000000+00:00','made','2026-11-25T08:45:00.000000+00:00','');
INSERT INTO "history" VALUES(4,'<kept@corp.example>','2026-11-23T08:34:00.000000+00:00','made','2026-11-25T08:45:00.000000+00:00','');
INSERT INTO "history" VALUES(5,'<dropped@corp.example>','2026-11-23T08:34:00.000000+00:00','made','2026-11-25T08:45:00.000000+00:00','');
INSERT INTO "history" VALUES(6,'<withdrawn@corp.example>','2026-11-23T08:34:00.000000+00:00','made','2026-11-25T08:45:00.000000+00:00','');
INSERT INTO "history" VALUES(7,'<asked@corp.example>','2026-11-23T08:34:00.000000+00:00','made','2026-11-25T08:45:00.000000+00:00','');
INSERT INTO "history" VALUES(8,'<tick@corp.example>','2026-11-23T08:34:00.000000+00:00','made','2026-11-25T08:45:00.000000+00:00','');
INSERT INTO "history" VALUES(9,'<payroll@corp.example>','2026-11-23T08:34:00.000000+00:00','made','2026-11-25T08:45:00.000000+00:00','');
INSERT INTO "history" VALUES(10,'<urgent@corp.example>','2026-11-23T08:34:00.000000+00:00','made','2026-11-23T12:45:00.000000+00:00','');
INSERT INTO "history" VALUES(11,'<payroll@corp.example>','2026-11-23T09:10:00.000000+00:00','withdrawn','2026-11-25T08:45:00.000000+00:00','answered by the letter redirect');
INSERT INTO "history" VALUES(12,'<kept@corp.example>','2026-11-23T09:12:00.000000+00:00','kept','2026-11-25T08:45:00.000000+00:00','the owner answered');
INSERT INTO "history" VALUES(13,'<moved@corp.example>','2026-11-23T09:12:00.000000+00:00','moved','2026-11-27T08:45:00.000000+00:00','');
INSERT INTO "history" VALUES(14,'<dropped@corp.example>','2026-11-23T09:12:00.000000+00:00','dropped','2026-11-25T08:45:00.000000+00:00','you ticked off its task, and no answer was seen');
INSERT INTO "history" VALUES(15,'<withdrawn@corp.example>','2026-11-23T09:12:00.000000+00:00','withdrawn','2026-11-25T08:45:00.000000+00:00','you deleted its task');
INSERT INTO "history" VALUES(16,'<more@corp.example>','2026-11-23T09:12:00.000000+00:00','waits','2026-11-25T08:45:00.000000+00:00','you asked for more information');
INSERT INTO "history" VALUES(17,'<moved@corp.example>','2026-11-23T09:19:00.000000+00:00','told','2026-11-27T08:45:00.000000+00:00','');
INSERT INTO "history" VALUES(18,'<urgent@corp.example>','2026-11-23T13:30:00.000000+00:00','overdue','2026-11-23T12:45:00.000000+00:00','');
INSERT INTO "history" VALUES(19,'<release@corp.example>','2026-11-23T17:30:00.000000+00:00','made','2026-11-25T08:00:00.000000+00:00','');
INSERT INTO "history" VALUES(20,'<asked@corp.example>','2026-11-24T07:33:00.000000+00:00','moved','2026-12-01T08:45:00.000000+00:00','');
INSERT INTO "history" VALUES(21,'<lettered@corp.example>','2026-11-24T07:41:00.000000+00:00','made','2026-11-26T08:00:00.000000+00:00','');
INSERT INTO "history" VALUES(22,'<tasked@corp.example>','2026-11-24T08:35:00.000000+00:00','made','2026-11-26T08:45:00.000000+00:00','');
INSERT INTO "history" VALUES(23,'<lost@corp.example>','2026-11-24T09:33:00.000000+00:00','made','2026-11-26T09:30:00.000000+00:00','');
INSERT INTO "history" VALUES(24,'<late@corp.example>','2026-11-24T09:33:00.000000+00:00','made','2026-11-26T09:30:00.000000+00:00','');
INSERT INTO "history" VALUES(25,'<killed@corp.example>','2026-11-24T09:33:00.000000+00:00','made','2026-11-26T09:30:00.000000+00:00','');
INSERT INTO "history" VALUES(26,'<grace@corp.example>','2026-11-24T09:57:00.000000+00:00','made','2026-11-26T09:45:00.000000+00:00','');
INSERT INTO "history" VALUES(27,'<tick@corp.example>','2026-11-24T09:59:00.000000+00:00','kept','2026-11-25T08:45:00.000000+00:00','the owner answered');
CREATE TABLE labels (
	message_id VARCHAR(998) NOT NULL, 
	promised INTEGER, 
	obeyed TEXT NOT NULL, 
	PRIMARY KEY (message_id)
);
INSERT INTO "labels" VALUES('<tick@corp.example>',0,'[]');
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
INSERT INTO "mails" VALUES('<told@corp.example>','2026-11-23T08:32:00.000000+00:00','2026-11-23T08:34:00.000000+00:00','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAARmCFEdVQpPB9RPeaA==',1,'send','[{"says": "evidence", "rule": "request", "weight": 10.867795571790447, "reason": "asks for an answer or an action (1.00, at least 0.73)"}]','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAGHalzYA==');
INSERT INTO "mails" VALUES('<moved@corp.example>','2026-11-23T08:32:00.000000+00:00','2026-11-23T08:34:00.000000+00:00','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQqqejytkccMsJaz0w==',1,'send','[{"says": "evidence", "rule": "request", "weight": 10.867795571790447, "reason": "asks for an answer or an action (1.00, at least 0.73)"}]','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAHaq5D9g==');
INSERT INTO "mails" VALUES('<more@corp.example>','2026-11-23T08:32:00.000000+00:00','2026-11-23T08:34:00.000000+00:00','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAc++XclUijciqEtRMA==',1,'send','[{"says": "evidence", "rule": "request", "weight": 10.867795571790447, "reason": "asks for an answer or an action (1.00, at least 0.73)"}]','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAI+hFeZw==');
INSERT INTO "mails" VALUES('<kept@corp.example>','2026-11-23T08:32:00.000000+00:00','2026-11-23T08:34:00.000000+00:00','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAXxfhZnB9wb3dci3Ig==',1,'send','[{"says": "evidence", "rule": "request", "weight": 10.867795571790447, "reason": "asks for an answer or an action (1.00, at least 0.73)"}]','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAJjRZu8Q==');
INSERT INTO "mails" VALUES('<dropped@corp.example>','2026-11-23T08:32:00.000000+00:00','2026-11-23T08:34:00.000000+00:00','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAZlyvRo27SgRRpPNIA==',1,'send','[{"says": "evidence", "rule": "request", "weight": 10.867795571790447, "reason": "asks for an answer or an action (1.00, at least 0.73)"}]','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAKFB8/Sw==');
INSERT INTO "mails" VALUES('<withdrawn@corp.example>','2026-11-23T08:32:00.000000+00:00','2026-11-23T08:34:00.000000+00:00','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAfJLOlR9pX40h+Z+1Q==',1,'send','[{"says": "evidence", "rule": "request", "weight": 10.867795571790447, "reason": "asks for an answer or an action (1.00, at least 0.73)"}]','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAALYxgP3Q==');
INSERT INTO "mails" VALUES('<asked@corp.example>','2026-11-23T08:32:00.000000+00:00','2026-11-23T08:34:00.000000+00:00','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAWprPasdpTIHu2WJJQ==',1,'send','[{"says": "evidence", "rule": "request", "weight": 10.867795571790447, "reason": "asks for an answer or an action (1.00, at least 0.73)"}]','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAM/Xyafg==');
INSERT INTO "mails" VALUES('<tick@corp.example>','2026-11-23T08:32:00.000000+00:00','2026-11-23T08:34:00.000000+00:00','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAclzy22rQVK0z2+8Nw==',1,'send','[{"says": "evidence", "rule": "request", "weight": 10.867795571790447, "reason": "asks for an answer or an action (1.00, at least 0.73)"}]','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAANinuq6A==');
INSERT INTO "mails" VALUES('<payroll@corp.example>','2026-11-23T08:32:00.000000+00:00','2026-11-23T08:34:00.000000+00:00','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAASJLrXGNV77aNNcnbg==',1,'send','[{"says": "evidence", "rule": "request", "weight": 10.868058267759421, "reason": "asks for an answer or an action (1.00, at least 0.73)"}, {"says": "evidence", "rule": "rules", "weight": 0.0, "reason": "your rule ''payroll goes to HR'' applies"}]','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAOE3L7Ug==');
INSERT INTO "mails" VALUES('<urgent@corp.example>','2026-11-23T08:32:00.000000+00:00','2026-11-23T08:34:00.000000+00:00','carol@partner.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAdazmYEzQWv4A5HKUw==',1,'send','[{"says": "evidence", "rule": "request", "weight": 1.5728070427649183, "reason": "asks for an answer or an action (0.93, at least 0.73)"}]','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAPZHXLxA==');
INSERT INTO "mails" VALUES('<thanks@corp.example>','2026-11-23T08:32:00.000000+00:00','2026-11-23T08:34:00.000000+00:00','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAS7KsGeM6KKxV1ibxQ==',0,'send','[{"says": "evidence", "rule": "request", "weight": -5.41620035827663, "reason": "asks nothing of the reader, as far as can be told (0.01, less than 0.73)"}]','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAQ6X3GMQ==');
INSERT INTO "mails" VALUES('<robot@corp.example>','2026-11-23T08:32:00.000000+00:00','2026-11-23T08:34:00.000000+00:00','no-reply@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAR46YCnP8xQvf+wEWQ==',0,'send','[{"says": "veto", "rule": "excepted", "reason": "the configuration excepts no-reply@*"}, {"says": "evidence", "rule": "request", "weight": 10.867795571790447, "reason": "asks for an answer or an action (1.00, at least 0.73)"}, {"says": "veto", "rule": "system sender", "reason": "from a machine''s address: no-reply@corp.example"}]','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAARnnr2pw==');
INSERT INTO "mails" VALUES('<707aa8e78a5d495b8b16dce74283da68@exchange.corp.example>','2026-11-23T13:30:00.000000+00:00','2026-11-23T17:30:00.000000+00:00','alice@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAZSnViBS6UL+r5ULOQ==',0,'send','[{"says": "veto", "rule": "auto response suppress", "reason": "an out-of-office or other automatic reply: X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply"}, {"says": "veto", "rule": "auto submitted", "reason": "sent by a machine: Auto-Submitted: auto-replied"}, {"says": "veto", "rule": "own mail", "reason": "sent by the owner"}, {"says": "evidence", "rule": "request", "weight": 2.7489854282083774, "reason": "asks for an answer or an action (0.98, at least 0.73)"}, {"says": "veto", "rule": "robot header", "reason": "another ackd''s own letter: X-Ackd"}]','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAABAghaXxQ==');
INSERT INTO "mails" VALUES('<release@corp.example>','2026-11-23T13:30:00.000000+00:00','2026-11-23T17:30:00.000000+00:00','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQ/gr9a3PMbYTjubJg==',1,'send','[{"says": "evidence", "rule": "request", "weight": 8.518682650484642, "reason": "asks for an answer or an action (1.00, at least 0.73)"}, {"says": "evidence", "rule": "rules", "weight": 10.0, "reason": "your rule ''release questions'' says: always acknowledge"}]','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAABCbBj26Q==');
INSERT INTO "mails" VALUES('<46a2b30a69d64360bf5199904d3df6a9@exchange.corp.example>','2026-11-24T07:31:00.000000+00:00','2026-11-24T07:32:00.000000+00:00','alice@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAARH7/o6XbEnTaiXz0Q==',0,'send','[{"says": "veto", "rule": "auto response suppress", "reason": "an out-of-office or other automatic reply: X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply"}, {"says": "veto", "rule": "auto submitted", "reason": "sent by a machine: Auto-Submitted: auto-replied"}, {"says": "veto", "rule": "own mail", "reason": "sent by the owner"}, {"says": "evidence", "rule": "request", "weight": -3.1620556143111926, "reason": "asks nothing of the reader, as far as can be told (0.10, less than 0.73)"}, {"says": "veto", "rule": "robot header", "reason": "another ackd''s own letter: X-Ackd"}]','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAABHHHICZg==');
INSERT INTO "mails" VALUES('<lettered@corp.example>','2026-11-24T07:40:00.000000+00:00','2026-11-24T07:41:00.000000+00:00','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAbGPVW3UUjM98dbdDQ==',1,'send','[{"says": "evidence", "rule": "request", "weight": 10.867795571790447, "reason": "asks for an answer or an action (1.00, at least 0.73)"}]','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAABLFcROTQ==');
INSERT INTO "mails" VALUES('<tasked@corp.example>','2026-11-24T08:34:00.000000+00:00','2026-11-24T08:35:00.000000+00:00','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAV/L7L2pV4QZa+Hg1A==',1,'send','[{"says": "evidence", "rule": "request", "weight": 10.867795571790447, "reason": "asks for an answer or an action (1.00, at least 0.73)"}]','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAABMi6Db7g==');
INSERT INTO "mails" VALUES('<lost@corp.example>','2026-11-24T09:28:00.000000+00:00','2026-11-24T09:33:00.000000+00:00','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAWzLeZOvA4hIrf5VAQ==',1,'send','[{"says": "evidence", "rule": "request", "weight": 10.867795571790447, "reason": "asks for an answer or an action (1.00, at least 0.73)"}]','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAABQn6GHoQ==');
INSERT INTO "mails" VALUES('<late@corp.example>','2026-11-24T09:28:00.000000+00:00','2026-11-24T09:33:00.000000+00:00','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAZiewizfSdBwCfoymg==',1,'send','[{"says": "evidence", "rule": "request", "weight": 10.867795571790447, "reason": "asks for an answer or an action (1.00, at least 0.73)"}]','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAABR6Ka3Nw==');
INSERT INTO "mails" VALUES('<killed@corp.example>','2026-11-24T09:30:00.000000+00:00','2026-11-24T09:33:00.000000+00:00','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAeAo5DJSCkkdxaB8JA==',1,'send','[{"says": "evidence", "rule": "request", "weight": 10.867795571790447, "reason": "asks for an answer or an action (1.00, at least 0.73)"}]','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAABSca/mjQ==');
INSERT INTO "mails" VALUES('<grace@corp.example>','2026-11-24T09:33:00.000000+00:00','2026-11-24T09:57:00.000000+00:00','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAbORQ0gc4Zyqa6lccA==',1,'send','[{"says": "evidence", "rule": "request", "weight": 10.867795571790447, "reason": "asks for an answer or an action (1.00, at least 0.73)"}]','ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAABTBqjWGw==');
CREATE TABLE meta (
	"key" VARCHAR(64) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "meta" VALUES('schema','2');
INSERT INTO "meta" VALUES('mailbox','alice@corp.example');
INSERT INTO "meta" VALUES('mode','send');
INSERT INTO "meta" VALUES('start_mark','2026-11-23T08:31:00+00:00');
INSERT INTO "meta" VALUES('marked','yes');
INSERT INTO "meta" VALUES('categories','["Promised", "a: cannot", "a: more", "a: no", "a: yes"]');
INSERT INTO "meta" VALUES('proof','{"at": "2026-11-23T08:31:00+00:00", "version": "15.2.1544.9", "proofs": [{"what": "letter", "holds": true, "found": "written"}, {"what": "commit time", "holds": true, "found": "moves: an idle poll is one request"}, {"what": "letter found by its token", "holds": true, "found": "in Sent Items"}, {"what": "marks of a letter", "holds": true, "found": "arrive: x-ackd, auto-submitted, x-auto-response-suppress, in-reply-to"}, {"what": "categories", "holds": true, "found": "written"}, {"what": "task''s date", "holds": true, "found": "2026-11-26 came back as 2026-11-26"}, {"what": "exclusive folders", "holds": true, "found": "the second of a name is refused"}, {"what": "removed again", "holds": true, "found": "nothing is left"}]}');
INSERT INTO "meta" VALUES('digest','{"slot": "2026-11-24T08:30:00+01:00", "tries": 0, "attempted": "", "since": "2026-11-24T07:31:00+00:00"}');
INSERT INTO "meta" VALUES('owner_settings','{"at": "2026-11-24T07:32:00+00:00", "zone": "Europe/Berlin", "hours": [[["09:00:00", "17:30:00"]], [["09:00:00", "17:30:00"]], [["09:00:00", "17:30:00"]], [["09:00:00", "17:30:00"]], [["09:00:00", "17:30:00"]], [], []], "out_of_office": [], "away": []}');
INSERT INTO "meta" VALUES('groups','{"team@corp.example":{"at":"2026-11-24T08:34:00+00:00","tried":"2026-11-24T08:34:00+00:00","members":["bob@corp.example","dora@partner.example"]}}');
INSERT INTO "meta" VALUES('pruned','2026-11-24T08:34:00+00:00');
INSERT INTO "meta" VALUES('drafts_looked','2026-11-24T09:57:00+00:00');
INSERT INTO "meta" VALUES('cursor','{"Inbox":{"state":"U7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAACAAAAAAAAAEHAAAAAAAAAQfSCber","seen":"2026-11-24T09:59:00+00:00 1"},"/sent":{"state":"U7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAACgAAAAAAAAEHAAAAAAAAAQcGNSds","seen":"2026-11-24T09:59:00+00:00 1"},"/tasks":{"state":"U7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAEAAAAAAAAADtAAAAAAAAAO06Vjsk","seen":"2026-11-24T07:33:00+00:00 2"}}');
INSERT INTO "meta" VALUES('last_poll','2026-11-24T10:00:00+00:00');
INSERT INTO "meta" VALUES('refused_sign_in','{"salt": "592bf3e68ec7fa8b4c8b57e4b603c73b", "hash": "305e65066567d21d48b05a2bccf53fe526810303b4728f051dcc21fce3115d608c1581168985c69bb8f7163534f79728e5d2efd614fdb486f9cb94417999b2cf", "at": "2026-11-24T10:00:00+00:00"}');
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
INSERT INTO "promises" VALUES('<told@corp.example>','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAARmCFEdVQpPB9RPeaA==','{"message_id": "<told@corp.example>", "asker": {"email": "bob@corp.example", "name": "Bob"}, "subject": "About told", "received": "2026-11-23T08:32:00+00:00", "language": "en", "urgency": "normal", "deadline": null, "sentence": "", "text": "", "references": [], "sensitivity": "normal", "importance": "normal", "conversation": "A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAARmCFEdVQpPB9RPeaA==", "letter": "received", "contact": null, "category": "", "asker_offset": null, "item": "ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAGHalzYA==", "commanded": false}','2026-11-25T08:45:00.000000+00:00','2026-11-24T16:15:00.000000+00:00','open','2026-11-23T08:34:00.000000+00:00','2026-11-25T08:45:00.000000+00:00','2026-11-25T08:45:00.000000+00:00',0,0,NULL,NULL,NULL,'');
INSERT INTO "promises" VALUES('<moved@corp.example>','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQqqejytkccMsJaz0w==','{"message_id": "<moved@corp.example>", "asker": {"email": "bob@corp.example", "name": "Bob"}, "subject": "About moved", "received": "2026-11-23T08:32:00+00:00", "language": "en", "urgency": "normal", "deadline": null, "sentence": "", "text": "", "references": [], "sensitivity": "normal", "importance": "normal", "conversation": "A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQqqejytkccMsJaz0w==", "letter": "received", "contact": null, "category": "", "asker_offset": null, "item": "ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAHaq5D9g==", "commanded": false}','2026-11-27T08:45:00.000000+00:00','2026-11-26T16:15:00.000000+00:00','open','2026-11-23T08:34:00.000000+00:00','2026-11-25T08:45:00.000000+00:00','2026-11-27T08:45:00.000000+00:00',1,0,NULL,NULL,NULL,'');
INSERT INTO "promises" VALUES('<more@corp.example>','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAc++XclUijciqEtRMA==','{"message_id": "<more@corp.example>", "asker": {"email": "bob@corp.example", "name": "Bob"}, "subject": "About more", "received": "2026-11-23T08:32:00+00:00", "language": "en", "urgency": "normal", "deadline": null, "sentence": "", "text": "", "references": [], "sensitivity": "normal", "importance": "normal", "conversation": "A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAc++XclUijciqEtRMA==", "letter": "received", "contact": null, "category": "", "asker_offset": null, "item": "ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAI+hFeZw==", "commanded": false}','2026-11-25T08:45:00.000000+00:00','2026-11-24T16:15:00.000000+00:00','open','2026-11-23T08:34:00.000000+00:00','2026-11-25T08:45:00.000000+00:00','2026-11-25T08:45:00.000000+00:00',0,1,NULL,NULL,NULL,'');
INSERT INTO "promises" VALUES('<kept@corp.example>','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAXxfhZnB9wb3dci3Ig==','{"message_id": "<kept@corp.example>", "asker": {"email": "bob@corp.example", "name": "Bob"}, "subject": "About kept", "received": "2026-11-23T08:32:00+00:00", "language": "en", "urgency": "normal", "deadline": null, "sentence": "", "text": "", "references": [], "sensitivity": "normal", "importance": "normal", "conversation": "A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAXxfhZnB9wb3dci3Ig==", "letter": "received", "contact": null, "category": "", "asker_offset": null, "item": "ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAJjRZu8Q==", "commanded": false}','2026-11-25T08:45:00.000000+00:00','2026-11-24T16:15:00.000000+00:00','kept','2026-11-23T08:34:00.000000+00:00','2026-11-25T08:45:00.000000+00:00','2026-11-25T08:45:00.000000+00:00',0,0,NULL,'2026-11-23T09:11:00.000000+00:00','2026-11-23T09:12:00.000000+00:00','the owner answered');
INSERT INTO "promises" VALUES('<dropped@corp.example>','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAZlyvRo27SgRRpPNIA==','{"message_id": "<dropped@corp.example>", "asker": {"email": "bob@corp.example", "name": "Bob"}, "subject": "About dropped", "received": "2026-11-23T08:32:00+00:00", "language": "en", "urgency": "normal", "deadline": null, "sentence": "", "text": "", "references": [], "sensitivity": "normal", "importance": "normal", "conversation": "A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAZlyvRo27SgRRpPNIA==", "letter": "received", "contact": null, "category": "", "asker_offset": null, "item": "ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAKFB8/Sw==", "commanded": false}','2026-11-25T08:45:00.000000+00:00','2026-11-24T16:15:00.000000+00:00','dropped','2026-11-23T08:34:00.000000+00:00','2026-11-25T08:45:00.000000+00:00','2026-11-25T08:45:00.000000+00:00',0,0,NULL,NULL,'2026-11-23T09:12:00.000000+00:00','you ticked off its task, and no answer was seen');
INSERT INTO "promises" VALUES('<withdrawn@corp.example>','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAfJLOlR9pX40h+Z+1Q==','{"message_id": "<withdrawn@corp.example>", "asker": {"email": "bob@corp.example", "name": "Bob"}, "subject": "About withdrawn", "received": "2026-11-23T08:32:00+00:00", "language": "en", "urgency": "normal", "deadline": null, "sentence": "", "text": "", "references": [], "sensitivity": "normal", "importance": "normal", "conversation": "A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAfJLOlR9pX40h+Z+1Q==", "letter": "received", "contact": null, "category": "", "asker_offset": null, "item": "ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAALYxgP3Q==", "commanded": false}','2026-11-25T08:45:00.000000+00:00','2026-11-24T16:15:00.000000+00:00','withdrawn','2026-11-23T08:34:00.000000+00:00','2026-11-25T08:45:00.000000+00:00','2026-11-25T08:45:00.000000+00:00',0,0,NULL,NULL,'2026-11-23T09:12:00.000000+00:00','you deleted its task');
INSERT INTO "promises" VALUES('<asked@corp.example>','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAWprPasdpTIHu2WJJQ==','{"message_id": "<asked@corp.example>", "asker": {"email": "bob@corp.example", "name": "Bob"}, "subject": "About asked", "received": "2026-11-23T08:32:00+00:00", "language": "en", "urgency": "normal", "deadline": null, "sentence": "", "text": "", "references": [], "sensitivity": "normal", "importance": "normal", "conversation": "A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAWprPasdpTIHu2WJJQ==", "letter": "received", "contact": null, "category": "", "asker_offset": null, "item": "ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAM/Xyafg==", "commanded": false}','2026-12-01T08:45:00.000000+00:00','2026-11-30T16:15:00.000000+00:00','open','2026-11-23T08:34:00.000000+00:00','2026-11-25T08:45:00.000000+00:00','2026-11-25T08:45:00.000000+00:00',0,0,NULL,NULL,NULL,'');
INSERT INTO "promises" VALUES('<tick@corp.example>','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAclzy22rQVK0z2+8Nw==','{"message_id": "<tick@corp.example>", "asker": {"email": "bob@corp.example", "name": "Bob"}, "subject": "About tick", "received": "2026-11-23T08:32:00+00:00", "language": "en", "urgency": "normal", "deadline": null, "sentence": "", "text": "", "references": [], "sensitivity": "normal", "importance": "normal", "conversation": "A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAclzy22rQVK0z2+8Nw==", "letter": "received", "contact": null, "category": "", "asker_offset": null, "item": "ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAANinuq6A==", "commanded": false}','2026-11-25T08:45:00.000000+00:00','2026-11-24T16:15:00.000000+00:00','kept','2026-11-23T08:34:00.000000+00:00','2026-11-25T08:45:00.000000+00:00','2026-11-25T08:45:00.000000+00:00',0,0,NULL,'2026-11-24T09:59:00.000000+00:00','2026-11-24T09:59:00.000000+00:00','the owner answered');
INSERT INTO "promises" VALUES('<payroll@corp.example>','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAASJLrXGNV77aNNcnbg==','{"message_id": "<payroll@corp.example>", "asker": {"email": "bob@corp.example", "name": "Bob"}, "subject": "About payroll", "received": "2026-11-23T08:32:00+00:00", "language": "en", "urgency": "normal", "deadline": null, "sentence": "", "text": "", "references": [], "sensitivity": "normal", "importance": "normal", "conversation": "A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAASJLrXGNV77aNNcnbg==", "letter": "redirect", "contact": {"email": "hr@corp.example", "name": ""}, "category": "", "asker_offset": null, "item": "ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAOE3L7Ug==", "commanded": false}','2026-11-25T08:45:00.000000+00:00','2026-11-24T16:15:00.000000+00:00','withdrawn','2026-11-23T08:34:00.000000+00:00','2026-11-25T08:45:00.000000+00:00','2026-11-25T08:45:00.000000+00:00',0,0,NULL,NULL,'2026-11-23T09:10:00.000000+00:00','answered by the letter redirect');
INSERT INTO "promises" VALUES('<urgent@corp.example>','carol@partner.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAdazmYEzQWv4A5HKUw==','{"message_id": "<urgent@corp.example>", "asker": {"email": "carol@partner.example", "name": "Carol"}, "subject": "About urgent", "received": "2026-11-23T08:32:00+00:00", "language": "en", "urgency": "urgent", "deadline": null, "sentence": "", "text": "", "references": [], "sensitivity": "normal", "importance": "normal", "conversation": "A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAdazmYEzQWv4A5HKUw==", "letter": "received", "contact": null, "category": "", "asker_offset": null, "item": "ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAAAPZHXLxA==", "commanded": false}','2026-11-23T12:45:00.000000+00:00','2026-11-23T11:45:00.000000+00:00','open','2026-11-23T08:34:00.000000+00:00','2026-11-23T12:45:00.000000+00:00','2026-11-23T12:45:00.000000+00:00',0,0,'2026-11-23T12:45:00.000000+00:00',NULL,NULL,'');
INSERT INTO "promises" VALUES('<release@corp.example>','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQ/gr9a3PMbYTjubJg==','{"message_id": "<release@corp.example>", "asker": {"email": "bob@corp.example", "name": "Bob"}, "subject": "About release", "received": "2026-11-23T13:30:00+00:00", "language": "en", "urgency": "normal", "deadline": null, "sentence": "", "text": "", "references": [], "sensitivity": "normal", "importance": "normal", "conversation": "A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQ/gr9a3PMbYTjubJg==", "letter": "received", "contact": null, "category": "Release", "asker_offset": null, "item": "ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAABCbBj26Q==", "commanded": false}','2026-11-25T08:00:00.000000+00:00','2026-11-24T15:30:00.000000+00:00','open','2026-11-23T17:30:00.000000+00:00','2026-11-25T08:00:00.000000+00:00','2026-11-25T08:00:00.000000+00:00',0,0,NULL,NULL,NULL,'');
INSERT INTO "promises" VALUES('<lettered@corp.example>','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAbGPVW3UUjM98dbdDQ==','{"message_id": "<lettered@corp.example>", "asker": {"email": "bob@corp.example", "name": "Bob"}, "subject": "About lettered", "received": "2026-11-24T07:40:00+00:00", "language": "en", "urgency": "normal", "deadline": null, "sentence": "Could you please send me the figures for October?", "text": "Could you please send me the figures for October?", "references": [], "sensitivity": "normal", "importance": "normal", "conversation": "A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAbGPVW3UUjM98dbdDQ==", "letter": "received", "contact": null, "category": "", "asker_offset": null, "item": "ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAABLFcROTQ==", "commanded": false}','2026-11-26T08:00:00.000000+00:00','2026-11-25T15:30:00.000000+00:00','open','2026-11-24T07:41:00.000000+00:00','2026-11-26T08:00:00.000000+00:00',NULL,0,0,NULL,NULL,NULL,'');
INSERT INTO "promises" VALUES('<tasked@corp.example>','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAV/L7L2pV4QZa+Hg1A==','{"message_id": "<tasked@corp.example>", "asker": {"email": "bob@corp.example", "name": "Bob"}, "subject": "About tasked", "received": "2026-11-24T08:34:00+00:00", "language": "en", "urgency": "normal", "deadline": null, "sentence": "Could you please send me the figures for October?", "text": "Could you please send me the figures for October?", "references": [], "sensitivity": "normal", "importance": "normal", "conversation": "A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAV/L7L2pV4QZa+Hg1A==", "letter": "received", "contact": null, "category": "", "asker_offset": null, "item": "ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAABMi6Db7g==", "commanded": false}','2026-11-26T08:45:00.000000+00:00','2026-11-25T16:15:00.000000+00:00','open','2026-11-24T08:35:00.000000+00:00','2026-11-26T08:45:00.000000+00:00','2026-11-26T08:45:00.000000+00:00',0,0,NULL,NULL,NULL,'');
INSERT INTO "promises" VALUES('<lost@corp.example>','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAWzLeZOvA4hIrf5VAQ==','{"message_id": "<lost@corp.example>", "asker": {"email": "bob@corp.example", "name": "Bob"}, "subject": "About lost", "received": "2026-11-24T09:28:00+00:00", "language": "en", "urgency": "normal", "deadline": null, "sentence": "Could you please send me the figures for October?", "text": "Could you please send me the figures for October?", "references": [], "sensitivity": "normal", "importance": "normal", "conversation": "A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAWzLeZOvA4hIrf5VAQ==", "letter": "received", "contact": null, "category": "", "asker_offset": null, "item": "ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAABQn6GHoQ==", "commanded": false}','2026-11-26T09:30:00.000000+00:00','2026-11-26T08:30:00.000000+00:00','open','2026-11-24T09:33:00.000000+00:00','2026-11-26T09:30:00.000000+00:00',NULL,0,0,NULL,NULL,NULL,'');
INSERT INTO "promises" VALUES('<late@corp.example>','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAZiewizfSdBwCfoymg==','{"message_id": "<late@corp.example>", "asker": {"email": "bob@corp.example", "name": "Bob"}, "subject": "About late", "received": "2026-11-24T09:28:00+00:00", "language": "en", "urgency": "normal", "deadline": null, "sentence": "Could you please send me the figures for October?", "text": "Could you please send me the figures for October?", "references": [], "sensitivity": "normal", "importance": "normal", "conversation": "A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAZiewizfSdBwCfoymg==", "letter": "received", "contact": null, "category": "", "asker_offset": null, "item": "ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAABR6Ka3Nw==", "commanded": false}','2026-11-26T09:30:00.000000+00:00','2026-11-26T08:30:00.000000+00:00','open','2026-11-24T09:33:00.000000+00:00','2026-11-26T09:30:00.000000+00:00',NULL,0,0,NULL,NULL,NULL,'');
INSERT INTO "promises" VALUES('<killed@corp.example>','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAeAo5DJSCkkdxaB8JA==','{"message_id": "<killed@corp.example>", "asker": {"email": "bob@corp.example", "name": "Bob"}, "subject": "About killed", "received": "2026-11-24T09:30:00+00:00", "language": "en", "urgency": "normal", "deadline": null, "sentence": "Could you please send me the figures for October?", "text": "Could you please send me the figures for October?", "references": [], "sensitivity": "normal", "importance": "normal", "conversation": "A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAeAo5DJSCkkdxaB8JA==", "letter": "received", "contact": null, "category": "", "asker_offset": null, "item": "ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAABSca/mjQ==", "commanded": false}','2026-11-26T09:30:00.000000+00:00','2026-11-26T08:30:00.000000+00:00','open','2026-11-24T09:33:00.000000+00:00','2026-11-26T09:30:00.000000+00:00',NULL,0,0,NULL,NULL,NULL,'');
INSERT INTO "promises" VALUES('<grace@corp.example>','bob@corp.example','A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAbORQ0gc4Zyqa6lccA==','{"message_id": "<grace@corp.example>", "asker": {"email": "bob@corp.example", "name": "Bob"}, "subject": "About grace", "received": "2026-11-24T09:33:00+00:00", "language": "en", "urgency": "normal", "deadline": null, "sentence": "Could you please send me the figures for October?", "text": "Could you please send me the figures for October?", "references": [], "sensitivity": "normal", "importance": "normal", "conversation": "A7Yd9wE1u0VimHMyLTP5bSUAAAAAAAAAAbORQ0gc4Zyqa6lccA==", "letter": "received", "contact": null, "category": "", "asker_offset": null, "item": "ArYd9wE1u0VimHMyLTP5bSUAAAAAAAAAAQAAAAAAAABTBqjWGw==", "commanded": false}','2026-11-26T09:45:00.000000+00:00','2026-11-26T08:45:00.000000+00:00','open','2026-11-24T09:57:00.000000+00:00','2026-11-26T09:45:00.000000+00:00',NULL,0,0,NULL,NULL,NULL,'');
CREATE TABLE tokens (
	token VARCHAR(32) NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	PRIMARY KEY (token)
);
INSERT INTO "tokens" VALUES('6f45822d1ca8ef8e7703a6577fd591f4','2026-11-23T09:10:00.000000+00:00');
INSERT INTO "tokens" VALUES('2dbb7156dfa088a0f2b833e943107708','2026-11-23T09:10:00.000000+00:00');
INSERT INTO "tokens" VALUES('141850d0c6379f494825a9c36e76b14a','2026-11-23T09:11:00.000000+00:00');
INSERT INTO "tokens" VALUES('1721b54e098bebf47038a4e1284c92a4','2026-11-23T09:11:00.000000+00:00');
INSERT INTO "tokens" VALUES('2884186a18f27dc62d098d43dabb3964','2026-11-23T09:11:00.000000+00:00');
INSERT INTO "tokens" VALUES('5e4ff8a69990760b746c5689ec22094f','2026-11-23T09:11:00.000000+00:00');
INSERT INTO "tokens" VALUES('668f5846d431906bf4af3bd9c8b58c04','2026-11-23T09:11:00.000000+00:00');
INSERT INTO "tokens" VALUES('7d8f9c87667242d6493493205a83325f','2026-11-23T09:11:00.000000+00:00');
INSERT INTO "tokens" VALUES('99bcfd289b13fd76b1dc995b7e49ff2e','2026-11-23T09:11:00.000000+00:00');
INSERT INTO "tokens" VALUES('b290bf7f7caf9058cb553d86bd0d0b35','2026-11-23T09:11:00.000000+00:00');
INSERT INTO "tokens" VALUES('e87a7e6d6f753a4f726c5349ef6a88b1','2026-11-23T09:11:00.000000+00:00');
INSERT INTO "tokens" VALUES('0ff9314fef94dd434ca537483eecd44f','2026-11-23T09:11:00.000000+00:00');
INSERT INTO "tokens" VALUES('18167149d2e1745e92643aaaded5e578','2026-11-23T09:11:00.000000+00:00');
INSERT INTO "tokens" VALUES('246427b6dff7f1c3fd761aeaa9bea38c','2026-11-23T09:11:00.000000+00:00');
INSERT INTO "tokens" VALUES('832b7be4b1da0654d7b165b307712890','2026-11-23T09:11:00.000000+00:00');
INSERT INTO "tokens" VALUES('921484e79107330b65ce37a0e1052020','2026-11-23T09:11:00.000000+00:00');
INSERT INTO "tokens" VALUES('b9e504f1f812e52470d3574f1e36bb4c','2026-11-23T09:11:00.000000+00:00');
INSERT INTO "tokens" VALUES('bd27544b9ad53aa32d54eeb58c2d0529','2026-11-23T09:11:00.000000+00:00');
INSERT INTO "tokens" VALUES('bf8e6aaac6748306f11501edf54501e0','2026-11-23T09:11:00.000000+00:00');
INSERT INTO "tokens" VALUES('3b2281dff7494dae3071f69c6bfd7ee9','2026-11-23T09:12:00.000000+00:00');
INSERT INTO "tokens" VALUES('bee0f2c82185b383d873ffce07f2b4f4','2026-11-23T09:20:00.000000+00:00');
INSERT INTO "tokens" VALUES('ebcb7103d472ea636b70b68d3898f056','2026-11-23T17:30:00.000000+00:00');
INSERT INTO "tokens" VALUES('3504ec0ece5c6d3473faa7db45f900e0','2026-11-23T17:31:00.000000+00:00');
INSERT INTO "tokens" VALUES('0bedac60e73d094ad0b432c9a318bc89','2026-11-23T17:31:00.000000+00:00');
INSERT INTO "tokens" VALUES('9ba577895a65b8428355008c7b4df591','2026-11-24T07:32:00.000000+00:00');
INSERT INTO "tokens" VALUES('a1bae5a3bf0444299a769cdae81e8793','2026-11-24T09:17:00.000000+00:00');
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
