"""The report to look at: what it shows is what was counted, safe and readable for everybody."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from ackd.engine.triage import Settings
from ackd.model import EffectKind, Owner, token_of
from ackd.text.languages import LANGUAGES
from ackd.views.charts import Bar, Chart, Piece, svg
from ackd.views.corrections import Said, corrections
from ackd.views.report import Figures, Pace, Report
from ackd.views.report_page import MOST_WEEKS, ReportPage, _said, _weeks, report_page, style
from ackd.views.report_page import Dates as ReportDates
from tests.config.minimal import MAILBOX
from tests.people import BOB, CAROL, MONDAY
from tests.scenario import FOLLOWING, Scenario
from tests.system.commands import in_process

HOSTILE = "<script>alert(1)</script>\u202e\"'&]]>\x00"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def office() -> Scenario:
    """Two weeks in which everything happened that a report counts."""
    office = Scenario(follow=FOLLOWING).begin()
    for week in (1, 2):
        names = ("kept", "late", "ticked", "deleted", "moved", "open")
        for name in names:
            office.ask(f"{name}{week}")
        office.ask(f"other{week}", sender=CAROL)
        office.work(60)
        answer(office, f"kept{week}")
        office.mailbox.owner_changes_task(task_of(f"ticked{week}"), is_complete=True)
        office.mailbox.owner_trashes_task(task_of(f"deleted{week}"))
        office.mailbox.owner_changes_task(task_of(f"moved{week}"), due_date=date(2026, 12, 30))
        office.work(60 * 24 * 4)
        answer(office, f"late{week}")
        office.work(60 * 24 * 3)
    return office


def answer(office: Scenario, name: str) -> None:
    office.mailbox.owner_sends(to=[BOB], in_reply_to=f"<{name}@corp.example>")
    office.work()


def task_of(name: str) -> str:
    return token_of(f"<{name}@corp.example>", EffectKind.TASK)


def page(office: Scenario, by: Settings | None = None, **how: Any) -> ReportPage:
    now = office.clock.now()
    return report_page(office.daemon.ledger, by or office.daemon.settings, (MONDAY, now), now, **how)


def test_each_picture_has_its_words_and_its_table(office: Scenario) -> None:
    tree = html.fromstring(page(office).html)
    sections = tree.xpath("//section")
    assert [one.xpath("string(h2)") for one in sections] == [
        "Kept, late, moved, dropped",
        "Time to the answer against the promise",
        "Load ahead",
        "How sure ackd was, and what you said",
    ]
    for section in sections[:3]:
        (picture,), (table,) = section.xpath(".//svg"), section.xpath(".//table")
        named = picture.get("aria-labelledby").split()
        told = [picture.xpath(f"string(*[@id='{name}'])") for name in named]
        assert [picture.get("role"), len(told), all(told)] == ["img", 2, True]
        # every number of the picture stands in the table
        numbers = [text for text in picture.xpath(".//text/text()") if text.isdigit()]
        assert numbers
        assert set(numbers) <= set(table.xpath(".//td/text()"))
        assert table.xpath("caption")
        assert all(cell.get("scope") for cell in table.xpath(".//th"))
        width, height = (float(size) for size in picture.get("viewbox").split()[2:])
        for drawn in picture.xpath(".//rect"):
            left, top, wide, high = (float(drawn.get(name)) for name in ("x", "y", "width", "height"))
            assert left + wide <= width
            assert top + high <= height
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_what_was_counted_is_shown(office: Scenario) -> None:
    weeks, paces, ahead, said = page(office).chapters
    assert weeks.words[0] == (
        "14 promises: 2 kept in time, 2 kept late, 2 open, 4 overdue, 2 dropped, 2 withdrawn; 2 were moved."
    )
    assert weeks.table is not None
    assert [row[:9] for row in weeks.table.rows] == [
        ("Mon 23 Nov", "7", "1", "1", "1", "2", "1", "1", "1"),
        ("Mon 30 Nov", "7", "1", "1", "1", "2", "1", "1", "1"),
    ]
    assert paces.table is not None
    assert [row[1] for row in paces.table.rows] == ["2", "0", "0", "0", "0", "2"]
    assert ahead.words[0].startswith("6 promises open, 4 overdue;")
    assert said.words == ("So far you said of no mail that it asks for something, or that it doesn't.",)


def test_a_report_of_nothing_says_so() -> None:
    office = Scenario(follow=FOLLOWING).begin()
    weeks, paces, ahead, said = page(office).chapters
    assert (weeks.words, weeks.picture, weeks.table) == (("No promise was made.",), None, None)
    assert (paces.picture, paces.table) == (None, None)
    assert ahead.words[0].startswith("0 promises open")
    assert (said.picture, said.table) == (None, None)
    empty = report_page(None, office.daemon.settings, (MONDAY, MONDAY), MONDAY)
    assert html.fromstring(empty.html).xpath("count(//section)") == 4


def test_colleagues_are_named_on_demand_alone(office: Scenario) -> None:
    assert BOB not in page(office).html
    found = page(office, by_colleague=True)
    assert [row[:2] for row in found.chapters[-1].table.rows] == [(BOB, "12"), (CAROL, "2")]  # type: ignore[union-attr]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_days_are_written_as_the_owners_language_does(office: Scenario, language: str) -> None:
    tree = html.fromstring(page(office, replace(office.daemon.settings, owner_language=language)).html)
    dates = {one.get("lang"): one.text for one in tree.xpath("//time")}
    week = tree.xpath("string(//tbody/tr[1]/th)")
    said = {
        "de": ("Montag, 7. Dezember", "Mo. 23.11."),
        "en": ("Monday, 7 December", "Mon 23 Nov"),
        "es": ("lunes, 7 de diciembre", "lun 23 nov"),
        "fr": ("lundi 7 décembre", "lun. 23 nov."),
        "it": ("lunedì 7 dicembre", "lun 23 nov"),
        "nl": ("maandag 7 december", "ma 23 nov"),
        "pt": ("segunda-feira, 7 de dezembro", "seg. 23 nov."),
    }
    assert (dates[language].replace("lunes 7", "lunes, 7"), week) == said[language]
    assert set(tree.xpath("//tbody/tr/th/@lang")) == {language}


def test_what_was_said_is_counted_by_the_judges_probability() -> None:
    said = [
        Said(0.1, False),
        Said(0.2, True),
        Said(0.95, True),
        Said(0.9, False),
        Said(1.0, True),
        Said(0.85, True),
    ]
    found = corrections(said, 0.86)
    assert [(level.asks, level.others, round(level.mean, 3)) for level in found.levels] == [
        (0, 1, 0.1),
        (1, 0, 0.2),
        (0, 0, 0.0),
        (0, 0, 0.0),
        (3, 1, 0.925),
    ]
    assert (found.count, found.missed, found.mistaken) == (6, 2, 1)
    chapter = _said(found)
    assert (
        "and without what it learned, 2 would be left by mistake, and 1 taken by mistake." in chapter.words[0]
    )
    assert chapter.table is not None
    assert chapter.table.rows[0] == ("0% to 20%", "0", "1", "10%", "0%")
    assert chapter.table.rows[2] == ("40% to 60%", "0", "0", "–", "–")
    drawn = etree.fromstring(str(chapter.picture))
    assert drawn.xpath("count(//*[@class='mark'])") == 3
    assert _said(corrections((), 0.86)).picture is None


def test_what_the_owner_corrected_is_in_the_report() -> None:
    office = Scenario(follow=FOLLOWING).begin()
    office.ask()
    office.command("ackd: not a question", on_task=False)
    office.work(30)
    said = page(office).chapters[-1]
    assert said.table is not None
    assert said.table.rows[-1][:3] == ("80% to 100%", "0", "1")
    assert "0 would be left by mistake, and 1 taken by mistake" in said.words[0]


# --- safe -------------------------------------------------------------------------------------


def test_a_file_has_no_script_and_fetches_nothing(office: Scenario) -> None:
    text = page(office, by_colleague=True).html
    tree = html.fromstring(text)
    assert not tree.xpath("//script|//link|//img|//iframe|//object|//@src|//*[local-name()='foreignObject']")
    assert not tree.xpath("//@*[starts-with(name(), 'on')]|//@href|//*[local-name()='a']|//@style")
    assert not re.findall(r"url\(|@import", text)
    namespaces = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert set(re.findall(r"https?://[^\"' <]+", text)) <= namespaces
    assert "default-src 'none'" in tree.xpath("string(//meta[@http-equiv]/@content)")


def test_names_and_addresses_of_others_are_text(office: Scenario) -> None:
    owner = Owner("alice@corp.example", HOSTILE)
    text = page(office, replace(office.daemon.settings, owner=owner)).html
    assert "<script" not in text
    assert "\u202e" not in text
    assert "\x00" not in text
    figures = Figures(made=1)
    found = Report(MONDAY, MONDAY, figures, 0, 0, (("2026-W48", figures),), tuple((p, 0) for p in Pace))
    assert "<script" not in page(office).parts
    chapter = _weeks(found, ReportDates("en", office.daemon.settings.calendar.zone, MONDAY))
    assert chapter.picture


def test_a_picture_of_anything_is_well_formed() -> None:
    for words in (HOSTILE, "", "x" * 5000, "\ud800", "a\nb", "]]>", "😀" * 50):
        chart = Chart(
            "x", words, words, (Bar(words, (Piece("kept", 3, words),), words, mark=1),), (("kept", words),)
        )
        drawn = etree.fromstring(svg(chart).encode("utf-8", "replace"))
        assert {one.tag for one in drawn.iter()} <= {
            SVG + tag for tag in ("svg", "defs", "title", "desc", "rect", "text", "path", "tspan")
        }
        assert not drawn.xpath("//@style")
    nothing = Chart("x", "t", "d", (Bar("a", (Piece("kept", 0, "0"),)),), ())
    assert not etree.fromstring(svg(nothing)).xpath("//*[local-name()='rect']")


def test_ten_years_are_a_table_and_a_picture_of_the_latest(office: Scenario) -> None:
    weeks = tuple((f"{2016 + n // 52}-W{n % 52 + 1:02}", Figures(made=1, open=1)) for n in range(520))
    found = Report(MONDAY, MONDAY, Figures(made=520, open=520), 0, 0, weeks, ())
    chapter = _weeks(found, ReportDates("en", office.daemon.settings.calendar.zone, MONDAY))
    assert chapter.table is not None
    assert len(chapter.table.rows) == 520
    assert etree.fromstring(str(chapter.picture)).xpath("count(//*[local-name()='rect'])") == MOST_WEEKS + 1


# --- readable ---------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_colours_have_the_contrast_that_wcag_wants_in_both_schemes_and_on_paper() -> None:
    sheets = re.findall(r"--kept: #[^}]+", style())
    assert len(sheets) == 3
    for sheet, ground in zip(sheets, ("#ffffff", "#16191d", "#ffffff"), strict=True):
        colours = dict(re.findall(r"--(\w+): (#\w{6})", sheet))
        on = colours.pop("on")
        for name in ("kept", "late", "open", "overdue", "dropped", "withdrawn"):
            assert contrast(colours[name], on) >= 4.5, name  # the number on a piece (1.4.3)
        assert contrast(colours["soft"], ground) >= 4.5
        assert all(contrast(colour, ground) >= 3 for colour in colours.values())  # what is drawn (1.4.11)


class Closing(HTMLParser):
    """Whether every element that was opened is closed in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br", "rect", "line"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("rect", "line"):
            assert self.open.pop() == tag


def test_the_file_is_whole(office: Scenario) -> None:
    reader = Closing()
    reader.feed(page(office, by_colleague=True).html)
    assert reader.open == []


# --- the command --------------------------------------------------------------------------------


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(f"{MAILBOX}state: {tmp_path / 'state'}\n")
    return path


def run(config: Path, *words: str) -> tuple[int, str, str]:
    done = in_process("report", *words, "--config", str(config))
    return done.returncode, done.stdout, done.stderr


def test_a_file_is_written_whole_for_the_owner_alone(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    code, out, told = run(config, "--html", str(file))
    assert (code, out, told) == (0, "", f"written to {file}\n")
    assert html.fromstring(file.read_text()).xpath("count(//section)") == 4
    assert file.stat().st_mode & 0o777 == 0o600
    link = tmp_path / "link.html"
    link.symlink_to("report.html")
    file.write_text("<!doctype html><p>before")
    assert run(config, "--html", str(link))[0] == 0
    assert link.is_symlink()
    assert file.read_text().startswith("<!DOCTYPE html>")
    assert not list(tmp_path.glob(".*.new"))


def test_what_is_no_report_is_never_replaced(config: Path, tmp_path: Path) -> None:
    """The configuration, the ledger, anybody's work: a name's completion is one key away."""
    link = tmp_path / "link.html"
    link.symlink_to(config)
    work = tmp_path / "work.ods"
    work.write_bytes(b"\0PK")
    before = config.read_bytes()
    for file in (config, link, work):
        code, _, told = run(config, "--html", str(file))
        assert (code, "is there, and is no report" in " ".join(told.replace("│", " ").split())) == (2, True)
    assert (config.read_bytes(), work.read_bytes()) == (before, b"\0PK")
    (tmp_path / "empty").touch()
    assert run(config, "--html", str(tmp_path / "empty"))[0] == 0


def test_it_goes_to_standard_output_too(config: Path) -> None:
    code, out, told = run(config, "--html", "-")
    assert (code, told) == (0, "")
    assert out.startswith("<!DOCTYPE html>")


def test_what_is_no_place_for_a_file_is_told(config: Path, tmp_path: Path) -> None:
    assert run(config, "--html", str(tmp_path))[0] == 2
    assert run(config, "--html", os.devnull)[0] == 2
    assert Path(os.devnull).is_char_device()
    code, _, told = run(config, "--html", str(tmp_path / "none" / "x.html"))
    assert (code, "can't be written: No such file or directory" in told) == (74, True)
    assert run(config, "--html", "a\0b")[0] == 74
    assert run(config, "--html", "-", "--json")[0] == 2
