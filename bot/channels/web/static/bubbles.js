// The bubbles of one chat. Text is only ever set as text, never as HTML.

import { rest } from "./answered.js";
import { dateOf, dayName, sizeOf, timeOf, word } from "./words.js";

const NEAR = 120;
const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const LIVE = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])|(?<=^|\s)(\/[a-z]{2,20})(?![\w/])/g;

export function make(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text !== undefined) element.textContent = text;
  return element;
}

export function icon(id) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#${id}`);
  svg.append(use);
  svg.setAttribute("aria-hidden", "true");
  return svg;
}

export class Bubbles {
  // on: command(text), press(bubble, action, label, button)
  constructor(on) {
    this.on = on;
    this.log = document.getElementById("log");
    this.typing = document.getElementById("typing");
    this.jump = document.getElementById("jump");
    this.earlier = document.getElementById("earlier");
    this.aloud = document.getElementById("aloud");
    this.unread = 0;
    this.log.addEventListener("scroll", () => this.scrolled());
    this.jump.addEventListener("click", () => this.toEnd());
    new ResizeObserver(() => { if (this.atEnd) this.log.scrollTop = this.log.scrollHeight; }).observe(this.log);
    this.clear();
  }

  clear() {
    for (const row of this.log.querySelectorAll(".row, .day")) row.remove();
    this.rows = new Map();
    this.pending = new Map();
    this.loaded = false;
    this.atEnd = true;
    this.unread = 0;
    this.setTyping(false);
    this.earlier.hidden = true;
    this.showJump();
  }

  get empty() { return this.rows.size + this.pending.size === 0; }

  // The history of a new connection: what is here already is brought up to date, nothing is shown twice.
  history(bubbles, more) {
    const first = !this.loaded;
    this.quietly(() => bubbles.forEach((bubble) => this.show(bubble, first)));
    rest(this.log);
    if (first) {
      this.earlier.hidden = !more;
      this.toEnd();
    }
    this.loaded = true;
  }

  older(bubbles, more) {
    const height = this.log.scrollHeight;
    this.quietly(() => bubbles.forEach((bubble) => this.show(bubble, true)));
    rest(this.log);
    this.earlier.hidden = !more;
    this.log.scrollTop += this.log.scrollHeight - height;
  }

  oldest() { return Math.min(...this.rows.keys()); }

  // A screen reader is not made to read a whole history aloud.
  quietly(work) {
    this.log.setAttribute("aria-live", "off");
    work();
    setTimeout(() => this.log.setAttribute("aria-live", "polite"), 300);
  }

  show(bubble, old = false) {
    const known = this.rows.get(bubble.id);
    if (known) return this.change(known, bubble);
    const sent = this.settle(bubble.client_id);
    const row = this.row(bubble);
    this.rows.set(bubble.id, row);
    this.place(row, bubble.id);
    if (old) return undefined;
    rest(this.log);
    if (!bubble.mine) this.setTyping(false);
    if (!sent) row.classList.add("fresh");
    return this.follow(bubble.mine);
  }

  change(row, bubble) {
    if (bubble.revision <= Number(row.dataset.revision)) return;
    const focused = [...row.querySelectorAll("button")].indexOf(document.activeElement);
    const stay = this.atEnd;
    this.fill(row, bubble);
    rest(this.log);
    if (focused >= 0) (row.querySelectorAll("button")[focused] ?? this.log).focus({ preventScroll: true });
    row.classList.remove("changed", "fresh");
    void row.offsetWidth; // so that a second change is highlighted again
    row.classList.add("changed");
    this.setTyping(false);
    this.aloud.textContent = word("edited_aloud", { text: bubble.text });
    if (stay) this.log.scrollTop = this.log.scrollHeight;
  }

  // A message on its way: shown at once, replaced by the stored bubble.
  sending(id, { text = "", press = false, file = null }) {
    if (this.pending.has(id)) return;
    const row = this.row({ mine: true, press, text, buttons: [], file: null, at: null, revision: 0 });
    if (file) row.querySelector(".bubble").prepend(this.card({ name: file.name, size: file.size }));
    row.classList.add("pending", "fresh");
    this.pending.set(id, row);
    this.place(row, Infinity);
    this.toEnd();
  }

  settle(id) {
    const row = id && this.pending.get(id);
    if (!row) return false;
    this.pending.delete(id);
    row.remove();
    return true;
  }

  row(bubble) {
    const row = make("article", `row ${bubble.mine ? "mine" : "theirs"}${bubble.press ? " press" : ""}`);
    this.fill(row, bubble);
    return row;
  }

  fill(row, bubble) {
    row.dataset.revision = bubble.revision;
    if (bubble.at) row.dataset.day = dateOf(bubble.at);
    row.dataset.at = bubble.at ?? "";
    const body = make("div", "bubble");
    if (bubble.file) body.append(this.file(bubble.file));
    const unkept = bubble.id && !bubble.text && !bubble.file;
    if (bubble.text) body.append(this.text(bubble.text, bubble.mine));
    if (unkept) body.append(make("p", "quiet", word("not_kept")));
    body.append(this.meta(bubble));
    row.replaceChildren(body);
    for (const buttons of bubble.buttons) row.append(this.buttons(bubble, buttons));
  }

  meta(bubble) {
    const meta = make("p", "meta");
    if (bubble.at) {
      const time = make("time", "", timeOf(bubble.at));
      time.dateTime = bubble.at;
      meta.append(time);
    } else {
      meta.append(word("sending"));
    }
    if (bubble.edited_at) meta.append(` · ${word("edited", { time: timeOf(bubble.edited_at) })}`);
    return meta;
  }

  text(text, mine) {
    const paragraph = make("p", "text");
    let from = 0;
    for (const found of text.matchAll(LIVE)) {
      const [whole, address] = found;
      if (!address && mine) continue;
      paragraph.append(text.slice(from, found.index), address ? this.anchor(address) : this.command(whole));
      from = found.index + whole.length;
    }
    paragraph.append(text.slice(from));
    return paragraph;
  }

  anchor(address) {
    const anchor = make("a", "", address);
    anchor.href = address;
    anchor.target = "_blank";
    anchor.rel = "noopener noreferrer";
    return anchor;
  }

  command(name) {
    const button = make("button", "command", name);
    button.type = "button";
    button.addEventListener("click", () => this.on.command(name));
    return button;
  }

  file(file) {
    if (!PICTURES.includes(file.media_type)) return this.card(file);
    const anchor = make("a", "picture");
    anchor.href = file.url;
    anchor.target = "_blank";
    const picture = make("img");
    picture.alt = word("picture", { name: file.name });
    picture.addEventListener("load", () => { if (this.atEnd) this.log.scrollTop = this.log.scrollHeight; });
    picture.src = file.url;
    anchor.append(picture);
    return anchor;
  }

  card(file) {
    const card = make(file.url ? "a" : "div", "card");
    if (file.url) {
      card.href = file.url;
      card.download = file.name;
    }
    const about = make("span", "card-text");
    const below = file.url ? `${word("download")} · ${sizeOf(file.size)}` : sizeOf(file.size);
    about.append(make("span", "card-name", file.name), make("span", "card-size", below));
    card.append(icon("i-file"), about);
    return card;
  }

  buttons(bubble, buttons) {
    const line = make("div", "buttons");
    for (const [label, action] of buttons) {
      const button = make("button", "", label);
      button.type = "button";
      button.dataset.action = action;
      button.addEventListener("click", () => this.on.press(bubble, action, label, button));
      line.append(button);
    }
    return line;
  }

  focusButtons() {
    [...this.log.querySelectorAll(".row:not(.answered) > .bubble + .buttons")].at(-1)?.firstElementChild.focus();
  }

  // Rows stand in the order of their ids; what is on its way stands last.
  place(row, id) {
    row.dataset.id = id;
    let next = this.typing;
    for (let at = next.previousElementSibling; at; at = at.previousElementSibling) {
      if (!at.classList.contains("row")) continue;
      if (Number(at.dataset.id) < id) break;
      next = at;
    }
    this.log.insertBefore(row, this.separatorOf(next) ?? next);
    this.separate(row);
    if (next !== this.typing) this.separate(next);
  }

  separatorOf(row) {
    const before = row.previousElementSibling;
    return before?.classList.contains("day") ? before : null;
  }

  separate(row) {
    this.separatorOf(row)?.remove();
    let before = row.previousElementSibling;
    while (before && !before.classList.contains("row")) before = before.previousElementSibling;
    if (!row.dataset.day || before?.dataset.day === row.dataset.day) return;
    const line = make("div", "day");
    line.append(make("span", "", dayName(row.dataset.at)));
    row.before(line);
  }

  // "Today" moves on with the clock.
  renameDays() {
    for (const line of this.log.querySelectorAll(".day")) {
      const name = dayName(line.nextElementSibling.dataset.at);
      if (line.textContent !== name) line.firstChild.textContent = name;
    }
  }

  setTyping(on) {
    clearTimeout(this.typingEnds);
    this.typing.hidden = !on;
    if (!on) return;
    if (this.atEnd) this.toEnd();
    this.typingEnds = setTimeout(() => this.setTyping(false), 8000);
  }

  follow(mine) {
    if (this.atEnd || mine) return this.toEnd();
    this.unread += 1;
    return this.showJump();
  }

  scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.log;
    this.atEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.atEnd) this.unread = 0;
    this.showJump();
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.atEnd = true;
    this.unread = 0;
    this.showJump();
  }

  showJump() {
    this.jump.hidden = this.atEnd;
    this.jump.lastElementChild.textContent = this.unread ? word("jump_one", { count: this.unread }) : "";
    this.jump.setAttribute("aria-label", this.unread ? word("jump_one", { count: this.unread }) : word("jump_none"));
  }
}
