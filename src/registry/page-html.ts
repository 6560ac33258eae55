/** What may stand in a template: text is escaped, null is nothing. */
export type Content = string | number | null | Html | readonly Content[];

/** Markup that `html` made; nothing else is taken for it. */
export class Html {
  readonly #text: string;

  /** Of markup that is part of the program. */
  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }

  /** True for what this constructor made, whatever else looks like it. */
  static isHtml(value: Content): value is Html {
    return typeof value === "object" && value !== null && #text in value;
  }
}

/** Markup with text between, in elements or in quoted attributes. */
export function html(markup: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(String.raw({ raw: markup }, ...contents.map(render)));
}

function render(content: Content): string {
  if (content === null) return "";
  if (typeof content === "string") return escapeHtml(content);
  if (typeof content === "number") return String(content);
  if (Html.isHtml(content)) return content.toString();
  return content.map(render).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Control characters, and those that turn text round or cannot be seen. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

function escapeHtml(text: string): string {
  return text
    .replace(INVISIBLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
