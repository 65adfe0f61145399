"""The rules of schedules a second time, without a line in common: sequences are written out from the first turn on, and
the zones are those of Python's zoneinfo. Reads lines {schedule, overrides, at: [ms]} from the input, writes for each the
people of each layer and the final ones."""

import json
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1)
MS = timedelta(milliseconds=1)
DAY = timedelta(days=1)


def instant(wall, zone):
    """fold=0: the first of two, and in a gap the offset before it, as RFC 5545 has it."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(timezone.utc)


def wall(ms):
    return EPOCH + ms * MS


class Layer:
    def __init__(self, given, holidays, until, has_overrides):
        self.given = given
        self.name = given["name"]
        self.zone = ZoneInfo(given["timeZone"])
        self.holidays = holidays
        self.until = until.astimezone(self.zone).replace(tzinfo=None) + 3 * DAY
        self.first = self.until - timedelta(days=150)
        self.windows = None if given["when"] is None else list(self.write_out_windows())
        self.turns = list(self.write_out_turns())
        self.shifts = self.write_out_shifts() if has_overrides else []

    def write_out_windows(self):
        day = self.first
        day = datetime(day.year, day.month, day.day)
        while day < self.until:
            weekday = (day.weekday() + 1) % 7
            is_holiday = day.date().isoformat() in self.holidays
            for window in self.given["when"]:
                days = window["days"]
                if (
                    weekday in days["weekdays"]
                    or (days["holiday"] and is_holiday)
                    or (days["workday"] and not is_holiday and 1 <= weekday <= 5)
                ):
                    begin, end = day + window["from"] * MS, day + window["to"] * MS
                    yield begin, end, instant(begin, self.zone), instant(end, self.zone)
            day += DAY

    def periods(self):
        """Local times at which a period begins, for ever."""
        rotation = self.given["rotation"]
        start = date.fromisoformat(rotation["from"])
        time = rotation["time"] * MS
        count = rotation["count"]
        at = datetime(start.year, start.month, start.day)
        if rotation["unit"] == "months":
            year, month = at.year, at.month
            if self.in_month(year, month, rotation["day"]) > at:
                year, month = (year, month - 1) if month > 1 else (year - 1, 12)
            step = 1 if self.windows is not None else count
            while True:
                yield self.in_month(year, month, rotation["day"]) + time
                for _ in range(step):
                    year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        if rotation["unit"] == "weeks":
            while (at.weekday() + 1) % 7 != rotation["day"]:
                at -= DAY
        at += time
        unit = {"hours": timedelta(hours=1), "days": DAY, "weeks": 7 * DAY}[rotation["unit"]]
        step = unit if self.windows is not None and rotation["unit"] != "hours" else count * unit
        while True:
            yield at
            at += step

    @staticmethod
    def in_month(year, month, day):
        following = datetime(year + month // 12, month % 12 + 1, 1)
        return min(datetime(year, month, 1) + (day - 1) * DAY, following - DAY)

    def write_out_turns(self):
        """(begin, number of the turn, its people), one after the other."""
        changes = [(wall(change["from"]), change["turns"]) for change in self.given["changes"]]
        rotation = self.given["rotation"]
        people = self.given["turns"]
        if rotation is None:
            yield datetime.min.replace(tzinfo=timezone.utc), 0, people[0]
            for number, (begin, turns) in enumerate(changes):
                yield instant(begin, self.zone), number + 1, turns[0]
            return
        start = date.fromisoformat(rotation["from"])
        begins = datetime(start.year, start.month, start.day) + rotation["time"] * MS
        group = rotation["count"] if self.windows is not None and rotation["unit"] != "hours" else 1
        periods = self.periods()
        begin = next(periods)
        counted, position, number = 0, 0, -1
        while begin < self.until:
            end = next(periods)
            begin = max(begin, begins)
            counts = self.windows is None or any(f < end and t > begin for f, t, _, _ in self.windows)
            if counts and counted // group > number:
                # A turn begins here, by the newest list whose time has come.
                due = [turns for at, turns in changes if at <= begin]
                changes = changes[len(due):]
                last = people[position % len(people)]
                if due:
                    position = 0 if number < 0 else self.follow(people, position, due[-1])
                    people = due[-1]
                elif number >= 0:
                    position += 1
                number += 1
            yield instant(begin, self.zone), number, people[position % len(people)]
            counted += counts
            begin = end

    @staticmethod
    def follow(old, position, new):
        last = old[position % len(old)]
        if last in new:
            return new.index(last) + 1
        for step in range(1, len(old)):
            turn = old[(position + step) % len(old)]
            if turn in new:
                return new.index(turn)
        return 0

    def is_within(self, at):
        if self.windows is None:
            return True
        return any(begin <= at < end for _, _, begin, end in self.windows)

    def turn(self, at):
        """The last one of the sequence that has begun, although an earlier one may begin later."""
        if not self.is_within(at):
            return None
        return next((turn for turn in reversed(self.turns) if turn[0] <= at), None)

    def write_out_shifts(self):
        """(begin, end, number): for overrides."""
        edges = {begin for begin, _, _ in self.turns}
        for _, _, begin, end in self.windows or []:
            edges |= {begin, end}
        shifts = []
        for edge in sorted(edges):
            turn = self.turn(edge)
            number = None if turn is None else turn[1]
            if shifts and shifts[-1][2] == number:
                continue
            if shifts:
                shifts[-1][1] = edge
            shifts.append([edge, datetime.max.replace(tzinfo=timezone.utc), number])
        return [shift for shift in shifts if shift[2] is not None]

    def override(self, overrides, at):
        for override in reversed(overrides):
            of = override["of"]
            if of["kind"] != "shift" or of["layer"] != self.name:
                continue
            begins = []
            for begin, end, _ in self.shifts:
                if begin.year < 2000:
                    continue
                local = begin.astimezone(self.zone).replace(tzinfo=None)
                if local.date().isoformat() == of["date"]:
                    begins.append((local, begin, end))
            if not begins:
                continue
            wanted = datetime.fromisoformat(of["date"]) + (of["time"] or 0) * MS
            _, begin, end = min(begins, key=lambda one: abs(one[0] - wanted))
            if begin <= at < end:
                return override["people"]
        return None

    def people(self, overrides, at):
        turn = self.turn(at)
        if turn is None:
            return []
        return self.override(overrides, at) or turn[2]


def answer(layers, overrides, at):
    of_layers = [layer.people(overrides, at) for layer in layers]
    people = next((found for found in reversed(of_layers) if found), [])
    for override in overrides:
        of = override["of"]
        if of["kind"] != "time" or not of["from"] <= (at - EPOCH.replace(tzinfo=timezone.utc)) / MS < of["to"]:
            continue
        if of["instead"] is None:
            people = override["people"]
        elif of["instead"] in people:
            replaced = [p for one in people for p in (override["people"] if one == of["instead"] else [one])]
            people = list(dict.fromkeys(replaced))
    return {"layers": of_layers, "people": people}


for line in sys.stdin:
    given = json.loads(line)
    moments = [EPOCH.replace(tzinfo=timezone.utc) + ms * MS for ms in given["at"]]
    overridden = {override["of"].get("layer") for override in given["overrides"]}
    layers = [
        Layer(layer, set(given["holidays"]), max(moments), layer["name"] in overridden) for layer in given["layers"]
    ]
    print(json.dumps([answer(layers, given["overrides"], at) for at in moments]))
