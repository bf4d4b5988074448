// The widget's few drawings, as paths on a 24 by 24 grid.

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  chat: "M12 4c-5 0-9 3-9 7 0 3 1 5 4 6 0 1-1 2-2 3 2 0 4 0 5-2h2c5 0 9-3 9-7s-4-7-9-7Z",
  close: "m6 6 12 12M18 6 6 18",
  down: "m5 9 7 7 7-7",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  send: "M12 19V5m-6.5 6.5L12 5l6.5 6.5",
  done: "m5 12.5 4.5 4.5L19 7.5",
};

export function icon(name: keyof typeof PATHS): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon", `icon-${name}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
