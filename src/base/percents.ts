/** Text with its percent escapes undone; as it is where they are malformed. @see RFC 3986, section 2.1 */
export function decodePercents(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
