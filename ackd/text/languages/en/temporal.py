"""English."""

from ackd.text.temporal.vocabulary import Words

WORDS = Words(
    by="by, by the, on or before, by about, by around, by latest",
    before="before, ahead of, prior to",
    latest="""
        at the latest, at latest, at the very latest, latest, is the deadline, is our deadline,
        is my deadline
    """,
    strong="""
        no later than, not later than, at the latest by, by the latest, latest by, deadline,
        deadline is, the deadline is, deadline for this is, deadline of, due, due by, due on, due date,
        due date is, needed by, nlt, needs to be done by, no later then,
        deadline for comments is, deadline for feedback is, deadline for replies is,
        deadline for submissions is, closing date, closing date is
    """,
    weak="for",
    until="until, till, til",
    have="you have, you ve, you got, have you, has, is open, accept, accepting, wait, waiting, take",
    within="""
        within, within the next, in the next, inside the next, inside of, in less than, in under,
        over the next
    """,
    soft="in",
    days="""
        today = 0
        tonight, this evening = 0 evening
        this morning = 0 morning
        this afternoon = 0 afternoon
        tomorrow, tmrw, tomorow, tommorow = 1
        the day after tomorrow, day after tomorrow = 2
    """,
    weekdays="""
        monday, mon = 0
        tuesday, tue, tues = 1
        wednesday, wed, weds = 2
        thursday, thu, thur, thurs = 3
        friday, fri = 4
        saturday, sat = 5
        sunday, sun = 6
    """,
    months="""
        january, jan = 1
        february, feb = 2
        march, mar = 3
        april, apr = 4
        may = 5
        june, jun = 6
        july, jul = 7
        august, aug = 8
        september, sep, sept = 9
        october, oct = 10
        november, nov = 11
        december, dec = 12
    """,
    parts="""
        noon, midday, mid day, lunch, lunchtime, lunch time, 12 noon = noon
        morning, mid morning, in the morning, first thing in the morning, first thing,
            early morning = morning
        afternoon, in the afternoon, early afternoon, late afternoon = afternoon
        evening, in the evening = evening
        night, midnight, at night = night
        eod, cob, cop, close of business, close of play, end of day, end of the day, end of business,
            end of the business day, end of business day, end of play, end of the working day,
            end of work = end
    """,
    periods="""
        in the course of the week, over the course of the week, during the week, later this week,
            in the course of this week = week 0
        in the course of the day, over the course of the day, during the day = day 0
        after the weekend = start 1
        end of the week, end of this week, end of week, eow, this week, week s end,
            the week s end = week 0
        end of next week, next week = week 1
        the week after next, week after next, end of the week after next,
            the end of the week after next = week 2
        the weekend, weekend, this weekend = weekend 0
        next weekend = weekend 1
        beginning of next week, early next week, start of next week = start 1
        middle of next week, mid next week, midweek next week = middle 1
        end of the month, end of this month, end of month, eom, month end, month s end,
            this month = month 0
        end of next month, next month = month 1
        end of the quarter, end of this quarter, end of quarter, quarter end, eoq = quarter 0
        end of next quarter, end of the next quarter, next quarter = quarter 1
        end of the month after next, the month after next = month 2
        end of the year, end of this year, end of year, eoy, year end, year s end, this year = year 0
        end of today, end of the day today, end of business today, close of business today = day 0
    """,
    ends="end of, the end of, late",
    this="this",
    coming="coming, this coming, next, following, upcoming",
    following="next",
    week_on="next week, of next week, week",
    noise="the, of, on, at, in, and, my, our, about, around, approximately, say, &",
    day_marks="the",
    ordinals="st, nd, rd, th",
    after_day="""
        of, at, by, and, or, so, if, please, but, because, since, as, when, in, for, to, thanks, thank,
        latest, this, next, noon, would, will, is, are, that, then, should, with, i, we, you, it
    """,
    clock_marks="at, by, before, around, about, at around, at about, until",
    clock_units="o clock, oclock, h, hrs, hours",
    numbers="""
        a, an, one, another = 1
        two, couple of, a couple of, couple = 2
        three, few, a few = 3
        four = 4
        five = 5
        six = 6
        seven = 7
        eight = 8
        nine = 9
        ten = 10
        twelve = 12
        fourteen = 14
        twenty four = 24
        forty eight = 48
    """,
    units="""
        minute, minutes, min, mins = minute
        hour, hours, hr, hrs, h, more hour, more hours = hour
        day, days, calendar day, calendar days, more day, more days, extra day, extra days = day
        business day, business days, working day, working days, workdays, workday, work days = business
        week, weeks, wk, wks, more week, more weeks = week
        month, months = month
    """,
    ask="""
        please, pls, plz, kindly, could you, can you, would you, will you, can u, could u, can we,
        could we, may i, can i have, could i have, can i get, could i get, can anyone, can someone,
        could someone, are you able, let me know, let us know, get back to me, get back to us, ^get back,
        hear back, hear from you, tell me, i need your, i need it, i need this, i need that, i need the,
        i need them, i need a, i need an, we need your, we need it, we need this, we need that,
        we need the, we need them, we need a, we need to have, we need to know, i need to have,
        i need to know, need your, need it, need this, need these, need them, needs it, needs this,
        needs your, needs the, needs to be, need to be, must be, has to be, have to be, should be,
        would need, will need, d need, ll need, wants to see, wants it, wants this, wants the,
        wants to have, want it, expects, expecting your, i would like, we would like, i d like,
        we d like, would love, shoot for, let s try, try to, we should aim, we should get,
        we should send, we should decide, would appreciate, d appreciate, appreciated, would be great,
        would be good, would be helpful, would be nice, would be perfect, would be ideal, would be fine,
        would be appreciated, would help, is fine, works for me, is ok, hoping to, hope to hear,
        hope you can, looking for, looking to, waiting for your, wait for your, i wonder if,
        wondering if, do you mind, would you mind, required by, is required, are required, requested by,
        request, urgent, asap, reminder, rsvp, your answer, your feedback, your reply, your response,
        your comments, your input, your approval, your decision, due, deadline, aim to, aim for,
        make sure, be sure to, you need to, you have to, you must, you should, ^send, ^reply, ^respond,
        ^answer, ^confirm, ^return, ^submit, ^review, ^sign, ^approve, ^forward, ^call, ^give, ^provide,
        ^complete, ^update, ^check, ^fix, ^advise, ^fill, ^finish, ^deliver, ^upload, ^share, ^prepare,
        ^book, ^get, ^have, ^let, ^make, ^take, ^write, ^read, ^comment, ^pick, ^set, ^run, ^file, ^pay,
        ^order, ^email, ^mail
    """,
    own="""
        i ll, i will, we ll, we will, i m going to, we re going to, i am going to, we are going to,
        i shall, we shall, i can, we can, i could, i should have, i should be, we should be,
        i should know, we should have, i plan, we plan, i hope to have, i hope to be, i hope to send,
        i expect to, we expect to, i intend, i aim to, i promise, we promise, he ll, she ll, they ll,
        he will, she will, they will, it will, will be, will have, will arrive, will send, is going to,
        are going to, is scheduled, are scheduled, is expected, are expected, is planned, goes live,
        arrives, arrive, returns, starts, begins, ships, closes, opens, leaves, i need to leave,
        i have to leave, i must be, i must leave, i have to be, i need to be, we have to leave, i leave,
        we leave, i fly, i am, i m, we re, we are, ends
    """,
    past="""
        yesterday, last week, last month, was, were, had, did, didn t, has been, have been, sent,
        received, finished, completed, got, went, came, closed, met, discussed, agreed, promised, told,
        said, asked me, paid, ago
    """,
    away="""
        out of office, out of the office, on vacation, on holiday, on leave, on a business trip,
        travelling, traveling, away until, away till, off until, unavailable, not available, back by,
        back before, back on, be back, return by
    """,
    event="""
        meet, meeting, lunch, dinner, coffee, breakfast, join, attend, attending, come, coming, free,
        visit, visiting, flight, fly, travel, appointment, interview, training, party, workshop,
        conference, webinar, at the office, in the office, there, around, working from home, in today,
        in tomorrow, concert, session, presentation
    """,
    not_after="s, morning s, afternoon s, version, draft, edition, johnson, smith",
    linked="since, from, until, as of, of, earlier, about, than, like, and",
    told="""
        was, were, is, are, sent, discussed, met, mentioned, received, saw, spoke, talked, got, had,
        announced, published, dated, happened, arrived, posted, again, late, doing, feeling, had sent,
        looked, wrote, called, agreed, here, there
    """,
    conjunctions="so, but, because, while, although, otherwise, whereas",
    dots=False,
    month_first=True,
    # --- wishes ---
    modals="you, we",
    never="""
        not before, not earlier than, no earlier than, never before, no sooner than, not until, only after,
        not any time before, starting, starting from, as of, from, after
    """,
    earliest="at the earliest, at earliest, earliest, or later, onwards, onward, or after",
    then="""
        before that, before then, beforehand, in time for that, ahead of that, before it = before
        by then, until then = by
    """,
    events="""
        meeting, call, presentation, review, workshop, session, board, conference, demo, interview, visit,
        kick off, kickoff, standup, stand up, appointment, sync, hearing, audit, training, event, briefing,
        board meeting
    """,
    deliver="""
        send, give, let me know, let us know, tell, answer, reply, respond, confirm, review, approve, sign,
        deliver, provide, submit, return, finish, complete, fill, get back, share, forward, prepare,
        upload, decide, feedback, comment, comments, need your, need an answer, need a reply, have it,
        have this, have them, need it, need this, need them, get it to, get this to, get me, check, update,
        look at, pass on, hand in, reach me, call me, ready, done, drop, email, mail me, write
    """,
    hours="""
        one = 1
        two = 2
        three = 3
        four = 4
        five = 5
        six = 6
        seven = 7
        eight = 8
        nine = 9
        ten = 10
        eleven = 11
        twelve = 12
        twenty = 20
        twenty five = 25
    """,
    clocks="""
        half past H, half H = 30
        quarter past H, a quarter past H = 15
        quarter to H, a quarter to H = -15
        M past H, M minutes past H = M
        M to H, M minutes to H = -M
        H thirty = 30
        H fifteen = 15
        H forty five = 45
    """,
    spans="""
        half an hour, half hour, a half hour = 0.5 hour
        quarter of an hour, a quarter of an hour = 0.25 hour
        three quarters of an hour = 0.75 hour
        an hour and a half, one and a half hours, a hour and a half = 1.5 hour
        fortnight, a fortnight = 14 day
        half a day = 0 day
    """,
    and_half="and a half",
    ordinals_told="""
        first = 1
        second = 2
        third = 3
        fourth = 4
        fifth = 5
        sixth = 6
        seventh = 7
        eighth = 8
        ninth = 9
        tenth = 10
        eleventh = 11
        twelfth = 12
        thirteenth = 13
        fourteenth = 14
        fifteenth = 15
        sixteenth = 16
        seventeenth = 17
        eighteenth = 18
        nineteenth = 19
        twentieth = 20
        twenty first = 21
        twenty second = 22
        twenty third = 23
        twenty fourth = 24
        twenty fifth = 25
        twenty sixth = 26
        twenty seventh = 27
        twenty eighth = 28
        twenty ninth = 29
        thirtieth = 30
        thirty first = 31
        last = -1
    """,
    month_refs="""
        the month, this month, month = 0
        next month, the next month, the coming month, the following month = 1
        the month after next = 2
    """,
    week_marks="week, wk, cw, kw, calendar week, week no, week number",
    quarters="quarter, quarter of",
    quarter_marks="q",
    deny="don t, do not, doesn t, does not, didn t, never",
    forget="forget, hesitate, miss, fail, why, delay",
)
