"""English."""

from __future__ import annotations

from ackd.letters.owner_words.vocabulary import OwnerWords
from ackd.model import PARKED_NOTES, AlarmKind, EffectKind

EN = OwnerWords(
    code="en",
    quote="“{line}”",
    alarms=("{n} alarm", "{n} alarms"),
    overdue=("{n} overdue", "{n} overdue"),
    today=("{n} due today", "{n} due today"),
    following=("{n} due next", "{n} due next"),
    drafts=("{n} draft waits", "{n} drafts wait"),
    parked=("{n} to decide", "{n} to decide"),
    news="what is new",
    title="Your promises on {day}",
    alarms_title="Needs your attention",
    overdue_title="Overdue",
    overdue_advice="No answer to these questions was seen.",
    today_title="Due today",
    following_title="Due next, on {day}",
    drafts_title="Drafts that wait for you",
    drafts_advice="Nobody has got them yet. Send them, or delete the ones that you don’t want.",
    limited_title="Questions left because of a limit or a pause",
    limited_advice="Nobody acknowledged them. Answer them, or give one the category “{category}”.",
    close_title="Left alone, though it was close: was this a question?",
    close_advice="If so, give the mail the category “{category}”.",
    preview_title="From the preview",
    preview=(
        (
            "{n} question came while ackd only looked on (mode preview), and got no acknowledgement. "
            "“ackd log” shows it."
        ),
        (
            "{n} questions came while ackd only looked on (mode preview), and got no acknowledgement. "
            "“ackd log” shows them."
        ),
    ),
    acknowledged_title="Acknowledged since the last digest",
    waiting_title="Waiting for the colleague’s answer",
    waiting_advice="They were asked for more. The promise begins anew when they write.",
    dropped_title="You ticked it off, the colleague got no answer",
    dropped_advice="An answer still counts, and so does unticking the task.",
    deleted_title="Its task was deleted, the colleague waits for an answer",
    deleted_advice="Taken out of Deleted Items, the task counts again.",
    parked_title="To decide",
    parked_advice="“ackd parked” lists these cases, and settles them by your word.",
    bounced_title="Our letter couldn’t be delivered",
    bounced_advice="The colleague doesn’t know of it. Perhaps the address is wrong.",
    more=("and {n} more", "and {n} more"),
    promised="promised by {when}",
    planned="to be answered by {when}",
    no_letter="no letter went out",
    would_promise="promises {when} once you send it",
    nothing_promised="no answer promised",
    asked="asked {age}",
    open_mail="Open the mail",
    open_draft="Open the draft",
    private="private",
    kinds={
        EffectKind.ACKNOWLEDGEMENT: "acknowledgement",
        EffectKind.NEW_DATE: "new date",
        EffectKind.CANNOT_HELP: "that you can’t help",
        EffectKind.NEED_MORE: "request for more",
        EffectKind.APOLOGY: "apology",
        EffectKind.OVERDUE_NOTICE: "reminder to you",
        EffectKind.TASK: "task",
        EffectKind.APPOINTMENT: "calendar entry",
    },
    ways_title="What you can do",
    answer="Answer the mail, and the promise is kept.",
    move_tell=(
        "Move its task to another day, and the colleague is told the new date, if they were told the old one."
    ),
    move_ask=(
        "Move its task to another day, and a letter with the new date waits in Drafts for you to "
        "send, if the colleague was told the old one."
    ),
    move_ignore="Move its task to another day, and the promise moves along.",
    tick="Tick the task off, and ackd lets it rest.",
    categories=(
        "Or set a category on the mail or its task: “{cannot_help}” tells the colleague so, "
        "“{need_more}” asks for more, “{not_a_question}” ends the promise without a word."
    ),
    closing="From ackd, to you alone. “ackd status” shows how things stand now.",
    overdue_subject="Overdue: your answer to {who}",
    overdue_intro="You promised {who} an answer by {when}, and none was seen.",
    overdue_untold="{who} was to have an answer by {when}, and none was seen.",
    overdue_list_subject=("{n} answer is overdue", "{n} answers are overdue"),
    message_title="The message",
    hold_title="ackd holds letters back",
    hold_per_hour=(
        "{n} acknowledgement within an hour is the limit.",
        "{n} acknowledgements within an hour are the limit.",
    ),
    hold_per_day=(
        "{n} acknowledgement within a day is the limit.",
        "{n} acknowledgements within a day are the limit.",
    ),
    hold_since="What exceeds it is held since {when}.",
    hold_meaning=(
        "So many in so short a time may mean that something answers them by itself. What is below the limit "
        "still goes out, and so do letters to come once there is room again. A held letter never goes by "
        "itself; its question waits for your answer."
    ),
    hold_ways=(
        "“ackd unanswered” lists the held letters, and sends those that you want with --send. “ackd resume” "
        "makes room at once."
    ),
    urgent_subject="Urgent: a draft to {who} waits for you",
    urgent_list_subject=("{n} urgent draft waits for you", "{n} urgent drafts wait for you"),
    urgent_intro=(
        "A colleague asked something urgent. The acknowledgement lies in your Drafts.",
        "Colleagues asked something urgent. The acknowledgements lie in your Drafts.",
    ),
    urgent_advice="Nothing goes out until you send it, and until then nobody has been promised anything.",
    config_trouble="The changed configuration isn’t used, the old one stays in force: {detail}",
    template_trouble="A letter template of yours couldn’t be used, and ackd’s own stood in: {detail}",
    list_trouble=(
        "Who belongs to the list {detail} isn’t known any more: until the server tells, nobody does."
    ),
    folder_trouble="A watched folder isn’t read: {detail}",
    reasons={note: note for note in PARKED_NOTES},
    needs_you="ackd needs you",
    is_over="ackd: this is over",
    is_test="ackd: a test",
    over_intro="It is over:",
    times=("", "So {n} times."),
    ends_on="The day is {day}.",
    since="Since {when}.",
    since_hours=("Since {when} ({n} hour).", "Since {when} ({n} hours)."),
    was="It was so from {since} to {over}.",
    begin_with="Begin with: {command}",
    alarms_say={
        AlarmKind.SIGNED_OUT: (
            "The server refuses ackd’s sign-in. ackd doesn’t try it again by itself, since that could "
            "lock the account, and nothing is read or sent meanwhile."
        ),
        AlarmKind.SIGN_IN_OVER: (
            "ackd has no sign-in to the mailbox that is good. Nothing is read or sent until there is "
            "a new one."
        ),
        AlarmKind.BLOCKED: "The server doesn’t let ackd in (403). Nothing is read or sent meanwhile.",
        AlarmKind.SILENT: "ackd couldn’t look for new mail. Nothing is read or sent meanwhile.",
        AlarmKind.HELD: "ackd holds letters back: a limit on how much it sends has tripped.",
        AlarmKind.PARKED: "It can’t be known whether something went out. ackd waits for your word on it.",
        AlarmKind.CONFIG_BROKEN: "The changed configuration can’t be used. The old one stays in force.",
        AlarmKind.MAILBOX_FULL: (
            "The mailbox or Sent Items is full: the server refuses what ackd writes. Make room, and "
            "ackd goes on by itself."
        ),
        AlarmKind.SEND_REFUSED: "The server says that this account may not send. Ask your administrator.",
        AlarmKind.BOUNCED: (
            "A letter of ackd’s to a colleague couldn’t be delivered. Write to the colleague yourself."
        ),
        AlarmKind.CLOCK_OFF: (
            "This machine’s clock isn’t the server’s. Nothing is judged or sent until they agree."
        ),
        AlarmKind.DRAFT_WAITS: "The answer to an urgent question waits in Drafts for you to send it.",
        AlarmKind.CERTIFICATE_ENDS: "A certificate that ackd needs is about to end.",
        AlarmKind.SECRET_ENDS: "The secret by which ackd signs in is about to end.",
        AlarmKind.PASSWORD_ENDS: (
            "The mailbox’s password is about to end. Set the new one where ackd’s is kept, too."
        ),
        AlarmKind.EWS_ENDS: "Exchange Online ends EWS, by which ackd reaches this mailbox.",
        AlarmKind.CRASHED: "ackd’s service ended and isn’t started again. Nothing is read or sent.",
        AlarmKind.TEST: "This is a test: alarms of ackd’s come this way.",
    },
)
