// What Streamlit has no means for: "/" to the question box, copying, scrolling to the cited words.

const typing = (element) =>
  element && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(document.activeElement)) return;
  const box = document.querySelector("[data-testid=stChatInputTextArea], .st-key-words input");
  if (!box) return;
  event.preventDefault();
  box.focus();
});

// A line of text that stands beside its button presses it.
document.addEventListener("click", (event) => {
  const line = event.target.closest(".press");
  if (!line || String(getSelection())) return;
  line.closest("[data-testid=stHorizontalBlock], .stHorizontalBlock")?.querySelector("button")?.click();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const words = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = words), 1500);
});

let shown = null;
let asked = 0;
new MutationObserver(() => {
  const mark = document.getElementById("cited");
  if (mark !== shown) {
    shown = mark;
    mark?.scrollIntoView({ block: "center" });
  }
  const questions = document.querySelectorAll(".question");
  if (questions.length !== asked) {
    if (questions.length > asked) questions[questions.length - 1].scrollIntoView({ block: "start" });
    asked = questions.length;
  }
}).observe(document.body, { childList: true, subtree: true });
