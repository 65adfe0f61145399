/** A path as a message shows it. What does not look like one may be the secret itself, given in the place of its file. */
export function namedFile(path: string): string {
  return /^(?:~|\.{0,2}[\\/]|[a-z]:[\\/])[^\r\n]*$/i.test(path)
    ? path
    : 'no path that can be shown (it may be the secret itself: give the path of its file, from / or ./ on)';
}
