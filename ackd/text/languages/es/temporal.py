"""Spanish."""

from ackd.text.temporal.vocabulary import Words

WORDS = Words(
    by="hacia el, de aquí al, de aquí a, para antes del, para antes de",
    before="""
        antes de, antes del, antes de la, antes de las, antes de los, antes de que acabe,
        antes de que termine, antes de que finalice, previo al
    """,
    latest="""
        a más tardar, como muy tarde, como máximo, como tarde, como límite, como fecha límite,
        es la fecha límite, es el plazo, a lo más tardar, lo más tardar
    """,
    strong="""
        a más tardar, a más tardar el, a más tardar a, como muy tarde, como muy tarde el, como máximo,
        como máximo el, como tarde el, no más tarde de, no más tarde del, no después de, no después del,
        fecha límite, la fecha límite es, fecha límite es, fecha tope, la fecha tope es, plazo,
        el plazo es, el plazo vence, el plazo termina, el plazo acaba, plazo hasta, plazo límite, vence,
        vence el, fecha de entrega, la entrega es, deadline, el deadline es, límite, entrega,
        fecha de vencimiento
    """,
    weak="para, para el, para la, para las",
    until="hasta, hasta el, hasta la, hasta las",
    have="tienes, tiene, tienen, tenéis, dispone, dispones, disponen",
    within="""
        en un plazo de, en el plazo de, dentro de, en las, en los, dentro del plazo de,
        en un plazo máximo de, en menos de, en el transcurso de, en el transcurso del, en el curso de,
        a lo largo de, a lo largo del, durante
    """,
    soft="en, de aquí a",
    days="""
        hoy, el día de hoy, hoy mismo = 0
        esta mañana, hoy por la mañana = 0 morning
        este mediodía, hoy a mediodía, hoy al mediodía = 0 noon
        esta tarde, hoy por la tarde = 0 afternoon
        esta noche, hoy por la noche = 0 evening
        mañana, manana, el día de mañana = 1
        mañana por la mañana, mañana a primera hora = 1 morning
        pasado mañana, pasado manana = 2
    """,
    weekdays="""
        lunes, lun = 0
        martes = 1
        miércoles, mié, miér = 2
        jueves, jue = 3
        viernes, vie = 4
        sábado, sáb = 5
        domingo, dom = 6
    """,
    months="""
        enero, ene = 1
        febrero, feb = 2
        marzo, mar = 3
        abril, abr = 4
        mayo, may = 5
        junio, jun = 6
        julio, jul = 7
        agosto, ago = 8
        septiembre, setiembre, sep, sept = 9
        octubre, oct = 10
        noviembre, nov = 11
        diciembre, dic = 12
    """,
    parts="""
        mediodía, al mediodía, a mediodía, las doce, 12 del mediodía = noon
        por la mañana, de la mañana, en la mañana, a primera hora, primera hora = morning
        por la tarde, de la tarde, en la tarde, a última hora de la tarde = afternoon
        por la noche, de la noche, en la noche = evening
        medianoche, la medianoche = night
        final del día, al final del día, fin del día, el final del día, el día, final de la jornada,
            fin de la jornada, el fin del día, la jornada, última hora, a última hora, eod, cierre,
            el cierre, el final de la jornada, cierre de oficina, el cierre de la jornada,
            fin de jornada = end
    """,
    periods="""
        a lo largo de la semana, a lo largo de esta semana, en el transcurso de la semana,
            durante la semana, en el curso de la semana = week 0
        a lo largo del día, en el transcurso del día, durante el día = day 0
        después del fin de semana, tras el fin de semana, pasado el fin de semana = start 1
        final de la semana, el final de la semana, final de semana, esta semana, la semana,
            fin de esta semana, finales de semana, finales de esta semana, final de esta semana = week 0
        final de la próxima semana, el final de la próxima semana, la próxima semana,
            la semana que viene, próxima semana, final de la semana que viene,
            el final de la semana que viene, finales de la próxima semana = week 1
        final de la semana siguiente a la próxima, la semana siguiente a la próxima = week 2
        fin de semana, el fin de semana, este fin de semana = weekend 0
        principios de la próxima semana, principios de la semana que viene = start 1
        mediados de la próxima semana, mediados de la semana que viene = middle 1
        fin de mes, final de mes, finales de mes, el fin de mes, este mes, final del mes, fin del mes,
            el final del mes, finales de este mes = month 0
        finales del próximo mes, final del próximo mes, el próximo mes, el mes que viene = month 1
        final del trimestre, fin de trimestre, el final del trimestre = quarter 0
        final del próximo trimestre, el final del próximo trimestre, fin del próximo trimestre,
            finales del próximo trimestre = quarter 1
        fin de año, final de año, finales de año, este año, final del año, el fin de año = year 0
    """,
    ends="finales de, final de, fin de, el final de, fines de, final del, el final del, fin del, finales del",
    this="este, esta",
    coming="próximo, próxima, próximos, próximas, que viene, siguiente, siguientes, que entra",
    following="",
    week_on="""
        de la próxima semana, de la semana que viene, de la semana próxima, de la semana siguiente
    """,
    noise="el, la, las, los, de, del, a, al, y, sobre, hacia, día, este, para, aproximadamente",
    day_marks="el, del, al, día",
    ordinals="º, o, ero",
    after_day="""
        a, al, por, para, si, y, o, porque, gracias, inclusive, como, ya, que, pues, de, con, en, sin,
        pero, próximo, es, sería, lo, la, te, me, nos, se, saludos
    """,
    clock_marks="a las, antes de las, a la, hasta las, para las, sobre las, de las, las",
    clock_units="h, hs, horas, hora, hrs",
    numbers="""
        un, una, uno = 1
        dos, un par de, par de = 2
        tres, pocos, pocas, unos, unas = 3
        cuatro = 4
        cinco = 5
        seis = 6
        siete = 7
        ocho = 8
        nueve = 9
        diez = 10
        doce = 12
        quince = 15
        veinticuatro = 24
        cuarenta y ocho = 48
    """,
    units="""
        minuto, minutos, min = minute
        hora, horas, h, hs = hour
        día, días, días naturales = day
        día hábil, días hábiles, día laborable, días laborables, día laboral, días laborales = business
        semana, semanas = week
        mes, meses = month
    """,
    ask="""
        necesaria para, necesario para, necesarias para, necesarios para,
        por favor, porfa, pf, puedes, puede, pueden, podéis, podrías, podría, podrían, podríais,
        podemos, podríamos, puedo, serías tan, sería tan, le ruego, les ruego, rogamos, ruego, te ruego,
        te pido, le pido, les pido, pedimos, solicito, solicitamos, se solicita, necesito, necesitamos,
        necesita, necesitan, necesitaría, necesitaríamos, lo necesito, me hace falta, nos hace falta,
        hace falta, hay que, me gustaría, nos gustaría, quisiera, quisiéramos, querría, espero,
        esperamos, se espera, agradecería, agradeceríamos, agradezco, agradecemos, te agradecería,
        le agradecería, sería posible, es posible, estaría bien, sería ideal, sería genial,
        sería perfecto, estaría genial, me vendría bien, me das, me dices, me pasas, me lo, me la,
        nos das, nos envías, me envías, me mandas, dime, díganos, díganme, dinos, dígame, envíame,
        envíanos, envíenos, ^envíe, enviad, envíen, mándame, mándanos, mándeme, pásame, pásanos,
        ^contesta, contéstame, ^conteste, contesten, contestad, ^responde, respóndeme, respóndenos,
        ^responda, respondan, responded, ^confirma, confírmame, ^confirme, confirmen, avísame, avísanos,
        ^avise, avisen, llámame, llámenos, ^llame, entrega tus, entregad, entreguen, entregue,
        entrégame, ^revisa, ^revise, revisen, revisad, ^firma, ^firme, firmen, firmad, ^completa,
        ^complete, completen, ^rellena, rellene, rellenen, ^devuelve, devuelva, devuélveme, hazme,
        haced, haga, debe entregarse, deben entregarse, debe estar, deben estar, debe enviarse,
        deben enviarse, tienes que, tiene que estar, tienen que estar, tiene que ser, debes, deberás,
        recuerda, recuerde, recuerden, urge, urgente, fecha límite, plazo, vence, tu respuesta,
        su respuesta, tu opinión, su opinión, vuestra respuesta, crees que puedes, te importaría,
        le importaría
    """,
    own="""
        te respondo, te contesto, te digo, te respondo, le respondo, te responderé, le responderé,
        te lo, te la, te los, te las, se lo, se los, os lo, te envío, le envío, te mando, le mando,
        te paso, te digo, le digo, os envío, os mando, estoy, estamos, estaré, estaremos, estará,
        estarán, voy, vamos, vuelvo, volvemos, tengo, tenemos, termino, terminamos, acabo, acabamos,
        llega, llegan, llegará, cierra, cierran, abre, abren, empieza, empiezan, dura, duran, termina,
        acaba, será, serán, puedo tener, debo, debemos, salgo, salimos, sale, viajo, va a, van a, …aré,
        …eré, …iré, …aremos, …eremos, …iremos, …ará, …erá, …irá
    """,
    past="""
        ayer, anteayer, la semana pasada, pasado, pasada, terminamos, terminé, recibí, recibimos, envié,
        enviamos, enviaste, dijo, dijiste, prometió, era, eran, estaba, estaban, fue, fueron, pasó,
        subieron, subió, bajó, bajaron, había, habíamos, hablé, hablamos, vi, vimos, llegó, quedó,
        acordamos
    """,
    away="""
        de vacaciones, fuera de la oficina, ausente, de baja, de viaje, no disponible,
        no estoy disponible, fuera, de permiso, tus vacaciones, sus vacaciones
    """,
    event="""
        vernos, verme, reunirnos, reunión, quedar, quedamos, comer, comida, cenar, cena, café, vienes,
        viene, venís, venir, asistir, asistes, participar, participas, visita, vuelo, viaje, entrevista,
        formación, fiesta, taller, conferencia, en la oficina, ahí, libre, disponible, encontrarnos,
        clase, curso, concierto, cita
    """,
    not_after="pasado, pasada, versión, por ciento, vez, parte",
    linked="desde, de, hasta, y",
    told="""
        correo, mensaje, he, has, ha, hemos, han, fue, era, estuvo, recibí, recibido, enviado, visto,
        hablado, a partir de, vi, cómo, estás, está, buenos
    """,
    conjunctions="pero, porque, aunque, mientras, sino",
    hour_articles="las",
    bare_days=True,
    # --- wishes ---
    modals="""
        puedes, puede, podrías, podría, podéis, pueden, sería, es, me podrías, me puedes, lo puedes,
        te importa
    """,
    never="""
        no antes de, no antes del, no antes de la, no antes de las, a partir de, a partir del, desde,
        desde el, después de, después del, nunca antes de, nunca antes del, tras el, no hasta el, no hasta
    """,
    earliest="como pronto, como muy pronto, o después, en adelante, o más tarde",
    then="""
        antes, antes de eso, antes de ello, previamente = before
        para entonces = by
    """,
    events="""
        reunión, cita, llamada, presentación, taller, conferencia, comité, sesión, visita, auditoría,
        entrevista, videollamada, videoconferencia, junta, call, demo, revisión, consejo, formación
    """,
    deliver="""
        contestarme, responderme, decírmelo, dármelo, enviármelo, mandármelo, pasármelo,
        enviar, enviarme, enviarnos, envíame, envíes, enviarlo, mandar, mandarme, mandarlo, mándame, dar,
        darme, dame, decir, decirme, dime, contestar, contestes, contesta, responder, responde, confirmar,
        confirma, confirmarme, aprobar, firmar, entregar, entregarlo, devolver, terminar, acabar,
        completar, rellenar, compartir, preparar, subir, decidir, revisar, opinión, respuesta, comentarios,
        avisar, avísame, necesito, necesitamos, pasar, pasarme, pásame, validar
    """,
    hours="""
        una = 1
        dos = 2
        tres = 3
        cuatro = 4
        cinco = 5
        seis = 6
        siete = 7
        ocho = 8
        nueve = 9
        diez = 10
        once = 11
        doce = 12
        veinte = 20
        veinticinco = 25
    """,
    clocks="""
        H y media = 30
        H y cuarto = 15
        H menos cuarto = -15
        H y M = M
        H menos M = -M
    """,
    spans="""
        media hora, la media hora = 0.5 hour
        cuarto de hora, un cuarto de hora = 0.25 hour
        tres cuartos de hora = 0.75 hour
        una hora y media, hora y media = 1.5 hour
        quincena, una quincena, quince días, 15 días = 14 day
        medio día = 0 day
    """,
    and_half="y media, y medio",
    ordinals_told="""
        primer, primero, primera = 1
        segundo, segunda = 2
        tercer, tercero, tercera = 3
        cuarto, cuarta = 4
        último, última = -1
    """,
    month_refs="""
        del mes, de este mes, este mes, mes = 0
        próximo mes, del próximo mes, del mes que viene, mes que viene, del mes próximo = 1
    """,
    week_marks="semana, sem, kw",
    quarters="trimestre",
    quarter_marks="t, q",
    short_weekdays="mar = 1",
    deny="no, nunca",
    forget="olvides, olvide, olvidéis, olvidar, dudes, dude, dejes, tardes, olvidarte, importa",
)
