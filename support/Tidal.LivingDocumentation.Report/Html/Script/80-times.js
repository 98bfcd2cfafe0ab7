// Moments on the reader's own clock, beside UTC.
function startTimes() {
  for (const time of document.querySelectorAll("main time")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime()) || moment.getTimezoneOffset() === 0) continue;
    const isSameDay = moment.getDate() === moment.getUTCDate();
    time.append(` (${moment.toLocaleString([], { dateStyle: isSameDay ? undefined : "medium", timeStyle: "short" })} where you are)`);
  }
}
