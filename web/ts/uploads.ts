// uploads.ts - forms with files, with a script: files go in pieces (tus 1.0.0), with progress, over cut lines and reloads.
// Without it a form sends them at once. Texts come from the page. Which upload a file has is remembered for this tab only:
// machines of the hall are shared.
const PIECE = 1024 * 1024;
const WAITS_S = [1, 2, 4, 8, 15, 30];

interface Line {
  form: HTMLFormElement;
  file: File;
  field: string;
  root: HTMLElement;
  text: HTMLElement;
  bar: HTMLProgressElement;
  stop: HTMLButtonElement;
  again: HTMLButtonElement;
  address: string;
  tries: number;
  stopped: boolean;
  busy: boolean;
  request?: XMLHttpRequest;
}

class Refused extends Error {
  constructor(readonly status: number, text: string) {
    super(text);
  }
}

const forms = [...document.querySelectorAll<HTMLFormElement>("form[data-uploads]")];
const form = forms[0]; // its texts and its token are those of the others
const words = (name: string, arg = ""): string => (form?.dataset[name] ?? "").replace("$1", () => arg);
const token = (): string => form?.querySelector<HTMLInputElement>("input[name=_csrf]")?.value ?? "";
const sleep = (ms: number): Promise<void> =>
  new Promise((done) => {
    const timer = setTimeout(done, ms);
    addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
  });
const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const memory = (l: Line): string => `upload ${l.form.dataset.uploads} ${l.field} ${l.file.name} ${l.file.size} ${l.file.lastModified}`;

/** One request; resolves with its answer, rejects with Refused (in the server's words) or an Error when the line is cut. */
const ask = (l: Line, method: string, address: string, headers: Record<string, string>, body?: Blob, onSent?: (n: number) => void) =>
  new Promise<XMLHttpRequest>((done, fail) => {
    const x = (l.request = new XMLHttpRequest());
    x.open(method, address);
    x.setRequestHeader("Tus-Resumable", "1.0.0");
    x.setRequestHeader("X-CSRF-Token", token());
    x.setRequestHeader("Accept", "application/json");
    for (const [name, value] of Object.entries(headers)) x.setRequestHeader(name, value);
    if (onSent) x.upload.onprogress = (e) => onSent(e.loaded);
    x.onload = () => {
      if (x.status >= 200 && x.status < 300) return done(x);
      let told = "";
      try {
        const p = JSON.parse(x.responseText);
        told = p.errors?.[0]?.detail ?? p.detail ?? p.title ?? "";
      } catch { /* no words came with it */ }
      fail(new Refused(x.status, told));
    };
    x.onerror = x.onabort = () => fail(new Error("cut"));
    x.send(body);
  });

const show = (l: Line, name: string, arg = "") => { l.text.textContent = words(name, arg); };
const progress = (l: Line, sent: number) => {
  const percent = Math.floor((sent / l.file.size) * 100);
  l.bar.value = percent;
  if (l.text.dataset.said !== String(percent - (percent % 10))) { // tenths are enough to be read out
    l.text.dataset.said = String(percent - (percent % 10));
    show(l, "sending", l.text.dataset.said);
  }
};

const create = async (l: Line): Promise<number> => {
  const x = await ask(l, "POST", l.form.dataset.uploads!, {
    "Upload-Length": String(l.file.size),
    "Upload-Metadata": `field ${base64(l.field)},filename ${base64(l.file.name)}`,
  });
  l.address = x.getResponseHeader("Location") ?? "";
  sessionStorage.setItem(memory(l), l.address);
  return 0;
};

/** How much the server has; a new upload if it knows of none. */
const begin = async (l: Line): Promise<number> => {
  l.address ||= sessionStorage.getItem(memory(l)) ?? "";
  if (!l.address) return create(l);
  try {
    return Number((await ask(l, "HEAD", l.address, {})).getResponseHeader("Upload-Offset"));
  } catch (e) {
    if (!(e instanceof Refused) || e.status !== 404) throw e;
    return create(l);
  }
};

const send = async (l: Line): Promise<void> => {
  let at = await begin(l);
  progress(l, at);
  while (at < l.file.size && !l.stopped) {
    const from = at;
    const x = await ask(l, "PATCH", l.address, { "Upload-Offset": String(from), "Content-Type": "application/offset+octet-stream" },
      l.file.slice(from, from + PIECE), (n) => progress(l, from + n));
    at = Number(x.getResponseHeader("Upload-Offset"));
    l.tries = 0;
  }
};

const ended = (l: Line, name: string, arg = "") => {
  sessionStorage.removeItem(memory(l));
  l.bar.hidden = l.stop.hidden = l.again.hidden = true;
  show(l, name, arg);
};

/** True if what went wrong may go right by itself: a cut line, a lock, a crowd. */
const passes = (e: unknown): boolean => !(e instanceof Refused) || [409, 423, 429, 500, 503].includes(e.status);

/** Nothing of a cancelled file stays: a piece that is still being written makes the server say "later" for a moment. */
const drop = async (l: Line): Promise<void> => {
  for (let i = 0; l.address && i < 5; i++) {
    try {
      await ask(l, "DELETE", l.address, {});
      return;
    } catch (e) {
      if (!passes(e)) return; // it is gone
      await sleep(500 * (i + 1)); // after the last one it goes by itself after a day
    }
  }
};

/** Until the file is there, refused, cancelled, or the line stays cut. True: there. */
const carry = async (l: Line): Promise<boolean> => {
  l.again.hidden = true;
  for (; !l.stopped; l.tries++) {
    try {
      await send(l);
      if (l.stopped) break;
      ended(l, "done");
      return true;
    } catch (e) {
      if (l.stopped) break;
      if (!passes(e) || (e instanceof Refused && e.status === 409 && l.tries > 1)) {
        l.root.classList.add("is-refused");
        ended(l, "refused", e instanceof Error ? e.message : "");
        return false;
      }
      if (l.tries >= WAITS_S.length) {
        show(l, "cut");
        l.again.hidden = false;
        l.tries = 0;
        return false;
      }
      show(l, "waiting", String(WAITS_S[l.tries]));
      await sleep(WAITS_S[l.tries] * 1000);
    }
  }
  return false;
};

/** A creation under way is waited for: only its answer says what to delete. */
const cancel = (l: Line) => {
  l.stopped = true;
  if (l.address) l.request?.abort();
  ended(l, "cancelled");
  if (!l.busy) void drop(l);
};

const button = (text: string, name: string): HTMLButtonElement => {
  const b = document.createElement("button");
  b.type = "button";
  b.className = "govuk-button govuk-button--secondary tb-0";
  b.textContent = text;
  b.setAttribute("aria-label", `${text} ${name}`);
  return b;
};

const line = (file: File, input: HTMLInputElement): Line => {
  const root = document.createElement("div");
  const name = document.createElement("p");
  const text = document.createElement("p");
  const bar = document.createElement("progress");
  root.className = "tb-upload";
  name.textContent = file.name;
  text.setAttribute("role", "status");
  bar.max = 100;
  bar.setAttribute("aria-label", file.name);
  const l: Line = { form: input.form!, file, field: input.name, root, text, bar, stop: button(words("stop"), file.name), again: button(words("again"), file.name),
    address: "", tries: 0, stopped: false, busy: false };
  l.again.hidden = true;
  root.append(name, bar, text, l.again, l.stop);
  input.closest(".govuk-form-group")!.append(root);
  return l;
};

/** What was typed beside the files outlives the reading of the page again. */
const typed = (t: HTMLTextAreaElement): string => `typed ${t.form!.action} ${t.name}`;
const typedAll = (): HTMLTextAreaElement[] => forms.flatMap((f) => [...f.querySelectorAll("textarea")]);
const reread = () => {
  for (const t of typedAll()) sessionStorage.setItem(typed(t), t.value);
  location.reload();
};

let queue = Promise.resolve();
let open = 0;
let refused = 0;

/** One after the other; when all are there the page is read again and shows them as the server has them. */
const enqueue = (l: Line) => {
  open++;
  queue = queue.then(async () => {
    l.busy = true;
    const there = await carry(l);
    l.busy = false;
    if (l.stopped) await drop(l);
    else if (!there) refused++;
    if (--open === 0 && refused === 0) reread();
  });
};

const take = (input: HTMLInputElement) => {
  for (const file of input.files ?? []) {
    const l = line(file, input);
    l.stop.onclick = () => cancel(l);
    l.again.onclick = () => { refused--; enqueue(l); };
    if (file.size > Number(l.form.dataset.most)) {
      refused++;
      l.root.classList.add("is-refused");
      ended(l, "large");
    } else {
      enqueue(l);
    }
  }
  input.value = "";
};

for (const f of forms) {
  for (const input of f.querySelectorAll<HTMLInputElement>("input[type=file]")) input.onchange = () => take(input);
  for (const b of f.querySelectorAll<HTMLButtonElement>("button[data-all]")) b.hidden = true;
}
for (const t of typedAll()) {
  t.value ||= sessionStorage.getItem(typed(t)) ?? "";
  sessionStorage.removeItem(typed(t));
}
