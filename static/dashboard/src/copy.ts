// Copy buttons: `data-copy` names the element whose text is copied.

const SHOWN_FOR_MS = 2000;

export function enableCopying(root: HTMLElement): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("[data-copy]")) {
    button.addEventListener("click", () => void copyFor(button));
  }
}

async function copyFor(button: HTMLButtonElement): Promise<void> {
  const source = document.getElementById(button.dataset.copy ?? "");
  if (!source) return;
  if (await copied(source.textContent ?? "")) {
    tell(button, "Copied");
  } else {
    getSelection()?.selectAllChildren(source);
    tell(button, "Selected: press Ctrl+C");
  }
}

/** Browsers offer the clipboard only to pages that came over HTTPS or from this machine. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function tell(button: HTMLButtonElement, words: string): void {
  const note = document.createElement("span");
  note.className = "cs-copied";
  note.setAttribute("role", "status");
  button.after(note);
  // A status that is filled after it is in the page is read out; one that arrives filled is not.
  requestAnimationFrame(() => {
    note.textContent = words;
  });
  setTimeout(() => note.remove(), SHOWN_FOR_MS);
}
