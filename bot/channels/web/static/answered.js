// A question that has been answered rests: its buttons would only be told that they are old.

import { fold } from "./words.js";

// Actions that belong to one question of a half-filled report (handlers/fill_form.py has them).
export const BOUND = ["cancel", "change", "field", "keep_old", "pick", "replace", "restart", "resume", "send"];
const ASIDE = ["change", "field"]; // they open a choice beside the question, which stays open

function verbs(row) {
  const all = [...row.querySelectorAll(".buttons button")].map((button) => button.dataset.action.split(":")[0]);
  return all.filter((verb) => BOUND.includes(verb));
}

function answers(row, open) {
  const words = fold(row.querySelector(".text")?.textContent ?? "");
  const button = open.flatMap((asked) => [...asked.querySelectorAll(".buttons button")])
    .find((one) => fold(one.textContent) === words);
  return Boolean(button) && !ASIDE.includes(button.dataset.action.split(":")[0]);
}

// From the oldest row to the newest: the next question, or what comes after an answer, puts the one before to rest.
export function rest(log) {
  for (const row of log.querySelectorAll(".answered")) row.classList.remove("answered");
  let open = [];
  let answered = false;
  for (const row of log.querySelectorAll(".row")) {
    if (row.classList.contains("mine")) {
      answered = answered || answers(row, open);
      continue;
    }
    const bound = verbs(row);
    if (answered || bound.some((verb) => verb !== "field")) {
      for (const asked of open) asked.classList.add("answered");
      open = [];
    }
    if (bound.length) open.push(row);
    answered = false;
  }
}
