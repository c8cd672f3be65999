"""Words that tell what in a display name is a name: lower case, without full stops at the ends."""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Before a name.
TITLES = _set("""
    dr prof professor mr mrs ms miss mx sir dame lord lady rev hon capt col gen lt sgt herr frau hr fr
    dipl ing dipl-ing mag med rer nat jur phil habil univ m mme mlle me monsieur madame sr sra srta don
    doña dña lic dott dottssa dottore dottoressa sig sigra signor signora avv arch geom rag dhr mevr mw
    drs ir mr.ing eng engº dra prof.ª profa doutor doutora senhor senhora exmo exma pd
    pater schwester bruder pastor pastorin pfarrer pfarrerin father brother sister
""")

# After a name.
AFTER = _set("""
    jr sr ii iii iv phd ph.d md m.d mba msc m.sc bsc b.sc ba ma llm ll.m esq cpa cfa pmp mph dds rn
    dphil msci meng beng cissp dr
""")

# Words that no person's display name contains, but that of a team, a role, a room or a system.
ROLES = _set("""
    team teams desk helpdesk servicedesk service services support office department dept abteilung
    division group gruppe groupe grupo gruppo equipe équipe equipo squad unit admin administrator
    administration system systems server mailer daemon noreply no-reply donotreply reply info
    information kontakt contact contacto mail mailbox email post postmaster webmaster hostmaster root
    test tests news newsletter notification notifications alert alerts robot bot automation automated
    workflow sharepoint jira confluence github gitlab jenkins zoom slack outlook exchange microsoft
    google sap oracle concur workday salesforce sales marketing finance finanzen hr personal
    personalabteilung payroll accounting buchhaltung comptabilité contabilidad legal it edv reception
    empfang rezeption accueil einkauf vertrieb purchasing procurement facility facilities security
    sicherheit travel training events event room raum salle sala meeting conference board vorstand
    accounts payable receivable treasury logistics warehouse lager reporting compliance operations
    project projekt projet proyecto progetto staff everyone all list verteiler intern internal external
    extern customer customers client kunden quality management manager director head leiter leitung chef
    secretary sekretariat assistant assistenz billing invoice invoices rechnung orders order shop
    careers jobs press media communications communication company corp inc gmbh ag ltd llc sa sarl srl
    bv nv the and und et y e of for from vacation absence out auto
""")

# Family names that are often written first, without a comma: the order can't be told.
FAMILY_FIRST = _set("""
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie
    song tang deng feng han cao zeng peng xiao cai pan tian dong yuan yu jiang ye wei su lu ding ren
    ng chan wong cheung leung lam tan teo ong goh koh chua chew cheng chong fung mak tse ho lai yip
    shen yao lee kim park choi jung kang cho yoon jang lim shin seo kwon hwang nguyen tran le pham hoang
    phan vu vo dang bui do ngo duong sato suzuki takahashi tanaka watanabe ito yamamoto nakamura
    kobayashi kato yoshida yamada sasaki nagy kovacs kovács toth tóth szabo szabó horvath horváth varga
    kiss molnar molnár nemeth németh farkas balogh papp
""")

# At the beginning of family names.
PARTICLES = _set("""
    von van de der den del della di da do dos das du la le el al bin ibn ben af zu zum zur ter ten
""")
