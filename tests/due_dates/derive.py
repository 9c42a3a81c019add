#!/usr/bin/env python3
"""Two hundred due dates, derived without casedesk.

Nothing here is shared with the program but the holidays (src/domain/time/holidays/*.tsv). Time is walked minute by minute
in UTC, and each minute is asked what the clock on the wall says there (zoneinfo): it counts where that lies within the
day's hours. So there is no arithmetic of intervals, of offsets or of tables that could be wrong in the same way.

  term   "N open minutes"   the instant after the N-th open minute from the start on
         "N working days"   closing time of the N-th day after the day of the start on which the office opens
         "N days", "N months"  Regulation (EEC, Euratom) 1182/71, article 3: the day of the event is not counted; the same
                            day of the month, or the last one of a shorter month; what ends on a closed day ends on the
                            next open one (4); two days or more include at least two open days (5); due at closing time
         "N minutes"        elapsed
  pause  prolongs the term by what it took of it, in the unit of the term: open minutes, days on which the office opens
         after the day on which it began and until the day on which it ended, days, or minutes

Run it in this directory: ./derive.py > table.tsv
"""

import calendar
import random
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

HOLIDAYS = Path(__file__).resolve().parent.parent.parent / "src/domain/time/holidays"
UTC = timezone.utc
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def at(text):
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def hours(*texts):
    return [tuple(at(end) for end in text.split("-")) for text in texts]


def weekdays(*texts):
    return [hours(*texts)] * 5 + [[], []]


PRESETS = {
    "mx": ("America/Mexico_City", weekdays("09:00-18:00")),
    "tr": ("Europe/Istanbul", weekdays("08:30-12:30", "13:30-17:30")),
    "no": ("Europe/Oslo", weekdays("08:00-15:45")),
    "ir": (
        "Asia/Tehran",
        [hours("08:00-16:00")] * 3 + [hours("08:00-12:00"), []] + [hours("08:00-16:00")] * 2,
    ),
    "gb": ("Europe/London", weekdays("09:00-17:00")),
    "us": ("America/New_York", weekdays("08:00-17:00")),
    "es": ("Europe/Madrid", weekdays("09:00-14:00")),
}
ALWAYS = [[(0, 1440)]] * 7
# Around these days the clocks change, there are feasts, or both.
ANCHORS = {
    "mx": ["2015-04-03", "2019-10-25", "2022-10-28", "2026-09-14", "2026-12-23", "2024-09-27"],
    "tr": ["2014-03-28", "2015-11-06", "2026-03-18", "2026-05-25", "2026-10-27", "2029-04-20"],
    "no": ["2026-03-26", "2026-10-23", "2026-05-13", "2026-12-22", "2028-02-25", "2025-03-28"],
    "ir": ["2018-03-20", "2020-09-19", "2022-03-19", "2026-03-18", "2026-06-22", "2021-09-20"],
    "gb": ["2026-03-27", "2026-10-23", "2026-04-01", "2026-12-22", "2024-02-27", "2030-05-02"],
    "us": ["2026-03-06", "2026-10-30", "2026-11-24", "2026-07-01", "2028-01-30", "2025-12-23"],
    "es": ["2026-03-27", "2026-10-23", "2026-04-01", "2026-12-04", "2024-10-11", "2027-01-04"],
}


class Office:
    def __init__(self, preset, is_always):
        zone, week = PRESETS[preset]
        self.zone = ZoneInfo(zone)
        self.week = ALWAYS if is_always else week
        self.days = {}
        for line in (HOLIDAYS / f"{preset}.tsv").read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                cells = line.split("\t")
                until = at(cells[2]) if len(cells) > 2 else 0
                self.days[date.fromisoformat(cells[0])] = until

    def wall(self, instant):
        return instant.astimezone(self.zone)

    def is_open_at(self, instant):
        wall = self.wall(instant)
        minute = wall.hour * 60 + wall.minute
        if minute >= self.days.get(wall.date(), 1440):
            return False
        return any(opens <= minute < closes for opens, closes in self.week[wall.weekday()])

    def is_open_on(self, day):
        until = self.days.get(day, 1440)
        return any(opens < until for opens, _ in self.week[day.weekday()])

    def closing(self, day):
        """The instant after the last open minute of a day."""
        middle = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        instant = middle + timedelta(hours=30)
        while not (self.wall(instant).date() == day and self.is_open_at(instant)):
            instant -= MINUTE
        return instant + MINUTE

    def open_minutes(self, start, end):
        count, instant = 0, start
        while instant < end:
            count += self.is_open_at(instant)
            instant += MINUTE
        return count

    def open_days(self, first, last):
        """Open days after `first` until `last`."""
        return sum(self.is_open_on(first + DAY * n) for n in range(1, (last - first).days + 1))

    def due(self, count, unit, start, pauses):
        local = self.wall(start).date()
        if unit == "minutes":
            return start + MINUTE * count + sum((end - begin for begin, end in pauses), DAY * 0)
        if unit == "open minutes":
            left = count + sum(self.open_minutes(*pause) for pause in pauses)
            instant = start
            while left > 0:
                left -= self.is_open_at(instant)
                instant += MINUTE
            return instant
        spans = [(self.wall(begin).date(), self.wall(end).date()) for begin, end in pauses]
        if unit == "working days":
            left = count + sum(self.open_days(*span) for span in spans)
            day = local
            while left > 0 or not self.is_open_on(day):
                day += DAY
                left -= self.is_open_on(day)
                if left < 0:
                    left = 0
            return self.closing(day)
        last = local + DAY * count
        if unit == "months":
            month = local.month - 1 + count
            year, month = local.year + month // 12, month % 12 + 1
            last = date(year, month, min(local.day, calendar.monthrange(year, month)[1]))
        last += sum(((end - begin) for begin, end in spans), DAY * 0)
        is_two = (last - local).days >= 2
        while not self.is_open_on(last) or (is_two and self.open_days(local, last) < 2):
            last += DAY
        return self.closing(last)


def stamp(instant):
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def main():
    chance = random.Random(1182)
    print("# preset\thours\tterm\tfrom\tpauses\tdue: derived by derive.py, which says how; all instants in UTC")
    rows = 0
    presets = list(PRESETS)
    while rows < 200:
        preset = presets[rows % len(presets)]
        turn = rows // len(presets)
        is_always = turn % 6 == 5
        office = Office(preset, is_always)
        unit = ["open minutes", "working days", "open minutes", "days", "months", "minutes"][turn % 6]
        if is_always:
            unit = chance.choice(["open minutes", "minutes", "working days"])
        count = {
            "open minutes": lambda: chance.choice([1, 45, 90, 240, 480, 600, 1441, 2400, 4321]),
            "working days": lambda: chance.choice([0, 1, 2, 3, 5, 10, 20, 30]),
            "days": lambda: chance.choice([1, 2, 3, 4, 14, 42, 56]),
            "months": lambda: chance.choice([1, 2, 3, 6]),
            "minutes": lambda: chance.choice([1, 720, 1440, 2880]),
        }[unit]()
        anchor = date.fromisoformat(chance.choice(ANCHORS[preset]))
        wall = datetime(anchor.year, anchor.month, anchor.day, chance.randrange(24),
                        chance.randrange(60), tzinfo=office.zone)
        start = wall.astimezone(UTC) + DAY * chance.randrange(0, 3)
        pauses, begin = [], start
        for _ in range(chance.choice([0, 0, 1, 2])):
            begin += MINUTE * chance.randrange(1, 2000)
            end = begin + MINUTE * chance.randrange(1, 12000)
            pauses.append((begin, end))
            begin = end
        due = office.due(count, unit, start, pauses)
        said = " ".join(f"{stamp(begin)}/{stamp(end)}" for begin, end in pauses) or "-"
        kind = "always" if is_always else "usual"
        print(f"{preset}\t{kind}\t{count} {unit}\t{stamp(start)}\t{said}\t{stamp(due)}")
        rows += 1


main()
