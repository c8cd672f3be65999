"""Portuguese, as written in Portugal and in Brazil."""

from ackd.text.temporal.vocabulary import Words

WORDS = Words(
    by="""
        até, até a, até o, até ao, até à, até às, até as, até dia, até o dia, até ao dia, em até,
        no prazo até
    """,
    before="antes de, antes do, antes da, antes das, antes dos, antes que acabe",
    latest="""
        no máximo, o mais tardar, no mais tardar, ao mais tardar, sem falta, é o prazo, é o prazo final,
        como prazo máximo, impreterivelmente
    """,
    strong="""
        o mais tardar, o mais tardar em, o mais tardar na, o mais tardar no, no mais tardar,
        o mais tardar até, ao mais tardar, no máximo até, no máximo, até no máximo, o mais tardar a,
        o mais tardar às, não depois de, não mais tarde que, prazo, o prazo é, prazo até,
        o prazo termina, prazo final, o prazo final é, prazo limite, data limite, a data limite é,
        data-limite é, vence, vence em, deadline, o deadline é, impreterivelmente até, prazo de entrega,
        o prazo de entrega é, entrega até
    """,
    weak="para, para a, para o, para as",
    until="",
    have="",
    within="""
        dentro de, no prazo de, num prazo de, em um prazo de, nas, nos, nas próximas, nos próximos,
        em menos de, no decorrer de, no decorrer do, no decurso de, ao longo do, em até, até, durante
    """,
    soft="em, daqui a, de hoje a",
    days="""
        hoje, o dia de hoje, ainda hoje, hoje ainda = 0
        esta manhã, hoje de manhã, hoje pela manhã = 0 morning
        hoje ao meio dia = 0 noon
        esta tarde, hoje à tarde, hoje de tarde = 0 afternoon
        esta noite, hoje à noite, logo à noite = 0 evening
        amanhã = 1
        depois de amanhã = 2
    """,
    weekdays="""
        segunda, segunda feira, 2ª feira, seg = 0
        terça, terça feira, 3ª feira, ter = 1
        quarta, quarta feira, 4ª feira, qua = 2
        quinta, quinta feira, 5ª feira, qui = 3
        sexta, sexta feira, 6ª feira, sex = 4
        sábado, sáb = 5
        domingo, dom = 6
    """,
    months="""
        janeiro, jan = 1
        fevereiro, fev = 2
        março, mar = 3
        abril, abr = 4
        maio, mai = 5
        junho, jun = 6
        julho, jul = 7
        agosto, ago = 8
        setembro, set = 9
        outubro, out = 10
        novembro, nov = 11
        dezembro, dez = 12
    """,
    parts="""
        meio dia, ao meio dia, o meio dia, do meio dia = noon
        manhã, de manhã, pela manhã, da manhã, à primeira hora, logo cedo, cedo = morning
        tarde, à tarde, de tarde, da tarde, pela tarde = afternoon
        noite, à noite, da noite, de noite = evening
        meia noite, à meia noite = night
        fim do dia, o fim do dia, ao fim do dia, final do dia, o final do dia, ao final do dia, eod,
            fim do expediente, o fim do expediente, final do expediente, o final do expediente, cob,
            fecho do dia = end
    """,
    periods="""
        ao longo da semana, durante a semana, no decorrer da semana = week 0
        ao longo do dia, durante o dia, no decorrer do dia = day 0
        depois do fim de semana, após o fim de semana = start 1
        fim da semana, o fim da semana, final da semana, o final da semana, ao fim da semana,
            ao final da semana, esta semana, essa semana, ainda esta semana, ainda essa semana,
            desta semana, o fim desta semana, o final desta semana = week 0
        fim da próxima semana, o fim da próxima semana, final da próxima semana,
            o final da próxima semana, a próxima semana, próxima semana, semana que vem,
            a semana que vem, o fim da semana que vem, o final da semana que vem = week 1
        fim de semana, o fim de semana, este fim de semana, final de semana,
            o final de semana = weekend 0
        início da próxima semana, o início da próxima semana, começo da próxima semana,
            o começo da semana que vem = start 1
        meio da próxima semana, meados da próxima semana, o meio da próxima semana = middle 1
        fim do mês, o fim do mês, final do mês, o final do mês, ao fim do mês, ao final do mês,
            este mês, esse mês, fim de mês = month 0
        fim do próximo mês, o fim do próximo mês, final do próximo mês, o próximo mês,
            mês que vem = month 1
        fim do trimestre, o fim do trimestre, final do trimestre, o final do trimestre = quarter 0
        fim do próximo trimestre, o fim do próximo trimestre, ao fim do próximo trimestre,
            final do próximo trimestre, o final do próximo trimestre = quarter 1
        fim do ano, o fim do ano, ao fim do ano, final do ano, o final do ano, ao final do ano,
            este ano, fim de ano = year 0
    """,
    ends="""
        fim de, o fim de, final de, o final de, finais de, ao fim de, ao final de, fim do, o fim do,
        ao fim do, final do, o final do, ao final do, fim da, o fim da, ao fim da, final da, o final da
    """,
    this="esta, este, nesta, neste, essa, esse",
    coming="próxima, próximo, próximas, próximos, que vem, seguinte, que entra",
    following="",
    week_on="da próxima semana, da semana que vem, na próxima semana, na semana que vem",
    noise="a, o, as, os, às, ao, à, de, da, do, na, no, dia, e, pelas, por volta das, cerca",
    day_marks="dia",
    ordinals="º, o",
    after_day="""
        às, as, ao, à, para, se, e, ou, porque, obrigado, obrigada, por, com, de, em, que, pois, mas,
        senão, é, seria, me, te, nos, inclusive, próximo, abraço, atenciosamente
    """,
    clock_marks="às, as, até às, até as, pelas, antes das, das, à, para as",
    clock_units="h, hs, horas, hora, hrs",
    numbers="""
        um, uma = 1
        dois, duas, um par de = 2
        três, alguns, algumas, poucos, poucas = 3
        quatro = 4
        cinco = 5
        seis = 6
        sete = 7
        oito = 8
        nove = 9
        dez = 10
        doze = 12
        quinze = 15
        vinte e quatro = 24
        quarenta e oito = 48
    """,
    units="""
        minuto, minutos, min = minute
        hora, horas, h, hs = hour
        dia, dias, dias corridos = day
        dia útil, dias úteis = business
        semana, semanas = week
        mês, meses = month
    """,
    ask="""
        por favor, favor, pf, pfv, se faz favor, podes, pode, podem, poderia, poderias, poderiam,
        podemos, poderíamos, posso, consegue, consegues, conseguem, conseguiria, conseguirias, dá para,
        dava para, será que, é possível, seria possível, preciso, precisamos, precisa, precisam,
        precisava, precisaria, necessito, necessitamos, gostaria, gostava, gostaríamos, queria,
        queríamos, agradeço, agradecemos, agradecia, agradeceria, solicito, solicitamos, solicita se,
        pedimos, peço, peço te, peço lhe, pede se, aguardo, aguardamos, espero a, espero o, esperamos a,
        fico à espera, ficamos à espera, fico no aguardo, seria bom, seria ótimo, seria ideal,
        seria perfeito, ajudava, diga me, diz me, digam me, diz nos, me diga, me diz, me avisa,
        avisa me, avise me, ^avisa, ^avise, avisem, envia me, envie me, ^envie, enviem, envia nos,
        envie nos, me envia, me envie, me manda, mande me, ^mande, mandem, manda me, ^responda,
        respondam, responde me, responder, ^confirme, confirmem, confirma me, ligue me, liga me,
        me liga, me ligue, ^assine, assinem, ^assina, ^entregue, entreguem, entregar, reveja, revejam,
        ^verifique, verifiquem, ^preencha, preencham, ^complete, completem, ^devolva, devolvam, dê me,
        dá me, dar me, temos de, temos que, tens de, tens que, tem de ser, tem que ser, têm de ser,
        deve ser, devem ser, deverá ser, devem estar, deve estar, lembre se, lembra te, não se esqueça,
        não te esqueças, urgente, urge, prazo, data limite, você tem até, tem até, tens até, têm até,
        a tua resposta, a sua resposta, a vossa resposta, sua opinião, tua opinião, sua resposta,
        tua resposta, importas te, se importa
    """,
    own="""
        envio te, envio lhe, envio vos, mando te, mando lhe, te envio, te mando, lhe envio, lhe mando,
        te digo, digo te, dou te, aviso te, te aviso, lhe aviso, estou, estamos, estarei, estaremos,
        estará, estarão, vou, vamos, volto, voltamos, tenho, temos até, termino, terminamos, acabo,
        chega, chegam, chegará, fecha, fecham, abre, abrem, começa, começam, dura, duram, termina,
        acaba, será, serão, fico em, saio, saímos, sai, devo, vai estar, vai ser, vão estar,
        fica pronto, ficará, …arei, …erei, …irei, …aremos, …eremos, …iremos, …ará, …erá
    """,
    past="""
        ontem, anteontem, a semana passada, semana passada, passada, passado, terminámos, acabei,
        terminei, recebi, recebemos, enviei, enviámos, enviaste, enviou, disse, disseste, prometeu, era,
        eram, estava, estavam, foi, foram, passou, subiram, subiu, desceu, desceram, tinha, tinham,
        falei, falámos, falamos, vi, vimos, chegou, combinámos, combinamos
    """,
    away="""
        de férias, fora do escritório, ausente, de licença, de baixa, em viagem, não disponível,
        indisponível, fora, tuas férias, suas férias, vossas férias
    """,
    event="""
        nos encontrar, encontrar nos, encontramo nos, encontro, reunião, reunir, almoçar, almoço,
        jantar, café, vens, vem, vêm, vir, participar, participas, participa, assistir, visita, voo,
        viagem, entrevista, formação, festa, oficina, conferência, no escritório, livre, disponível,
        vernos, nos ver, curso, aula, concerto, show
    """,
    not_after="""
        passada, passado, versão, por cento, vez, parte, ordem, edição, fase, reunião, opção, etapa,
        instância, categoria, via
    """,
    linked="desde, de, e",
    told="""
        mail, mensagem, e mail, recebi, recebido, enviado, visto, falei, foi, era, está, a partir de,
        como, vai, bom, boa, estás, tive
    """,
    conjunctions="mas, porque, embora, enquanto, senão, porém",
    hour_articles="as",
    bare_days=True,
    farewells=True,
    # --- wishes ---
    modals="podes, pode, poderia, poderias, consegues, consegue, podem, dá, é, seria, me podes, se importa",
    never="""
        não antes de, não antes do, não antes da, não antes das, a partir de, a partir do, a partir da,
        desde, após, depois de, depois do, depois da, nunca antes de, só depois de, só a partir de
    """,
    earliest="no mínimo, ou depois, em diante, o mais cedo, ou mais tarde",
    then="""
        antes, antes disso, previamente, antes dela = before
        até lá = by
    """,
    events="""
        reunião, chamada, apresentação, workshop, conferência, comité, comitê, sessão, visita, auditoria,
        entrevista, videochamada, videoconferência, call, demo, encontro, assembleia, formação,
        treinamento, ligação
    """,
    deliver="""
        enviar, enviar me, envie, envia, mandar, mande, manda, dar, dê, dizer, diga, diz, responder,
        responda, responde, confirmar, confirme, confirma, aprovar, assinar, entregar, devolver, terminar,
        acabar, completar, preencher, partilhar, compartilhar, preparar, carregar, decidir, rever,
        verificar, resposta, parecer, comentários, avisar, avise, preciso, precisamos, passar, concluir,
        fechar, ligar me, me ligar
    """,
    hours="""
        uma = 1
        duas = 2
        três = 3
        quatro = 4
        cinco = 5
        seis = 6
        sete = 7
        oito = 8
        nove = 9
        dez = 10
        onze = 11
        doze = 12
        vinte = 20
        vinte e cinco = 25
    """,
    clocks="""
        H e meia = 30
        H h e meia, H horas e meia = 30
        H e um quarto = 15
        H e quarto = 15
        H menos um quarto, H menos quarto = -15
        quinze para as H, um quarto para as H = -15
        M para as H, H menos M = -M
        H e M = M
    """,
    spans="""
        meia hora, a meia hora = 0.5 hour
        um quarto de hora, quarto de hora = 0.25 hour
        três quartos de hora = 0.75 hour
        uma hora e meia, hora e meia = 1.5 hour
        quinzena, uma quinzena, quinze dias, 15 dias = 14 day
        meio dia de trabalho = 0 day
    """,
    and_half="e meia, e meio",
    ordinals_told="""
        primeiro, primeira = 1
        segundo, segunda = 2
        terceiro, terceira = 3
        quarto, quarta = 4
        último, última = -1
    """,
    month_refs="""
        do mês, deste mês, este mês, desse mês, mês = 0
        próximo mês, do próximo mês, do mês que vem, mês que vem = 1
    """,
    week_marks="semana, sem, kw",
    quarters="trimestre",
    quarter_marks="t, q",
    hour_ends="h, horas",
    deny="não, nunca",
    forget="esqueça, esqueças, esqueçam, esquecer, hesite, hesites, deixe, deixes, importa",
)
