// Turns a message into text nodes and links. Only http and https addresses are ever followed.
import { h } from "./dom.ts";

const ADDRESS = /\bhttps?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]}]/g;

export function withLinks(text: string): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    nodes.push(new Text(text.slice(end, match.index)), linkTo(match[0]));
    end = match.index + match[0].length;
  }
  return [...nodes, new Text(text.slice(end))];
}

function linkTo(address: string): Node {
  const values = { href: address, target: "_blank", rel: "noopener noreferrer nofollow" };
  return h("a", values, address);
}
