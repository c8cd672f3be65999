"""Dutch."""

from ackd.text.temporal.vocabulary import Words

_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_PARTS = (
    ("ochtend", "morning"),
    ("morgen", "morning"),
    ("middag", "afternoon"),
    ("namiddag", "afternoon"),
    ("avond", "evening"),
)

WORDS = Words(
    by="tegen, per, rond",
    before="voor, vóór, nog voor",
    latest="""
        op zijn laatst, uiterlijk, ten laatste, op z n laatst, is de deadline, als uiterste datum,
        is de uiterste datum
    """,
    strong="""
        uiterlijk, uiterlijk op, uiterlijk om, uiterlijk tegen, uiterlijk voor, ten laatste,
        ten laatste op, ten laatste tegen, op zijn laatst, op z n laatst, niet later dan,
        niet later dan op, deadline, de deadline is, deadline is, uiterste datum, de uiterste datum is,
        uiterste inleverdatum, inleverdatum, termijn, de termijn is, sluitingsdatum, in te leveren voor,
        in te leveren op, moet af zijn voor, vervaldatum
    """,
    weak="",
    until="tot, tot en met, t m, tot aan",
    have="je hebt, jullie hebben, u hebt, u heeft, heb je, heeft u, hebt, krijgt",
    within="""
        binnen, binnen de, in de komende, in de loop van, in de loop van de, in minder dan,
        binnen een termijn van, de komende, in het komende
    """,
    soft="in, over",
    days="""
        vandaag, vandaag nog, nog vandaag, heden = 0
        vanochtend, vanmorgen = 0 morning
        vanmiddag = 0 afternoon
        vanavond = 0 evening
        vannacht = 0 night
        morgen = 1
        morgenochtend, morgenvroeg, morgen vroeg, morgen ochtend = 1 morning
        morgenmiddag, morgen middag = 1 afternoon
        morgenavond, morgen avond = 1 evening
        overmorgen = 2
    """,
    weekdays="\n".join(f"{day} = {n}" for n, day in enumerate(_DAYS))
    + "".join(f"\n{day}{part} = {n} {value}" for n, day in enumerate(_DAYS) for part, value in _PARTS)
    + """
        ma = 0
        di = 1
        wo = 2
        do = 3
        vr = 4
        za = 5
        zo = 6
    """,
    months="""
        januari, jan = 1
        februari, feb = 2
        maart, mrt = 3
        april, apr = 4
        mei = 5
        juni, jun = 6
        juli, jul = 7
        augustus, aug = 8
        september, sep, sept = 9
        oktober, okt = 10
        november, nov = 11
        december, dec = 12
    """,
    parts="""
        de middag, het middaguur, twaalf uur 's middags, lunch, de lunch, lunchtijd = noon
        ochtend, ochtends, s ochtends, morgens, in de ochtend, vroeg = morning
        middag, s middags, middags, in de middag, namiddag, in de namiddag = afternoon
        avond, s avonds, avonds = evening
        middernacht, nacht = night
        einde van de dag, het einde van de dag, eind van de dag, het eind van de dag, eod, cob,
            einde dag, eind vd dag, sluitingstijd, einde werkdag, het einde van de werkdag,
            einde van de werkdag, kantoorsluiting, dagsluiting, vroeg genoeg = end
    """,
    periods="""
        in de loop van de week, in de loop van deze week = week 0
        in de loop van de dag, in de loop van vandaag = day 0
        na het weekend, direct na het weekend = start 1
        einde van de week, het einde van de week, eind van de week, het eind van de week, deze week,
            einde week, eind deze week, het eind van deze week, het einde van deze week, eow,
            eind van deze week = week 0
        eind volgende week, einde volgende week, het eind van volgende week,
            het einde van volgende week, eind van volgende week, einde van volgende week, volgende week,
            komende week = week 1
        het weekend, weekend, dit weekend, weekeinde, het weekeinde = weekend 0
        begin volgende week, het begin van volgende week = start 1
        halverwege volgende week, midden volgende week = middle 1
        einde van de maand, het einde van de maand, eind van de maand, het eind van de maand,
            eind deze maand, maandeinde, deze maand, einde maand, eind maand = month 0
        eind volgende maand, het einde van volgende maand, volgende maand,
            einde volgende maand = month 1
        einde van het kwartaal, het einde van het kwartaal, eind van het kwartaal,
            einde kwartaal, eind kwartaal = quarter 0
        einde van het volgende kwartaal, het einde van het volgende kwartaal, eind volgend kwartaal,
            einde volgend kwartaal, het eind van het volgende kwartaal = quarter 1
        einde van het jaar, het einde van het jaar, eind van het jaar, het eind van het jaar, jaareinde,
            eind dit jaar, dit jaar = year 0
    """,
    ends="eind, einde, het einde van, het eind van, einde van, eind van",
    this="deze, dit",
    coming="aanstaande, komende, a s, eerstvolgende, aankomende, volgende",
    following="volgende",
    week_on="volgende week, van volgende week, over een week, komende week",
    noise="de, het, op, om, van, rond, ongeveer, in, en, a s, te, nog",
    day_marks="de, op",
    ordinals="e, ste, de",
    after_day="""
        om, en, of, als, want, omdat, maar, svp, aub, graag, bedankt, dank, kunt, kan, kun, is, zou,
        insturen, sturen, hebben, inleveren, terug, van, in, aan, met, ontvangen, reageren, antwoorden,
        laten, weten, ingeleverd, binnen, a, dan
    """,
    clock_marks="om, tegen, rond, voor, vóór, uiterlijk om, om uiterlijk",
    clock_units="uur, u, h",
    numbers="""
        een, één, 'n = 1
        twee, een paar, paar = 2
        drie, enkele = 3
        vier = 4
        vijf = 5
        zes = 6
        zeven = 7
        acht = 8
        negen = 9
        tien = 10
        twaalf = 12
        veertien = 14
        vierentwintig = 24
        achtenveertig = 48
    """,
    units="""
        minuut, minuten, min = minute
        uur, uren, u = hour
        dag, dagen = day
        werkdag, werkdagen, arbeidsdag, arbeidsdagen = business
        week, weken = week
        maand, maanden = month
    """,
    ask="""
        alsjeblieft, alstublieft, aub, svp, graag, kun je, kan je, kunt u, kunnen jullie, kunnen we,
        kan ik, zou je, zou u, zouden jullie, zouden we, zou kunnen, zou het mogelijk, is het mogelijk,
        wil je, wilt u, willen jullie, lukt het, lukt dat, red je, haal je, kun jij, heb je tijd,
        ik heb je, ik heb uw, ik heb jullie, nodig, wij hebben uw, we hebben je, laat me, laat het me,
        laat je, laat weten, laat u, hoor graag, hoor ik, horen we, ontvang ik, ontvangen we, verwacht,
        verwachten, verzoeken, verzoek, gelieve, ^stuur, stuurt u, ^geef, geeft u, ^reageer, ^antwoord,
        ^bevestig, bel me, bel mij, ^lever, ^onderteken, ^teken, ^controleer, ^vul, ^zorg, denk aan,
        vergeet niet, zou fijn zijn, zou mooi zijn, zou top zijn, zou prettig, zou goed zijn, fijn als,
        mooi als, het zou, zou helpen, wil ik weten, wil weten, wachten op, wacht op, wil graag,
        willen graag, zou ik graag, moet af, moet klaar, moeten klaar, moet ingeleverd, moet binnen,
        moeten binnen, moet zijn, moeten zijn, je moet, u moet, jullie moeten, dringend, spoed,
        deadline, je reactie, uw reactie, je antwoord, uw antwoord, je akkoord, uw akkoord, je mening,
        uw mening, reacties, reactie, terugsturen, insturen, inleveren, de tijd om
    """,
    own="""
        ik stuur, ik zal, we zullen, wij zullen, ik kom, ik ben, we zijn, wij zijn, ik laat je,
        ik laat u, ik laat het, ik doe, ik meld, ik bel, ik lever, wij leveren, we leveren, we sturen,
        wij sturen, ik ga, we gaan, ik heb het, ik kan, we kunnen het, ik moet, we moeten, ik hoop,
        hij zal, zij zal, ze zullen, zal weer, zal voor, zal om, zullen, wordt, worden, duurt, duren,
        sluit, begint, start, loopt tot, eindigt, is open, vertrekt, vertrek, stuur ik, kom ik, bel ik,
        ben ik, laat ik, geldt, steeg, vindt plaats, is geldig
    """,
    past="""
        gisteren, eergisteren, vorige week, vorige maand, vorige, afgelopen, was, waren, had, hadden,
        werd, werden, heeft gestuurd, heb gestuurd, ontvangen heb, gesproken, besproken, gezegd,
        beloofd, afgesproken, klaar waren
    """,
    away="""
        met vakantie, op vakantie, afwezig, niet op kantoor, niet bereikbaar, met verlof, op reis, ziek,
        op cursus, weg tot, vrij tot, je vakantie, uw vakantie, jouw vakantie
    """,
    event="""
        afspreken, afspraak, ontmoeten, vergadering, vergaderen, overleg, lunchen, eten, koffie, kom je,
        komt u, komen jullie, deelnemen, doe je mee, bezoek, bezoeken, vlucht, reis,
        sollicitatiegesprek, training, feest, feestje, workshop, conferentie, op kantoor, erbij,
        aanwezig, beschikbaar, cursus, concert
    """,
    not_after="versie, procent, keer, vakantie, geleden",
    linked="sinds, van, vanaf, sedert, tot, en",
    told="""
        heb, hebt, heeft, hebben, was, waren, is, ontvangen, gestuurd, gezien, gesproken, besproken,
        mail, bericht, hoe, gaat, goede, goeie, fijne
    """,
    conjunctions="maar, want, omdat, hoewel, anders, terwijl",
    farewells=True,
    # --- wishes ---
    modals="",
    never="""
        niet voor, niet vóór, niet eerder dan, op zijn vroegst, op z n vroegst, op zijn vroegst op, vanaf,
        pas op, pas vanaf, pas na, na, niet tot, nooit voor, op zn vroegst
    """,
    earliest="op zijn vroegst, op z n vroegst, of later, op zn vroegst",
    then="""
        daarvoor, voor die tijd, van tevoren, vooraf, vóór die tijd = before
        tegen die tijd = by
    """,
    events="""
        vergadering, overleg, afspraak, gesprek, call, presentatie, workshop, conferentie, sessie, bezoek,
        audit, training, meeting, bijeenkomst, zitting, demo, interview, bespreking, telefoontje, cursus
    """,
    deliver="""
        sturen, stuur, stuurt, geven, geef, laten weten, weten, antwoorden, antwoord, reageren, reactie,
        bevestigen, bevestig, goedkeuren, ondertekenen, tekenen, leveren, inleveren, opsturen, terugsturen,
        afmaken, afronden, invullen, delen, doorsturen, voorbereiden, uploaden, beslissen, nakijken,
        controleren, feedback, nodig, bellen, terugbellen, klaar, doen, zeggen, doorgeven, horen, mailen,
        afsluiten
    """,
    hours="""
        één, een = 1
        twee = 2
        drie = 3
        vier = 4
        vijf = 5
        zes = 6
        zeven = 7
        acht = 8
        negen = 9
        tien = 10
        elf = 11
        twaalf = 12
        twintig = 20
    """,
    clocks="""
        half H = -30
        kwart over H = 15
        kwart voor H = -15
        M over half H = -30 M
        M voor half H = -30 -M
        M over H, M minuten over H = M
        M voor H, M minuten voor H = -M
    """,
    spans="""
        half uur, een half uur, halfuur, een halfuur = 0.5 hour
        een kwartier, kwartier = 0.25 hour
        drie kwartier = 0.75 hour
        anderhalf uur, anderhalve uur = 1.5 hour
        tweeënhalf uur = 2.5 hour
        anderhalve dag = 1.5 day
        anderhalve week = 1.5 week
        halve dag, een halve dag = 0 day
        veertien dagen = 14 day
    """,
    and_half="en een half, en een halve",
    ordinals_told="""
        eerste = 1
        tweede = 2
        derde = 3
        vierde = 4
        vijfde = 5
        zesde = 6
        zevende = 7
        achtste = 8
        negende = 9
        tiende = 10
        laatste = -1
    """,
    month_refs="""
        van de maand, deze maand, van deze maand, maand = 0
        volgende maand, van volgende maand, komende maand = 1
    """,
    week_marks="week, wk, kw, weeknummer",
    quarters="kwartaal",
    quarter_marks="q, k",
    hour_ends="u, h, uur",
    deny="",
    forget="vergeet, vergeten, aarzel",
    short_weekdays="""
        ma = 0
        di = 1
        wo = 2
        do = 3
        vr = 4
        za = 5
        zo = 6
    """,
)
