"""What the values of a right configuration are read as."""

from __future__ import annotations

import shutil
from datetime import date, time
from pathlib import Path

import certifi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ackd.config import Config, Loaded, load, loads
from ackd.config.addresses import read_address_glob, read_domain
from ackd.config.days import DateRange, ExtraHoliday
from ackd.config.example import example
from ackd.config.hours import Digest
from ackd.config.patterns import Pattern, PatternKind
from ackd.config.secrets import Secret, SecretSource
from ackd.config.show import show
from ackd.config.value_error import Wrong
from ackd.errors import ConfigError
from ackd.model import Address, Duration, Mode, Unit, Urgency, WorkingHours
from ackd.runtime.settings import settings_of
from tests.config.minimal import ENV, FILE, MAILBOX, config


def test_the_agreed_shape_is_accepted_and_says_what_it_lacks(shared: Path) -> None:
    loaded = load(shared / "config-shape.yaml", ENV)
    assert loaded.config.mailbox.password == Secret(SecretSource.ENV, "ACKD_PASSWORD")
    assert loaded.config.internal.except_ == ("no-reply@*",)
    assert [rule.name for rule in loaded.config.rules] == [
        "payroll goes to HR",
        "the board",
        "release questions",
    ]


def test_what_is_not_set_has_its_default_and_no_note() -> None:
    loaded = loads((MAILBOX + "internal: {domains: [corp.example]}\n").encode(), FILE, ENV)
    assert loaded.notes == ()
    made = loaded.config
    assert made.mode is Mode.PREVIEW
    assert made.mailbox.username == "alice@corp.example"
    assert made.mailbox.folders == ("Inbox",)
    assert made.internal.require_authenticated is True
    assert made.promise.within == Duration(2, Unit.BUSINESS_DAYS)
    assert made.limits.per_hour == 20
    assert made.rules == ()


def test_nobody_internal_is_noted() -> None:
    assert loads(MAILBOX.encode(), FILE, ENV).notes == (
        "internal names nobody (domains, addresses, groups): without colleagues nothing is acknowledged",
    )


def test_what_is_still_as_in_the_example_is_noted() -> None:
    other = example().replace("address: alice@corp.example", "address: kate@example.org")
    (note,) = loads(other.encode(), FILE, ENV).notes
    assert note == (
        "still as in the example: mailbox.aliases ([a.smith@corp.example]), mailbox.username "
        "(alice@corp.example), internal.domains ([corp.example, '*.corp.example']), promise.holidays "
        "({country: DE, subdivision: BY}), letters.name (Alice Smith), the rule 'payroll goes to HR', "
        "the rule 'the board', the rule 'release questions': make it yours, or delete it"
    )
    own = config("letters: {name: Kate}\ninternal: {domains: [example.org]}\n")
    assert own.letters.name == "Kate"
    assert loads(example().encode(), FILE, ENV).notes == ()  # the example itself, for trying out


def test_a_byte_order_mark_and_windows_lines_do_no_harm() -> None:
    data = b"\xef\xbb\xbf" + MAILBOX.replace("\n", "\r\n").encode()
    assert loads(data, FILE, ENV).config.mailbox.address == "alice@corp.example"


def test_an_empty_section_has_its_defaults() -> None:
    assert config("promise:\nlimits:\n  # per_day: 3\n").limits.per_day == 60


def test_yaml_guesses_nothing() -> None:
    made = config(
        "promise:\n"
        "  holidays: {country: NO}\n"
        "  working_hours: {mon: 09:00-17:00}\n"
        "  extra_holidays: [2026-12-24]\n"
        "letters: {name: 0x1F}\n"
        "tasks: {category: on}\n"
        "questions: {also_when_in_cc: on}\n"
    )
    assert made.promise.holidays is not None
    assert made.promise.holidays.country == "NO"
    assert made.letters.name == "0x1F"
    assert made.tasks.category == "on"
    assert made.questions.also_when_in_cc is True


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("1 s", 1, Unit.SECONDS),
        ("90 seconds", 90, Unit.SECONDS),
        ("15min", 15, Unit.MINUTES),
        ("1 minute", 1, Unit.MINUTES),
        ("1.5 hours", 1.5, Unit.HOURS),
        (".5 h", 0.5, Unit.HOURS),
        ("1 Day", 1, Unit.DAYS),
        ("1 business hour", 1, Unit.BUSINESS_HOURS),
        ("2  Business  Days", 2, Unit.BUSINESS_DAYS),
    ],
)
def test_durations(text: str, amount: float, unit: Unit) -> None:
    assert config(f"tasks: {{reminder: {text}}}").tasks.reminder == Duration(amount, unit)


@pytest.mark.parametrize(
    "text", ["-1 s", "1,5 hours", "1e3 s", "٣ days", "²  s", "inf s", "nan s", "11 years", "", "4000 days"]
)
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(Exception, match=r":5:19: tasks, reminder: found"):
        config(f"tasks: {{reminder: '{text}'}}")


def test_grace_may_last_until_the_end_of_the_day() -> None:
    assert config("promise: {grace: End of day}").promise.grace == "end of day"
    assert config("promise: {grace: 0 min}").promise.grace == Duration(0, Unit.MINUTES)


def test_working_hours() -> None:
    hours = config(
        'promise: {working_hours: {sun-tue: "13-24:00, 8:30-12", Thursday: 00:00-6, fri: }}'
    ).promise.working_hours
    day = ((time(8, 30), time(12)), (time(13), time.max))
    assert hours == WorkingHours((day, day, (), ((time(0), time(6)),), (), (), day))


def test_days_and_absences() -> None:
    promise = config(
        "promise:\n"
        "  extra_holidays: [2026-12-24, {2026-12-31: New Year's Eve}]\n"
        "  absences: [2026-08-03 to 2026-08-21, 2026-09-01, {from: 2026-10-01, to: 2026-10-02}]\n"
        "  absence_contact: Bob Jones <bob@corp.example>\n"
        "  holidays: {country: de, subdivision: Bayern}\n"
    ).promise
    assert promise.extra_holidays == (
        ExtraHoliday(date(2026, 12, 24)),
        ExtraHoliday(date(2026, 12, 31), "New Year's Eve"),
    )
    assert promise.absences == (
        DateRange(date(2026, 8, 3), date(2026, 8, 21)),
        DateRange(date(2026, 9, 1), date(2026, 9, 1)),
        DateRange(date(2026, 10, 1), date(2026, 10, 2)),
    )
    assert promise.absence_contact == Address("bob@corp.example", "Bob Jones")
    assert promise.holidays is not None
    assert (promise.holidays.country, promise.holidays.subdivision) == ("DE", "BY")


def test_digest() -> None:
    assert config("follow_up: {digest: 'Mon-Wed,Fri 8:05'}").follow_up.digest == Digest(
        (0, 1, 2, 4), time(8, 5)
    )
    assert config("follow_up: {digest: never}").follow_up.digest == "never"


def test_internal_compares_in_lower_case() -> None:
    internal = config(
        "internal: {domains: [Corp.Example., '*.München.example', '*'], addresses: ['*@Partner.example'], "
        "except: ['*NoReply*'], authenticated_by: ['EX?.corp.example']}"
    ).internal
    assert internal.domains == ("corp.example", "*.münchen.example", "*")
    assert internal.addresses == ("*@partner.example",)
    assert internal.except_ == ("*noreply*",)
    assert internal.authenticated_by == ("ex?.corp.example",)


@pytest.mark.parametrize("glob", ["*corp.example", "*@*corp.example", "a@corp.*", "@corp.example", "*"])
def test_a_glob_that_lets_look_alikes_in_is_refused(glob: str) -> None:
    if glob == "*":
        assert config('internal: {addresses: ["*@*"]}').internal.addresses == ("*@*",)
    with pytest.raises(Exception, match="internal, addresses, entry 1"):
        config(f'internal: {{addresses: ["{glob}"]}}')


RULE = """\
rules:
- when:
    subject: /pay(roll)?/
    text: [release date, go live*]
    from: Boss@corp.example
    to: "*@corp.example"
    urgency: [urgent, no_rush]
    language: de
    internal: yes
    has_attachment: no
    hour: [9, 22-6, 13:30-24:00]
    weekday: [mon-tue, sun]
  then: {letter: redirect, contact: hr@corp.example, within: 1 business day, acknowledge: always, task: off}
"""


def test_a_rule() -> None:
    (rule,) = config(RULE).rules
    assert rule.name == "rule 1"
    when = rule.when
    assert when.subject == (Pattern(PatternKind.REGEX, "pay(roll)?"),)
    assert [pattern.kind for pattern in when.text] == [PatternKind.CONTAINS, PatternKind.GLOB]
    assert when.from_ == (Pattern(PatternKind.EQUALS, "Boss@corp.example"),)
    assert when.to == (Pattern(PatternKind.GLOB, "*@corp.example", one=True),)
    assert when.group == ()
    assert when.urgency == (Urgency.URGENT, Urgency.NO_RUSH)
    assert (when.language, when.internal, when.has_attachment) == (("de",), True, False)
    assert when.hour == (
        (time(9), time(10)),
        (time(22), time.max),
        (time(0), time(6)),
        (time(13, 30), time.max),
    )
    assert when.weekday == (0, 1, 6)
    then = rule.then
    assert then.contact == Address("hr@corp.example")
    assert (then.letter, then.within, then.category) == ("redirect", Duration(1, Unit.BUSINESS_DAYS), None)
    assert (then.acknowledge, then.task) == ("always", False)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (Pattern(PatternKind.CONTAINS, "go live?"), "When do we GO LIVE? Soon", True),
        (Pattern(PatternKind.CONTAINS, "go live?"), "When do we go liv", False),
        (Pattern(PatternKind.CONTAINS, "a.c (x)|[y]{2}^$#&-~\\"), "A.C (X)|[Y]{2}^$#&-~\\", True),
        (Pattern(PatternKind.EQUALS, "ceo@corp.example"), "CEO@corp.example", True),
        (Pattern(PatternKind.EQUALS, "ceo@corp.example"), "ceo@corp.example\n", False),
        (Pattern(PatternKind.EQUALS, "ceo@corp.example"), "notceo@corp.example", False),
        (Pattern(PatternKind.EQUALS, "ceo@corp.example"), "ceo@corpXexample", False),
        (Pattern(PatternKind.GLOB, "*@corp.example", one=True), "a@corp.example", True),
        (Pattern(PatternKind.GLOB, "*@corp.example", one=True), "a@corp.example.evil.test", False),
        (Pattern(PatternKind.GLOB, "ex?@corp.example", one=True), "ex1@corp.example", True),
        (Pattern(PatternKind.GLOB, "really?*"), "Really? Now?", True),
        (Pattern(PatternKind.GLOB, "really?*"), "Really! Now?", False),
        (Pattern(PatternKind.REGEX, "^straße|müll"), "STRAßE 5", True),
        (Pattern(PatternKind.REGEX, "(a+)+$"), "a" * 300_000 + "b", False),
        (Pattern(PatternKind.REGEX, "pay"), "\ud800 payroll", True),
    ],
)
def test_patterns(pattern: Pattern, text: str, expected: bool) -> None:
    assert pattern.matches(text) is expected


def test_paths_count_from_the_file_or_from_home(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    shutil.copy(certifi.where(), tmp_path / "corp.pem")
    file.write_text(
        MAILBOX.replace("{env: ACKD_PASSWORD}", "{file: secret}") + "  ca_bundle: corp.pem\nstate: ~/ackd\n"
    )
    made = load(file, ENV).config
    assert made.mailbox.password == Secret(SecretSource.FILE, str(tmp_path / "secret"))
    assert made.mailbox.ca_bundle == tmp_path / "corp.pem"
    assert made.state_directory == Path("/home/alice/ackd")


def test_the_state_directory_has_a_default() -> None:
    assert config().state_directory.name == "ackd"


def test_http_is_for_this_machine_only() -> None:
    for host in ("127.0.0.1:8025", "localhost", "[::1]:8025", "127.9.9.9"):
        text = MAILBOX.replace("https://mail.corp.example", f"http://{host}")
        assert host in loads(text.encode(), FILE, ENV).config.mailbox.endpoint
    for host in ("localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1"):
        with pytest.raises(Exception, match="in the clear"):
            loads(MAILBOX.replace("https://mail.corp.example", f"http://{host}").encode(), FILE, ENV)


def test_a_configuration_can_be_made_in_code_and_never_changed() -> None:
    made = Config.model_validate(
        {
            "mailbox": {
                "address": "a@corp.example",
                "endpoint": "http://127.0.0.1/EWS",
                "password": {"env": "X"},
            },
            "promise": {"within": Duration(1, Unit.DAYS), "working_hours": WorkingHours.office()},
            "mode": Mode.SEND,
        }
    )
    assert made.promise.within == Duration(1, Unit.DAYS)
    with pytest.raises(Exception, match="frozen"):
        made.mode = Mode.PREVIEW  # type: ignore[misc]


_NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20)
_CATEGORIES = _NAMES.filter(lambda name: not {",", ";"} & set(name))
_SPANS = st.builds(
    Duration,
    st.one_of(st.integers(1, 300), st.decimals(0.25, 300, places=2).map(float)),
    st.sampled_from(Unit),
)
_TIMES = st.lists(st.times(), min_size=2, max_size=6, unique=True).map(
    lambda times: sorted({t.replace(second=0, microsecond=0) for t in times})
)
_DAYS = _TIMES.map(lambda times: tuple(zip(times[::2], times[1::2], strict=False)))
_WEEKS = st.tuples(*[_DAYS] * 7).filter(any).map(WorkingHours)


_SETTINGS = st.fixed_dictionaries(
    {
        "tasks": st.fixed_dictionaries({"reminder": _SPANS, "category": _CATEGORIES}),
        "promise": st.fixed_dictionaries(
            {
                "working_hours": _WEEKS,
                "extra_holidays": st.lists(
                    st.dictionaries(st.dates().map(str), _NAMES, min_size=1, max_size=1)
                ),
                "absences": st.lists(st.dates().map(lambda day: DateRange(day, day))),
                "time_zone": st.sampled_from(["mailbox", "Europe/Berlin", "UTC"]),
                "per_day": st.integers(1, 999),
            }
        ),
        "questions": st.fixed_dictionaries({"sensitivity": st.one_of(st.just("eager"), st.floats(0, 1))}),
        "rules": st.lists(
            st.fixed_dictionaries(
                {
                    "name": _NAMES,
                    "when": st.fixed_dictionaries(
                        {"hour": st.sampled_from(["9", "22-6", "0-24"]), "weekday": st.just("mon-wed, fri")}
                    ),
                    "then": st.fixed_dictionaries({"category": _CATEGORIES, "task": st.booleans()}),
                }
            )
        ),
    }
)


@given(_SETTINGS)
def test_what_is_shown_reads_back_as_the_same(settings: dict[str, object]) -> None:
    mailbox = {"address": "a@corp.example", "endpoint": "https://m/EWS", "password": {"env": "X"}}
    made = Config.model_validate({"mailbox": mailbox, **settings})
    shown = show(Loaded(made, (), FILE))
    assert loads(shown.encode(), FILE, ENV).config == made


def test_the_language_of_mails_to_the_owner() -> None:
    assert settings_of(config(""))[0].owner_language == "", "the mailbox's own"
    assert settings_of(config("follow_up: {language: nl}"))[0].owner_language == "nl"
    with pytest.raises(ConfigError, match="language"):
        config("follow_up: {language: fi}")


@pytest.mark.parametrize(
    "written",
    [
        *(
            "*.",
            "*.*",
            "**",
            "?*",
            "*?",
            "*..",
            "*-",
            "corp.*",
            "?.corp.example",
            "a@*",
            "a@?*",
            "a@",
            "*corp.example",
        ),
        *("@corp.example", "*.*.corp.example", ".", "*.corp*.example"),
    ],
)
def test_what_is_proposed_for_a_domain_can_be_written(written: str) -> None:
    for read, text in ((read_domain, written), (read_address_glob, f"kate@{written}")):
        with pytest.raises(Wrong) as wrong:
            read(text)
        near = wrong.value.near
        assert near is None or (read(near) == near and "*" not in (near, near.rpartition("@")[2]))


def test_the_dot_at_a_domain_s_end_is_none_of_an_address() -> None:
    assert read_domain("Corp.Example.") == "corp.example"
    assert read_address_glob("*@Corp.Example.") == "*@corp.example"
