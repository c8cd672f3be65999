"""French."""

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

FR = OwnerWords(
    code="fr",
    quote="«\u00a0{line}\u00a0»",
    alarms=("{n} alerte", "{n} alertes"),
    overdue=("{n} en retard", "{n} en retard"),
    today=("{n} pour aujourd’hui", "{n} pour aujourd’hui"),
    following=("{n} à venir", "{n} à venir"),
    drafts=("{n} brouillon en attente", "{n} brouillons en attente"),
    parked=("{n} à décider", "{n} à décider"),
    news="ce qu’il y a de neuf",
    title="Vos promesses, {day}",
    alarms_title="Demande votre attention",
    overdue_title="En retard",
    overdue_advice="Aucune réponse à ces questions n’a été vue.",
    today_title="Pour aujourd’hui",
    following_title="À venir, {day}",
    drafts_title="Brouillons qui vous attendent",
    drafts_advice="Personne ne les a encore reçus. Envoyez-les, ou supprimez ceux dont vous ne voulez pas.",
    limited_title="Questions laissées à cause d’une limite ou d’une pause",
    limited_advice=(
        "Aucun accusé n’a été envoyé. Répondez-y, ou donnez au message la catégorie « {category} »."
    ),
    close_title="Laissé de côté, mais de peu : était-ce une question ?",
    close_advice="Si oui, donnez au message la catégorie « {category} ».",
    preview_title="Pendant l’aperçu",
    preview=(
        (
            "{n} question est arrivée pendant qu’ackd ne faisait que regarder (mode preview), sans "
            "accusé de réception. « ackd log » la montre."
        ),
        (
            "{n} questions sont arrivées pendant qu’ackd ne faisait que regarder (mode preview), sans "
            "accusé de réception. « ackd log » les montre."
        ),
    ),
    acknowledged_title="Accusés envoyés depuis le dernier résumé",
    waiting_title="En attente de précisions",
    waiting_advice="Elles ont été demandées. La promesse reprend dès qu’elles arrivent.",
    dropped_title="Tâche cochée, sans réponse envoyée",
    dropped_advice="Une réponse compte encore, et la tâche peut être décochée.",
    deleted_title="Tâche supprimée, sans réponse envoyée",
    deleted_advice="Reprise dans les éléments supprimés, elle compte de nouveau.",
    parked_title="À décider",
    parked_advice="« ackd parked » liste ces cas et les règle selon votre choix.",
    bounced_title="Non remis",
    bounced_advice="Le message n’est pas arrivé. L’adresse est peut-être fausse.",
    more=("et {n} autre", "et {n} autres"),
    promised="promis au plus tard {when}",
    planned="à répondre au plus tard {when}",
    no_letter="aucun message n’est parti",
    would_promise="promet {when}, dès que vous l’envoyez",
    nothing_promised="aucune réponse promise",
    asked="demandé {age}",
    open_mail="Ouvrir le message",
    open_draft="Ouvrir le brouillon",
    private="privé",
    kinds={
        EffectKind.ACKNOWLEDGEMENT: "accusé de réception",
        EffectKind.NEW_DATE: "nouvelle date",
        EffectKind.CANNOT_HELP: "réponse négative",
        EffectKind.NEED_MORE: "demande de précisions",
        EffectKind.APOLOGY: "excuses",
        EffectKind.OVERDUE_NOTICE: "rappel pour vous",
        EffectKind.TASK: "tâche",
        EffectKind.APPOINTMENT: "entrée de calendrier",
    },
    ways_title="Ce que vous pouvez faire",
    answer="Répondez au message, et la promesse est tenue.",
    move_tell=(
        "Déplacez sa tâche à un autre jour, et la nouvelle date est annoncée, si l’ancienne l’avait été."
    ),
    move_ask=(
        "Déplacez sa tâche à un autre jour, et un message avec la nouvelle date vous attend dans les "
        "brouillons, si l’ancienne avait été annoncée."
    ),
    move_ignore="Déplacez sa tâche à un autre jour, et la promesse suit.",
    tick="Cochez la tâche, et ackd la laisse en paix.",
    categories=(
        "Ou donnez une catégorie au message ou à sa tâche : « {cannot_help} » décline, « {need_more} » "
        "demande des précisions, « {not_a_question} » met fin à la promesse sans un mot."
    ),
    closing="De la part d’ackd, à vous seul. « ackd status » montre où en sont les choses.",
    overdue_subject="En retard : votre réponse à {who}",
    overdue_intro="Vous aviez promis à {who} une réponse au plus tard le {when}, et aucune n’a été vue.",
    overdue_untold="{who} devait recevoir une réponse au plus tard le {when}, et aucune n’a été vue.",
    overdue_list_subject=("{n} réponse est en retard", "{n} réponses sont en retard"),
    message_title="Le message",
    hold_title="ackd retient des messages",
    hold_per_hour=("La limite est de {n} accusé par heure.", "La limite est de {n} accusés par heure."),
    hold_per_day=("La limite est de {n} accusé par jour.", "La limite est de {n} accusés par jour."),
    hold_since="Ce qui la dépasse est retenu depuis le {when}.",
    hold_meaning=(
        "Un si grand nombre en si peu de temps peut vouloir dire qu’en face quelque chose répond tout seul. "
        "Ce qui reste sous la limite part toujours, et la suite aussi dès qu’il y a de nouveau de la place. "
        "Un message retenu ne part jamais tout seul ; sa question attend votre réponse."
    ),
    hold_ways=(
        "« ackd unanswered » montre les messages retenus et envoie avec --send ceux que vous voulez. "
        "« ackd resume » fait de la place tout de suite."
    ),
    urgent_subject="Urgent : un brouillon pour {who} vous attend",
    urgent_list_subject=("{n} brouillon urgent vous attend", "{n} brouillons urgents vous attendent"),
    urgent_intro=(
        "Une question urgente est arrivée. L’accusé de réception est dans vos brouillons.",
        "Des questions urgentes sont arrivées. Les accusés de réception sont dans vos brouillons.",
    ),
    urgent_advice="Rien ne part avant que vous ne l’envoyiez ; d’ici là, rien n’est promis à personne.",
    config_trouble="La configuration modifiée n’est pas utilisée, l’ancienne reste en vigueur : {detail}",
    template_trouble="Un de vos modèles de lettre n’a pas pu servir, celui d’ackd l’a remplacé : {detail}",
    list_trouble=(
        "On ne sait plus qui fait partie de la liste {detail} : tant que le serveur ne le dit pas, "
        "personne n’en fait partie."
    ),
    folder_trouble="Un dossier surveillé n’est pas lu : {detail}",
    reasons={
        UNKNOWABLE: "on ne peut pas savoir si c’est parti",
        TASK_VANISHED: "le serveur disait l’avoir créée, mais elle n’est pas là",
        TASK_GONE: "accusé envoyé, mais la tâche manque : supprimée, ou jamais créée",
        TASK_UNKNOWN: ("l’accès à la boîte a changé, et impossible de dire laquelle des tâches est celle-ci"),
        DRAFT_UNKNOWN: ("l’accès à la boîte a changé, et ce brouillon est introuvable : envoyé ou supprimé"),
        DOUBTFUL: (
            "le serveur disait que l’envoi avait échoué, et pourtant une copie est dans les éléments "
            "envoyés : on ne peut pas savoir si quelqu’un l’a reçu. Demandez, ou renvoyez-le"
        ),
    },
    needs_you="ackd a besoin de vous",
    is_over="ackd : c’est fini",
    is_test="ackd : un essai",
    over_intro="C’est fini :",
    times=("", "{n} fois en tout."),
    ends_on="La date est le {day}.",
    since="Depuis le {when}.",
    since_hours=("Depuis le {when} ({n} heure).", "Depuis le {when} ({n} heures)."),
    was="Cela a duré du {since} au {over}.",
    begin_with="Pour commencer : {command}",
    alarms_say={
        AlarmKind.SIGNED_OUT: (
            "Le serveur refuse la connexion d’ackd. ackd n’essaie pas de nouveau tout seul, car le "
            "compte pourrait être verrouillé ; d’ici là, rien n’est lu ni envoyé."
        ),
        AlarmKind.SIGN_IN_OVER: (
            "ackd n’a pas de connexion valable à la boîte aux lettres. Tant qu’il n’y en a pas de "
            "nouvelle, rien n’est lu ni envoyé."
        ),
        AlarmKind.BLOCKED: "Le serveur ne laisse pas entrer ackd (403). D’ici là, rien n’est lu ni envoyé.",
        AlarmKind.SILENT: (
            "ackd n’a pas pu chercher de nouveaux messages. D’ici là, rien n’est lu ni envoyé."
        ),
        AlarmKind.HELD: "ackd retient des messages : une limite d’envoi est atteinte.",
        AlarmKind.PARKED: "On ne peut pas savoir si quelque chose est parti. ackd attend votre décision.",
        AlarmKind.CONFIG_BROKEN: "La configuration modifiée est inutilisable. L’ancienne reste en vigueur.",
        AlarmKind.MAILBOX_FULL: (
            "La boîte aux lettres ou les éléments envoyés sont pleins : le serveur refuse ce qu’ackd "
            "écrit. Faites de la place, et ackd reprend tout seul."
        ),
        AlarmKind.SEND_REFUSED: (
            "Le serveur dit que ce compte n’a pas le droit d’envoyer. Adressez-vous à votre administrateur."
        ),
        AlarmKind.BOUNCED: "Un message d’ackd n’a pas pu être remis. Le mieux est d’écrire vous-même.",
        AlarmKind.CLOCK_OFF: (
            "L’horloge de cette machine n’est pas celle du serveur. Rien n’est jugé ni envoyé tant "
            "qu’elles diffèrent."
        ),
        AlarmKind.DRAFT_WAITS: "L’accusé de réception d’une question urgente attend dans vos brouillons.",
        AlarmKind.CERTIFICATE_ENDS: "Un certificat dont ackd a besoin expire bientôt.",
        AlarmKind.SECRET_ENDS: "Le secret par lequel ackd se connecte expire bientôt.",
        AlarmKind.PASSWORD_ENDS: (
            "Le mot de passe de la boîte aux lettres expire bientôt. Mettez aussi le nouveau là où "
            "celui d’ackd est gardé."
        ),
        AlarmKind.EWS_ENDS: (
            "Exchange Online met fin à EWS, par lequel ackd atteint cette boîte aux lettres."
        ),
        AlarmKind.CRASHED: (
            "Le service d’ackd s’est arrêté et n’est pas redémarré. Rien n’est lu ni envoyé."
        ),
        AlarmKind.TEST: "Ceci est un essai : les alertes d’ackd arrivent par ce chemin.",
    },
)
