// How the editor looks. The colours are the page's custom properties, so light and dark follow it.
import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--cs-code-name)" },
  { tag: tags.string, color: "var(--cs-code-text)" },
  { tag: tags.number, color: "var(--cs-code-number)" },
  { tag: [tags.bool, tags.null], color: "var(--cs-code-word)" },
]);

export const frame = EditorView.theme({
  "&": {
    border: "1px solid var(--cs-line)",
    borderRadius: "6px",
    backgroundColor: "var(--cs-sunken)",
    color: "var(--cs-ink)",
    fontSize: "0.875rem",
  },
  "&.cm-focused": { outline: "2px solid var(--cs-accent)", outlineOffset: "1px" },
  ".cm-content": { caretColor: "var(--cs-ink)" },
  ".cm-cursor": { borderLeftColor: "var(--cs-ink)" },
  ".cm-scroller": { fontFamily: "var(--cs-mono)", lineHeight: "1.6" },
  ".cm-gutters": {
    backgroundColor: "transparent",
    borderRight: "1px solid var(--cs-line)",
    color: "var(--cs-quiet)",
  },
  ".cm-activeLine": { backgroundColor: "var(--cs-tint)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, ::selection": {
    backgroundColor: "var(--cs-chosen)",
  },
  ".cm-panels": { backgroundColor: "var(--cs-raised)", color: "var(--cs-ink)" },
  ".cm-tooltip": {
    backgroundColor: "var(--cs-raised)",
    border: "1px solid var(--cs-line)",
    color: "var(--cs-ink)",
  },
});
