// What Streamlit has no means for: keys, copying, and scrolling to the cited words.

const $ = (selector) => document.querySelector(selector);
const typing = () => {
  const element = document.activeElement;
  return element?.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element?.tagName);
};
const press = (key) => $(`.st-key-source-${key} button:not(:disabled)`)?.click();

// "/" goes to the question or search box; the arrows go through the sources of an open answer.
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

// A line of text that stands beside its button presses it.
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

// Streamlit scrolls to the end of the page when it grows, also when a table comes late: put the
// element back whenever that is done, until the reader does something; and before that the line
// that was `kept` to the height it had.
let leave = new AbortController();
const settle = (element, block, kept) => {
  const frame = element?.closest(".stMain");
  if (!frame) return;
  leave.abort();
  const now = (leave = new AbortController());
  const { signal } = now;
  const end = () => now.abort();
  let still = 0;
  const wait = () => {
    clearTimeout(still);
    still = setTimeout(() => {
      if (signal.aborted || !element.isConnected) return;
      const line = kept?.find();
      if (line) frame.scrollBy(0, line.getBoundingClientRect().top - kept.top);
      element.scrollIntoView({ block });
    }, 200);
  };
  frame.addEventListener("scroll", wait, { signal });
  for (const act of ["wheel", "pointerdown", "keydown"])
    addEventListener(act, end, { signal, capture: true, passive: true });
  setTimeout(end, 3000);
  wait();
};

// An opened source scrolls to the cited words and takes the focus; closed, the focus goes back.
// An answer is read from its question, the first page from its top.
// What opened it is found by its name: Streamlit may have made the button anew meanwhile.
let mark = null;
let opener = "";
let kept = null;
let answers = 0;
let greeted = false;
document.addEventListener(
  "click",
  (event) => {
    if (!event.isTrusted) return;
    kept = heldIn(event.target.closest("[class*=-claim-]"));
    if (mark) return;
    const names = event.target.closest("[class*=st-key-]")?.classList ?? [];
    const pressed = event.detail === 0; // with the keyboard; a mouse leaves the focus where it is
    opener = (pressed && [...names].find((name) => name.startsWith("st-key-"))) || "";
  },
  true,
);
// A claim's question where that is in sight, else the claim, and how high it stands.
const heldIn = (claim) => {
  if (!claim) return null;
  const named = (element) => [...element.classList].find((name) => name.startsWith("st-key-"));
  const turn = claim.closest("[class*=st-key-turn-]:has(.question)");
  const question = () => $(`.${named(turn)} .question`);
  const same = () => $(`.${named(claim)}`);
  const find = turn && question().getBoundingClientRect().top > 60 ? question : same;
  return { find, top: find().getBoundingClientRect().top };
};
const goBack = () => {
  if (!mark && document.activeElement === document.body)
    $(`.${CSS.escape(opener)} button`)?.focus({ preventScroll: true });
};
new MutationObserver(() => {
  const now = document.getElementById("cited");
  if (now !== mark) {
    now?.scrollIntoView({ block: "center" });
    const cited = $("[class*=-cite-] button[kind=primary]");
    if (now) settle(cited?.closest("[class*=-claim-]"), "nearest", kept);
    if (opener && now && !mark) now.focus({ preventScroll: true });
    else if (opener && !now) setTimeout(goBack, 200);
    mark = now;
  }
  if (!greeted && $(".welcome")) settle($(".welcome"), "start");
  greeted = Boolean($(".welcome"));
  const ends = document.querySelectorAll(".turn-end").length;
  if (ends > answers) settle([...document.querySelectorAll(".question")].at(-1), "start");
  answers = ends;
}).observe(document.body, { childList: true, subtree: true });

document.documentElement.dataset.keys = "ready";
