"""What a calendar has in a window, by other people's programs: icalendar and recurring-ical-events. Reads a line
{path, from, to, zone} for each calendar (milliseconds, an IANA name), writes [[from, to, summary], ...] for each."""

import json
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

UTC = timezone.utc


def moment(value, zone):
    """A day begins at midnight, and a time without a zone is one, in the zone of the calendar."""
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    return int(value.astimezone(UTC).timestamp() * 1000)


def end_of(event):
    start = event["DTSTART"].dt
    if "DTEND" in event:
        end = event["DTEND"].dt
        if not isinstance(start, datetime) and end == start:
            return end + timedelta(days=1)
        return end
    if "DURATION" in event:
        return start + event["DURATION"].dt
    return start if isinstance(start, datetime) else start + timedelta(days=1)


for line in sys.stdin:
    asked = json.loads(line)
    with open(asked["path"], "rb") as file:
        # It decodes each line before it unfolds it, and loses characters that are cut in two.
        calendar = icalendar.Calendar.from_ical(file.read().replace(b"\r\n ", b""))
    zone = ZoneInfo(str(calendar.get("X-WR-TIMEZONE", asked["zone"])))
    first = datetime.fromtimestamp(asked["from"] / 1000, UTC)
    last = datetime.fromtimestamp(asked["to"] / 1000, UTC)
    found = []
    for event in recurring_ical_events.of(calendar, keep_recurrence_attributes=False).between(
        first - timedelta(days=2), last + timedelta(days=2)
    ):
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        begin, end = moment(event["DTSTART"].dt, zone), moment(end_of(event), zone)
        if begin < end and end > asked["from"] and begin < asked["to"]:
            found.append([begin, end, str(event.get("SUMMARY", ""))])
    print(json.dumps(sorted(found)))
