// The demonstration's clock: the bar with the moment, and the sheet that moves it forward.

import { make } from "./bubbles.js";
import { currentTime, dateOf, longDate, setNow, timeOf, word } from "./words.js";

const $ = (id) => document.getElementById(id);
const DAY = 86400000;

export class Clock {
  // on: move({ by } or { day }), moved()
  constructor(on) {
    this.on = on;
    this.moving = false;
    $("clock-open").addEventListener("click", () => this.open());
    for (const button of $("time").querySelectorAll("[data-by]")) {
      button.addEventListener("click", () => this.move({ by: button.dataset.by }));
    }
    $("day").addEventListener("input", () => this.nameDay());
    $("day-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.move({ day: $("day").value });
    });
  }

  set(moment) {
    setNow(moment);
    this.busy(false);
    const [day, month, year] = longDate(moment).split("/");
    $("clock-now").replaceChildren(`${day}/${month}`, make("span", "year", `/${year}`), ` · ${timeOf(moment)}`);
    $("clock-now").dateTime = moment;
    const before = timeOf(moment) < "07:30";
    $("time").querySelector("[data-by=morning]").textContent = word(before ? "clock_morning_today" : "clock_morning");
    this.on.moved();
  }

  busy(on) {
    if (this.moving === on) return;
    this.moving = on;
    $("clock-open").disabled = on;
    $("clock-open").textContent = word(on ? "clock_busy" : "clock_move");
  }

  move(frame) {
    $("time").close();
    this.busy(true);
    this.on.move(frame);
  }

  // The field writes the date as the browser does (3/26 or 26/3): beside it, it stands in words.
  nameDay() {
    $("day-name").textContent = $("day").value ? longDate(`${$("day").value}T12:00:00Z`) : "";
  }

  open() {
    const next = dateOf(currentTime().getTime() + DAY);
    $("day").min = next;
    $("day").value = next;
    this.nameDay();
    $("time").showModal();
  }
}
