"""Spanish."""

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

ES = OwnerWords(
    code="es",
    quote="«{line}»",
    alarms=("{n} aviso", "{n} avisos"),
    overdue=("{n} fuera de plazo", "{n} fuera de plazo"),
    today=("{n} para hoy", "{n} para hoy"),
    following=("{n} para el próximo día", "{n} para el próximo día"),
    drafts=("{n} borrador espera", "{n} borradores esperan"),
    parked=("{n} por decidir", "{n} por decidir"),
    news="qué hay de nuevo",
    title="Tus promesas, {day}",
    alarms_title="Necesita tu atención",
    overdue_title="Fuera de plazo",
    overdue_advice="No se ha visto ninguna respuesta a estas preguntas.",
    today_title="Para hoy",
    following_title="Lo siguiente, {day}",
    drafts_title="Borradores que te esperan",
    drafts_advice="Todavía no los ha recibido nadie. Envíalos, o borra los que no quieras.",
    limited_title="Preguntas que quedaron por un límite o una pausa",
    limited_advice="Nadie las ha confirmado. Respóndelas, o pon al mensaje la categoría «{category}».",
    close_title="Quedó sin confirmar por poco: ¿era una pregunta?",
    close_advice="Si lo era, pon al mensaje la categoría «{category}».",
    preview_title="Durante la vista previa",
    preview=(
        (
            "Llegó {n} pregunta mientras ackd solo miraba (modo preview), y no se confirmó. «ackd log» "
            "la muestra."
        ),
        (
            "Llegaron {n} preguntas mientras ackd solo miraba (modo preview), y no se confirmaron. "
            "«ackd log» las muestra."
        ),
    ),
    acknowledged_title="Confirmadas desde el último resumen",
    waiting_title="A la espera de más datos",
    waiting_advice="Ya se han pedido. La promesa empieza de nuevo cuando lleguen.",
    dropped_title="Tarea marcada como hecha, sin respuesta",
    dropped_advice="Una respuesta todavía cuenta, y la tarea se puede desmarcar.",
    deleted_title="Tarea eliminada, sin respuesta",
    deleted_advice="Si se recupera de los elementos eliminados, vuelve a contar.",
    parked_title="Por decidir",
    parked_advice="«ackd parked» muestra estos casos y los resuelve como tú digas.",
    bounced_title="No se pudo entregar",
    bounced_advice="El mensaje no llegó. Puede que la dirección esté mal.",
    more=("y {n} más", "y {n} más"),
    promised="prometido para el {when}",
    planned="por responder a más tardar el {when}",
    no_letter="no salió ningún mensaje",
    would_promise="promete el {when} en cuanto lo envíes",
    nothing_promised="sin respuesta prometida",
    asked="preguntado {age}",
    open_mail="Abrir el mensaje",
    open_draft="Abrir el borrador",
    private="privado",
    kinds={
        EffectKind.ACKNOWLEDGEMENT: "confirmación",
        EffectKind.NEW_DATE: "nueva fecha",
        EffectKind.CANNOT_HELP: "que no puedes ayudar",
        EffectKind.NEED_MORE: "petición de más datos",
        EffectKind.APOLOGY: "disculpa",
        EffectKind.OVERDUE_NOTICE: "recordatorio para ti",
        EffectKind.TASK: "tarea",
        EffectKind.APPOINTMENT: "cita en el calendario",
    },
    ways_title="Qué puedes hacer",
    answer="Responde al mensaje, y la promesa queda cumplida.",
    move_tell="Pasa su tarea a otro día, y se comunica la nueva fecha, si se había comunicado la anterior.",
    move_ask=(
        "Pasa su tarea a otro día, y un mensaje con la nueva fecha te espera en los borradores, si se "
        "había comunicado la anterior."
    ),
    move_ignore="Pasa su tarea a otro día, y la promesa se mueve con ella.",
    tick="Marca la tarea como hecha, y ackd la deja en paz.",
    categories=(
        "O pon una categoría al mensaje o a su tarea: «{cannot_help}» dice que no puedes, "
        "«{need_more}» pide más datos, «{not_a_question}» termina la promesa sin decir nada."
    ),
    closing="De ackd, solo para ti. «ackd status» muestra cómo están las cosas ahora.",
    overdue_subject="Fuera de plazo: tu respuesta a {who}",
    overdue_intro="Prometiste a {who} una respuesta a más tardar el {when}, y no se ha visto ninguna.",
    overdue_untold="{who} debía recibir una respuesta a más tardar el {when}, y no se ha visto ninguna.",
    overdue_list_subject=("{n} respuesta está fuera de plazo", "{n} respuestas están fuera de plazo"),
    message_title="El mensaje",
    hold_title="ackd retiene mensajes",
    hold_per_hour=(
        "El límite es de {n} confirmación por hora.",
        "El límite es de {n} confirmaciones por hora.",
    ),
    hold_per_day=(
        "El límite es de {n} confirmación al día.",
        "El límite es de {n} confirmaciones al día.",
    ),
    hold_since="Lo que lo supera queda retenido desde el {when}.",
    hold_meaning=(
        "Tantas en tan poco tiempo pueden significar que al otro lado algo responde solo. Lo que queda por "
        "debajo del límite sigue saliendo, y lo que venga también en cuanto vuelva a haber sitio. Un mensaje "
        "retenido nunca sale solo; su pregunta espera tu respuesta."
    ),
    hold_ways=(
        "«ackd unanswered» muestra los mensajes retenidos y envía con --send los que quieras. «ackd resume» "
        "hace sitio enseguida."
    ),
    urgent_subject="Urgente: te espera un borrador para {who}",
    urgent_list_subject=("Te espera {n} borrador urgente", "Te esperan {n} borradores urgentes"),
    urgent_intro=(
        "Ha llegado una pregunta urgente. La confirmación está en tus borradores.",
        "Han llegado preguntas urgentes. Las confirmaciones están en tus borradores.",
    ),
    urgent_advice="No sale nada hasta que tú lo envíes; hasta entonces no se ha prometido nada a nadie.",
    config_trouble="La configuración cambiada no se usa, sigue en vigor la anterior: {detail}",
    template_trouble="Una plantilla de carta tuya no se pudo usar, y salió la de ackd: {detail}",
    list_trouble=(
        "Ya no se sabe quién está en la lista {detail}: hasta que el servidor lo diga, no está nadie."
    ),
    folder_trouble="Una carpeta vigilada no se lee: {detail}",
    reasons={
        UNKNOWABLE: "no se puede saber si salió",
        TASK_VANISHED: "el servidor dijo que la había creado, pero no está",
        TASK_GONE: "confirmada, pero falta su tarea: borrada, o nunca creada",
        TASK_UNKNOWN: ("el acceso al buzón ha cambiado, y no se sabe cuál de sus tareas es esta"),
        DRAFT_UNKNOWN: ("el acceso al buzón ha cambiado, y este borrador no aparece: enviado o borrado"),
        DOUBTFUL: (
            "el servidor dijo que el envío falló, pero hay una copia en los elementos enviados: no se "
            "puede saber si le llegó a alguien. Pregunta, o envíalo otra vez"
        ),
    },
    needs_you="ackd te necesita",
    is_over="ackd: ya pasó",
    is_test="ackd: una prueba",
    over_intro="Ya pasó:",
    times=("", "Así {n} veces."),
    ends_on="El día es el {day}.",
    since="Desde el {when}.",
    since_hours=("Desde el {when} ({n} hora).", "Desde el {when} ({n} horas)."),
    was="Así fue desde el {since} hasta el {over}.",
    begin_with="Empieza con: {command}",
    alarms_say={
        AlarmKind.SIGNED_OUT: (
            "El servidor rechaza el inicio de sesión de ackd. ackd no lo intenta otra vez por su "
            "cuenta, porque la cuenta podría bloquearse; mientras tanto no se lee ni se envía nada."
        ),
        AlarmKind.SIGN_IN_OVER: (
            "ackd no tiene un inicio de sesión válido en el buzón. Mientras no haya uno nuevo no se "
            "lee ni se envía nada."
        ),
        AlarmKind.BLOCKED: (
            "El servidor no deja entrar a ackd (403). Mientras tanto no se lee ni se envía nada."
        ),
        AlarmKind.SILENT: (
            "ackd no ha podido buscar mensajes nuevos. Mientras tanto no se lee ni se envía nada."
        ),
        AlarmKind.HELD: "ackd retiene mensajes: se ha alcanzado un límite de envío.",
        AlarmKind.PARKED: "No se puede saber si algo salió. ackd espera tu decisión.",
        AlarmKind.CONFIG_BROKEN: "La configuración cambiada no se puede usar. Sigue en vigor la anterior.",
        AlarmKind.MAILBOX_FULL: (
            "El buzón o los elementos enviados están llenos: el servidor rechaza lo que ackd escribe. "
            "Haz sitio, y ackd sigue por sí solo."
        ),
        AlarmKind.SEND_REFUSED: (
            "El servidor dice que esta cuenta no puede enviar. Habla con tu administrador."
        ),
        AlarmKind.BOUNCED: "Un mensaje de ackd no se pudo entregar. Lo mejor es que escribas tú.",
        AlarmKind.CLOCK_OFF: (
            "El reloj de esta máquina no es el del servidor. No se juzga ni se envía nada hasta que "
            "coincidan."
        ),
        AlarmKind.DRAFT_WAITS: "La confirmación de una pregunta urgente espera en tus borradores.",
        AlarmKind.CERTIFICATE_ENDS: "Un certificado que ackd necesita está a punto de caducar.",
        AlarmKind.SECRET_ENDS: "El secreto con el que ackd inicia sesión está a punto de caducar.",
        AlarmKind.PASSWORD_ENDS: (
            "La contraseña del buzón está a punto de caducar. Pon la nueva también donde se guarda la "
            "de ackd."
        ),
        AlarmKind.EWS_ENDS: "Exchange Online termina EWS, por donde ackd llega a este buzón.",
        AlarmKind.CRASHED: (
            "El servicio de ackd terminó y no se inicia de nuevo. No se lee ni se envía nada."
        ),
        AlarmKind.TEST: "Esto es una prueba: los avisos de ackd llegan por aquí.",
    },
)
