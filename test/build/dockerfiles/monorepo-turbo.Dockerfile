ARG APP=web
FROM node:alpine AS pruner
ARG APP
WORKDIR /repo
COPY . .
RUN mkdir -p out/json out/full && cp package.json out/json/ && cp -r src out/full/ && echo $APP > out/full/name
FROM node:alpine AS installer
ARG APP
WORKDIR /repo
COPY --from=pruner /repo/out/json/ .
RUN npm install
COPY --from=pruner /repo/out/full/ .
RUN test "$(cat name)" = "$APP" && npm run build -- --filter="${APP}..."
FROM node:alpine
LABEL org.opencontainers.image.title="web" \
      org.opencontainers.image.vendor='An "app"'
COPY --from=installer /repo/dist /srv
# has srv/index.js
# config c.Labels['org.opencontainers.image.vendor'] === 'An "app"'
