"""Words that tell what in a display name or an address is a name and what is none: in plain form (lower case,
no accents), without full stops at the ends, in the languages that ackd reads."""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Before a name.
TITLES = _set("""
    dr prof professor mr mrs ms miss mx sir dame lord lady rev hon capt col gen lt sgt herr frau hr fr
    dipl ing dipl-ing mag med rer nat jur phil habil univ m mme mlle me monsieur madame sr sra srta don
    dona lic dott dottssa dottore dottoressa sig sigra signor signora avv arch geom rag dhr mevr mw drs ir
    mr.ing eng engo dra prof.a doutor doutora senhor senhora exmo exma pd pater schwester bruder pastor
    pastorin pfarrer pfarrerin father brother sister
""")

#: After a name.
AFTER = _set("""
    jr sr ii iii iv phd ph.d md m.d mba msc m.sc bsc b.sc ba ma llm ll.m esq cpa cfa pmp mph dds rn dphil
    msci meng beng cissp dr
""")

#: What an export writes where there is no name.
EMPTY = _set(
    "null undefined none nil nan unknown unbekannt inconnu desconocido sconosciuto onbekend n/a test"
)

#: A team, an office, a place, a function, a company: people read what is sent there, nobody is called so.
ROLES = _set("""
    team teams desk helpdesk servicedesk helpcenter hotline service services support center centre central
    zentrale centrale office department dept abteilung stabsstelle referat division unit group gruppe
    groupe grupo gruppo equipe equipo squad committee board council gremium vorstand admin admins
    administrator administration administracion administrazione administracao verwaltung info information
    informations kontakt contact contacto contatto contato mail mailbox email post inbox postfach correo
    correio courrier posta sales marketing finance finances finanzen financien finanzas financas finanza
    hr people personal personalabteilung personeelszaken personeel personnel payroll lohn lohnbuchhaltung
    gehalt paie nominas paghe stipendi salaris salarisadministratie salarios accounting accounts account
    buchhaltung boekhouding comptabilite contabilidad contabilita contabilidade treasury payable
    receivable billing invoice invoices rechnung rechnungen rechnungswesen factures facturas fatture
    faturas facturen controlling audit revision compliance legal recht rechtsabteilung juridique juridico
    juridisch legale it edv ict ti informatik informatique informatica sistemas sistemi reception empfang
    rezeption accueil recepcion recepcao receptie receção rececao portineria pforte portier conciergerie
    einkauf beschaffung purchasing procurement achats compras acquisti inkoop vertrieb verkauf verkoop
    ventas vendas vendite commercial commerciale comercial kundendienst kundenservice klantenservice
    facility facilities gebaude gebaudedienste gebouw gebouwbeheer hausmeister hausverwaltung haustechnik
    werkstatt werkplaats atelier taller officina oficina ufficio escritorio cuisine kuche keuken cocina
    cozinha kantine kantinenteam canteen cantine comedor mensa cantina cafeteria restaurant
    bedrijfsrestaurant catering lager warehouse magazijn almacen magazzino armazem entrepot logistics
    logistik logistique logistica logistiek versand shipping expedition fuhrpark fleet parc travel reisen
    reisestelle voyages viajes viaggi reizen viagens events event veranstaltungen evenements eventos
    eventi evenementen training trainings schulung schulungen weiterbildung ausbildung academy akademie
    academia campus formation formacion formazione formacao opleidingen security sicherheit securite
    seguridad sicurezza beveiliging seguranca datenschutz arbeitsschutz brandschutz betriebsrat
    personalrat schwerbehindertenvertretung comite sindacato sindicato ondernemingsraad gleichstellung
    betriebsarzt gesundheit health salud sante salute welfare nursery kita praxis clinic klinik labor
    labore lab labs laboratory laboratoire laboratorio laboratorium innovation innovations research
    forschung recherche investigacion ricerca pesquisa onderzoek entwicklung development engineering
    produktion production produccion produzione producao productie fertigung qualitat quality qualite
    calidad qualita qualidade kwaliteit management manager gestion gestione gestao beheer director
    direktion direction direccion direzione direcao directie leitung leiter head chef geschaftsfuhrung
    secretary secretariat sekretariat secretaria segreteria secretariaat assistant assistants assistenz
    assistance assistenza asistencia assistencia ondersteuning soporte suporte ayuda ajuda aiuto hulp
    entretien maintenance mantenimiento manutenzione manutencao onderhoud instandhaltung ressources
    humaines recursos humanos risorse umane press presse prensa stampa imprensa pers media communications
    communication kommunikation comunicacion comunicazione comunicacao communicatie customer customers
    client clients kunden kunde clientes clienti klanten partner partners lieferanten suppliers
    fournisseurs proveedores fornitori fornecedores leveranciers careers jobs bewerbung bewerbungen
    recruiting recruitment candidatures seleccion selezione vacatures project projects projekt projekte
    projet projets proyecto progetto projeto staff mitarbeiter collaborateurs colaboradores everyone all
    alle tous todos tutti iedereen list lista liste verteiler intern internal external extern interne
    interno room rooms raum raume salle salles sala salas sale zaal zalen meeting conference konferenz
    company corp inc gmbh ag ltd llc sa sarl srl bv nv kg ohg plc spa lda the and und et of for from
    vacation absence out auto orders order bestellungen bestellung commandes pedidos ordini bestellingen
    shop laden winkel
""")

#: A program, a device, or what only these send: nobody reads what is sent there.
SYSTEMS = _set("""
    system systems systeme sistema server servers daemon mailer noreply no-reply donotreply robot robots
    bot automation automated automatic automatik workflow workflows flow flows flussi flujo flux flows wf
    batch job queue cron scheduler script notification notifications notifier notify benachrichtigung
    benachrichtigungen notificaciones notifiche notificacoes meldingen alert alerts alarm alarms alerta
    alertas alertes allarmi monitor monitoring nagios zabbix icinga prtg grafana prometheus checkmk sentry
    splunk reporting report reports bericht berichte digest reminder reminders erinnerung erinnerungen
    newsletter news rundbrief portal portale portail portaal personalportal mitarbeiterportal intranet
    extranet web website webseite site sito sitio webform webforms form forms formular formulare
    formulaire formulaires formulario formularios modulo moduli formulier cms app apps selfservice ticket
    tickets ticketing itsm jira zendesk otrs znuny zammad glpi redmine servicenow topdesk freshdesk
    osticket mantis bugzilla trac youtrack issues incident incidents incidencias wiki confluence
    sharepoint mediawiki xwiki bookstack yammer viva ci cd build builds builder jenkins gitlab github git
    bitbucket gitea svn teamcity bamboo devops sonar sonarqube artifactory nexus pipeline pipelines deploy
    deployment integration integracion integrazione compilacion compilaciones compilacoes timesheet
    timesheets timetracking timecard zeiterfassung zeitwirtschaft stempeluhr fichajes fichaje presenze
    cartellino uren urenregistratie horas pointage temps concur expensify expenses expense spesen
    reisekosten reisekostenabrechnung notespese ndf declaraties despesas sap erp oracle dynamics netsuite
    ariba coupa salesforce workday personio approval approvals freigabe freigaben genehmigung
    genehmigungen aprobaciones aprovacoes approvazioni goedkeuring goedkeuringen booking bookings
    reservation reservations reservierung reservierungen buchung buchungen raumbuchung platzbuchung
    platzwahl reserva reservas prenotazione prenotazioni reservering reserveringen zaalreservering parking
    parken parkplatz scan scanner scans scanning mfp mfc kopierer drucker printer printers print printing
    impresora imprimante copieur copier copiadora stampante impressora kopieerapparaat multifunction
    multifunktion multifunctional multifonction fax faxserver backup backups sicherung datensicherung
    veeam sauvegarde sauvegardes copias respaldo nas ups usv learning elearning e-learning lms moodle
    lernwelt lernplattform lernportal leerportaal leren awareness phishing survey surveys umfrage umfragen
    befragung enquete enquetes encuesta encuestas sondage sondages sondaggio sondaggi indagine inquerito
    inqueritos pulse feedback barometer barometre barometro medewerkersonderzoek qualtrics limesurvey
    esign e-sign signing sign signature signatures docusign adobesign signnow signatur signaturen
    unterschrift unterschriften assinatura assinaturas ondertekenen ondertekening chat teamchat slack
    mattermost rocketchat zulip webex zoom share shares sharing ablage freigegeben nextcloud owncloud
    dropbox onedrive drive dateien files filetransfer transfer partage condivisione partilha documentos
    dokumente documents documenti documenten visitor visitors besucher visitas visiteurs visitatori bezoek
    bezoekers bezoekersregistratie envoy voicemail voice voicebox sprachbox anrufbeantworter messagerie
    buzon voz vocale unity pbx telephony telefonanlage phone jabber outlook exchange microsoft google
    teams365 smtp mta postmaster webmaster hostmaster root
""")

#: Family names that are often written first, without a comma: the order can't be told.
FAMILY_FIRST = _set("""
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie
    song tang deng feng han cao zeng peng xiao cai pan tian dong yuan yu jiang ye wei su lu ding ren ng
    chan wong cheung leung lam tan teo ong goh koh chua chew cheng chong fung mak tse ho lai yip shen yao
    lee kim park choi jung kang cho yoon jang lim shin seo kwon hwang nguyen tran le pham hoang phan vu vo
    dang bui do ngo duong sato suzuki takahashi tanaka watanabe ito yamamoto nakamura kobayashi kato
    yoshida yamada sasaki nagy kovacs toth szabo horvath varga kiss molnar nemeth farkas balogh papp
""")

#: At the beginning of family names.
PARTICLES = _set("""
    von van de der den del della di da do dos das du la le el al bin ibn ben af zu zum zur ter ten
""")

#: Ends of words that make the whole one of the kind, in languages that write words together.
_ROLE_ENDS = ("desk", "team", "abteilung", "stelle", "dienst", "dienste", "zentrale", "verwaltung", "zaken")
_SYSTEM_ENDS = (
    "portal",
    "system",
    "erfassung",
    "buchung",
    "abrechnung",
    "sicherung",
    "registratie",
    "reservering",
    "umfrage",
    "befragung",
    "benachrichtigung",
    "server",
    "scanner",
    "drucker",
    "printer",
)
_SHORTEST = 3  # letters before such an end


def is_role(word: str) -> bool:
    """Whether a word in plain form names a team, an office or a function."""
    return word in ROLES or _ends(word, _ROLE_ENDS)


def is_system(word: str) -> bool:
    """Whether a word in plain form names a program or a device."""
    return word in SYSTEMS or _ends(word, _SYSTEM_ENDS)


def is_none(word: str) -> bool:
    """Whether nobody is called so."""
    return word in EMPTY or is_role(word) or is_system(word)


def _ends(word: str, ends: tuple[str, ...]) -> bool:
    return any(word.endswith(end) and len(word) >= len(end) + _SHORTEST for end in ends)
