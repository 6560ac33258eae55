/** What a request asks for, and how it was answered. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly bytes: number;
}
