// The page: who this tab is, the chat, and the demonstration's clock.

import { Bubbles, make } from "./bubbles.js";
import { Clock } from "./clock.js";
import { Link } from "./link.js";
import { People } from "./people.js";
import { fallbackCommands, setWords, word } from "./words.js";

const $ = (id) => document.getElementById(id);
const hasKeyboard = matchMedia("(hover: hover) and (pointer: fine)").matches;

let demo = false;
let people;
let bubbles;
let clock;
let link;
let commands = [];
let missed = 0;
let baseTitle = "";

// --- who this tab is ---

function ownAddress() {
  let address = localStorage.getItem("address");
  if (!address) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    address = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    localStorage.setItem("address", address);
  }
  return address;
}

function readHash() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

function turn() {
  if (!demo) return open(ownAddress(), null);
  const person = people.find(readHash());
  if (person) return open(person.address, person);
  link?.close();
  link = null;
  people.choose("");
  setTitle(word("title"));
  return show("choose");
}

function open(address, person) {
  if (link?.address === address && !link.ended) return;
  link?.close();
  bubbles.clear();
  $("empty").hidden = true;
  $("text").value = localStorage.getItem(`typed:${address}`) ?? "";
  grow();
  $("who-name").textContent = person?.name ?? word("title");
  $("who-role").textContent = person?.role ?? "";
  setTitle(person ? word("title_of", { name: person.name }) : word("title"));
  people.choose(address);
  if (demo) show("chat");
  link = new Link(address, { frame: receive, state: setState, done: sent, refused });
  for (const message of link.waiting()) showSending(message);
}

function setTitle(title) {
  baseTitle = title;
  missed = 0;
  document.title = title;
}

function show(view) {
  document.body.dataset.view = view;
  if (view === "chat" && hasKeyboard) $("text").focus();
  if (view === "choose" && hasKeyboard) $("search").focus();
  if (view === "code") $("code-input").focus();
}

function setState(state) {
  const names = { on: "connected", off: "disconnected", connecting: "connecting" };
  $("state").dataset.state = state;
  $("state").textContent = word(names[state]);
  if (state !== "on") clock.busy(false);
}

// --- what comes in ---

const doing = {
  history(frame) {
    clock.set(frame.now);
    setCommands(frame.menu);
    const first = !bubbles.loaded;
    bubbles.history(frame.bubbles, frame.more);
    showEmpty();
    if (first && !demo) show(bubbles.empty ? "code" : "chat");
    if (first) bubbles.toEnd();
  },
  earlier(frame) { bubbles.older(frame.bubbles, frame.more); },
  bubble(frame) {
    const fresh = !bubbles.rows.has(frame.bubble.id);
    if (frame.bubble.mine) release(frame.bubble.client_id);
    bubbles.show(frame.bubble);
    showEmpty();
    if (document.body.dataset.view === "code") show("chat");
    if (fresh && !frame.bubble.mine && document.hidden) document.title = `(${++missed}) ${baseTitle}`;
  },
  typing() { bubbles.setTyping(true); },
  menu(frame) { setCommands(frame.commands); },
  now(frame) { clock.set(frame.now); },
  news(frame) { people.news(frame.address, frame.address !== link?.address); },
  unknown() {
    toast(word("refused.unknown"));
    location.hash = "";
  },
};

function receive(frame) { doing[frame.type]?.(frame); }

function sent(id) { release(id); }

function refused(id, reason) {
  clock.busy(false);
  release(id);
  if (id) bubbles.settle(id);
  showEmpty();
  toast(word(`refused.${reason}`));
}

function toast(text) {
  const box = $("toast");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(box.ends);
  box.ends = setTimeout(() => { box.hidden = true; }, 6000);
}

function showEmpty() {
  const line = $("empty").querySelector(".buttons");
  $("empty").hidden = !bubbles.empty;
  line.replaceChildren(...commands.slice(0, 3).map(([name, about]) => commandButton(name, [about])));
}

// --- what goes out ---

function showSending(message) {
  const press = message.type === "press";
  bubbles.sending(message.id, { text: press ? message.label : message.text, press });
}

function say(message) {
  showSending(link.say(message));
  $("empty").hidden = true;
}

function sendText() {
  const text = $("text").value.trim();
  if (!text || !link) return;
  $("text").value = "";
  keepTyped();
  grow();
  say({ type: "text", text });
}

const held = new Map(); // a button rests until its press has arrived: two taps are one press

function press(bubble, action, label, button) {
  if (button.getAttribute("aria-disabled") === "true") return;
  const message = link.say({ type: "press", bubble: bubble.id, action, label });
  button.setAttribute("aria-disabled", "true");
  held.set(message.id, button);
  showSending(message);
}

function release(id) {
  held.get(id)?.removeAttribute("aria-disabled");
  held.delete(id);
}

function sendFile(file) {
  if (!file || !link) return;
  if (file.size > 10 * 1024 * 1024) return toast(word("refused.file_too_big"));
  if (!file.size) return toast(word("refused.file_empty"));
  return bubbles.sending(link.sendFile(file), { file });
}

function typed(event) {
  if (event.isComposing) return; // Enter may belong to the keyboard that puts the marks on the letters
  if (event.key === "ArrowUp" && !$("text").value) bubbles.focusButtons();
  if (event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  sendText();
}

function grow() {
  const box = $("text");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, 180)}px`;
}

// What is half typed survives a reload and a look at another phone.
function keepTyped() {
  if (!link) return;
  if ($("text").value) localStorage.setItem(`typed:${link.address}`, $("text").value);
  else localStorage.removeItem(`typed:${link.address}`);
}

// --- commands ---

function setCommands(rows) {
  commands = rows.length ? rows : fallbackCommands();
  $("menu-list").replaceChildren(...commands.map(([name, about]) => {
    const slash = name.startsWith("/") ? name : `/${name}`;
    return commandButton(name, [make("span", "", about), make("span", "slash", slash)]);
  }));
}

function commandButton(name, content) {
  const button = make("button");
  button.type = "button";
  button.append(...content);
  button.addEventListener("click", () => {
    $("menu").close();
    say({ type: "text", text: name.startsWith("/") ? name : `/${name}` });
    if (hasKeyboard) $("text").focus();
  });
  return button;
}

// --- wiring ---

function wire() {
  $("composer").addEventListener("submit", (event) => { event.preventDefault(); sendText(); });
  $("text").addEventListener("input", () => { grow(); keepTyped(); });
  $("text").addEventListener("keydown", typed);
  $("log").addEventListener("keydown", (event) => { if (event.key === "Escape") $("text").focus(); });
  $("attach").addEventListener("click", () => $("file").click());
  $("file").addEventListener("change", (event) => {
    sendFile(event.target.files[0]);
    event.target.value = "";
  });
  $("menu-open").addEventListener("click", () => $("menu").showModal());
  $("earlier").addEventListener("click", () => link.ask({ type: "earlier", before: bubbles.oldest() }));
  $("code-form").addEventListener("submit", (event) => {
    event.preventDefault();
    say({ type: "text", text: `/start ${$("code-input").value.trim()}` });
    show("chat");
  });
  wireDialogs();
  document.addEventListener("visibilitychange", () => { if (!document.hidden) setTitle(baseTitle); });
  addEventListener("hashchange", turn);
}

function wireDialogs() {
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  }
}

async function start() {
  const response = await fetch("/start.json");
  const given = await response.json();
  setWords(given.words);
  demo = given.demo;
  document.body.classList.toggle("demo", demo);
  people = new People(given.people);
  bubbles = new Bubbles({ command: (text) => say({ type: "text", text }), press });
  clock = new Clock({ move: (frame) => link?.ask({ type: "advance", ...frame }), moved: () => bubbles.renameDays() });
  clock.set(given.now);
  setCommands([]);
  wire();
  if (!demo && location.hash.startsWith("#start=")) $("code-input").value = readHash().slice(6);
  turn();
}

start();
