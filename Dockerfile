# Built from nothing but Node, three packages of libraries and this program: no shell, no package manager, nothing to log in to.
# What runs while building is the builder's own architecture, where that is possible: only Node itself differs.

FROM --platform=$BUILDPLATFORM node:24-bookworm-slim AS base
WORKDIR /app
COPY package.json package-lock.json ./

# Nothing that ships needs an installation script, a compiled part (msgpackr works without) or what only types are checked with.
FROM base AS dependencies
RUN npm ci --omit=dev --omit=optional --omit=peer --ignore-scripts --no-audit --no-fund \
  && find node_modules -type f '(' -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' ')' -delete

# The first line of a program names its interpreter, and the image has no `env`.
FROM base AS build
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY config ./config
COPY connectors ./connectors
COPY src ./src
RUN node node_modules/typescript/lib/tsc.js -p tsconfig.build.json \
  && cp -r src/server/console/assets dist/src/server/console/ \
  && sed -i '1s|.*|#!/usr/local/bin/node|' dist/src/main.js \
  && chmod +x dist/src/main.js

FROM node:24-bookworm-slim AS system
COPY deploy/image/gather.sh /
RUN /gather.sh /gathered

FROM scratch
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Rollcall" \
  org.opencontainers.image.description="Keeps an organisation's user list true to its directory." \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="${VERSION}"
COPY --from=system /gathered /
# The environment wins over the configuration file: inside the container the address is always this one, which the health
# check relies on; outside, the published port decides. glibc would keep memory of many threads that is free (bench/README.md).
ENV PATH=/usr/local/bin \
  HOME=/home/node \
  NODE_ENV=production \
  MALLOC_ARENA_MAX=2 \
  ROLLCALL__SERVER__HOST=0.0.0.0 \
  ROLLCALL__SERVER__PORT=8080
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY config/examples ./config/examples
COPY deploy/healthcheck.mjs ./deploy/healthcheck.mjs
# A number: Kubernetes can't tell from a name that it isn't root.
USER 1000:1000
# The embedded store lies here where no database is configured.
VOLUME ["/app/data"]
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["/usr/local/bin/node", "/app/deploy/healthcheck.mjs"]
# V8 would let young objects take 128 MiB on a large machine, and at times put into the old generation what is about to be
# garbage (bench/README.md). NODE_OPTIONS, which doesn't take the second, stays the operator's.
ENTRYPOINT ["/usr/local/bin/node", "--max-semi-space-size=16", "--no-allocation-site-pretenuring", "/app/dist/src/main.js"]
CMD ["start"]
