"""English."""

# ruff: noqa: E501  (a phrase is one line, however long)

from __future__ import annotations

from ackd.judge.languages import Language

LANGUAGE = Language(
    code="en",
    name="English",
    common="""
        the of and to a in is you that it he was for on are with as i his they be at this have from or
        had by but what some we can out other were all there when up use your how said an each she which
        do their time if will way about many then them would like so these her make thing him has look
        more could go come did my no get me our been who its now find any than us please thanks thank
        hi hello just should let know need not where why does yes ok i'm i'll don't it's we'll
    """,
    ask="""
        can|could|would|will you
        can|could|would|will y'all
        can|could|would|will u
        can|could|would one|some|both of you
        can|could|would all|any of you
        can|could someone|somebody|anyone|anybody
        can|could|may|might i ask|have|get|see|borrow|trouble|request|bother
        can|could|may|should|shall we
        can i just ask
        would you be able|willing|available|kind|so|open|interested
        would|do you mind
        do|did you know|have|need|want|think|agree|see|get|happen|remember|still
        is it possible|ok|okay|true|correct|right|fine
        would|will it be possible|ok|okay|all
        how|what about
        any|some news|update|updates|word|progress|thoughts|idea|ideas|luck|chance|objections|reason|feedback|comments|suggestions ?
        any thoughts|objections|objection|chance|word|reason|luck|interest
        your|any thoughts|views|comments|opinion|advice|input|feedback ?
        your thoughts|views please
        let me|us know if|whether|when|what|how|which|who|where|your|asap|by|about
        let me|us know ... you think|want|prefer|would|can|could|are|have|need|like|agree|decide
        let me|us know
        let me|us have
        let me|us ... know
        please|kindly|pls|plz|plse let me|us ... know
        please|kindly|pls|plz advise|confirm|respond|reply|rsvp|comment|indicate|clarify|explain
        please|pls|plz|kindly do not|don't
        please|pls|plz|kindly get|give|make|take|have|be|keep|let|put|go|do
        give|drop|send me|us a|an|your|the|some|copies|copy
        give me|us your|a call|ring
        get back to|with me|us
        get me|us
        send|email|e-mail|mail|fax|forward|call|phone|text|page|tell|show|bring|copy me|us
        send it|them|this back|to me|over
        see if you can|could
        look into this|it|that
        take a look
        take care of this|it|that
        make sure that|you|we|to|it|this|they|the|he|she|all
        i|we need you|your|to know|to have
        i|we need ... from you
        i|we want|wanted|would|need|needed|expect you to
        i'd|we'd like|love|appreciate|prefer you|your|to know|to have|to see|to hear|to ask|if
        i|we would like|love|appreciate|prefer you|your|to know|to have|to see|to hear|to ask|if
        i|we would|should be grateful|obliged|glad if|for
        i'd|we'd be grateful|obliged|glad|happy if|for
        i|we appreciate it if
        would|i'd appreciate|welcome your|any|a|the|some|if|it|hearing
        appreciate it if|any
        i was|am|am|was just|also wondering
        i was|am wondering|hoping|curious if|whether|when|what|you|how|about|where
        i wonder|wondered|wondering if|whether|when|what
        just wondering|curious|checking if|whether|what|when|how
        wondering|hoping if|whether|you
        do|would you have ... for me
        i am|i'm|we are|we're asking|requesting|looking for
        i|we ask|request|requested that|you|your
        would it be
        it would be great|good|helpful|nice|useful|wonderful if
        would be great|good|helpful|nice|useful if|to have|to get
        that would be great if
        for you to
        you|you'll|you're need|will need to|asked
        you must|should|need
        you might|may want to
        what do|did|would|should|are|can you|we|i
        which one|of
        need your|you|help|an answer|a copy|approval|input|comments|signature|feedback
        awaiting your|a reply|response
        look|looking forward to your|hearing reply|response|answer|comments|thoughts|feedback
        help me|us|needed|wanted|required
        ok|okay|right|correct|agree|agreed|yes|no with you ?
        ok|okay|right|correct|agree|agreed ?
        what's|who's|where's|when's|how's
        please ?
        questions for you
        question for you
        quick|one|another question
        in need of
        at your earliest convenience
        as soon as possible
        if you could|would|can|wouldn't|don't
        if possible
            are|r you able|available|free|ok|okay|fine|going|planning|coming|willing|happy|around|attending|interested|still ... ?
        why don't|not you|we
        what say you
        what do you
        any background|information|input|help|guidance|thoughts|ideas|suggestions|comments you have|can|could
        your|any|some thoughts|comments|input|help|assistance|advice|guidance|feedback|views|response|reply|opinion ... appreciated|helpful|welcome|useful|great
        would be [most|greatly|much|very|really] appreciated|helpful|welcome
        don't forget to
        do not forget to
        remember to
        be sure to
        get|touch base with
        get in touch with
        go ahead and|with
        for my|your|his|her|our signature
        would|'d like your|you
        wants|needs your|you
        sign off on
        set up a|an
        draft|prepare a|an|the
        help me|us out
        help with this|that|the|it
        able to help|assist|send|provide
        perhaps|maybe you can|could
        hoping you|that
        would like your|you|to know
        way you can
    """,
    query="""
        do|did|have|had|has|were|was|are|will|would you
        have|has you|anyone|anybody|someone had|heard|seen|received|decided|got|looked|thought|finished|started
        is|are|was|were|does|do|did|has|have|will|would|could|can|should there any
        is|would that|this|it ok|okay|alright|acceptable|fine|possible|correct|right|true|feasible|work|suit
        would|does that|this|it work|suit|help|make
        does|do anyone|anybody|someone
        how|when|where|what|why|who|which is|are|do|does|did|can|could|should|would|will|was|were|shall|has|have
        what time|day|date|kind|type|sort
        how much|many|long|soon|often|far
        is|are everyone|everybody|you|we
        when should|can|could|do|is|are|will
        who should|can|could|would|will|do|is
        where should|can|could|do|is|are
        what's
        who's|where's|when's|how's
        are we|they|there|these|those
        is he|she|this|that|there|it|the|my|your|our
        was|were the|this|that|there|it|he|she|they
        does the|this|that|it|he|she|my|your|our
        do i|we|they|the|these
        did i|we|they|he|she|the|this|that|it|anyone
        has|have the|this|that|it|he|she|they|we|anyone|anybody
        should i|we|he|she|they|this|that|it|the
        shall i|we
        may i|we
        am i
        or not ?
        you are|were|will|should|can|could|want|think|need|know ... ?
        you have ... ?
        thoughts|comments|ideas|suggestions ?
    """,
    hint="""
        i|we need
        i|we still need|require|lack|miss
        i|we would|should like|want
        i|we want to
        i'd|we'd like|love to
        i|we don't|do|didn't|cannot|can't know|understand|see|remember|find|have
        i|we am|are not sure|clear|certain|aware
        i'm|we're not sure|clear|certain
        i|we haven't|have not|never heard|received|seen|got|gotten
        i|we hope|hoped|trust you|that you|to hear
        we should|ought|must|need|could
        you should|could|may|might
        not sure|clear if|whether|why|what|how|who
        needs to be|get
        need|needs|must|should be done|signed|approved|reviewed|completed|sent|updated|fixed|returned|changed
        we|you haven't|have not
        is|are missing|due|overdue|outstanding|pending
        for your review|approval|signature|comments|comment|consideration|input|action|handling|decision
        for review|approval|signature|comment|comments|action
        your approval|signature|review|help|assistance|advice|guidance|input|comments|thoughts|response|reply|decision|opinion
        discuss with|this|it
        talk to|with you|about|through
        interested in your|hearing
        would|could be helpful|useful|interesting
        reminder
        following up
        follow up
        checking in
        waiting for|on
        there is|are a|some|still question|questions
        question is|whether|about|regarding|on|for
        questions about|regarding|on|for
        by noon|tomorrow|monday|tuesday|wednesday|thursday|friday|cob|eod|tonight
        no later than
        deadline
        asap
        rsvp
    """,
    verbs="""
        send email mail fax forward call phone ring text page tell show bring give get check review read look
        confirm advise reply respond answer let make take put add remove delete change update fix correct edit
        revise rewrite draft write prepare create set schedule book arrange organize organise plan cancel
        move reschedule coordinate contact ask find see verify ensure provide submit complete fill sign return
        approve decide choose pick consider think comment explain clarify describe list include attach print
        copy cc share post upload download install order buy pay reserve register enter input process handle
        follow keep help join attend come meet stop start begin try use work talk speak discuss remind note
        resend reprint research investigate determine compare calculate compute run test proceed go hold wait
        pull push drop leave stay be have do distribute circulate deliver notify inform invite nominate assign
        invoice bill transfer release execute initial mark highlight bear acknowledge pass
    """,
    polite="""
        please
        pls
        plz
        plse
        kindly
        would|could you please
        could you
        can you
        will you
        would you
    """,
    courtesy="""
        let me|us know if you have|need|want|should|require|would any|anything|further|more|additional|other|help|questions|problems|concerns|comments
        let me|us know if you ... questions|concerns|problems|issues|anything|else
        let me|us know if there is|are|'s anything|any
        let me|us know if|should you|there|anyone ... question|questions|concerns|problem|problems
        let me|us know if i|we can|could|may be|help|assist|do|provide|answer
        let me|us know if i|we missed|forgot
        let me|us know if anything|something|this|that|it
        let me|us know if any questions|problems
        let me|us know if not
        let me|us know with any
        let me|us know of any
        let me|us know any questions
        let me|us know [how|what] i|we can help|do
        let me|us know how it|things|that|they go|goes|went|works
        if|should you have any|further|additional|more|other|questions|comments|concerns
        if|should you need|require|want|would any|anything|further|more|additional|help|assistance|to|me
        if you ... any questions|question|concerns|comments|problems|issues
        if there is|are any|anything
        if any|further questions
        any questions|problems|concerns|comments please|just|call|let|contact|feel|don't|give
        questions or|and comments|concerns|problems
        feel free to
        do not|don't hesitate to
        don't be afraid
        please don't|do not hesitate|worry|feel
        not hesitate to
        call|email|contact|phone|see|ask|page|reach me|us|him|her|them if|with|should|at|on|anytime|whenever
        give me|us|him|her a call|ring|shout|buzz if|with|should|at|when|anytime
        hope this|that|it|all|you|your|everything
        hope to see|hear|talk|meet
        hope you are|have|had|enjoy|like|don't|can
        i|we hope you're|you are|you have|you had|you enjoy|you like|you all|this|that|all
        look|looking forward to
        have a great|good|nice|wonderful|happy|safe|lovely|pleasant|fun|super
        have fun|a
        take care
        keep up the
        keep in touch
        stay tuned
        see you
        talk to you
        talk soon
        no need|reason to
        no reply|response|action is|needed|necessary|required
        you do not|don't need|have to
        you needn't
        happy to|holidays
        glad to|you
        i am|i'm all ears|happy|glad|available
        how are|is|was|were you|things|everything|life|your|the weekend|family|trip|vacation|holiday
        how have you been
        how you doing
        how's it going
        how's life|everything|things
        please accept my|our
        please give|extend|send my|our best|regards|love|thanks
        please find
        please see|refer attached|below|the|my|our
        please note|be|remember|bear|keep that|advised|aware|in|mind
        please be advised|aware|informed
        please excuse|forgive|pardon|ignore|disregard
        please join me|us in
        please visit|click|go
        be sure to|and
        let's hope|see
        let me|us get|see|check|think|look|try|try|give|start|explain|say|add|talk|work|find|finish|first
        let me know how|what you decide
        thank|thanks you [very|so] [much] for
        thanks for [all] your|the|letting|sending|getting
        as you know|can|may
        you know
        did you know that
        guess what
        who knows|cares|would|wouldn't
        see below|attached|attachment
        tell me about it
        believe it or not
        get well
        will you be surprised
    """,
    condition="""
        if you|anyone|anybody|someone|they|he|she|there|it|not|so|any|necessary|needed
        should you|anyone|there|any
        in case
        whenever
        unless
        when you|they|he|she
        once you|we|they|it|he|she|the
    """,
    rhetorical="""
        isn't|aren't|wasn't|weren't it|that|this|you|they|we|he|she great|nice|amazing|funny|wonderful|something
        who would have
        what a
        how about that
        can you believe|imagine
        could you believe|imagine
        would you believe
        what else is new
        what was i|he|she|they
        what are the odds|chances
        what more
        how could|can he|she|they|anyone|anybody|we
        why me
        you know ?
        what can i say
        what's not to
        don't you think|love|just
        remember when|me|the|that
        or what ?
        huh ?
        eh ?
        ok ?
        see what
        know what i mean
        get it ?
        have you ever
        did you ever
        do you really
        ready ?
        want to|more ?
        looking for a|the|an|new|more
        are you ready|tired|looking|paying|sick
        did you know
        want to win|save|earn|make|lose
    """,
    promise="""
        i|we will|shall|can|should|plan|intend
        i'll|we'll
        i am|i'm|we are|we're going|planning|trying|working|happy|looking|checking|sending|getting
        i|we have sent|asked|called|talked|spoken|left|put|forwarded|scheduled|asked|told|been|already|attached|just
        i've|we've
        i|we sent|asked|called|talked|spoke|left|put|forwarded|told|attached|checked|did|got|received|met|went
        let me check|see|get|look|find
        he|she|they|mary|somebody|someone will
        will do
        i'd|i would|we'd say
        will|shall be|get|call|send|let|follow|forward|keep|advise|try|check|provide|discuss|see|talk|have
        on it
        i'd be happy|glad
        i|we would be happy|glad
    """,
    inform="""
        fyi
        f.y.i
        for your|you information|info|files|records|reference|convenience
        fyr
        just|wanted|thought fyi|you|to|i|to let
        attached is|are|please|you|find|below|hereto
        attached ... for your
        attached
        enclosed
        here is|are|it|you|they
        here's
        below is|are|you
        see attached|below|the
        as requested|discussed|promised|per|mentioned
        per your|our request|conversation|discussion
        following is|are
        the following is|are
        this is to inform|let|advise|confirm
        i|we am|are pleased|happy|sorry|writing
        thought you|i|this|that|we might|would|may|should|could
        you might|may|will find|be|like|enjoy|have
        i thought you
        i just|also wanted to let|say|thank|tell|share|make
        note that
        no changes|problem|problems|worries|comments|need|action
        update
        heads up
    """,
    thanks="""
        thanks
        thank you
        thx
        tks
        many thanks
        cheers
        appreciate your|the|it|all|you
        appreciated
        congratulations
        congrats
        well done
        good|great|nice|super|excellent|fantastic job|work|news|idea|point
        sorry to|for|about|that
    """,
    reply="""
        ^ yes
        ^ no
        ^ yep
        ^ yeah
        ^ nope
        ^ ok
        ^ okay
        ^ sure
        ^ agreed
        ^ agree
        ^ right
        ^ correct
        ^ great
        ^ good
        ^ perfect
        ^ fine
        ^ absolutely
        ^ exactly
        ^ done
        ^ got it
        ^ will do
        ^ no problem
        ^ not yet
        ^ i|we agree|think|guess|don't|do|did|have|am|can|can't|cannot|like|love|would|believe|understand
        ^ it's|that's|it|that|this is|was|looks|sounds|works|will
        ^ looks|sounds|works good|great|fine|ok|okay|like|for
        fine|ok|okay|good|works with|for|by me|us
        looks|sounds good|great|fine|ok|okay
        i am|i'm fine|ok|okay|good|in
        i agree
        makes sense
        done
    """,
    announce="""
        unsubscribe
        newsletter
        click|visit|log here|on|the|our
        press release
        for immediate release
        all employees|staff
        dear employees|colleagues|customer|customers|subscriber|member|members|friends|reader|sir|valued
        we are|i'm|i am pleased|proud|excited|delighted|happy to announce|inform|introduce
        is|are pleased|proud|excited|delighted to
        announce|announces|announced|announcing|announcement
        effective immediately|today|monday
        open to all
        is|are invited
        you are|you're [cordially] invited
        sign up
        register now|today|online|by|at
        registration
        special|limited offer|time
        free trial|shipping|gift
        copyright
        all rights reserved
        terms of|and
        privacy policy
        www
        http
        https
        com
        subscribe
        subscription
        edition
        issue
        survey
        volunteer|volunteers
        auction
        reminder to all
        attention
        mailing list
        for more information|details
        for further information|details
        more information
        mandatory
        required to
        must be|complete|certify|submit|attend
    """,
    automatic="""
        do not|don't|not reply|respond to this
        please do not|don't reply|respond
        this is an automated|automatic|auto|automatically|autogenerated
        this is a system
        automatically|auto|system generated
        automated message|mail|email|e-mail|notification|response|reply
        generated by|automatically
        out of the office until|from|and|with|on
        unmonitored mailbox|address|account|inbox
        mailbox|inbox|address is|are not monitored
        system notification|notice|message
    """,
    opinion="""
        what do you think|say|suggest|recommend
        what are your|is your thoughts|views|opinion|take|feeling|view|position|preference
        what would you think|say|suggest|recommend|prefer|like
        how do you feel|see
        your thoughts|views|comments|opinion|take|feedback|input|reaction|advice|call
        any thoughts|comments|objections|ideas|suggestions|feedback|reaction|advice
        thoughts ?
        comments ?
        do you agree|think|concur
        does this|that|it make|work|sound|look|seem
        let me|us know what you
        let me|us know your
        let me|us have your
        is this|that|it|everything ok|okay|right|correct|fine|acceptable|what
        are you ok|okay|fine|comfortable|good with
        ok|okay with you
        agree ?
        ok ?
        right ?
        correct ?
    """,
    everyone="""
        ^ all
        ^ both
        ^ team
        ^ folks
        ^ guys
        ^ gang
        ^ everyone
        ^ everybody
        ^ colleagues
        ^ gentlemen
        ^ ladies
        ^ hi|hello|hey|dear|morning|afternoon|evening all|both|team|folks|guys|everyone|everybody|gang|colleagues|there|ladies|gentlemen|friends
        ^ good morning|afternoon|evening|day all|both|team|folks|guys|everyone|everybody
        each|all|both|either|any|one|some of you
        you all|both|two|three|guys|folks|each
        y'all
        everyone|everybody
        anyone|anybody
        your teams
    """,
    greeting="""
        ^ hi
        ^ hello
        ^ hey
        ^ dear
        ^ good morning|afternoon|evening|day
        ^ morning
        ^ greetings
    """,
    closing="""
        best|kind|kindest|warm|warmest|with|many regards|wishes
        [with] [best|kind] regards
        best
        sincerely
        yours truly|sincerely|faithfully
        sincerely yours
        cheers
        cordially
        respectfully
        thanks
        thank you
        many thanks
        thanks again|much|so
        thanks in|and|for advance|regards
        thank you very|so much
        thx
        rgds
        take care
        love
        br
    """,
    you="""
        you
        your
        yours
        you're
        you've
        you'd
        you'll
        yourself
        u
    """,
    me="""
        i
        me
        my
        we
        us
        our
        i'm
        i'd
        i've
        we're
    """,
    question="""
        ^ what|when|where|who|how|why|which|whose|whom
        ^ what's|when's|where's|who's|how's
        ^ and|so|but|also|or|then|now what|when|where|who|how|why|which
        ^ is|are|was|were|do|does|did|can|could|will|would|should|shall|may|am|has|have|had|isn't|aren't|don't|doesn't|didn't|can't|won't|wouldn't
        ^ and|so|but|also|or|then|now|thanks is|are|was|were|do|does|did|can|could|will|would|should|shall|may|am|has|have
        ^ any
        ^ anything|anyone|anybody
    """,
    urgent="""
        asap
        a.s.a.p
        urgent
        urgently
        as soon as possible
        as soon as you can
        immediately
        right away|now
        straight away
        at once
        without delay
        time sensitive|critical
        critical
        emergency
        by|before|until|till noon|midday|lunch|lunchtime|tonight|eod|cob|today|tomorrow
        by|before the end of today|business|the day
        by|before end|close|cob|eod of today|business|day|play
        by|before|no later _ am|pm
        no later than today|tomorrow|noon|tonight
        need|needs|needed|required ... today|tonight|immediately|now
        can|could|please|will|would ... today|tonight
        this morning|afternoon|evening ?
        today ?
        within the|an|one|two hour|hours
        first thing tomorrow
        top|high|highest priority
        high importance
        running out of time
        short notice
        in a rush|hurry
    """,
    no_rush="""
        no rush|hurry|urgency|pressure
        not urgent|pressing
        nothing urgent
        isn't urgent
        non urgent
        not in|a rush|hurry
        no great|big|real|particular rush|hurry|urgency
        when|whenever you get|have a|some|the chance|minute|moment|time|sec|second|spare|opportunity
        when|whenever you|you're can|free|get|are
        whenever
        whenever it suits|is convenient
        at your convenience|leisure
        take your time
        in your own time
        low priority
        at some point
        when time permits
        as time permits
        when things calm|slow|settle
        can wait
        only if you have time
        next week is fine
        any time is fine|ok
    """,
    headers=(
        "from",
        "sent",
        "date",
        "to",
        "cc",
        "bcc",
        "subject",
        "sent by",
        "reply-to",
        "importance",
        "attachments",
    ),
    wrote=(
        r"on .{6,160}\b(?:wrote|writes)\s*:",
        r".{3,120}\bwrote\s*:",
    ),
    forwarded=(
        "forwarded by",
        "original message",
        "forwarded message",
        "original appointment",
        "begin forwarded message",
        "reply separator",
        "replied message",
    ),
    footers=(
        "sent from my",
        "sent from a",
        "sent via",
        "sent using",
        "get outlook for",
        "get the outlook app",
        "sent with",
        "sent on the go",
        "sent by my",
        "sent wirelessly",
    ),
    disclaimers=(
        "this e-mail and any",
        "this email and any",
        "this message and any",
        "this e-mail is the property",
        "this email is",
        "this e-mail is intended",
        "this e-mail may contain",
        "this email may contain",
        "this message may contain",
        "this message is intended",
        "this message contains",
        "this e-mail contains",
        "this email contains",
        "this communication",
        "this transmission",
        "this electronic",
        "the information contained in this",
        "the information in this e",
        "the information transmitted",
        "the contents of this",
        "confidentiality notice",
        "confidentiality note",
        "disclaimer",
        "important notice",
        "privileged/confidential information",
        "if you are not the intended",
        "if you have received this",
        "please consider the environment",
        "please note that neither",
        "the preceding e-mail message",
        "notice: this",
        "caution: this email",
        "internet email confidentiality",
    ),
)
