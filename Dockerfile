# The pigeonflow command; a worker unless told otherwise. See docs/how-to/containers.md.

# Debian, not Alpine: the Temporal SDK has native code for glibc only.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
# The SDK is a peer dependency, which npm counts among the development dependencies of a checkout that has it there too:
# `--omit=dev` would take it away.
RUN npm run build && npm pkg delete devDependencies && npm prune

FROM node:24-bookworm-slim
# The SDK's native code trusts the certificates of the system, and slim has none.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist/src ./dist/src
COPY --from=build /app/schemas ./schemas
COPY --from=build /app/package.json /app/LICENSE ./
ENV NODE_ENV=production \
  PIGEONFLOW_HEALTH_ADDRESS=0.0.0.0:8090
USER node
EXPOSE 8090
# Of a worker. Other commands have no such address: `docker run --no-healthcheck`, or a check of their own.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PIGEONFLOW_HEALTH_ADDRESS.split(':').pop() + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node handles SIGTERM itself as the first process: no init is needed.
ENTRYPOINT ["node", "dist/src/cli.js"]
CMD ["worker"]
