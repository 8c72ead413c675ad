// Keys, copying and scrolling to the cited words, which Streamlit does not offer.

const $ = (selector) => document.querySelector(selector);
const typing = () => {
  const element = document.activeElement;
  return element?.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element?.tagName);
};
const press = (key) => $(`.st-key-source-${key} button:not(:disabled)`)?.click();

// "/" goes to the question or search box. The arrow keys go to the previous or next source.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing()) return;
  if (event.key === "/") {
    const box = $("[data-testid=stChatInputTextArea], .st-key-words input, .st-key-find input");
    if (!box) return;
    event.preventDefault();
    box.focus();
  } else if (event.key === "ArrowLeft") press("previous");
  else if (event.key === "ArrowRight") press("next");
});

// A click on a text beside a button (class "press") clicks the button.
document.addEventListener("click", (event) => {
  const line = event.target.closest(".press");
  if (!line || String(getSelection())) return;
  line.closest("[data-testid=stHorizontalBlock], .stHorizontalBlock")?.querySelector("button")?.click();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy], button[data-link]");
  if (!button) return;
  const text = button.dataset.copy ?? location.origin + "/" + button.dataset.link;
  const forms = { "text/plain": text };
  if (button.dataset.rich) forms["text/html"] = button.dataset.rich;
  const blobs = Object.entries(forms).map(([type, form]) => [type, new Blob([form], { type })]);
  await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
  const words = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = words), 1500);
});

// Streamlit scrolls to the end when the page grows, also when a table is drawn late. For some
// seconds, or until the reader does something, each such scroll is undone: first the `anchor` goes
// back to its old height, then the element is scrolled into view.
let previous = new AbortController();
const keepInView = (element, block, anchor, seconds = 3) => {
  if (!element?.closest(".stMain")) return;
  previous.abort();
  const now = (previous = new AbortController());
  const { signal } = now;
  const end = () => now.abort();
  let timer = 0;
  const scrollBack = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!element.isConnected) element = $(".welcome") ?? element; // it was drawn again
      if (signal.aborted || !element.isConnected) return;
      const line = anchor?.find();
      if (line) element.closest(".stMain").scrollBy(0, line.getBoundingClientRect().top - anchor.top);
      element.scrollIntoView({ block });
    }, 200);
  };
  addEventListener("scroll", scrollBack, { signal, capture: true }); // the frame may be drawn anew
  for (const act of ["wheel", "pointerdown", "keydown"])
    addEventListener(act, end, { signal, capture: true, passive: true });
  setTimeout(end, seconds * 1000);
  scrollBack();
};

// A source that opens scrolls to the cited words and takes the focus. When it closes, the focus
// returns to the button that opened it. The button is found by its class name, because Streamlit may
// have replaced the element. A new answer is shown from its question, the first page from its top.
let mark = null;
let opener = "";
let anchor = null;
let answers = 0;
let welcomed = false;
document.addEventListener(
  "click",
  (event) => {
    if (!event.isTrusted) return;
    anchor = anchorOf(event.target.closest("[class*=-claim-]"));
    if (mark) return;
    const names = event.target.closest("[class*=st-key-]")?.classList ?? [];
    const pressed = event.detail === 0; // with the keyboard; a mouse click does not move the focus
    opener = (pressed && [...names].find((name) => name.startsWith("st-key-"))) || "";
  },
  true,
);
// The question of a claim if it is in view, else the claim, with its height on the page.
const anchorOf = (claim) => {
  if (!claim) return null;
  const named = (element) => [...element.classList].find((name) => name.startsWith("st-key-"));
  const turn = claim.closest("[class*=st-key-turn-]:has(.question)");
  const question = () => $(`.${named(turn)} .question`);
  const same = () => $(`.${named(claim)}`);
  const find = turn && question().getBoundingClientRect().top > 60 ? question : same;
  return { find, top: find().getBoundingClientRect().top };
};
const returnFocus = () => {
  if (!mark && document.activeElement === document.body)
    $(`.${CSS.escape(opener)} button`)?.focus({ preventScroll: true });
};
new MutationObserver(() => {
  const now = document.getElementById("cited");
  if (now !== mark) {
    now?.scrollIntoView({ block: "center" });
    const cited = $("[class*=-cite-] button[kind=primary]");
    if (now) keepInView(cited?.closest("[class*=-claim-]"), "nearest", anchor);
    if (opener && now && !mark) now.focus({ preventScroll: true });
    else if (opener && !now) setTimeout(returnFocus, 200);
    mark = now;
  }
  if (!welcomed && $(".welcome")) keepInView($(".welcome"), "start", null, 120);
  welcomed = Boolean($(".welcome"));
  $("[data-testid=stToast]:not([aria-label])")?.setAttribute("aria-label", "What was done");
  const ends = document.querySelectorAll(".turn-end").length;
  if (ends > answers) keepInView([...document.querySelectorAll(".question")].at(-1), "start");
  answers = ends;
}).observe(document.body, { childList: true, subtree: true });

// A menu that is opened with the keyboard takes the focus and gives it back: it lies at the end of the
// page, far from its button.
let menu = null;
let menuButton = null;
document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest("[data-testid=stPopover] button");
    if (event.isTrusted && button) menuButton = event.detail === 0 ? button : null;
  },
  true,
);
const enterMenu = (body, tries) => {
  if (menu !== body || body.contains(document.activeElement)) return;
  const field = body.querySelector("input, textarea, button, a[href]");
  if (field) field.focus({ preventScroll: true });
  else if (tries) setTimeout(enterMenu, 100, body, tries - 1);
};
new MutationObserver(() => {
  const now = $("[data-testid=stPopoverBody]");
  if (now === menu) return;
  // Its fields are drawn a little later, on a busy machine much later.
  if (now && !menu && menuButton) setTimeout(enterMenu, 200, now, 100);
  else if (!now && document.activeElement === document.body)
    menuButton?.focus({ preventScroll: true });
  menu = now;
}).observe(document.body, { childList: true, subtree: true });

// The page is drawn again when the next questions of an answer are found.
setInterval(async () => {
  const wait = $(".next-wait");
  if (!wait || document.hidden || typing() && document.activeElement.value) return;
  const reply = await fetch(`/next-questions/${wait.dataset.turn}`).catch(() => null);
  const resting = $(".stApp")?.dataset.testScriptState === "notRunning";
  // An open menu would close, and a click on it be lost.
  const open = $('[data-testid="stPopoverBody"], [role="dialog"]');
  if (reply?.status === 204 && wait.isConnected && resting && !open)
    $(".st-key-next-wait button")?.click();
}, 1000);

// A line in words while the server is away: for two seconds, so that a short break says nothing.
const away = document.createElement("div");
away.className = "stopped notice error";
away.setAttribute("role", "alert");
let seconds = 0;
setInterval(() => {
  const state = $(".stApp")?.dataset.testConnectionState;
  seconds = state && state !== "CONNECTED" ? seconds + 1 : 0;
  if (seconds < 2) away.remove();
  else if (!away.isConnected) {
    away.textContent =
      "The server does not answer: it was stopped, or the network is down. The page goes on by " +
      "itself when it is back. What was asked and answered is kept.";
    document.body.append(away);
  }
}, 1000);

document.documentElement.dataset.keys = "ready";
