"""Italian."""

from ackd.text.temporal.vocabulary import Words

WORDS = Words(
    by="""
        entro, entro il, entro la, entro le, entro l, entro lo, entro e non oltre, entro e non oltre il,
        entro e non oltre le, per le ore, entro massimo, entro al massimo
    """,
    before="prima di, prima del, prima della, prima delle, prima dell, prima che finisca",
    latest="""
        al più tardi, al massimo, come massimo, massimo, è la scadenza, come termine ultimo,
        è il termine ultimo, e non oltre
    """,
    strong="""
        al massimo, al massimo entro, al massimo il, al più tardi, al più tardi il, al più tardi entro,
        entro al più tardi, non oltre, non oltre il,
        non oltre le, non più tardi di, non più tardi delle, scadenza, la scadenza è, scadenza il,
        termine, il termine è, il termine ultimo è, termine ultimo, data limite, la data limite è,
        deadline, la deadline è, da consegnare entro, da consegnare il, scade, scade il,
        al massimo entro, al massimo il, massimo entro
    """,
    weak="per, per il, per la, per le",
    until="fino a, fino al, fino alla, fino alle, sino a, sino al",
    have="hai, avete, ha tempo, hai tempo, avete tempo, disponete",
    within="""
        entro, entro le prossime, entro i prossimi, nelle, nei, nelle prossime, nei prossimi,
        nel giro di, nell arco di, in meno di, entro un termine di
    """,
    soft="in, tra, fra",
    days="""
        oggi, oggi stesso, la giornata di oggi = 0
        stamattina, stamani, stamane, questa mattina = 0 morning
        oggi a mezzogiorno = 0 noon
        oggi pomeriggio, questo pomeriggio = 0 afternoon
        stasera, questa sera = 0 evening
        stanotte, questa notte = 0 night
        domani = 1
        domattina, domani mattina, domani in mattinata = 1 morning
        dopodomani, dopo domani = 2
    """,
    weekdays="""
        lunedì, lunedi, lun = 0
        martedì, martedi = 1
        mercoledì, mercoledi, mer = 2
        giovedì, giovedi, gio = 3
        venerdì, venerdi, ven = 4
        sabato, sab = 5
        domenica, dom = 6
    """,
    months="""
        gennaio, gen = 1
        febbraio, feb = 2
        marzo, mar = 3
        aprile, apr = 4
        maggio, mag = 5
        giugno, giu = 6
        luglio, lug = 7
        agosto, ago = 8
        settembre, set, sett = 9
        ottobre, ott = 10
        novembre, nov = 11
        dicembre, dic = 12
    """,
    parts="""
        mezzogiorno, a mezzogiorno, ora di pranzo, pranzo = noon
        mattina, mattino, in mattinata, di mattina, della mattina, del mattino, al mattino,
            mattinata = morning
        pomeriggio, nel pomeriggio, del pomeriggio, di pomeriggio = afternoon
        sera, in serata, di sera, della sera, serata = evening
        mezzanotte, notte = night
        fine giornata, la fine della giornata, fine della giornata, la giornata, giornata, eod, cob,
            chiusura, la chiusura, la chiusura degli uffici, chiusura uffici, fine giornata lavorativa,
            la fine del giorno = end
    """,
    periods="""
        nel corso della settimana, durante la settimana = week 0
        nel corso della giornata, durante la giornata = day 0
        dopo il weekend, dopo il fine settimana = start 1
        fine della settimana, la fine della settimana, fine settimana, questa settimana, la settimana,
            settimana, la fine di questa settimana, fine di questa settimana, in settimana = week 0
        fine della prossima settimana, la fine della prossima settimana, la prossima settimana,
            prossima settimana, settimana prossima, la settimana prossima, fine settimana prossima,
            la fine della settimana prossima = week 1
        il fine settimana, il weekend, weekend, il week end, questo weekend, questo fine settimana,
            del fine settimana = weekend 0
        inizio della prossima settimana, inizio settimana prossima,
            l inizio della prossima settimana = start 1
        metà della prossima settimana, metà settimana prossima = middle 1
        fine mese, la fine del mese, fine del mese, questo mese, il mese,
            la fine di questo mese = month 0
        la fine del prossimo mese, fine del prossimo mese, il prossimo mese,
            fine mese prossimo = month 1
        la fine del trimestre, fine trimestre, fine del trimestre = quarter 0
        la fine del prossimo trimestre, fine del prossimo trimestre, fine prossimo trimestre = quarter 1
        la fine dell anno, fine anno, fine dell anno, quest anno, l anno = year 0
        in giornata = day 0
    """,
    ends="fine, la fine di, fine di, fine del, la fine del, fine della, la fine della",
    this="questo, questa",
    coming="prossimo, prossima, prossimi, prossime, che viene, seguente, p v",
    following="",
    week_on="""
        della prossima settimana, della settimana prossima, prossima settimana, settimana prossima
    """,
    noise="il, la, le, l, lo, alle, a, al, di, del, della, verso, circa, ore, e, i, gli, giorno",
    day_marks="il, del, al, giorno",
    ordinals="º, o, °",
    after_day="""
        alle, per, e, o, se, perché, grazie, altrimenti, in, a, di, con, così, che, ma, prossimo,
        compreso, incluso, mi, ti, ci, vi, lo, la, è, sarebbe, saluti, cordiali
    """,
    clock_marks="""
        alle, alle ore, entro le, le, le ore, prima delle, all, per le, ore, entro le ore, dalle
    """,
    clock_units="h, ore, in punto",
    numbers="""
        un, una, uno, un' = 1
        due, un paio di, paio di = 2
        tre, pochi, poche, qualche = 3
        quattro = 4
        cinque = 5
        sei = 6
        sette = 7
        otto = 8
        nove = 9
        dieci = 10
        dodici = 12
        quindici = 15
        ventiquattro = 24
        quarantotto = 48
    """,
    units="""
        minuto, minuti, min = minute
        ora, ore, h = hour
        giorno, giorni = day
        giorno lavorativo, giorni lavorativi, giorno feriale, giorni feriali = business
        settimana, settimane = week
        mese, mesi = month
    """,
    ask="""
        va presentata, va presentato, va consegnata, va consegnato, va inviata, va inviato,
        per favore, per cortesia, per piacere, gentilmente, cortesemente, puoi, può, potete, possono,
        potresti, potrebbe, potreste, possiamo, potremmo, posso, riesci, riesce, riuscite, riusciresti,
        riuscireste, ti dispiace, le dispiace, mi serve, mi servirebbe, mi servono, ci serve,
        ci servirebbe, ci servono, serve, servono, ho bisogno, abbiamo bisogno, avrei bisogno,
        avremmo bisogno, ha bisogno, hanno bisogno, bisogna, occorre, occorrono, vorrei, vorremmo,
        gradirei, gradiremmo, ti chiedo, le chiedo, vi chiedo, vi chiediamo, le chiediamo, ti chiediamo,
        chiediamo, si richiede, è richiesto, richiesta, la prego, ti prego, vi prego, preghiamo, prego,
        sarebbe possibile, è possibile, sarebbe utile, sarebbe ottimo, sarebbe perfetto,
        sarebbe l ideale, andrebbe bene, andrebbe benissimo, mi farebbe comodo, attendo, attendiamo,
        aspetto, aspettiamo, resto in attesa, restiamo in attesa, mi aspetto, mi fai, mi dai, mi dici,
        mi mandi, mi invii, ci fai, ci dai, mi fa sapere, fammi, fateci, fatemi, ci faccia, mi faccia,
        dimmi, ditemi, mi dica, mandami, mandaci, mandatemi, inviami, inviaci, inviatemi, ^invii,
        inviare, ^rispondi, rispondete, ^risponda, rispondimi, rispondetemi, ^conferma, confermate,
        confermami, ^confermi, chiamami, richiamami, ^firma, firmate, ^firmi, ^completa, completate,
        ^compila, compilate, ^consegna, consegnate, ^controlla, controllate, ^verifica, verificate,
        ^ricorda, ricordate, ricordati, non dimenticare, devi, dovete, dovresti, dovreste,
        va consegnato, va consegnata, vanno consegnati, va inviato, va fatto, deve essere,
        devono essere, urgente, urge, scadenza, termine, la tua risposta, la sua risposta,
        la vostra risposta, il tuo parere, il suo parere, la tua opinione, hai tempo, avete tempo,
        te ne occupi, puoi occupartene, ce la fai, pensi di riuscire, ti andrebbe
    """,
    own="""
        te lo, te la, te li, te le, glielo, ve lo, ti mando, le mando, vi mando, ti invio, le invio,
        vi invio, ti faccio sapere, le faccio sapere, vi faccio sapere, ti dico, sono, siamo, sarò,
        saremo, sarà, saranno, ho, abbiamo, vado, andiamo, torno, torniamo, finisco, finiamo, arriva,
        arrivano, arriverà, chiude, chiudono, apre, aprono, inizia, iniziano, dura, durano, termina,
        finisce, parto, partiamo, parte, devo, dobbiamo, conto di, contiamo di, spero di, speriamo di,
        va a, …erò, …irò, …eremo, …iremo, …erà, …irà
    """,
    past="""
        ieri, l altro ieri, la settimana scorsa, settimana scorsa, scorso, scorsa, scorsi, passato,
        passata, abbiamo finito, ho finito, ho ricevuto, abbiamo ricevuto, ho mandato, ho inviato,
        hai mandato, hai inviato, ha detto, ha promesso, era, erano, ero, aveva, avevano, è passato,
        sono salite, sono saliti, è salito, è stato, è stata, sono stati, abbiamo parlato, ho parlato,
        ho visto
    """,
    away="""
        in ferie, in vacanza, fuori ufficio, assente, non disponibile, in viaggio, in trasferta,
        in malattia, non in ufficio, tue vacanze, sue vacanze, vostre vacanze, tue ferie, sue ferie,
        vostre ferie
    """,
    event="""
        vederci, vedersi, incontrarci, incontro, riunione, pranzare, cena, cenare, caffè, vieni, viene,
        venite, venire, partecipi, partecipare, partecipate, visita, volo, viaggio, colloquio, corso,
        formazione, festa, seminario, conferenza, in ufficio, libero, libera, disponibile, appuntamento,
        sentirci, concerto
    """,
    not_after="scorso, scorsa, versione, per cento, volta, parte",
    linked="da, dal, di, e",
    told="""
        mail, messaggio, email, ho, hai, ha, abbiamo, hanno, era, è, sono, ricevuto, inviato, visto,
        parlato, a partire da, fino a, come, stai, va, buona
    """,
    conjunctions="ma, perché, poiché, altrimenti, mentre, però, anche se",
    hour_articles="le, alle",
    bare_days=True,
    # --- wishes ---
    modals="puoi, può, potresti, potrebbe, potete, riesci, riesce, sarebbe, è, ti, mi puoi, me lo puoi",
    never="""
        non prima di, non prima del, non prima delle, non prima della, a partire da, a partire dal,
        mai prima di, dopo, dopo il, a decorrere da, a decorrere dal, da, dal, non prima dell
    """,
    earliest="al più presto, come minimo, o dopo, in poi",
    then="""
        prima, prima di allora, prima di ciò = before
        per allora, entro allora = by
    """,
    events="""
        riunione, appuntamento, chiamata, presentazione, seminario, conferenza, comitato, sessione, visita,
        audit, colloquio, incontro, call, videochiamata, videoconferenza, demo, workshop, telefonata,
        corso, consiglio, assemblea
    """,
    deliver="""
        mandare, mandarmi, mandarmelo, mandarlo, mandaci, mandami, inviare, inviarmi, inviarmelo, inviarci,
        inviami, dare, darmi, dammi, dire, dirmi, dimmi, rispondere, rispondermi, rispondi, confermare,
        confermarmi, confermarlo, conferma, approvare, firmare, consegnare, consegnarlo, restituire,
        finire, completare, compilare, condividere, preparare, caricare, decidere, controllare, verificare,
        parere, risposta, commenti, sapere, serve, servono, servirebbe, bisogno, richiamarmi, farmi avere,
        chiudere, chiuderlo
    """,
    hours="""
        una = 1
        due = 2
        tre = 3
        quattro = 4
        cinque = 5
        sei = 6
        sette = 7
        otto = 8
        nove = 9
        dieci = 10
        undici = 11
        dodici = 12
        tredici = 13
        quattordici = 14
        quindici = 15
        sedici = 16
        diciassette = 17
        diciotto = 18
        venti = 20
        venticinque = 25
    """,
    clocks="""
        H e mezza, H e mezzo = 30
        H e un quarto = 15
        H e tre quarti = 45
        H meno un quarto = -15
        H e M = M
        H meno M = -M
        mezzogiorno e mezza, mezzogiorno e mezzo = 750
    """,
    spans="""
        mezz ora, mezzora, una mezz ora = 0.5 hour
        un quarto d ora, quarto d ora = 0.25 hour
        tre quarti d ora = 0.75 hour
        un ora e mezza, un ora e mezzo, ora e mezza = 1.5 hour
        quindici giorni, 15 giorni = 14 day
        otto giorni, 8 giorni = 7 day
        mezza giornata = 0 day
    """,
    and_half="e mezza, e mezzo",
    ordinals_told="""
        primo, prima = 1
        secondo, seconda = 2
        terzo, terza = 3
        quarto, quarta = 4
        ultimo, ultima = -1
    """,
    month_refs="""
        del mese, di questo mese, questo mese, mese = 0
        prossimo mese, del prossimo mese, del mese prossimo, mese prossimo = 1
    """,
    week_marks="settimana, sett, kw",
    quarters="trimestre",
    quarter_marks="t, q",
    short_weekdays="mar = 1",
    deny="non, mai",
    forget="dimenticare, dimenticarti, dimenticate, dimentichi, esitare, scordare, tardare, dispiace",
)
