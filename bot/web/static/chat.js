/* The chat's only script: sends what is typed and pressed, and puts what is new where it belongs. The server writes the
   bubbles; nothing is decided here. */
"use strict";

(() => {
  const at = (id) => document.getElementById(id);
  const { body } = document;
  const log = at("log"), messages = at("messages"), words = at("words"), menu = at("menu"), slash = at("slash");
  const toast = at("toast"), state = at("state"), latest = at("latest"), writing = at("writing");
  const options = [...menu.children];
  const largest = 256 * 1024, attached = at("file");
  const patience = { toast: 5000, again: 3000, writing: 300, lost: 1500 };
  let version = Number(body.dataset.version);
  let line = Promise.resolve(), arrived = () => {};
  let source = null, lost = 0, chosen = -1, toastEnds = 0, pending = 0, writingStarts = 0;

  // --- what is new -------------------------------------------------------------------------------------------------

  function connect() {
    if (source) source.close();
    source = new EventSource(`/chat/events?since=${version}`);
    source.onopen = () => well(true);
    source.onmessage = (event) => take(JSON.parse(event.data));
    source.onerror = () => {
      if (!lost) lost = setTimeout(() => well(false), patience.lost);
      // A refusal ends an EventSource for good: perhaps the program was started anew with another token.
      if (source.readyState === EventSource.CLOSED) setTimeout(again, patience.again);
    };
  }

  async function again() {
    try {
      const answer = await fetch("/chat", { method: "HEAD" });
      if (answer.status === 401) well(false, body.dataset.closed);
    } catch { /* it is not there yet */ }
    if (!document.hidden) connect();
  }

  function well(is, why) {
    clearTimeout(lost);
    lost = 0;
    state.textContent = is ? state.dataset.well : why || body.dataset.offline;
    state.classList.toggle("bad", !is);
  }

  function take(news) {
    // The chat speaks another language now: so does the page around it, written anew with all that was said.
    if (news.language !== document.documentElement.lang) return location.reload();
    version = Math.max(version, news.version);
    const near = log.scrollHeight - log.scrollTop - log.clientHeight < 120;
    let first = null;
    for (const said of [...messages.querySelectorAll("article")]) {
      if (Number(said.dataset.id) < news.first) said.remove();
    }
    for (const html of news.messages) {
      const fresh = element(html);
      const known = at(fresh.id);
      if (known) replace(known, fresh);
      else {
        messages.append(fresh);
        first = first || fresh;
        if (fresh.classList.contains("me")) arrived();
      }
    }
    tidy();
    if (first) follow(first, near || first.classList.contains("me"));
  }

  function element(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content.firstElementChild;
  }

  function replace(known, fresh) {
    const focused = known.contains(document.activeElement) ? document.activeElement : null;
    const place = focused ? [...known.querySelectorAll(".rows button")].indexOf(focused) : -1;
    known.replaceWith(fresh);
    if (!focused) return;
    // The eye and the finger stay where they were: on the same button, else the one in its place, else what is typed.
    const buttons = [...fresh.querySelectorAll(".rows button")];
    const same = buttons.find((button) => button.dataset.press === focused.dataset.press);
    (same || buttons[Math.min(place, buttons.length - 1)] || words).focus();
  }

  function tidy() {
    for (const day of messages.querySelectorAll(".day")) day.remove();
    let day = "";
    for (const said of messages.children) {
      if (said.dataset.day !== day) {
        day = said.dataset.day;
        const line = document.createElement("p");
        line.className = "day";
        line.textContent = day;
        said.before(line);
      }
    }
    log.classList.toggle("empty", !messages.querySelector("article"));
  }

  function follow(first, near) {
    if (!near) return void (latest.hidden = false);
    const last = messages.lastElementChild;
    const top = first.offsetTop - log.offsetTop, tall = last.offsetTop + last.offsetHeight - first.offsetTop > log.clientHeight;
    // What is longer than the window is read from its beginning.
    log.scrollTop = tall ? (last.offsetHeight > log.clientHeight ? last.offsetTop - log.offsetTop : top) - 12 : log.scrollHeight;
  }

  // --- what is sent ------------------------------------------------------------------------------------------------

  async function send(address, what) {
    busy(1);
    try {
      const answer = await fetch(address, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(what),
      });
      if (answer.status === 401) {
        well(false, body.dataset.closed);
        return false;
      }
      const told = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
      say(told.toast || (answer.ok ? "" : body.dataset.notSent));
      return answer.ok;
    } catch {
      say(body.dataset.notSent);
      return false;
    } finally {
      busy(-1);
    }
  }

  function busy(more) {
    pending += more;
    clearTimeout(writingStarts);
    if (!pending) writing.hidden = true;
    else writingStarts = setTimeout(() => {
      const near = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
      writing.hidden = false;
      if (near) log.scrollTop = log.scrollHeight;
    }, patience.writing);
  }

  function say(text) {
    if (!text) return;
    clearTimeout(toastEnds);
    toast.textContent = text;
    toast.classList.add("shown");
    toastEnds = setTimeout(() => {
      toast.classList.remove("shown");
      toast.textContent = "";
    }, patience.toast);
  }

  /* Words go out in the order in which they were typed: the next as soon as the last stand in the conversation. */
  function speak(said) {
    let seen;
    const shown = new Promise((done) => { seen = done; });
    const answer = line.then(() => {
      arrived = seen;
      return send("/chat/say", said);
    });
    line = Promise.race([answer, shown]);
    return answer;
  }

  async function submit(text) {
    if (!text.trim()) return;
    if ([...text].length > Number(body.dataset.longest)) return say(body.dataset.tooLong);
    const typed = words.value === text;
    if (typed) type("");
    if (!(await speak({ words: text })) && typed && !words.value) type(text);
  }

  async function give(file) {
    if (!file) return;
    if (file.size > largest) return say(body.dataset.fileTooLarge);
    const bytes = new Uint8Array(await file.arrayBuffer());
    const content = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    const caption = words.value;
    type("");
    if (!(await speak({ words: caption, file: { name: file.name, content } }))) type(caption);
  }

  /* What is typed next goes here; a phone would put its keyboard over what is read. */
  function ready() {
    if (!matchMedia("(pointer: coarse)").matches) words.focus({ preventScroll: true });
  }

  async function press(button) {
    const said = button.closest("article");
    if (said.getAttribute("aria-busy") === "true") return;
    said.setAttribute("aria-busy", "true");
    button.classList.add("pressed");
    await send("/chat/press", { message: Number(said.dataset.id), data: button.dataset.press });
    said.removeAttribute("aria-busy");
    button.classList.remove("pressed");
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.press !== undefined) press(button);
    else if (button?.dataset.say) {
      submit(button.dataset.say);
      ready();
    } else if (!event.target.closest("footer")) close();
  });

  // --- what is typed -----------------------------------------------------------------------------------------------

  function type(text) {
    words.value = text;
    typed();
  }

  function typed() {
    words.style.height = "auto";
    words.style.height = `${words.scrollHeight + 2}px`;
    suggest();
  }

  /* « Thème » is typed, /themes is meant: as the bot reads it, without case and accents. */
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  function suggest() {
    const begun = /^\/(\S*)$/.exec(folded(words.value));
    let shown = 0;
    for (const option of options) {
      const names = [option.dataset.name, ...option.dataset.also.split(" ")];
      option.hidden = !begun || !names.some((name) => name.startsWith(begun[1]));
      shown += option.hidden ? 0 : 1;
    }
    if (!shown) return close();
    menu.hidden = false;
    expanded(true);
    choose(begun[1] ? options.findIndex((option) => !option.hidden) : -1);
  }

  function expanded(is) {
    for (const one of [words, slash]) one.setAttribute("aria-expanded", String(is));
  }

  function choose(number) {
    chosen = number;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === number)));
    if (number < 0) return words.removeAttribute("aria-activedescendant");
    words.setAttribute("aria-activedescendant", options[number].id);
    options[number].scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    const shown = options.map((option, place) => place).filter((place) => !options[place].hidden);
    const next = shown.indexOf(chosen) + step;
    choose(shown[chosen < 0 && step < 0 ? shown.length - 1 : (next + shown.length) % shown.length]);
  }

  function close() {
    menu.hidden = true;
    expanded(false);
    choose(-1);
  }

  function complete(option, only) {
    const name = `/${option.dataset.name}`;
    close();
    words.focus();
    if (only || option.dataset.waits !== undefined) type(`${name} `);
    else {
      type("");
      submit(name);
    }
  }

  function key(event) {
    if (event.isComposing) return;
    const open = !menu.hidden;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) move(event.key === "ArrowDown" ? 1 : -1);
    else if (open && event.key === "Escape") close();
    else if (open && event.key === "Tab" && !event.shiftKey && chosen >= 0) complete(options[chosen], true);
    else if (event.key === "Enter" && !event.shiftKey) {
      if (open && chosen >= 0) complete(options[chosen]);
      else submit(words.value);
    } else return;
    event.preventDefault();
  }

  words.addEventListener("input", typed);
  words.addEventListener("keydown", key);
  at("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit(words.value);
    words.focus();
  });
  menu.addEventListener("mousedown", (event) => event.preventDefault());
  menu.addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (option) complete(option);
  });
  slash.addEventListener("click", () => {
    if (menu.hidden) type("/");
    else if (words.value === "/") type("");
    else close();
    words.focus();
  });
  at("clip").addEventListener("click", () => attached.click());
  attached.addEventListener("change", () => {
    give(attached.files[0]);
    attached.value = "";
    ready();
  });
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    give(event.dataTransfer.files[0]);
  });
  latest.addEventListener("click", () => {
    log.scrollTop = log.scrollHeight;
    words.focus({ preventScroll: true });
  });
  log.addEventListener("scroll", () => {
    if (log.scrollHeight - log.scrollTop - log.clientHeight < 60) latest.hidden = true;
  }, { passive: true });
  document.addEventListener("visibilitychange", () => {
    // A browser has few connections to one place: pages that nobody sees hold none.
    if (document.hidden) source?.close();
    else connect();
  });
  addEventListener("keydown", (event) => {
    // Whoever begins to type « / » anywhere means a command.
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("textarea, input")) return;
    event.preventDefault();
    type("/");
    words.focus();
  });

  tidy();
  const last = messages.lastElementChild;
  if (last) follow(last, true);
  ready();
  connect();
})();
