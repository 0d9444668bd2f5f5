// The people whose phones can be picked up in the demonstration, by unit, with a search that needs no marks.

import { icon, make } from "./bubbles.js";
import { fold, word } from "./words.js";

export function hashOf(address) { return `#${encodeURIComponent(address)}`; }

export class People {
  constructor(people) {
    this.people = people;
    this.list = document.getElementById("people-list");
    this.nobody = document.getElementById("nobody");
    this.search = document.getElementById("search");
    this.search.addEventListener("input", () => this.filter());
    this.search.addEventListener("keydown", (event) => this.key(event));
    this.lines = new Map();
    this.draw();
  }

  find(address) { return this.people.find((person) => person.address === address); }

  draw() {
    const groups = new Map();
    for (const person of this.people) {
      if (!groups.has(person.group)) groups.set(person.group, []);
      groups.get(person.group).push(person);
    }
    for (const [name, people] of groups) this.list.append(this.group(name, people));
  }

  group(name, people) {
    const group = make("section", "group");
    group.append(make("h2", "", name));
    for (const person of people) {
      const line = this.line(person);
      this.lines.set(person.address, line);
      group.append(line);
    }
    return group;
  }

  line(person) {
    const line = make("div", "person");
    line.dataset.words = fold(`${person.name} ${person.role} ${person.group}`);
    const open = make("a", "open");
    open.href = hashOf(person.address);
    open.append(make("span", "name", person.name), make("span", "role", person.role));
    const dot = make("span", "news");
    dot.hidden = true;
    dot.append(make("span", "aloud", word("choose_news")));
    open.append(dot);
    const apart = make("a", "icon apart");
    apart.href = hashOf(person.address);
    apart.target = "_blank";
    apart.title = word("choose_new_tab", { name: person.name });
    apart.setAttribute("aria-label", apart.title);
    apart.append(icon("i-tab"));
    line.append(open, apart);
    return line;
  }

  choose(address) {
    for (const [key, line] of this.lines) {
      const here = key === address;
      line.classList.toggle("here", here);
      if (here) line.querySelector(".open").setAttribute("aria-current", "page");
      else line.querySelector(".open").removeAttribute("aria-current");
    }
    this.news(address, false);
  }

  news(address, on) {
    const dot = this.lines.get(address)?.querySelector(".news");
    if (dot) dot.hidden = !on;
  }

  filter() {
    const wanted = fold(this.search.value).split(/\s+/);
    for (const line of this.lines.values()) line.hidden = !wanted.every((part) => line.dataset.words.includes(part));
    for (const group of this.list.children) group.hidden = !group.querySelector(".person:not([hidden])");
    this.nobody.hidden = Boolean(this.list.querySelector(".person:not([hidden])"));
  }

  key(event) {
    if (event.key === "Escape") {
      this.search.value = "";
      this.filter();
    }
    if (event.key === "Enter") this.list.querySelector(".person:not([hidden]) .open")?.click();
  }
}
