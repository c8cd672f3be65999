"""French."""

from ackd.text.temporal.vocabulary import Words

WORDS = Words(
    by="d ici, d ici à, d ici au, d ici le, d ici la, d ici les, d ici à la, d ici l, ici à",
    before="avant, avant le, avant la, avant les, avant l, avant ce",
    latest="""
        au plus tard, dernier délai, dernière limite, est la date limite, maximum, max, au maximum,
        grand maximum, est le dernier délai
    """,
    strong="""
        au plus tard, au plus tard le, au plus tard à, au plus tard la, au plus tard pour,
        pour le plus tard, date limite, la date limite est, la date limite est le, date limite est,
        date limite le, date butoir, délai, échéance, l échéance est, échéance le, dernier délai,
        deadline, la deadline est, avant le plus tard, jusqu au plus tard, à rendre pour, à rendre le,
        à remettre pour, à remettre le, à remettre avant, à rendre avant, pas plus tard que
    """,
    weak="pour, pour le, pour la, pour l",
    until="jusqu à, jusqu au, jusque",
    have="""
        vous avez, tu as, avez, as, disposez, disposes, dispose, déposer, remettre, répondre, envoyer,
        rendre
    """,
    within="""
        sous, dans les, dans la, dans l, dans le courant de, dans un délai de, dans un délai d,
        en moins de, en moins d, endéans, sous un délai de, dans les prochaines, dans les prochains
    """,
    soft="dans, en",
    days="""
        aujourd hui, ce jour, auj = 0
        ce matin = 0 morning
        ce midi = 0 noon
        cet après midi, cet aprem = 0 afternoon
        ce soir = 0 evening
        cette nuit = 0 night
        demain = 1
        après demain = 2
    """,
    weekdays="""
        lundi, lun = 0
        mardi = 1
        mercredi, mer = 2
        jeudi, jeu = 3
        vendredi, ven = 4
        samedi, sam = 5
        dimanche, dim = 6
    """,
    months="""
        janvier, janv = 1
        février, fév, févr = 2
        mars = 3
        avril, avr = 4
        mai = 5
        juin = 6
        juillet, juil = 7
        août, aout = 8
        septembre, sept = 9
        octobre, oct = 10
        novembre, nov = 11
        décembre, déc = 12
    """,
    parts="""
        midi, à midi, 12h midi = noon
        matin, au matin, dans la matinée, matinée, en matinée, le matin = morning
        après midi, l après midi, aprem, dans l après midi, en fin d après midi,
            en début d après midi = afternoon
        soir, au soir, en soirée, dans la soirée, le soir = evening
        minuit, nuit = night
        fin de journée, la fin de journée, la fin de la journée, en fin de journée, fin de la journée,
            eod, la fermeture des bureaux, fermeture des bureaux, cob, la fin du jour = end
    """,
    periods="""
        dans le courant de la semaine, courant de la semaine, au cours de la semaine = week 0
        dans le courant de la journée, au cours de la journée = day 0
        après le week end = start 1
        fin de la semaine, la fin de la semaine, fin de semaine, la fin de semaine, cette semaine,
            la semaine, eow, en fin de semaine, courant de semaine, fin de cette semaine,
            la fin de cette semaine = week 0
        fin de la semaine prochaine, la fin de la semaine prochaine, la semaine prochaine,
            semaine prochaine, fin de semaine prochaine, la fin de semaine prochaine = week 1
        fin de la semaine d après, la fin de la semaine d après, la semaine d après,
            fin de la semaine suivante, la fin de la semaine suivante = week 2
        le week end, ce week end, week end, weekend, le weekend, ce weekend = weekend 0
        début de semaine prochaine, le début de semaine prochaine, début de la semaine prochaine,
            le début de la semaine prochaine = start 1
        milieu de semaine prochaine, le milieu de la semaine prochaine = middle 1
        fin du mois, la fin du mois, fin de mois, la fin de ce mois, ce mois ci,
            fin de ce mois = month 0
        fin du mois prochain, la fin du mois prochain, le mois prochain = month 1
        fin du trimestre, la fin du trimestre = quarter 0
        fin du trimestre prochain, la fin du trimestre prochain, fin du prochain trimestre,
            la fin du prochain trimestre = quarter 1
        fin de l année, la fin de l année, fin d année, la fin d année, cette année = year 0
        journée, la journée = day 0
    """,
    ends="fin, la fin, fin du mois de, la fin du mois de, la fin de, fin de",
    this="ce",
    coming="prochain, prochaine, prochains, prochaines, suivant, qui vient, à venir",
    following="",
    week_on="de la semaine prochaine, la semaine prochaine, en huit",
    noise="le, la, les, l, à, a, au, vers, ce, du, de, et, environ, dans, pour, d",
    day_marks="le, au",
    ordinals="er, e, ème",
    after_day="""
        à, au, pour, et, ou, si, s, merci, svp, stp, afin, car, puisque, parce, mais, prochain, inclus,
        midi, matin, soir, dernier, par, avec, de, dans, sinon, est, serait, il, elle, je, nous, vous,
        tu, c, ça, cordialement, courant, du
    """,
    clock_marks="à, avant, vers, pour, jusqu à, d ici",
    clock_units="h, heures, heure, hrs",
    numbers="""
        un, une = 1
        deux = 2
        trois, quelques = 3
        quatre = 4
        cinq = 5
        six = 6
        sept = 7
        huit = 8
        neuf = 9
        dix = 10
        douze = 12
        quinze = 15
        vingt quatre = 24
        quarante huit = 48
    """,
    units="""
        minute, minutes, min, mn = minute
        heure, heures, h, prochaine heure, prochaines heures = hour
        jour, jours, prochains jours, prochain jour, jours calendaires = day
        jour ouvré, jours ouvrés, jour ouvrable, jours ouvrables, jours de travail,
            prochains jours ouvrés = business
        semaine, semaines, prochaines semaines = week
        mois = month
    """,
    ask="""
        nécessaire pour, nécessaires pour,
        s il te plaît, s il vous plaît, svp, stp, merci de, merci d, merci par avance, prière de,
        pouvez vous, peux tu, pourriez vous, pourrais tu, peut on, pourrait on, puis je, pourrais je,
        est ce que tu peux, est ce que vous pouvez, tu peux, vous pouvez, tu pourrais, vous pourriez,
        peux tu me, veuillez, voudriez vous, voudrais tu, veux tu, j ai besoin, nous avons besoin,
        j aurais besoin, nous aurions besoin, on a besoin, on aurait besoin, il me faut, il me faudrait,
        il nous faut, il nous faudrait, il me le faut, il nous le faut, il le faut, il faut,
        il faudrait, me faut, nous faut, a besoin, ont besoin, j attends, nous attendons, on attend,
        attend, attendu, attendue, attendus, je souhaiterais, je souhaite, nous souhaitons, j aimerais,
        nous aimerions, je voudrais, nous voudrions, serait il possible, est il possible, possible de,
        serait parfait, serait bien, serait idéal, serait super, serait top, serait apprécié, ce serait,
        m arrangerait, me convient, me conviendrait, je compte sur, dis moi, dites moi, dites nous,
        dis nous, ^envoie, envoie moi, envoie nous, ^envoyez, envoyez, ^réponds, répondez, ^confirme,
        confirmez, fais moi, faites moi, faites nous, donne moi, donnez moi, ^rappelle, rappelle moi,
        rappelez, ^renvoie, renvoie moi, renvoyez, ^transmets, transmettez, tiens moi, tenez moi,
        ^valide, validez, ^signe, signez, retourne moi, retournez, doit être, doivent être, devra être,
        devrait être, urgent, urgente, à rendre, à remettre, à envoyer, à valider, à signer,
        à compléter, demandé, demandée, exigé, requis, pensez à, pense à, n oublie pas, n oubliez pas,
        tu dois, vous devez, devez, ton avis, votre avis, ta réponse, votre réponse, ton retour,
        votre retour, ta décision, votre décision, tu arrives à, arrives tu, auras tu le temps,
        je te prie, je vous prie, prions de, merci d avance, délai, date limite, échéance,
        on peut avoir, peux t on
    """,
    own="""
        je te réponds, je vous réponds, je te réponde, nous vous répondrons, je te répondrai,
        je vous répondrai, je reviens, je reviendrai,
        je te l, je te les, je vous l, je vous les, je te le, je vous le, je t envoie, je vous envoie,
        je t enverrai, je vous enverrai, j enverrai, je reviens, nous revenons, je serai, nous serons,
        je suis, nous sommes, je vais, nous allons, je vous tiens, je te tiens, je dois, nous devons,
        je peux, nous pouvons, on se, il sera, elle sera, ce sera fait, sera, seront, arrivera, arrive,
        part, ferme, ouvre, commence, débute, dure, se termine, aura lieu, il va, elle va, je rentre,
        je pars, je finis, nous finissons, on finit, je termine, il rentre, livrera, je ferai, …erai,
        …irai
    """,
    past="""
        hier, avant hier, la semaine dernière, dernier, dernière, avons terminé, avons fini, ai terminé,
        ai fini, ai reçu, ai envoyé, ai vu, a envoyé, a reçu, a dit, a promis, étais, était, étaient,
        avait, avaient, ont augmenté, a augmenté, est passé, avons reçu, avons parlé, ai parlé,
        avons convenu
    """,
    away="""
        absent, absente, en congé, en congés, en vacances, en déplacement, indisponible, hors du bureau,
        pas disponible, en arrêt, en formation, injoignable, tes vacances, vos vacances
    """,
    event="""
        se voir, rendez vous, rdv, réunion, déjeuner, dîner, café, viens, venez, venir, participer,
        participes, participez, visite, vol, voyage, entretien, formation, fête, atelier, conférence,
        au bureau, là, disponible, libre, rencontrer, se rencontrer, spectacle, soirée, retrouver,
        concert, part pour, appel avec
    """,
    not_after="dernier, dernière, version, pour cent, passé",
    linked="depuis, de, d, dès, et",
    told="""
        message, mail, courriel, ai, as, a, avons, avez, ont, était, est, sont, reçu, envoyé, vu, parlé,
        à partir d, à compter d, jusqu à, passe, va, date, datée, daté, comment
    """,
    conjunctions="mais, car, parce, sinon, tandis, puisque",
    bare_days=True,
    # --- wishes ---
    modals="peux, pouvez, pourrais, pourriez, serait, est",
    never="""
        pas avant, pas avant le, pas avant la, pas avant l, à partir de, à partir du, au plus tôt,
        au plus tôt le, dès, à compter de, à compter du, jamais avant, après, après le, pas plus tôt que
    """,
    earliest="au plus tôt, ou plus tard",
    then="""
        avant, avant cela, avant ça, au préalable, avant cette réunion = before
        d ici là = by
    """,
    events="""
        réunion, rendez vous, rdv, appel, présentation, atelier, conférence, comité, séance, point,
        session, visite, audit, entretien, call, visio, visioconférence, formation, conseil, démo, revue,
        comex, codir
    """,
    deliver="""
        envoyer, envoies, envoie, envoyez, envoyé, donner, donne, donnes, dire, dis, dites, répondre,
        réponds, répondez, confirmer, confirme, valider, signer, livrer, fournir, rendre, remettre,
        renvoyer, retourner, finir, terminer, compléter, remplir, transmettre, partager, préparer, décider,
        rappeler, avis, retour, réponse, relire, vérifier, faire parvenir, faut, besoin, tenir au courant,
        communiquer, déposer
    """,
    hours="""
        une = 1
        deux = 2
        trois = 3
        quatre = 4
        cinq = 5
        six = 6
        sept = 7
        huit = 8
        neuf = 9
        dix = 10
        onze = 11
        douze = 12
        treize = 13
        quatorze = 14
        quinze = 15
        seize = 16
        dix sept = 17
        dix huit = 18
        dix neuf = 19
        vingt = 20
        vingt cinq = 25
    """,
    clocks="""
        H heures et demie, H heure et demie, H h et demie, H h et demi = 30
        H heures et quart, H heure et quart, H h et quart = 15
        H heures moins le quart, H heure moins le quart, H h moins le quart = -15
        midi et demi, midi et demie = 750
        midi et quart = 735
        midi moins le quart = 705
        H heures moins M = -M
        H heures M = M
        H heures trente = 30
    """,
    spans="""
        demi heure, une demi heure, la demi heure = 0.5 hour
        un quart d heure, quart d heure = 0.25 hour
        trois quarts d heure, les trois quarts d heure = 0.75 hour
        une heure et demie, heure et demie, 1 heure et demie = 1.5 hour
        quinzaine, une quinzaine, quinzaine de jours, une quinzaine de jours, quinze jours,
            15 jours = 14 day
        huit jours, 8 jours, huitaine, une huitaine = 7 day
        une demi journée, demi journée = 0 day
    """,
    and_half="et demie, et demi",
    ordinals_told="""
        premier, première = 1
        deuxième, second, seconde = 2
        troisième = 3
        quatrième = 4
        cinquième = 5
        dernier, dernière = -1
    """,
    month_refs="""
        du mois, ce mois, ce mois ci, du mois en cours = 0
        mois prochain, du mois prochain, le mois prochain, du mois suivant = 1
    """,
    week_marks="semaine, sem, s, kw, semaine n",
    quarters="trimestre",
    quarter_marks="t, q",
    short_weekdays="mar = 1",
    hour_ends="h, heures",
    deny="ne, n ai, n avons, n est, n envoie, n envoyez, n appelle, n appelez",
    forget="oublier, oubliez, oublie, hésiter, hésitez, hésite, tarder, manquer",
)
