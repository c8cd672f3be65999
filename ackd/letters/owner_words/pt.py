"""Portuguese."""

from __future__ import annotations

from ackd.letters.owner_words.vocabulary import OwnerWords
from ackd.model import (
    DOUBTFUL,
    DRAFT_UNKNOWN,
    TASK_GONE,
    TASK_UNKNOWN,
    TASK_VANISHED,
    UNKNOWABLE,
    AlarmKind,
    EffectKind,
)

PT = OwnerWords(
    code="pt",
    quote="“{line}”",
    alarms=("{n} alerta", "{n} alertas"),
    overdue=("{n} em atraso", "{n} em atraso"),
    today=("{n} para hoje", "{n} para hoje"),
    following=("{n} para o próximo dia", "{n} para o próximo dia"),
    drafts=("{n} rascunho à espera", "{n} rascunhos à espera"),
    parked=("{n} por decidir", "{n} por decidir"),
    news="o que há de novo",
    title="As suas promessas, {day}",
    alarms_title="Precisa da sua atenção",
    overdue_title="Em atraso",
    overdue_advice="Não se viu nenhuma resposta a estas perguntas.",
    today_title="Para hoje",
    following_title="A seguir, {day}",
    drafts_title="Rascunhos à sua espera",
    drafts_advice="Ainda ninguém os recebeu. Envie-os, ou elimine os que não quiser.",
    limited_title="Perguntas que ficaram por causa de um limite ou de uma pausa",
    limited_advice="Não foram confirmadas. Responda, ou dê à mensagem a categoria “{category}”.",
    close_title="Ficou por confirmar, mas por pouco: era uma pergunta?",
    close_advice="Se era, dê à mensagem a categoria “{category}”.",
    preview_title="Durante a pré-visualização",
    preview=(
        (
            "Chegou {n} pergunta enquanto o ackd só observava (modo preview), e não foi confirmada. "
            "“ackd log” mostra-a."
        ),
        (
            "Chegaram {n} perguntas enquanto o ackd só observava (modo preview), e não foram "
            "confirmadas. “ackd log” mostra-as."
        ),
    ),
    acknowledged_title="Confirmadas desde o último resumo",
    waiting_title="À espera de mais informações",
    waiting_advice="Já foram pedidas. A promessa recomeça quando chegarem.",
    dropped_title="Tarefa assinalada como feita, sem resposta",
    dropped_advice="Uma resposta ainda conta, e a tarefa pode voltar a ficar em aberto.",
    deleted_title="Tarefa eliminada, sem resposta",
    deleted_advice="Recuperada dos itens eliminados, volta a contar.",
    parked_title="Por decidir",
    parked_advice="“ackd parked” mostra estes casos e resolve-os como disser.",
    bounced_title="Não foi entregue",
    bounced_advice="A mensagem não chegou. Talvez o endereço esteja errado.",
    more=("e mais {n}", "e mais {n}"),
    promised="prometido até {when}",
    planned="a responder até {when}",
    no_letter="não saiu nenhuma mensagem",
    would_promise="promete {when}, assim que o enviar",
    nothing_promised="nenhuma resposta prometida",
    asked="perguntado {age}",
    open_mail="Abrir a mensagem",
    open_draft="Abrir o rascunho",
    private="privado",
    kinds={
        EffectKind.ACKNOWLEDGEMENT: "confirmação",
        EffectKind.NEW_DATE: "nova data",
        EffectKind.CANNOT_HELP: "que não pode ajudar",
        EffectKind.NEED_MORE: "pedido de mais informações",
        EffectKind.APOLOGY: "pedido de desculpa",
        EffectKind.OVERDUE_NOTICE: "lembrete para si",
        EffectKind.TASK: "tarefa",
        EffectKind.APPOINTMENT: "entrada no calendário",
    },
    ways_title="O que pode fazer",
    answer="Responda à mensagem, e a promessa fica cumprida.",
    move_tell="Mude a tarefa para outro dia, e a nova data é comunicada, se a anterior o tinha sido.",
    move_ask=(
        "Mude a tarefa para outro dia, e uma mensagem com a nova data fica à sua espera nos "
        "rascunhos, se a anterior tinha sido comunicada."
    ),
    move_ignore="Mude a tarefa para outro dia, e a promessa muda com ela.",
    tick="Assinale a tarefa como feita, e o ackd deixa-a em paz.",
    categories=(
        "Ou dê uma categoria à mensagem ou à tarefa: “{cannot_help}” diz que não pode ajudar, "
        "“{need_more}” pede mais informações, “{not_a_question}” termina a promessa sem uma palavra."
    ),
    closing="Do ackd, só para si. “ackd status” mostra como estão as coisas agora.",
    overdue_subject="Em atraso: a sua resposta a {who}",
    overdue_intro="Prometeu a {who} uma resposta até {when}, e não se viu nenhuma.",
    overdue_untold="{who} devia receber uma resposta até {when}, e não se viu nenhuma.",
    overdue_list_subject=("{n} resposta está em atraso", "{n} respostas estão em atraso"),
    message_title="A mensagem",
    hold_title="O ackd retém mensagens",
    hold_per_hour=("O limite é de {n} confirmação por hora.", "O limite é de {n} confirmações por hora."),
    hold_per_day=("O limite é de {n} confirmação por dia.", "O limite é de {n} confirmações por dia."),
    hold_since="O que o ultrapassa fica retido desde {when}.",
    hold_meaning=(
        "Tantas em tão pouco tempo podem significar que do outro lado algo responde sozinho. O que fica "
        "abaixo do limite continua a sair, e o que vier também, assim que houver de novo lugar. Uma "
        "mensagem retida nunca sai sozinha; a sua pergunta espera pela sua resposta."
    ),
    hold_ways=(
        "“ackd unanswered” mostra as mensagens retidas e envia com --send as que quiser. “ackd resume” abre "
        "lugar de imediato."
    ),
    urgent_subject="Urgente: um rascunho para {who} está à sua espera",
    urgent_list_subject=("{n} rascunho urgente à sua espera", "{n} rascunhos urgentes à sua espera"),
    urgent_intro=(
        "Chegou uma pergunta urgente. A confirmação está nos seus rascunhos.",
        "Chegaram perguntas urgentes. As confirmações estão nos seus rascunhos.",
    ),
    urgent_advice="Nada sai antes de o enviar; até lá, nada foi prometido a ninguém.",
    config_trouble="A configuração alterada não é usada, continua em vigor a anterior: {detail}",
    template_trouble="Um modelo de carta seu não pôde ser usado, e saiu o do ackd: {detail}",
    list_trouble="Já não se sabe quem pertence à lista {detail}: até o servidor o dizer, ninguém pertence.",
    folder_trouble="Uma pasta vigiada não é lida: {detail}",
    reasons={
        UNKNOWABLE: "não se pode saber se saiu",
        TASK_VANISHED: "o servidor disse que a criou, mas não está lá",
        TASK_GONE: "confirmada, mas falta a tarefa: eliminada, ou nunca criada",
        TASK_UNKNOWN: ("o acesso à caixa mudou, e não se sabe qual das tarefas é esta"),
        DRAFT_UNKNOWN: ("o acesso à caixa mudou, e este rascunho não aparece: enviado ou eliminado"),
        DOUBTFUL: (
            "o servidor disse que o envio falhou, e no entanto há uma cópia nos itens enviados: não se "
            "pode saber se alguém a recebeu. Pergunte, ou envie-a outra vez"
        ),
    },
    needs_you="O ackd precisa de si",
    is_over="ackd: já passou",
    is_test="ackd: um teste",
    over_intro="Já passou:",
    times=("", "Assim {n} vezes."),
    ends_on="O dia é {day}.",
    since="Desde {when}.",
    since_hours=("Desde {when} ({n} hora).", "Desde {when} ({n} horas)."),
    was="Foi assim de {since} a {over}.",
    begin_with="Para começar: {command}",
    alarms_say={
        AlarmKind.SIGNED_OUT: (
            "O servidor recusa o início de sessão do ackd. O ackd não tenta outra vez sozinho, porque "
            "a conta poderia ficar bloqueada; entretanto nada é lido nem enviado."
        ),
        AlarmKind.SIGN_IN_OVER: (
            "O ackd não tem um início de sessão válido na caixa de correio. Enquanto não houver um "
            "novo, nada é lido nem enviado."
        ),
        AlarmKind.BLOCKED: "O servidor não deixa entrar o ackd (403). Entretanto nada é lido nem enviado.",
        AlarmKind.SILENT: (
            "O ackd não conseguiu procurar mensagens novas. Entretanto nada é lido nem enviado."
        ),
        AlarmKind.HELD: "O ackd retém mensagens: foi atingido um limite de envio.",
        AlarmKind.PARKED: "Não se pode saber se algo saiu. O ackd espera pela sua decisão.",
        AlarmKind.CONFIG_BROKEN: (
            "A configuração alterada não pode ser usada. Continua em vigor a anterior."
        ),
        AlarmKind.MAILBOX_FULL: (
            "A caixa de correio ou os itens enviados estão cheios: o servidor recusa o que o ackd "
            "escreve. Arranje espaço, e o ackd continua sozinho."
        ),
        AlarmKind.SEND_REFUSED: (
            "O servidor diz que esta conta não pode enviar. Fale com o seu administrador."
        ),
        AlarmKind.BOUNCED: "Uma mensagem do ackd não pôde ser entregue. O melhor é escrever diretamente.",
        AlarmKind.CLOCK_OFF: (
            "O relógio desta máquina não é o do servidor. Nada é avaliado nem enviado até que coincidam."
        ),
        AlarmKind.DRAFT_WAITS: "A confirmação de uma pergunta urgente está à espera nos seus rascunhos.",
        AlarmKind.CERTIFICATE_ENDS: "Um certificado de que o ackd precisa está prestes a expirar.",
        AlarmKind.SECRET_ENDS: "O segredo com que o ackd inicia sessão está prestes a expirar.",
        AlarmKind.PASSWORD_ENDS: (
            "A palavra-passe da caixa de correio está prestes a expirar. Ponha a nova também onde está "
            "guardada a do ackd."
        ),
        AlarmKind.EWS_ENDS: (
            "O Exchange Online termina o EWS, por onde o ackd chega a esta caixa de correio."
        ),
        AlarmKind.CRASHED: (
            "O serviço do ackd terminou e não volta a ser iniciado. Nada é lido nem enviado."
        ),
        AlarmKind.TEST: "Isto é um teste: os alertas do ackd chegam por aqui.",
    },
)
