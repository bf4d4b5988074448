// The theme's forms: boxes to tick are a group with a name, and a refused form starts at its mistake.

/** Says of every group of boxes what it is, what it is for and what is wrong with it. */
export function nameGroups(root: HTMLElement): void {
  for (const box of root.querySelectorAll(".field-line input[type=checkbox][id]")) {
    const group = document.getElementById(box.id.replace(/_\d+$/, ""));
    const label = group?.closest(".field-line")?.querySelector("label");
    if (!group || !label || group === box) continue;
    label.id = `${group.id}_label`;
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", label.id);
    group.setAttribute("aria-describedby", `${group.id}_helptext ${group.id}_error`);
  }
}

/** A refused form looks much like an empty one: the title and the keyboard say that it is not. */
export function startAtMistake(root: HTMLElement): void {
  const first = root.querySelector<HTMLElement>("[aria-invalid=true]:not([hidden])");
  if (!first) return;
  document.title = `Not saved: ${document.title}`;
  first.focus();
}
