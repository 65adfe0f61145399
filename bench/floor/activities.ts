import { Agent } from 'undici';

export interface FloorActivities {
  readonly post: (body: unknown) => Promise<unknown>;
}

/** The same request as the product's, by the same library, on a connection of its own each time as there. */
export function floorActivities(url: string): FloorActivities {
  const agent = new Agent({ pipelining: 0 });
  return {
    post: async (body) => {
      const { body: answer } = await agent.request({
        origin: url,
        path: '/api/apps/pigeon/chain/invoke',
        method: 'POST',
        headers: { 'content-type': 'application/json', 'X-Authorization': 'Token bench' },
        body: JSON.stringify(body),
      });
      return answer.json();
    },
  };
}
