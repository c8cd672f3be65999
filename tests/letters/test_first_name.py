"""How people are greeted: rather by no name than by a wrong one."""

from __future__ import annotations

import time

import pytest

from ackd.letters.first_name import first_name
from ackd.model import Address

GREETED = [
    ("Alice Smith", "asmith@corp.example", "Alice"),
    ("Hans Müller", "hans.mueller@corp.example", "Hans"),
    ("Ng, Meiling", "m@corp.example", "Meiling"),
    ("Alice Smith", "alice.smith@corp.example", "Alice"),
    ("Smith, Alice", "a@corp.example", "Alice"),
    ("Smith, Alice (HR)", "a@corp.example", "Alice"),
    ("Smith,Alice", "a@corp.example", "Alice"),
    ("Smith, Alice Mary", "a@corp.example", "Alice"),
    ("Smith, Dr. Alice", "a@corp.example", "Alice"),
    ("Smith, Jr., John", "j@corp.example", "John"),
    ("SMITH Alice", "a@corp.example", "Alice"),
    ("Alice SMITH", "a@corp.example", "Alice"),
    ("ALICE SMITH", "a@corp.example", "Alice"),
    ("alice smith", "a@corp.example", "Alice"),
    ("Dr. Alice Smith", "a@corp.example", "Alice"),
    ("Prof. Dr. Karl Müller", "k@corp.example", "Karl"),
    ("Frau Petra Klein", "p@corp.example", "Petra"),
    ("Mme Hélène Dupont", "h@corp.example", "Hélène"),
    ("Dott.ssa Chiara Rossi", "c@corp.example", ""),  # an unknown title: no name
    ("Alice Smith, PhD", "a@corp.example", "Alice"),
    ("Alice M. Smith", "a@corp.example", "Alice"),
    ("Alice Smith/HR/CORP", "a@corp.example", "Alice"),
    ("Alice Smith [External]", "a@corp.example", "Alice"),
    ("Alice Smith | Corp Example", "a@corp.example", "Alice"),
    ("Alice Smith - Human Resources", "a@corp.example", "Alice"),
    ("'Alice Smith'", "a@corp.example", "Alice"),
    ("Jean-Pierre Dupont", "jp@corp.example", "Jean-Pierre"),
    ("JEAN-PIERRE DUPONT", "jp@corp.example", "Jean-Pierre"),
    ("O'Brien, Sinéad", "s@corp.example", "Sinéad"),
    ("Åsa Öberg", "a@corp.example", "Åsa"),
    ("Łukasz Żak", "l@corp.example", "Łukasz"),
    ("van den Berg, Jan", "j@corp.example", "Jan"),
    ("Ludwig van Beethoven", "l@corp.example", "Ludwig"),
    ("de la Cruz, Ana", "a@corp.example", "Ana"),
    ("Xiaoming Wang", "x@corp.example", "Xiaoming"),
    ("DeShawn McDonald", "d@corp.example", "DeShawn"),
    ("Bob", "bob.jones@corp.example", "Bob"),
    ("Smith Alice", "alice.smith@corp.example", "Alice"),
    ("Müller Hans", "h.mueller@corp.example", "Hans"),
    ("Jones Bob", "bjones@corp.example", "Bob"),
    ("Jones Bob", "b.jones@corp.example", "Bob"),
    ("Weber Anna", "aw@corp.example", "Anna"),
    ("Weber Anna", "u204117@corp.example", "Anna"),
    ("Rossi Chiara", "c.rossi@corp.example", "Chiara"),
    ("Marques Ana Sofia", "ana.marques@corp.example", "Ana"),
    ("Thomas Martin", "tm@corp.example", "Thomas"),
    ("Martin Thomas", "tm@corp.example", "Thomas"),
    ("Gwenaël Le Goff", "gwenael.legoff@corp.example", "Gwenaël"),  # rare, but the address tells
    ("Tjitske Hoekstra", "t.hoekstra@corp.example", "Tjitske"),
    ("Okafor, Chidi", "u204117@corp.example", "Chidi"),
    ("Bob E. Jones", "b@corp.example", "Bob"),
    ("", "alice.smith@corp.example", "Alice"),
    ("alice.smith@corp.example", "alice.smith@corp.example", "Alice"),
]
LEFT_WITHOUT = [
    ("Dr. A. Smith", "a.smith@corp.example"),
    ("A. Smith", "a@corp.example"),
    ("Smith, A.", "a@corp.example"),
    ("J. Alice Smith", "a@corp.example"),
    ("AJ Smith", "a@corp.example"),
    ("Smith", "smith@corp.example"),
    ("Bob", "bob@corp.example"),
    ("Mr Bean", "b@corp.example"),
    ("Ng, Mei Ling", "m@corp.example"),  # the first name is both words
    ("Smith, Alice; Jones, Bob", "a@corp.example"),
    ("Schwester Maria", "m@corp.example"),
    ("Accounts Payable", "ap@corp.example"),
    ("Wang Xiaoming", "x@corp.example"),
    ("Nagy Katalin", "k@corp.example"),
    ("王小明", "x@corp.example"),
    ("Иван Петров", "i@corp.example"),
    ("Γιώργος Παπαδόπουλος", "g@corp.example"),
    ("محمد علي", "m@corp.example"),
    ("IT Service Desk", "it@corp.example"),
    ("Helpdesk", "helpdesk.it@corp.example"),
    ("HR Team", "hr@corp.example"),
    ("Sales, EMEA", "s@corp.example"),
    ("Meeting Room 4", "r@corp.example"),
    ("Jira", "jira.cloud@corp.example"),
    ("", "info@corp.example"),
    ("", "service.desk@corp.example"),
    ("", "a.smith@corp.example"),
    ("", "x1234@corp.example"),
    ("", ""),
    ("{{7*7}} Smith", "a@corp.example"),
    ("<script>alert(1)</script>", "a@corp.example"),
    ("Alice\r\nBcc: eve@evil.example", "a@corp.example"),
    ("Mrrgl Smith", "a@corp.example"),
    ("Weber Anna", "weber.anna@corp.example"),  # a rare name, or a family name first in both
    ("De Luca Lucia", "l.deluca@corp.example"),
    ("Frau Petra", "p@corp.example"),
    ("Null Jones", "n.jones@corp.example"),
    ("undefined", "bob.jones@corp.example"),
    ("Kantine", "kantine@corp.example"),
    ("Cantine Sud", "cantine.sud@corp.example"),
    ("Ressources Humaines", "rh@corp.example"),
    ("Recursos Humanos", "rrhh@corp.example"),
    ("Ufficio Acquisti", "ufficio.acquisti@corp.example"),
    ("Personeelszaken", "personeel.zaken@corp.example"),
    ("Betriebsrat", "betriebsrat@corp.example"),
    ("Werkstatt, Leipzig", "werkstatt@corp.example"),
    ("Innovation Lab", "innovation@corp.example"),
    ("Zeiterfassung Werk", "zeiterfassung.werk@corp.example"),
    ("Steilweg Partner", "steilweg@corp.example"),
    ("", "blaue.tonne@corp.example"),
    ("-- ,, --", "a@corp.example"),
    (",", "a@corp.example"),
    ("a" * 100_000, "a@corp.example"),
    ("(" * 100_000, "a@corp.example"),
    ("Alice " * 50_000, "a@corp.example"),
]


@pytest.mark.parametrize(("name", "email", "greeting"), GREETED)
def test_greeted(name: str, email: str, greeting: str) -> None:
    assert first_name(Address(email, name)) == greeting


@pytest.mark.parametrize(("name", "email"), LEFT_WITHOUT)
def test_left_without_a_name(name: str, email: str) -> None:
    assert not first_name(Address(email, name))


@pytest.mark.parametrize(
    ("name", "email", "told", "greeting"),
    [
        ("Jones, Robert J. (HR)", "u204117@corp.example", "Bob", "Bob"),
        ("Martin Paul", "mp@corp.example", "Paul", "Paul"),
        ("王小明", "x@corp.example", "Xiaoming", "Xiaoming"),
        ("Weber Anna", "weber.anna@corp.example", "Anna Maria", "Anna"),
        ("Kantine", "kantine@corp.example", "", ""),
        ("Blaue Tonne", "blaue.tonne@corp.example", "", ""),  # a mailbox that nobody's name is on
        ("Bob Jones", "bob.jones@corp.example", "", "Bob"),
        ("Bob Jones", "bob.jones@corp.example", "null", "Bob"),
        ("Bob Jones", "bob.jones@corp.example", "Team Nord", "Bob"),
        ("Bob Jones", "bob.jones@corp.example", "B.", "Bob"),
        ("Bob Jones", "bob.jones@corp.example", "x" * 100_000, "Bob"),
        ("Bob Jones", "bob.jones@corp.example", "Alice\r\nBcc: eve@evil.example", "Bob"),
    ],
)
def test_the_directorys_given_name_goes_first(name: str, email: str, told: str, greeting: str) -> None:
    assert first_name(Address(email, name), told) == greeting


def test_hostile_names_cost_nothing() -> None:
    before = time.process_time()
    for bomb in ('"' * 1_000_000, " - " * 500_000, "[(" * 500_000, "a@" * 500_000, ", " * 500_000):
        first_name(Address(bomb, bomb))
    assert time.process_time() - before < 0.5


def test_a_name_turned_by_direction_marks_is_read_without_them() -> None:
    assert first_name(Address("a@corp.example", "\u202eAlice\u202c Smith")) == "Alice"
