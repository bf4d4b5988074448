// Turns a message into text, links and lists. Only http and https addresses are ever followed.
import { h } from "./dom.ts";

type Part = Node | string;

// Captured, so that a text split at them alternates between what is none and what is one.
const ADDRESS = /(\bhttps?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]}])/;
const LIST = /((?:^- .*\n?)+)/m;

/** What we say: lines that begin with "- " become the items of a list. */
export function formatted(text: string): Part[] {
  return text.split(LIST).flatMap((part, place) => (place % 2 ? listOf(part) : withLinks(part)));
}

function listOf(lines: string): Part {
  const items = lines.trim().split("\n");
  return h("ul", {}, ...items.map((item) => h("li", {}, ...withLinks(item.slice(2)))));
}

/** What a visitor said, as it was typed. */
export function withLinks(text: string): Part[] {
  return text.split(ADDRESS).map((part, place) => (place % 2 ? linkTo(part) : part));
}

function linkTo(address: string): Part {
  const values = { href: address, target: "_blank", rel: "noopener noreferrer nofollow" };
  return h("a", values, address);
}
