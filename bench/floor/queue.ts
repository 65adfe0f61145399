/** The queue of the floor's activity where it has one of its own. */
export const FLOOR_POSTS = 'bench-floor-posts';
