"""The line of months with a numbered mark for each session."""

from datetime import date, timedelta

from app.domain.yearline import Mark, yearline

K4D = [
    (1, date(2020, 4, 29)),
    (2, date(2020, 7, 13)),
    (3, date(2020, 9, 10)),
    (4, date(2020, 10, 12)),
    (5, date(2020, 12, 15)),
    (6, date(2021, 2, 3)),
    (7, date(2021, 3, 25)),
]


def test_the_line_goes_from_the_first_of_the_first_month_to_the_end_of_the_last():
    line = yearline([(1, date(2027, 4, 1)), (2, date(2027, 4, 16)), (3, date(2027, 4, 30))])

    assert line is not None
    assert [(tick.x, tick.text) for tick in line.ticks] == [("0%", "Apr 2027")]
    assert line.marks == (Mark("0%", 1), Mark("50%", 2), Mark("96.667%", 3))


def test_a_year_is_named_at_the_start_and_at_each_january():
    line = yearline(K4D)

    assert line is not None
    assert [tick.text for tick in line.ticks] == [
        "Apr 2020", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan 2021", "Feb", "Mar",
    ]  # fmt: skip
    assert [tick.text for tick in line.ticks if not tick.is_fine] == ["Apr 2020", "Jul", "Oct", "Jan 2021"]
    assert [mark.number for mark in line.marks] == [1, 2, 3, 4, 5, 6, 7]


def test_every_mark_stands_on_the_line_in_the_order_of_days():
    line = yearline(K4D)

    assert line is not None
    places = [float(mark.x.removesuffix("%")) for mark in line.marks]
    assert places == sorted(places)
    assert places[0] >= 0
    assert places[-1] < 100


def test_up_to_four_months_are_all_named_at_the_same_size():
    line = yearline([(1, date(2027, 1, 10)), (2, date(2027, 4, 10))])

    assert line is not None
    assert [(tick.text, tick.is_fine) for tick in line.ticks] == [
        ("Jan 2027", False),
        ("Feb", False),
        ("Mar", False),
        ("Apr", False),
    ]


def test_december_is_followed_by_january_of_the_next_year():
    line = yearline([(1, date(2026, 12, 1)), (2, date(2026, 12, 31))])

    assert line is not None
    assert line.marks == (Mark("0%", 1), Mark("96.774%", 2))


def test_there_is_no_line_where_it_would_say_nothing():
    first = date(2027, 1, 1)

    assert yearline([]) is None
    assert yearline([(1, first)]) is None
    assert yearline([(n, first + timedelta(days=n)) for n in range(1, 14)]) is None


def test_twelve_marks_and_three_years_are_the_most():
    first = date(2027, 1, 1)

    assert yearline([(n, first + timedelta(days=n)) for n in range(1, 13)]) is not None
    assert yearline([(1, first), (2, date(2029, 12, 31))]) is not None
    assert yearline([(1, first), (2, date(2030, 1, 1))]) is None
