// One WebSocket a tab: it comes back by itself, and what was not acknowledged is sent again under the same id.

const PING = 15000;
const SILENCE = 40000;
const LONGEST_WAIT = 15000;

let last = 0;

// Ids that sort by time (UUID version 7), so that messages of one moment keep their order.
export function newId() {
  last = Math.max(last + 1, Date.now() * 4096);
  const time = Math.floor(last / 4096).toString(16).padStart(12, "0");
  const count = (last % 4096).toString(16).padStart(3, "0");
  const rest = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${rest.slice(0, 4)}-${rest.slice(4)}`;
}

export class Link {
  // on: frame(frame), state("on" | "off" | "connecting"), refused(id, reason)
  constructor(address, on) {
    this.address = address;
    this.on = on;
    this.prefix = `waiting:${address}:`;
    this.files = new Map();
    this.wait = 500;
    this.ended = false;
    this.heard = Date.now();
    this.timer = setInterval(() => this.beat(), PING);
    this.wake = () => { if (!document.hidden && !this.ready) this.connect(); };
    addEventListener("online", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.on.state("connecting");
    this.connect();
  }

  // Texts and presses survive a reload; two tabs may both send one again, the server takes it once.
  waiting() {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix)).sort();
    return keys.map((key) => JSON.parse(localStorage.getItem(key)));
  }

  connect() {
    clearTimeout(this.retry);
    if (this.ended || this.socket?.readyState === WebSocket.CONNECTING || this.ready) return;
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/talk`);
    this.socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", address: this.address }));
    socket.onmessage = (event) => { if (socket === this.socket) this.receive(JSON.parse(event.data)); };
    socket.onclose = () => { if (socket === this.socket) this.lost(); };
  }

  receive(frame) {
    this.heard = Date.now();
    if (frame.type === "history") this.greeted(frame);
    else if (frame.type === "unknown") this.close();
    if (frame.type === "ack") this.done(frame.id);
    else if (frame.type === "refused") this.refuse(frame.id, frame.reason);
    else this.on.frame(frame);
  }

  greeted() {
    this.ready = true;
    this.on.state("on");
    for (const message of this.waiting()) this.socket.send(JSON.stringify(message));
    for (const id of this.files.keys()) this.upload(id);
  }

  lost() {
    this.ready = false;
    if (this.ended) return;
    this.on.state("off");
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.connect(), this.wait * (0.7 + 0.6 * Math.random()));
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  beat() {
    if (!this.ready) return;
    if (Date.now() - this.heard > SILENCE) {
      this.socket.close();
      this.lost();
      return;
    }
    this.wait = 500;
    this.ask({ type: "ping" });
  }

  ask(frame) {
    if (this.ready) this.socket.send(JSON.stringify(frame));
  }

  // Send a text or press; it stays until acknowledged.
  say(message) {
    const full = { id: newId(), ...message };
    localStorage.setItem(this.prefix + full.id, JSON.stringify(full));
    this.ask(full);
    return full;
  }

  sendFile(file) {
    const id = newId();
    this.files.set(id, file);
    this.upload(id);
    return id;
  }

  async upload(id) {
    const file = this.files.get(id);
    const query = new URLSearchParams({ address: this.address, id, name: file.name });
    let answer;
    try {
      const headers = { "Content-Type": file.type || "application/octet-stream" };
      const response = await fetch(`/upload?${query}`, { method: "POST", body: file, headers });
      answer = await response.json();
    } catch {
      return; // the server is away: the file goes again with the next greeting
    }
    if (answer.type === "ack") this.done(id);
    else this.refuse(id, answer.reason);
  }

  done(id) {
    this.files.delete(id);
    localStorage.removeItem(this.prefix + id);
    this.on.done(id);
  }

  refuse(id, reason) {
    this.files.delete(id);
    localStorage.removeItem(this.prefix + id);
    this.on.refused(id, reason);
  }

  close() {
    this.ended = true;
    this.ready = false;
    clearInterval(this.timer);
    clearTimeout(this.retry);
    removeEventListener("online", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    this.socket?.close();
  }
}
