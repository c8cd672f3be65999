"""Portuguese."""

from __future__ import annotations

from ackd.letters.owner_words.vocabulary import OwnerWords
from ackd.model import DOUBTFUL, TASK_GONE, TASK_VANISHED, UNKNOWABLE, EffectKind

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
    overdue_advice="Foi prometida uma resposta, e não se viu nenhuma.",
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
    parked_title="Por decidir",
    parked_advice="“ackd parked” mostra estes casos e resolve-os como disser.",
    bounced_title="Não foi entregue",
    bounced_advice="A mensagem não chegou. Talvez o endereço esteja errado.",
    more=("e mais {n}", "e mais {n}"),
    promised="prometido até {when}",
    would_promise="promete {when}, assim que o enviar",
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
    move_tell="Mude a tarefa para outro dia, e a nova data é comunicada.",
    move_ask=(
        "Mude a tarefa para outro dia, e uma mensagem com a nova data fica à sua espera nos rascunhos."
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
    overdue_list_subject=("{n} resposta está em atraso", "{n} respostas estão em atraso"),
    overdue_list_intro="Prometeu estas respostas, e não se viu nenhuma.",
    message_title="A mensagem",
    hold_title="O ackd deixou de enviar",
    hold_per_hour=("O limite é de {n} confirmação por hora.", "O limite é de {n} confirmações por hora."),
    hold_per_day=("O limite é de {n} confirmação por dia.", "O limite é de {n} confirmações por dia."),
    hold_since="Nada sai desde {when}.",
    hold_meaning=(
        "Tantas em tão pouco tempo podem significar que do outro lado algo responde sozinho. As "
        "mensagens continuam a ser lidas e registadas; nada é enviado, e o que agora fica por enviar "
        "também não sairá depois."
    ),
    hold_ways="“ackd status” mostra o que aconteceu, “ackd resume” continua.",
    urgent_subject="Urgente: um rascunho para {who} está à sua espera",
    urgent_list_subject=("{n} rascunho urgente à sua espera", "{n} rascunhos urgentes à sua espera"),
    urgent_intro=(
        "Chegou uma pergunta urgente. A confirmação está nos seus rascunhos.",
        "Chegaram perguntas urgentes. As confirmações estão nos seus rascunhos.",
    ),
    urgent_advice="Nada sai antes de o enviar; até lá, nada foi prometido a ninguém.",
    config_trouble="A configuração alterada não é usada, continua em vigor a anterior: {detail}",
    template_trouble="Um modelo de carta seu não pôde ser usado, e saiu o do ackd: {detail}",
    folder_trouble="Uma pasta vigiada não é lida: {detail}",
    reasons={
        UNKNOWABLE: "não se pode saber se saiu",
        TASK_VANISHED: "o servidor disse que a criou, mas não está lá",
        TASK_GONE: "confirmada, mas falta a tarefa: eliminada, ou nunca criada",
        DOUBTFUL: (
            "o servidor disse que o envio falhou, e no entanto há uma cópia nos itens enviados: não se "
            "pode saber se alguém a recebeu. Pergunte, ou envie-a outra vez"
        ),
    },
)
