# syntax=docker/dockerfile:1
ARG NODE_VERSION=22.11.0

FROM node:${NODE_VERSION}-alpine AS base
ENV NODE_ENV=production
WORKDIR /usr/src/app

FROM base AS deps
RUN --mount=type=bind,source=package.json,target=package.json \
    --mount=type=bind,source=package-lock.json,target=package-lock.json \
    --mount=type=cache,target=/root/.npm \
    npm ci --omit=dev

FROM base
COPY --from=deps /usr/src/app/node_modules ./node_modules
COPY . .
USER node
EXPOSE 3000
CMD node src/index.js
# has usr/src/app/node_modules/dep/index.js usr/src/app/src/index.js
# config c.Cmd.join(' ') === '/bin/sh -c node src/index.js' && c.User === 'node' && c.WorkingDir === '/usr/src/app'
