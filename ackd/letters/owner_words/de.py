"""German."""

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

DE = OwnerWords(
    code="de",
    quote="„{line}“",
    alarms=("{n} Warnung", "{n} Warnungen"),
    overdue=("{n} überfällig", "{n} überfällig"),
    today=("{n} heute fällig", "{n} heute fällig"),
    following=("{n} als Nächstes fällig", "{n} als Nächstes fällig"),
    drafts=("{n} Entwurf wartet", "{n} Entwürfe warten"),
    parked=("{n} zu entscheiden", "{n} zu entscheiden"),
    news="was es Neues gibt",
    title="Versprechen am {day}",
    alarms_title="Braucht Aufmerksamkeit",
    overdue_title="Überfällig",
    overdue_advice="Auf diese Fragen war keine Antwort zu sehen.",
    today_title="Heute fällig",
    following_title="Als Nächstes fällig, am {day}",
    drafts_title="Entwürfe, die warten",
    drafts_advice=(
        "Noch hat sie niemand bekommen. Hinaus geht, was abgesendet wird; was nicht gewünscht ist, kann weg."
    ),
    limited_title="Fragen, die wegen einer Grenze oder Pause liegen blieben",
    limited_advice=(
        "Sie wurden nicht bestätigt. Es hilft eine Antwort, oder die Kategorie „{category}“ an der Mail."
    ),
    close_title="Nicht bestätigt, aber es war knapp: War das eine Frage?",
    close_advice="Wenn ja, genügt die Kategorie „{category}“ an der Mail.",
    preview_title="Aus der Vorschau",
    preview=(
        (
            "{n} Frage kam, während ackd nur zusah (Modus preview), und wurde nicht bestätigt. „ackd "
            "log“ zeigt sie."
        ),
        (
            "{n} Fragen kamen, während ackd nur zusah (Modus preview), und wurden nicht bestätigt. "
            "„ackd log“ zeigt sie."
        ),
    ),
    acknowledged_title="Seit der letzten Übersicht bestätigt",
    waiting_title="Hier fehlen noch Angaben",
    waiting_advice="Danach ist gefragt. Sobald sie kommen, beginnt das Versprechen von Neuem.",
    dropped_title="Aufgabe abgehakt, ohne dass eine Antwort ging",
    dropped_advice="Eine Antwort zählt noch immer, und das Häkchen lässt sich wieder entfernen.",
    deleted_title="Aufgabe gelöscht, ohne dass eine Antwort ging",
    deleted_advice="Aus „Gelöschte Elemente“ zurückgeholt, gilt sie wieder.",
    parked_title="Zu entscheiden",
    parked_advice="„ackd parked“ zeigt diese Fälle und erledigt sie nach Wunsch.",
    bounced_title="Nicht zugestellt",
    bounced_advice="Die Mail kam nicht an. Vielleicht stimmt die Adresse nicht.",
    more=("und {n} weiteres", "und {n} weitere"),
    promised="versprochen bis {when}",
    planned="zu beantworten bis {when}",
    no_letter="es ging keine Mail hinaus",
    would_promise="verspricht {when}, sobald er abgesendet ist",
    nothing_promised="keine Antwort versprochen",
    asked="gefragt {age}",
    open_mail="Mail öffnen",
    open_draft="Entwurf öffnen",
    private="privat",
    kinds={
        EffectKind.ACKNOWLEDGEMENT: "Bestätigung",
        EffectKind.NEW_DATE: "neuer Termin",
        EffectKind.CANNOT_HELP: "Absage",
        EffectKind.NEED_MORE: "Rückfrage",
        EffectKind.APOLOGY: "Entschuldigung",
        EffectKind.OVERDUE_NOTICE: "Erinnerung",
        EffectKind.TASK: "Aufgabe",
        EffectKind.APPOINTMENT: "Kalendereintrag",
    },
    ways_title="Was jetzt möglich ist",
    answer="Mit einer Antwort auf die Mail ist das Versprechen gehalten.",
    move_tell=(
        "Kommt die Aufgabe auf einen anderen Tag, wird der neue Termin mitgeteilt, falls der alte "
        "schon mitgeteilt war."
    ),
    move_ask=(
        "Kommt die Aufgabe auf einen anderen Tag, wartet eine Mail mit dem neuen Termin bei den "
        "Entwürfen, falls der alte schon mitgeteilt war."
    ),
    move_ignore="Kommt die Aufgabe auf einen anderen Tag, zieht das Versprechen mit.",
    tick="Ist die Aufgabe abgehakt, lässt ackd sie ruhen.",
    categories=(
        "Oder eine Kategorie an der Mail oder ihrer Aufgabe: „{cannot_help}“ sagt ab, „{need_more}“ "
        "fragt nach, „{not_a_question}“ beendet das Versprechen ohne ein Wort."
    ),
    closing="Diese Mail ging nur an das eigene Postfach. „ackd status“ zeigt, wie es jetzt steht.",
    overdue_subject="Überfällig: Antwort an {who}",
    overdue_intro="{who} war eine Antwort bis {when} versprochen, und es war keine zu sehen.",
    overdue_untold="{who} sollte bis {when} eine Antwort bekommen, und es war keine zu sehen.",
    overdue_list_subject=("{n} Antwort ist überfällig", "{n} Antworten sind überfällig"),
    message_title="Die Nachricht",
    hold_title="ackd hält Mails zurück",
    hold_per_hour=(
        "Mehr als {n} Bestätigung in einer Stunde ist nicht erlaubt.",
        "Mehr als {n} Bestätigungen in einer Stunde sind nicht erlaubt.",
    ),
    hold_per_day=(
        "Mehr als {n} Bestätigung an einem Tag ist nicht erlaubt.",
        "Mehr als {n} Bestätigungen an einem Tag sind nicht erlaubt.",
    ),
    hold_since="Was darüber hinausgeht, wird seit {when} zurückgehalten.",
    hold_meaning=(
        "So viele in so kurzer Zeit können heißen, dass auf der anderen Seite etwas von selbst antwortet. "
        "Was unter der Grenze liegt, geht weiter hinaus, auch Späteres, sobald wieder Platz ist. Was "
        "zurückgehalten ist, geht nie von selbst hinaus; die Fragen warten auf eine Antwort."
    ),
    hold_ways=(
        "„ackd unanswered“ zeigt, was zurückgehalten ist, und sendet davon mit --send, was gewünscht ist. "
        "„ackd resume“ schafft sofort Platz."
    ),
    urgent_subject="Dringend: Ein Entwurf an {who} wartet",
    urgent_list_subject=("{n} dringender Entwurf wartet", "{n} dringende Entwürfe warten"),
    urgent_intro=(
        "Eine dringende Frage ist gekommen. Die Bestätigung liegt bei den Entwürfen.",
        "Dringende Fragen sind gekommen. Die Bestätigungen liegen bei den Entwürfen.",
    ),
    urgent_advice="Hinaus geht nur, was abgesendet wird; bis dahin ist niemandem etwas versprochen.",
    config_trouble="Die geänderte Konfiguration wird nicht verwendet, die alte gilt weiter: {detail}",
    template_trouble=(
        "Eine eigene Briefvorlage war nicht zu gebrauchen, die mitgelieferte sprang ein: {detail}"
    ),
    list_trouble=(
        "Wer zur Liste {detail} gehört, ist nicht mehr bekannt: Bis der Server es sagt, gehört niemand dazu."
    ),
    folder_trouble="Ein beobachteter Ordner wird nicht gelesen: {detail}",
    reasons={
        UNKNOWABLE: "ob es hinausging, lässt sich nicht feststellen",
        TASK_VANISHED: "der Server sagte, dass sie angelegt ist, aber sie ist nicht da",
        TASK_GONE: "bestätigt, aber die Aufgabe fehlt: gelöscht oder nie angelegt",
        TASK_UNKNOWN: (
            "das Postfach wird anders erreicht, und welche Aufgabe dort diese ist, lässt sich nicht sagen"
        ),
        DRAFT_UNKNOWN: (
            "das Postfach wird anders erreicht, und dieser Entwurf fehlt: gesendet, oder gelöscht"
        ),
        DOUBTFUL: (
            "der Server sagte, dass das Senden misslang, doch in „Gesendet“ liegt eine Kopie: ob "
            "jemand die Mail bekommen hat, lässt sich nicht feststellen. Klarheit "
            "bringt eine Nachfrage, oder ein zweiter Versand"
        ),
    },
    needs_you="ackd braucht Hilfe",
    is_over="ackd: Das ist vorbei",
    is_test="ackd: eine Probe",
    over_intro="Es ist vorbei:",
    times=("", "So {n}-mal."),
    ends_on="Der Tag ist der {day}.",
    since="Seit {when}.",
    since_hours=("Seit {when} ({n} Stunde).", "Seit {when} ({n} Stunden)."),
    was="So war es von {since} bis {over}.",
    begin_with="Am besten zuerst: {command}",
    alarms_say={
        AlarmKind.SIGNED_OUT: (
            "Der Server weist die Anmeldung von ackd ab. ackd versucht es von selbst nicht noch "
            "einmal, weil das Konto gesperrt werden könnte; bis dahin wird nichts gelesen und nichts "
            "gesendet."
        ),
        AlarmKind.SIGN_IN_OVER: (
            "ackd hat keine gültige Anmeldung am Postfach. Bis es eine neue gibt, wird nichts gelesen "
            "und nichts gesendet."
        ),
        AlarmKind.BLOCKED: (
            "Der Server lässt ackd nicht herein (403). Bis dahin wird nichts gelesen und nichts gesendet."
        ),
        AlarmKind.SILENT: (
            "ackd konnte nicht nach neuen Mails sehen. Bis dahin wird nichts gelesen und nichts gesendet."
        ),
        AlarmKind.HELD: "ackd hält Mails zurück: Eine Grenze dafür, wie viel es sendet, ist erreicht.",
        AlarmKind.PARKED: (
            "Ob etwas hinausging, lässt sich nicht feststellen. ackd wartet auf eine Entscheidung."
        ),
        AlarmKind.CONFIG_BROKEN: (
            "Die geänderte Konfiguration ist nicht zu gebrauchen. Die alte gilt weiter."
        ),
        AlarmKind.MAILBOX_FULL: (
            "Das Postfach oder „Gesendete Elemente“ ist voll: Der Server nimmt nicht an, was ackd "
            "schreibt. Sobald Platz ist, macht ackd von selbst weiter."
        ),
        AlarmKind.SEND_REFUSED: (
            "Der Server sagt, dass dieses Konto nichts senden darf. Hier hilft die Administration."
        ),
        AlarmKind.BOUNCED: "Eine Mail von ackd ließ sich nicht zustellen. Jetzt hilft nur eine eigene Mail.",
        AlarmKind.CLOCK_OFF: (
            "Die Uhr dieses Rechners geht anders als die des Servers. Bis sie übereinstimmen, wird "
            "nichts beurteilt und nichts gesendet."
        ),
        AlarmKind.DRAFT_WAITS: "Die Bestätigung einer dringenden Frage wartet bei den Entwürfen.",
        AlarmKind.CERTIFICATE_ENDS: "Ein Zertifikat, das ackd braucht, läuft bald ab.",
        AlarmKind.SECRET_ENDS: "Das Geheimnis, mit dem ackd sich anmeldet, läuft bald ab.",
        AlarmKind.PASSWORD_ENDS: (
            "Das Kennwort des Postfachs läuft bald ab. Das neue gehört auch dorthin, wo das von ackd liegt."
        ),
        AlarmKind.EWS_ENDS: "Exchange Online schaltet EWS ab, worüber ackd dieses Postfach erreicht.",
        AlarmKind.CRASHED: (
            "Der Dienst von ackd hat geendet und wird nicht neu gestartet. Es wird nichts gelesen und "
            "nichts gesendet."
        ),
        AlarmKind.TEST: "Das ist eine Probe: Auf diesem Weg kommen die Warnungen von ackd.",
    },
)
