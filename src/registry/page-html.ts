/** What may be put into a template: text is escaped, null adds nothing. */
export type Content = string | number | null | Html | readonly Content[];

/** Markup that `html` made; nothing else is accepted as markup. */
export class Html {
  readonly #text: string;

  /** From markup that is part of the program. */
  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }

  /** True only for what this constructor made, whatever its shape. */
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

/** Control characters, characters that reverse the direction of text, and invisible ones. */
const invisible = () => /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

function escapeHtml(text: string): string {
  return text
    .replace(invisible(), (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
