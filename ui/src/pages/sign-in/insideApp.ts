/** insideApp keeps a link from leading to another host after the sign-in. */
export function insideApp(to: string | undefined): string {
  return to && /^\/(?![/\\])/.test(to) ? to : "/";
}
