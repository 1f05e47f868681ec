FROM node:24-bookworm-slim AS base
WORKDIR /app
COPY package.json package-lock.json ./

# Nothing that ships needs an installation script; the package `node` would download a Node that the image has already.
FROM base AS deps
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && npm cache clean --force

FROM base AS build
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY config ./config
COPY connectors ./connectors
COPY src ./src
RUN node node_modules/typescript/lib/tsc.js -p tsconfig.build.json \
  && cp -r src/server/console/assets dist/src/server/console/ \
  && chmod +x dist/src/main.js

FROM node:24-bookworm-slim AS runtime
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Rollcall" \
  org.opencontainers.image.description="Keeps an organisation's user list true to its directory." \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="${VERSION}"
# The environment wins over the configuration file: inside the container the address is always this one, which the health
# check relies on; outside, the published port decides.
ENV NODE_ENV=production \
  ROLLCALL__SERVER__HOST=0.0.0.0 \
  ROLLCALL__SERVER__PORT=8080
WORKDIR /app
COPY --from=deps /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY config/examples ./config/examples
COPY --chmod=755 deploy/healthcheck.mjs ./deploy/healthcheck.mjs
# The embedded store lies here where no database is configured.
RUN mkdir data && chown node:node data && ln -s /app/dist/src/main.js /usr/local/bin/rollcall
USER node
VOLUME ["/app/data"]
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["node", "/app/deploy/healthcheck.mjs"]
ENTRYPOINT ["node", "/app/dist/src/main.js"]
CMD ["start"]
