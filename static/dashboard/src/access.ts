// Makes the admin theme's clickable texts work by keyboard and name themselves to screen readers.

// Controls that show a picture only, and what they do.
const NAMES: [selector: string, name: string][] = [
  ['[x-on\\:click*="openTheme ="]', "Colour theme"],
  ['[x-on\\:click*="sidebar"]', "Show or hide the menu"],
  ['[x-on\\:click*="showActions"]', "More actions"],
  ["#searchbar-submit", "Search"],
  ["#nav-sidebar a[href='/admin/']:has(> .material-symbols-outlined:only-child)", "Home"],
];
const NATIVE = "a[href], button, input, select, textarea, summary, label, form, tr, body, html";

export function makeReachable(root: HTMLElement): void {
  for (const element of root.querySelectorAll<HTMLElement>("*")) {
    if (element.hasAttribute("x-on:click") && isPlain(element)) becomeButton(element);
  }
  for (const icon of root.querySelectorAll<HTMLElement>(".material-symbols-outlined")) {
    if (icon.getAttribute("role") !== "button") icon.setAttribute("aria-hidden", "true");
  }
  for (const [selector, name] of NAMES) {
    for (const control of root.querySelectorAll(selector)) control.setAttribute("aria-label", name);
  }
  for (const link of root.querySelectorAll<HTMLElement>("a[title]:not([aria-label])")) {
    link.setAttribute("aria-label", link.title);
  }
}

/** Backdrops close on a click as well, but the Escape key does the same for the keyboard. */
function isPlain(element: HTMLElement): boolean {
  return !element.matches(NATIVE) && !element.id.endsWith("-close");
}

function becomeButton(element: HTMLElement): void {
  element.setAttribute("role", "button");
  element.tabIndex = 0;
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    element.click();
  });
}

/** The menu stands before the content on every page: the first Tab offers a way past it. */
export function addSkipLink(root: HTMLElement): void {
  const content = document.getElementById("content");
  if (!content) return;
  content.tabIndex = -1;
  const link = document.createElement("a");
  link.className = "cs-skip cs-button";
  link.href = "#content";
  link.textContent = "Skip to the content";
  link.addEventListener("click", (event) => {
    event.preventDefault(); // the theme takes what stands behind the # for the name of a tab
    content.focus();
  });
  root.prepend(link);
}
