/** As many whole characters as fit into so many bytes. */
export const firstBytes = (text: string, most: number): string =>
  new TextDecoder().decode(Buffer.from(text).subarray(0, most), { stream: true });
