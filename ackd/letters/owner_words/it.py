"""Italian."""

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

IT = OwnerWords(
    code="it",
    quote="«{line}»",
    alarms=("{n} avviso", "{n} avvisi"),
    overdue=("{n} in ritardo", "{n} in ritardo"),
    today=("{n} per oggi", "{n} per oggi"),
    following=("{n} per il prossimo giorno", "{n} per il prossimo giorno"),
    drafts=("{n} bozza in attesa", "{n} bozze in attesa"),
    parked=("{n} da decidere", "{n} da decidere"),
    news="le novità",
    title="Le tue promesse, {day}",
    alarms_title="Richiede la tua attenzione",
    overdue_title="In ritardo",
    overdue_advice="A queste domande non si è vista nessuna risposta.",
    today_title="Per oggi",
    following_title="A seguire, {day}",
    drafts_title="Bozze che ti aspettano",
    drafts_advice="Nessuno le ha ancora ricevute. Inviale, oppure elimina quelle che non vuoi.",
    limited_title="Domande rimaste per un limite o una pausa",
    limited_advice="Nessuno le ha confermate. Rispondi, oppure dai al messaggio la categoria «{category}».",
    close_title="Lasciato da parte, ma per poco: era una domanda?",
    close_advice="Se sì, dai al messaggio la categoria «{category}».",
    preview_title="Durante l’anteprima",
    preview=(
        (
            "È arrivata {n} domanda mentre ackd stava solo a guardare (modalità preview), e non è "
            "stata confermata. «ackd log» la mostra."
        ),
        (
            "Sono arrivate {n} domande mentre ackd stava solo a guardare (modalità preview), e non "
            "sono state confermate. «ackd log» le mostra."
        ),
    ),
    acknowledged_title="Confermate dopo l’ultimo riepilogo",
    waiting_title="In attesa di altre informazioni",
    waiting_advice="Sono state chieste. La promessa ricomincia quando arrivano.",
    dropped_title="Attività spuntata, senza una risposta",
    dropped_advice="Una risposta vale ancora, e la spunta si può togliere.",
    deleted_title="Attività eliminata, senza una risposta",
    deleted_advice="Recuperata dalla posta eliminata, vale di nuovo.",
    parked_title="Da decidere",
    parked_advice="«ackd parked» elenca questi casi e li risolve come dici tu.",
    bounced_title="Non consegnato",
    bounced_advice="Il messaggio non è arrivato. Forse l’indirizzo è sbagliato.",
    more=("e {n} altra", "e altre {n}"),
    promised="promesso entro {when}",
    planned="da rispondere entro {when}",
    no_letter="non è partito alcun messaggio",
    would_promise="promette {when}, appena la invii",
    nothing_promised="nessuna risposta promessa",
    asked="chiesto {age}",
    open_mail="Apri il messaggio",
    open_draft="Apri la bozza",
    private="privato",
    kinds={
        EffectKind.ACKNOWLEDGEMENT: "conferma",
        EffectKind.NEW_DATE: "nuova data",
        EffectKind.CANNOT_HELP: "che non puoi aiutare",
        EffectKind.NEED_MORE: "richiesta di informazioni",
        EffectKind.APOLOGY: "scuse",
        EffectKind.OVERDUE_NOTICE: "promemoria per te",
        EffectKind.TASK: "attività",
        EffectKind.APPOINTMENT: "voce del calendario",
    },
    ways_title="Che cosa puoi fare",
    answer="Rispondi al messaggio, e la promessa è mantenuta.",
    move_tell=(
        "Sposta la sua attività a un altro giorno, e la nuova data viene comunicata, se lo era stata "
        "la precedente."
    ),
    move_ask=(
        "Sposta la sua attività a un altro giorno, e un messaggio con la nuova data ti aspetta nelle "
        "bozze, se era stata comunicata la precedente."
    ),
    move_ignore="Sposta la sua attività a un altro giorno, e la promessa si sposta con lei.",
    tick="Spunta l’attività, e ackd la lascia in pace.",
    categories=(
        "Oppure dai una categoria al messaggio o alla sua attività: «{cannot_help}» dice che non puoi, "
        "«{need_more}» chiede altre informazioni, «{not_a_question}» chiude la promessa senza una "
        "parola."
    ),
    closing="Da ackd, solo per te. «ackd status» mostra come stanno le cose adesso.",
    overdue_subject="In ritardo: la tua risposta a {who}",
    overdue_intro="Avevi promesso a {who} una risposta entro {when}, e non se n’è vista nessuna.",
    overdue_untold="{who} doveva ricevere una risposta entro {when}, e non se n’è vista nessuna.",
    overdue_list_subject=("{n} risposta è in ritardo", "{n} risposte sono in ritardo"),
    message_title="Il messaggio",
    hold_title="ackd trattiene dei messaggi",
    hold_per_hour=("Il limite è di {n} conferma all’ora.", "Il limite è di {n} conferme all’ora."),
    hold_per_day=("Il limite è di {n} conferma al giorno.", "Il limite è di {n} conferme al giorno."),
    hold_since="Quello che lo supera è trattenuto da {when}.",
    hold_meaning=(
        "Così tante in così poco tempo possono voler dire che dall’altra parte qualcosa risponde da solo. "
        "Quello che resta sotto il limite parte ancora, e anche il resto appena c’è di nuovo posto. Un "
        "messaggio trattenuto non parte mai da solo; la sua domanda aspetta la tua risposta."
    ),
    hold_ways=(
        "«ackd unanswered» mostra i messaggi trattenuti e con --send invia quelli che vuoi. «ackd resume» fa "
        "subito posto."
    ),
    urgent_subject="Urgente: ti aspetta una bozza per {who}",
    urgent_list_subject=("Ti aspetta {n} bozza urgente", "Ti aspettano {n} bozze urgenti"),
    urgent_intro=(
        "È arrivata una domanda urgente. La conferma è nelle tue bozze.",
        "Sono arrivate domande urgenti. Le conferme sono nelle tue bozze.",
    ),
    urgent_advice=(
        "Non parte nulla finché non lo invii tu; fino ad allora non è stato promesso nulla a nessuno."
    ),
    config_trouble="La configurazione modificata non viene usata, resta in vigore la precedente: {detail}",
    template_trouble=(
        "Un tuo modello di lettera non era utilizzabile, è subentrato quello di ackd: {detail}"
    ),
    list_trouble=(
        "Non si sa più chi fa parte della lista {detail}: finché il server non lo dice, non ne fa "
        "parte nessuno."
    ),
    folder_trouble="Una cartella controllata non viene letta: {detail}",
    reasons={
        UNKNOWABLE: "non si può sapere se è partita",
        TASK_VANISHED: "il server ha detto di averla creata, ma non c’è",
        TASK_GONE: "confermata, ma manca l’attività: eliminata, o mai creata",
        TASK_UNKNOWN: ("l’accesso alla casella è cambiato, e non si sa quale delle attività sia questa"),
        DRAFT_UNKNOWN: (
            "l’accesso alla casella è cambiato, e questa bozza non si trova: inviata o eliminata"
        ),
        DOUBTFUL: (
            "il server ha detto che l’invio non è riuscito, eppure ce n’è una copia nella posta "
            "inviata: non si può sapere se qualcuno l’ha ricevuto. Chiedi, oppure invialo di nuovo"
        ),
    },
    needs_you="ackd ha bisogno di te",
    is_over="ackd: è finita",
    is_test="ackd: una prova",
    over_intro="È finita:",
    times=("", "Così {n} volte."),
    ends_on="Il giorno è {day}.",
    since="Da {when}.",
    since_hours=("Da {when} ({n} ora).", "Da {when} ({n} ore)."),
    was="È stato così da {since} a {over}.",
    begin_with="Per cominciare: {command}",
    alarms_say={
        AlarmKind.SIGNED_OUT: (
            "Il server rifiuta l’accesso di ackd. ackd non riprova da solo, perché l’account potrebbe "
            "essere bloccato; intanto non si legge e non si invia nulla."
        ),
        AlarmKind.SIGN_IN_OVER: (
            "ackd non ha un accesso valido alla casella. Finché non ce n’è uno nuovo non si legge e "
            "non si invia nulla."
        ),
        AlarmKind.BLOCKED: (
            "Il server non lascia entrare ackd (403). Intanto non si legge e non si invia nulla."
        ),
        AlarmKind.SILENT: (
            "ackd non è riuscito a cercare nuovi messaggi. Intanto non si legge e non si invia nulla."
        ),
        AlarmKind.HELD: "ackd trattiene dei messaggi: è stato raggiunto un limite di invio.",
        AlarmKind.PARKED: "Non si può sapere se qualcosa è partito. ackd aspetta la tua decisione.",
        AlarmKind.CONFIG_BROKEN: (
            "La configurazione modificata non si può usare. Resta in vigore la precedente."
        ),
        AlarmKind.MAILBOX_FULL: (
            "La casella o la posta inviata è piena: il server rifiuta ciò che ackd scrive. Fai spazio, "
            "e ackd riprende da solo."
        ),
        AlarmKind.SEND_REFUSED: (
            "Il server dice che questo account non può inviare. Chiedi al tuo amministratore."
        ),
        AlarmKind.BOUNCED: "Un messaggio di ackd non è stato consegnato. È meglio che scriva tu.",
        AlarmKind.CLOCK_OFF: (
            "L’orologio di questa macchina non è quello del server. Non si giudica e non si invia "
            "nulla finché non coincidono."
        ),
        AlarmKind.DRAFT_WAITS: "La conferma di una domanda urgente aspetta nelle tue bozze.",
        AlarmKind.CERTIFICATE_ENDS: "Un certificato di cui ackd ha bisogno sta per scadere.",
        AlarmKind.SECRET_ENDS: "Il segreto con cui ackd accede sta per scadere.",
        AlarmKind.PASSWORD_ENDS: (
            "La password della casella sta per scadere. Metti la nuova anche dove è conservata quella "
            "di ackd."
        ),
        AlarmKind.EWS_ENDS: "Exchange Online chiude EWS, con cui ackd raggiunge questa casella.",
        AlarmKind.CRASHED: (
            "Il servizio di ackd si è fermato e non viene riavviato. Non si legge e non si invia nulla."
        ),
        AlarmKind.TEST: "Questa è una prova: gli avvisi di ackd arrivano per questa via.",
    },
)
