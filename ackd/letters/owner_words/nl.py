"""Dutch."""

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

NL = OwnerWords(
    code="nl",
    quote="“{line}”",
    alarms=("{n} waarschuwing", "{n} waarschuwingen"),
    overdue=("{n} te laat", "{n} te laat"),
    today=("{n} voor vandaag", "{n} voor vandaag"),
    following=("{n} voor de volgende werkdag", "{n} voor de volgende werkdag"),
    drafts=("{n} concept wacht", "{n} concepten wachten"),
    parked=("{n} te beslissen", "{n} te beslissen"),
    news="wat er nieuw is",
    title="Je beloftes op {day}",
    alarms_title="Vraagt je aandacht",
    overdue_title="Te laat",
    overdue_advice="Op deze vragen is geen antwoord gezien.",
    today_title="Voor vandaag",
    following_title="Daarna, op {day}",
    drafts_title="Concepten die op je wachten",
    drafts_advice="Niemand heeft ze nog gekregen. Verstuur ze, of verwijder wat je niet wilt.",
    limited_title="Vragen die door een limiet of een pauze zijn blijven liggen",
    limited_advice="Ze zijn niet bevestigd. Beantwoord ze, of geef de mail de categorie “{category}”.",
    close_title="Niet bevestigd, maar het scheelde weinig: was dit een vraag?",
    close_advice="Zo ja, geef de mail de categorie “{category}”.",
    preview_title="Tijdens de preview",
    preview=(
        (
            "Er kwam {n} vraag binnen terwijl ackd alleen toekeek (modus preview); die is niet "
            "bevestigd. “ackd log” laat haar zien."
        ),
        (
            "Er kwamen {n} vragen binnen terwijl ackd alleen toekeek (modus preview); ze zijn niet "
            "bevestigd. “ackd log” laat ze zien."
        ),
    ),
    acknowledged_title="Bevestigd sinds het vorige overzicht",
    waiting_title="Wacht op meer informatie",
    waiting_advice="Daar is om gevraagd. Zodra die er is, begint de belofte opnieuw.",
    dropped_title="Taak afgevinkt, zonder dat er een antwoord ging",
    dropped_advice="Een antwoord telt nog steeds, en het vinkje kan weer weg.",
    deleted_title="Taak verwijderd, zonder dat er een antwoord ging",
    deleted_advice="Teruggehaald uit de verwijderde items telt ze weer.",
    parked_title="Te beslissen",
    parked_advice="“ackd parked” toont deze gevallen en handelt ze af zoals jij het wilt.",
    bounced_title="Kon niet worden bezorgd",
    bounced_advice="De mail is niet aangekomen. Misschien klopt het adres niet.",
    more=("en nog {n}", "en nog {n}"),
    promised="beloofd uiterlijk {when}",
    planned="te beantwoorden uiterlijk {when}",
    no_letter="er ging geen mail uit",
    would_promise="belooft {when} zodra je het verstuurt",
    nothing_promised="geen antwoord beloofd",
    asked="{age} gevraagd",
    open_mail="Mail openen",
    open_draft="Concept openen",
    private="privé",
    kinds={
        EffectKind.ACKNOWLEDGEMENT: "bevestiging",
        EffectKind.NEW_DATE: "nieuwe datum",
        EffectKind.CANNOT_HELP: "dat je niet kunt helpen",
        EffectKind.NEED_MORE: "vraag om meer informatie",
        EffectKind.APOLOGY: "excuses",
        EffectKind.OVERDUE_NOTICE: "herinnering voor jou",
        EffectKind.TASK: "taak",
        EffectKind.APPOINTMENT: "agenda-item",
    },
    ways_title="Wat je kunt doen",
    answer="Beantwoord de mail, en de belofte is nagekomen.",
    move_tell="Zet de taak op een andere dag, en de nieuwe datum wordt doorgegeven, als de oude dat ook was.",
    move_ask=(
        "Zet de taak op een andere dag, en er wacht een mail met de nieuwe datum bij je concepten, "
        "als de oude was doorgegeven."
    ),
    move_ignore="Zet de taak op een andere dag, en de belofte schuift mee.",
    tick="Vink de taak af, en ackd laat haar rusten.",
    categories=(
        "Of geef de mail of de taak een categorie: “{cannot_help}” zegt dat je niet kunt helpen, "
        "“{need_more}” vraagt om meer, “{not_a_question}” beëindigt de belofte zonder iets te zeggen."
    ),
    closing="Van ackd, alleen aan jou. “ackd status” laat zien hoe het er nu voor staat.",
    overdue_subject="Te laat: je antwoord aan {who}",
    overdue_intro="Je had {who} uiterlijk {when} een antwoord beloofd, en er is er geen gezien.",
    overdue_untold="{who} zou uiterlijk {when} een antwoord krijgen, en er is er geen gezien.",
    overdue_list_subject=("{n} antwoord is te laat", "{n} antwoorden zijn te laat"),
    message_title="Het bericht",
    hold_title="ackd houdt berichten vast",
    hold_per_hour=("De limiet is {n} bevestiging per uur.", "De limiet is {n} bevestigingen per uur."),
    hold_per_day=("De limiet is {n} bevestiging per dag.", "De limiet is {n} bevestigingen per dag."),
    hold_since="Wat daarboven komt, wordt sinds {when} vastgehouden.",
    hold_meaning=(
        "Zoveel in zo’n korte tijd kan betekenen dat er aan de andere kant iets vanzelf antwoordt. Wat onder "
        "de limiet blijft, gaat gewoon uit, en wat later komt ook zodra er weer ruimte is. Een vastgehouden "
        "bericht gaat nooit vanzelf uit; de vraag wacht op jouw antwoord."
    ),
    hold_ways=(
        "“ackd unanswered” laat zien wat is vastgehouden, en verstuurt met --send wat je wilt. “ackd resume” "
        "maakt meteen ruimte."
    ),
    urgent_subject="Dringend: er wacht een concept aan {who}",
    urgent_list_subject=("Er wacht {n} dringend concept", "Er wachten {n} dringende concepten"),
    urgent_intro=(
        "Er is een dringende vraag binnengekomen. De bevestiging ligt bij je concepten.",
        "Er zijn dringende vragen binnengekomen. De bevestigingen liggen bij je concepten.",
    ),
    urgent_advice="Er gaat niets uit voordat jij het verstuurt; tot dan is niemand iets beloofd.",
    config_trouble="De gewijzigde configuratie wordt niet gebruikt, de oude blijft gelden: {detail}",
    template_trouble="Een briefsjabloon van jou was niet bruikbaar, dat van ackd viel in: {detail}",
    list_trouble=(
        "Wie er op de lijst {detail} staat, is niet meer bekend: tot de server het zegt, staat er niemand op."
    ),
    folder_trouble="Een bewaakte map wordt niet gelezen: {detail}",
    reasons={
        UNKNOWABLE: "of het verstuurd is, valt niet na te gaan",
        TASK_VANISHED: "de server zei dat ze gemaakt was, maar ze is er niet",
        TASK_GONE: "bevestigd, maar de taak ontbreekt: verwijderd, of nooit gemaakt",
        TASK_UNKNOWN: (
            "de toegang tot het postvak is anders, en welke taak daar deze is, valt niet te zeggen"
        ),
        DRAFT_UNKNOWN: (
            "de toegang tot het postvak is anders, en dit concept is er niet: verzonden of verwijderd"
        ),
        DOUBTFUL: (
            "de server zei dat het versturen mislukte, en toch ligt er een kopie bij Verzonden items: "
            "of iemand de mail kreeg, valt niet na te gaan. Vraag het na, of verstuur hem opnieuw"
        ),
    },
    needs_you="ackd heeft je nodig",
    is_over="ackd: dit is voorbij",
    is_test="ackd: een test",
    over_intro="Het is voorbij:",
    times=("", "Zo {n} keer."),
    ends_on="De dag is {day}.",
    since="Sinds {when}.",
    since_hours=("Sinds {when} ({n} uur).", "Sinds {when} ({n} uur)."),
    was="Zo was het van {since} tot {over}.",
    begin_with="Begin met: {command}",
    alarms_say={
        AlarmKind.SIGNED_OUT: (
            "De server weigert de aanmelding van ackd. ackd probeert het niet vanzelf opnieuw, want "
            "het account zou vergrendeld kunnen raken; intussen wordt er niets gelezen of verstuurd."
        ),
        AlarmKind.SIGN_IN_OVER: (
            "ackd heeft geen geldige aanmelding bij de mailbox. Zolang er geen nieuwe is, wordt er "
            "niets gelezen of verstuurd."
        ),
        AlarmKind.BLOCKED: (
            "De server laat ackd niet binnen (403). Intussen wordt er niets gelezen of verstuurd."
        ),
        AlarmKind.SILENT: (
            "ackd kon niet naar nieuwe mail kijken. Intussen wordt er niets gelezen of verstuurd."
        ),
        AlarmKind.HELD: "ackd houdt berichten vast: een limiet op wat het verstuurt is bereikt.",
        AlarmKind.PARKED: "Of er iets is verstuurd, valt niet na te gaan. ackd wacht op jouw besluit.",
        AlarmKind.CONFIG_BROKEN: "De gewijzigde configuratie is niet bruikbaar. De oude blijft gelden.",
        AlarmKind.MAILBOX_FULL: (
            "De mailbox of Verzonden items is vol: de server weigert wat ackd schrijft. Maak ruimte, "
            "en ackd gaat vanzelf verder."
        ),
        AlarmKind.SEND_REFUSED: (
            "De server zegt dat dit account niet mag versturen. Vraag het je beheerder."
        ),
        AlarmKind.BOUNCED: "Een mail van ackd kon niet worden bezorgd. Schrijf het liefst zelf.",
        AlarmKind.CLOCK_OFF: (
            "De klok van deze machine loopt anders dan die van de server. Er wordt niets beoordeeld of "
            "verstuurd tot ze gelijklopen."
        ),
        AlarmKind.DRAFT_WAITS: "De bevestiging van een dringende vraag wacht bij je concepten.",
        AlarmKind.CERTIFICATE_ENDS: "Een certificaat dat ackd nodig heeft verloopt binnenkort.",
        AlarmKind.SECRET_ENDS: "Het geheim waarmee ackd zich aanmeldt verloopt binnenkort.",
        AlarmKind.PASSWORD_ENDS: (
            "Het wachtwoord van de mailbox verloopt binnenkort. Zet het nieuwe ook waar dat van ackd "
            "bewaard wordt."
        ),
        AlarmKind.EWS_ENDS: "Exchange Online stopt met EWS, waarlangs ackd deze mailbox bereikt.",
        AlarmKind.CRASHED: (
            "De dienst van ackd is gestopt en wordt niet opnieuw gestart. Er wordt niets gelezen of "
            "verstuurd."
        ),
        AlarmKind.TEST: "Dit is een test: waarschuwingen van ackd komen langs deze weg.",
    },
)
