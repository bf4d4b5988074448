// Builds elements from tag, attributes and children. Text becomes text nodes, never markup.

type Value = string | number | boolean | undefined | ((event: never) => void);
type Child = Node | string | undefined;

/** `h("button.send", { type: "button", onclick: send }, icon)`: functions become listeners. */
export function h<K extends keyof HTMLElementTagNameMap>(
  selector: K | `${K}.${string}`,
  values: Record<string, Value> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const [tag, ...classes] = selector.split(".") as [K, ...string[]];
  const element = document.createElement(tag);
  element.classList.add(...classes);
  for (const [name, value] of Object.entries(values)) apply(element, name, value);
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

function apply(element: Element, name: string, value: Value): void {
  if (typeof value === "function") {
    element.addEventListener(name.slice(2), value as unknown as EventListener);
  } else if (value !== undefined && value !== false) {
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** Change the text only when it differs, so that a live region does not speak twice. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
