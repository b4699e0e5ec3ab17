// Reads calendars with ical.js, as Thunderbird does: a JSON list of texts comes in, a list of lists of events goes out.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { default: ICAL } = await import(pathToFileURL(process.argv[2]));

const moment = (time) => (time.isDate ? time.toString() : time.toUnixTime());

function seen(component) {
  const event = new ICAL.Event(component);
  const text = (name) => String(component.getFirstPropertyValue(name) ?? "");
  return {
    uid: event.uid,
    page: text("url"),
    starts: moment(event.startDate),
    ends: moment(event.endDate),
    title: event.summary,
    status: text("status"),
    sequence: event.sequence,
    location: event.location ?? "",
    description: event.description ?? "",
  };
}

const read = (text) => new ICAL.Component(ICAL.parse(text)).getAllSubcomponents("vevent").map(seen);

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(read)));
