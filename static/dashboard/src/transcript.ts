// The transcript: choosing a value highlights its words in the message and brings them into view.

export function enableTranscript(page: HTMLElement): void {
  const values = [...page.querySelectorAll<HTMLButtonElement>("[data-value]")];
  const marks = [...page.querySelectorAll<HTMLElement>("mark[data-values]")];
  const announcer = page.querySelector<HTMLElement>("[data-announce]");

  const choose = (chosen: HTMLButtonElement) => {
    const isOn = chosen.getAttribute("aria-pressed") !== "true";
    for (const button of values) {
      button.setAttribute("aria-pressed", String(isOn && button === chosen));
    }
    const own = isOn ? marksOf(marks, chosen.dataset.value ?? "") : [];
    for (const mark of marks) mark.classList.toggle("cs-mark-on", own.includes(mark));
    show(own[0]);
    if (announcer) announcer.textContent = own.length ? sentence(own) : "";
  };
  for (const button of values) button.addEventListener("click", () => choose(button));
}

function marksOf(marks: HTMLElement[], value: string): HTMLElement[] {
  return marks.filter((mark) => (mark.dataset.values ?? "").split(" ").includes(value));
}

function show(mark: HTMLElement | undefined): void {
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  mark?.scrollIntoView({ block: "center", behavior: isCalm ? "auto" : "smooth" });
}

function sentence(marks: HTMLElement[]): string {
  const words = marks.map((mark) => mark.textContent).join("");
  const number = marks[0]?.closest("li")?.id.replace("message-", "") ?? "";
  return `Highlighted in message ${number}: ${words}`;
}
