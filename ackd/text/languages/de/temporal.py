"""German."""

from ackd.text.temporal.vocabulary import Words

_DAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_PARTS = (
    ("früh", "morning"),
    ("morgen", "morning"),
    ("vormittag", "morning"),
    ("mittag", "noon"),
    ("nachmittag", "afternoon"),
    ("abend", "evening"),
)

WORDS = Words(
    by="""
        bis, bis zum, bis zu, bis am, bis einschliesslich, bis inklusive, bis gegen, bis um, bis ca,
        bis etwa, per, zum
    """,
    before="vor, vor dem, noch vor, noch vor dem, bis vor",
    latest="""
        spätestens, spaetestens, als letzter termin, ist frist, ist abgabe, ist deadline, ist die frist
    """,
    strong="""
        abgabeschluss ist der, abgabefrist ist der, frist ist der, die frist ist der, stichtag ist der,
        einsendeschluss ist der, anmeldeschluss ist der, abgabetermin ist der, spätestens, spaetestens,
        spätestens bis, spätestens am, spätestens zum, spätestens um,
        bis spätestens, bis spätestens zum, bis spätestens am, bis allerspätestens, allerspätestens,
        bis längstens, nicht später als, frist, frist ist, die frist ist, frist bis, frist am,
        frist endet, frist endet am, deadline, deadline ist, abgabe, abgabe ist, abgabe bis,
        abgabetermin, abgabetermin ist, abgabefrist, abgabeschluss, einsendeschluss,
        einsendeschluss ist, stichtag, stichtag ist, fällig, fällig am, fällig bis, fällig zum,
        zu erledigen bis, letzter termin, letzter termin ist, rückmeldefrist, anmeldeschluss,
        anmeldeschluss ist
    """,
    weak="für",
    until="",
    have="",
    within="""
        innerhalb, innerhalb von, innerhalb der, innerhalb des, binnen, in den nächsten,
        in der nächsten, im laufe, im laufe des, im laufe der, in den kommenden, in weniger als,
        innerhalb der nächsten
    """,
    soft="in",
    days="""
        heute, heut, heute noch, noch heute = 0
        heute abend, heut abend = 0 evening
        heute nacht = 0 night
        heute morgen, heute früh, heute vormittag = 0 morning
        heute mittag, heut mittag = 0 noon
        heute nachmittag = 0 afternoon
        morgen = 1
        morgen früh, morgen vormittag = 1 morning
        morgen mittag = 1 noon
        morgen nachmittag = 1 afternoon
        morgen abend = 1 evening
        übermorgen, uebermorgen = 2
    """,
    weekdays="\n".join(f"{day} = {n}" for n, day in enumerate(_DAYS))
    + "".join(f"\n{day}{part} = {n} {value}" for n, day in enumerate(_DAYS) for part, value in _PARTS)
    + """
        mo = 0
        di = 1
        mi = 2
        do = 3
        fr = 4
        sa, sonnabend = 5
    """,
    months="""
        januar, jan, jänner = 1
        februar, feb, feber = 2
        märz, mrz, maerz = 3
        april, apr = 4
        mai = 5
        juni, jun = 6
        juli, jul = 7
        august, aug = 8
        september, sep, sept = 9
        oktober, okt = 10
        november, nov = 11
        dezember, dez = 12
    """,
    parts="""
        mittag, mittags, zum mittag, zur mittagszeit, high noon, 12 uhr mittags = noon
        früh, morgen, morgens, vormittag, vormittags, in der früh = morning
        nachmittag, nachmittags = afternoon
        abend, abends = evening
        nacht, nachts, mitternacht = night
        dienstschluss, feierabend, büroschluss, geschäftsschluss, arbeitsschluss, tagesende,
            ende des tages, eod, cob, zum feierabend, zum tagesende, arbeitsende, ende des arbeitstages,
            betriebsschluss, früh genug, frueh genug = end
    """,
    periods="""
        im laufe der woche, im laufe dieser woche, im lauf der woche, unter der woche = week 0
        im laufe des tages, im lauf des tages, im laufe des heutigen tages = day 0
        nach dem wochenende, gleich nach dem wochenende = start 1
        ende der woche, ende dieser woche, wochenende hin, wochenschluss, diese woche, dieser woche,
            eow, kw ende, ende diese woche, ende woche = week 0
        ende nächster woche, ende der nächsten woche, ende kommender woche, nächste woche,
            nächster woche, kommende woche, der nächsten woche, ende nächste woche,
            ende der kommenden woche = week 1
        ende übernächster woche, übernächste woche, ende der übernächsten woche = week 2
        wochenende, dem wochenende, das wochenende = weekend 0
        anfang nächster woche, anfang kommender woche, beginn nächster woche,
            beginn der nächsten woche = start 1
        mitte nächster woche, mitte kommender woche = middle 1
        monatsende, ende des monats, ende dieses monats, ende monat, ultimo, diesen monat = month 0
        ende nächsten monats, ende des nächsten monats, nächsten monat, ende kommenden monats = month 1
        quartalsende, ende des quartals, ende dieses quartals = quarter 0
        ende des nächsten quartals, ende nächsten quartals, ende kommenden quartals,
            ende des kommenden quartals, nächstes quartal, nächsten quartals = quarter 1
        ende des übernächsten monats, ende übernächsten monats, übernächsten monat = month 2
        ende des nächsten jahres, ende nächsten jahres = year 1
        jahresende, ende des jahres, ende dieses jahres, dieses jahr, jahresschluss = year 0
        heute ende, des tages, des heutigen tages, ende des heutigen tages = day 0
    """,
    ends="ende, ende des, ende vom",
    this="dieser, diesen, diesem",
    coming="""
        kommenden, kommender, kommendem, nächsten, nächster, nächstem, nächste, nächstes, kommende,
        folgenden
    """,
    following="",
    week_on="""
        nächster woche, kommender woche, nächste woche, in der nächsten woche, der nächsten woche,
        kommende woche, in einer woche
    """,
    noise="""
        den, dem, der, die, das, am, um, zum, zur, im, gegen, ca, etwa, ungefähr, und, also, dann, hin,
        noch, de
    """,
    day_marks="den, dem, zum, am",
    ordinals="ten, te, er, ter",
    after_day="""
        um, und, oder, bitte, danke, damit, wenn, weil, falls, sonst, aber, da, die, das, der, ein,
        eine, einen, an, zurück, spätestens, geben, schicken, antworten, senden, melden, haben,
        erledigen, fertig, vorliegen, mittags, abends, bekommen, erhalten, mitteilen, einreichen,
        abgeben, d, diesen, dieses, des, ist, wäre, sein, kannst, können, von, in, mit, vormittags,
        nachmittags, gern, gerne, reicht, genügt, lg, vg, mfg
    """,
    clock_marks="um, gegen, bis, ab, bis um, vor, spätestens um",
    clock_units="uhr, h, u",
    numbers="""
        ein, eine, einem, einer, eines, einen, eins = 1
        zwei, zweier, zwo = 2
        drei, dreier, einigen, ein paar, paar, wenigen = 3
        vier = 4
        fünf, fuenf = 5
        sechs = 6
        sieben = 7
        acht = 8
        neun = 9
        zehn = 10
        zwölf = 12
        vierzehn = 14
        vierundzwanzig = 24
        achtundvierzig = 48
    """,
    units="""
        minute, minuten, min = minute
        stunde, stunden, std, h = hour
        tag, tage, tagen, tages, kalendertage, kalendertagen, weitere tage, weiteren tag = day
        werktag, werktage, werktagen, arbeitstag, arbeitstage, arbeitstagen, geschäftstagen,
            werktages = business
        woche, wochen, weitere woche, weitere wochen = week
        monat, monate, monaten, monats = month
    """,
    ask="""
        bitte, könntest, könnten sie, könnt ihr, könntet, kannst, können sie, können wir, kann ich,
        kann mir, könnte ich, könnten wir, würdest, würden sie, würdet, wärst, wären sie,
        wäre es möglich, wäre super, wäre toll, wäre gut, wäre schön, wäre prima, wäre nett, wäre ideal,
        wäre klasse, wäre hilfreich, wäre perfekt, wäre dankbar, wäre mir recht, magst du, hast du zeit,
        hättest du, hätten sie, hätte gern, hätte gerne, hätten gern, hätten gerne, hätte ich, hätten wir,
        schaffst,
        schaffen sie, schafft ihr, brauche, brauchen, bräuchte, bräuchten, benötige, benötigen,
        benötigt, gebraucht, braucht, wir bitten, ich bitte, gebeten, bittet, möchte, möchten, will wissen,
        erwarte, erwarten, erwartet, rechne mit, freue mich auf, freuen uns auf, würde mich freuen,
        würde mich über, reicht mir, genügt, passt mir, ^sag, ^gib, ^gebt, geben sie, ^schick,
        schicke mir, ^schickt, schicken sie, sende, senden sie, melde dich, melden sie, lass mich,
        lassen sie, ^ruf, rufen sie, ^prüf, prüfe bitte, prüfen sie, reichen sie, ^antworte,
        antworten sie, ^unterschreibe, unterschreiben sie, rückmeldung, eure antwort, deine antwort,
        ihre antwort, deine rückmeldung, ihre rückmeldung, deine einschätzung, freigabe, dringend, eilt,
        muss fertig, muss da sein, muss vorliegen, müssen vorliegen, muss abgegeben, muss eingereicht,
        beim vorstand sein, muss bis, müssen bis, müsste bis, sollte bis, sollten bis, soll bis,
        du musst, sie müssen, ihr müsst, du solltest, sie sollten, hast bis, habt bis, haben sie bis,
        haben bis, zeit bis, frist, abgabe, fällig, zu erledigen, einzureichen, vorzulegen,
        zurückzusenden, zu melden, denk daran, denken sie daran, erinnerung, ^kümmer, kümmere dich,
        kümmern sie, geht das, klappt das, ^mach, ^macht, machen sie, ^erledige, erledigen sie, ^schau,
        schauen sie, teile mir, teilen sie, ^trag, ^tragen, ^füll, ^füllen, ^bestätige, ^bestätigen,
        ^leite, ^leiten, ^liefere, ^liefern
    """,
    own="""
        ich melde, ich schicke, ich sende, ich werde, wir werden, ich liefere, ich komme, ich gebe dir,
        ich gebe ihnen, ich mache, ich habe, ich bin, wir sind, ich kann, wir schicken, wir melden,
        wir senden, wir liefern, wir haben, ich arbeite, ich erledige, ich kümmere, wir kümmern,
        ich schaue, ich schau, ich muss, wir müssen, ich prüfe, ich bekomme, melde ich mich,
        schicke ich, sende ich, bin ich, werde ich, habe ich, kann ich dir, gebe ich, mache ich,
        er wird, sie wird, wird bis, werden bis, wird am, dauert, läuft bis, geht bis, gilt,
        geöffnet, offen bis, schliesst, beginnt, startet, findet, von montag, von dienstag,
        von mittwoch, von donnerstag, abgeschlossen sein, wieder da, gültig, ist bis
    """,
    past="""
        gestern, vorgestern, letzte woche, letzter woche, letzten, vergangenen, war, waren, hatte,
        hatten, wurde, wurden, hat bis, gesprochen, getroffen, bekommen habe, erhalten habe,
        geschickt hat, geschrieben hat, gesagt, versprochen, vereinbart
    """,
    away="""
        urlaub bis, abwesenheit bis, abwesenheit vom, abwesenheitsnotiz,
        im urlaub, in urlaub, abwesend, ausser haus, nicht erreichbar, nicht im büro, auf dienstreise,
        in elternzeit, krank, nicht da, unterwegs, verreist, nicht im haus, auf schulung, bis jetzt,
        bis dahin, bis bald, bis dann
    """,
    event="""
        treffen, treffe, termin, besprechung, meeting, mittagessen, kaffee, kommst, kommen sie, kommt,
        teilnehmen, teilnimmst, besuch, besuchen, flug, reise, vorstellungsgespräch, schulung, seminar,
        party, feier, workshop, konferenz, im büro, dabei, mitkommen, mit, verabredung, zusammensetzen,
        sitzung, sprechstunde, vertreten, konzert, im haus
    """,
    not_after="version, fassung, prozent, stock, mal, platz",
    linked="seit, von, ab, vom, nach",
    told="""
        bisher, war, waren, habe, hatte, ist, sind, hat, haben wir, wurde, guten, schönen, wie geht es,
        nach dem, hallo, gut
    """,
    conjunctions="aber, weil, denn, obwohl, sonst, während, sondern",
    dot_days=True,
    farewells=True,
    # --- wishes ---
    modals="",
    never="""
        nicht vor, nicht vor dem, frühestens, frühestens am, frühestens ab, nicht früher als,
        nicht vor dem, erst ab, erst nach, erst nach dem, ab, ab dem, ab kommendem, nach, nach dem,
        nicht schon vor, nicht bereits vor, niemals vor
    """,
    earliest="frühestens, oder später",
    then="""
        davor, vorher, zuvor, vor dem termin, vor diesem termin = before
        bis dahin = by
    """,
    events="""
        besprechung, meeting, termin, sitzung, präsentation, call, telefonat, telko, telefonkonferenz,
        workshop, konferenz, treffen, gespräch, jour fixe, audit, prüfung, schulung, vorstandssitzung,
        teammeeting, runde, videokonferenz, abstimmung, demo, interview, review, kick off, kickoff, besuch,
        vorstellung, klausur, verhandlung, messe
    """,
    deliver="""
        schicken, schickst, schick, senden, sende, sendest, geben, gib, sagen, sag, antworten, antwortest,
        antworte, bescheid, bestätigen, bestätige, prüfen, freigeben, unterschreiben, liefern, einreichen,
        zurückschicken, zurücksenden, fertig, abschliessen, ausfüllen, melden, melde, teilen, weiterleiten,
        vorbereiten, hochladen, entscheiden, rückmeldung, kommentieren, brauche, brauchen, bräuchte,
        erledigen, haben, durchsehen, anschauen, zukommen, mitteilen, nennen, abgeben, anrufen, erhalten,
        bekommen, machen, durchgeben, übermitteln
    """,
    hours="""
        eins, ein = 1
        zwei, zwo = 2
        drei = 3
        vier = 4
        fünf = 5
        sechs = 6
        sieben = 7
        acht = 8
        neun = 9
        zehn = 10
        elf = 11
        zwölf = 12
        dreizehn = 13
        vierzehn = 14
        fünfzehn = 15
        sechzehn = 16
        siebzehn = 17
        achtzehn = 18
        neunzehn = 19
        zwanzig = 20
        einundzwanzig = 21
        zweiundzwanzig = 22
    """,
    clocks="""
        halb H = -30
        viertel nach H = 15
        viertel vor H = -15
        dreiviertel H, drei viertel H = -15
        viertel H = -45
        M nach halb H = -30 M
        M vor halb H = -30 -M
        M nach H, M minuten nach H = M
        M vor H, M minuten vor H = -M
        H uhr dreissig = 30
        H uhr M = M
    """,
    spans="""
        halbe stunde, einer halben stunde, halben stunde, eine halbe stunde,
            ein halbes stündchen = 0.5 hour
        viertelstunde, einer viertelstunde, eine viertelstunde = 0.25 hour
        dreiviertelstunde, einer dreiviertelstunde, eine dreiviertelstunde, dreiviertel stunde = 0.75 hour
        anderthalb stunden, eineinhalb stunden, einer guten stunde und einer halben = 1.5 hour
        zweieinhalb stunden = 2.5 hour
        dreieinhalb stunden = 3.5 hour
        anderthalb tagen, anderthalb tage, eineinhalb tagen, eineinhalb tage = 1.5 day
        anderthalb wochen, eineinhalb wochen = 1.5 week
        halben tages, einem halben tag, eines halben tages = 0 day
        vierzehn tagen, vierzehn tage = 14 day
    """,
    and_half="einhalb",
    ordinals_told="""
        ersten, erster, erste, erstem = 1
        zweiten, zweiter, zweite, zweitem = 2
        dritten, dritter, dritte, drittem = 3
        vierten, vierter, vierte, viertem = 4
        fünften, fünfter, fünfte, fünftem = 5
        sechsten, sechster, sechste, sechstem = 6
        siebten, siebter, siebte, siebtem = 7
        achten, achter, achte, achtem = 8
        neunten, neunter, neunte, neuntem = 9
        zehnten, zehnter, zehnte, zehntem = 10
        elften, elfter, elfte, elftem = 11
        zwölften, zwölfter, zwölfte, zwölftem = 12
        dreizehnten, dreizehnter, dreizehnte, dreizehntem = 13
        vierzehnten, vierzehnter, vierzehnte, vierzehntem = 14
        fünfzehnten, fünfzehnter, fünfzehnte, fünfzehntem = 15
        sechzehnten, sechzehnter, sechzehnte, sechzehntem = 16
        siebzehnten, siebzehnter, siebzehnte, siebzehntem = 17
        achtzehnten, achtzehnter, achtzehnte, achtzehntem = 18
        neunzehnten, neunzehnter, neunzehnte, neunzehntem = 19
        zwanzigsten, zwanzigster, zwanzigste, zwanzigstem = 20
        einundzwanzigsten, einundzwanzigster, einundzwanzigste, einundzwanzigstem = 21
        zweiundzwanzigsten, zweiundzwanzigster, zweiundzwanzigste, zweiundzwanzigstem = 22
        dreiundzwanzigsten, dreiundzwanzigster, dreiundzwanzigste, dreiundzwanzigstem = 23
        vierundzwanzigsten, vierundzwanzigster, vierundzwanzigste, vierundzwanzigstem = 24
        fünfundzwanzigsten, fünfundzwanzigster, fünfundzwanzigste, fünfundzwanzigstem = 25
        sechsundzwanzigsten, sechsundzwanzigster, sechsundzwanzigste, sechsundzwanzigstem = 26
        siebenundzwanzigsten, siebenundzwanzigster, siebenundzwanzigste, siebenundzwanzigstem = 27
        achtundzwanzigsten, achtundzwanzigster, achtundzwanzigste, achtundzwanzigstem = 28
        neunundzwanzigsten, neunundzwanzigster, neunundzwanzigste, neunundzwanzigstem = 29
        dreissigsten, dreissigster, dreissigste, dreissigstem = 30
        einunddreissigsten, einunddreissigster, einunddreissigste, einunddreissigstem = 31
        letzten, letzter, letzte, letztem = -1
    """,
    month_refs="""
        dieses monats, diesem monat, des monats, im monat, monats, diesen monat = 0
        nächsten monats, nächsten monat, des nächsten monats, kommenden monats, kommenden monat,
            folgenden monats = 1
        übernächsten monats, übernächsten monat, des übernächsten monats = 2
    """,
    week_marks="kw, kalenderwoche, woche, der kw, cw",
    quarters="quartal, quartals",
    quarter_marks="q",
    deny="",
    forget="vergiss, vergesst, vergessen, vergesse",
    short_weekdays="""
        mo = 0
        di = 1
        mi = 2
        do = 3
        fr = 4
        sa = 5
        so = 6
    """,
    day_adjectives="""
        heutigen, heutiger, heutigem, heutige = 0
        morgigen, morgiger, morgigem, morgige = 1
    """,
    month_ordinals=True,
)
