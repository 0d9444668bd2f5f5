// Wording, dates and sizes as the page shows them. Every word comes from the server.

const ZONE = "Asia/Ho_Chi_Minh";
const parts = new Intl.DateTimeFormat("vi-VN", {
  timeZone: ZONE, weekday: "long", day: "numeric", month: "numeric", year: "numeric",
  hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

let words = {};
let now = new Date();

export function setWords(given) { words = given; }
export function setNow(moment) { now = new Date(moment); }
export function currentTime() { return now; }

export function word(key, args = {}) {
  const text = key.split(".").reduce((table, name) => table?.[name], words) ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => args[name] ?? "");
}

export function fallbackCommands() { return Object.entries(words.commands); }

function local(moment) {
  return Object.fromEntries(parts.formatToParts(moment).map((part) => [part.type, part.value]));
}

export function timeOf(moment) {
  const at = local(new Date(moment));
  return `${at.hour}:${at.minute}`;
}

// The local date as an <input type="date"> writes it.
export function dateOf(moment) {
  const at = local(new Date(moment));
  return `${at.year}-${at.month.padStart(2, "0")}-${at.day.padStart(2, "0")}`;
}

export function longDate(moment) {
  const at = local(new Date(moment));
  return `${at.weekday}, ${at.day}/${at.month}/${at.year}`;
}

export function dayName(moment) {
  const day = 86400000;
  if (dateOf(moment) === dateOf(now)) return `${word("today")} · ${longDate(moment)}`;
  if (dateOf(moment) === dateOf(now.getTime() - day)) return `${word("yesterday")} · ${longDate(moment)}`;
  return longDate(moment);
}

export function sizeOf(bytes) {
  const big = bytes >= 1024 * 1024;
  const size = (bytes / (big ? 1024 * 1024 : 1024)).toLocaleString("vi-VN", { maximumFractionDigits: big ? 1 : 0 });
  return word(big ? "size_mb" : "size_kb", { size: size === "0" ? "1" : size });
}

// Lower case without marks, so that "bi thu" finds "Bí thư".
export function fold(text) {
  return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/\u0111/g, "d");
}
