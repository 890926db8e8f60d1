FROM node:20-slim AS base
ENV PNPM_HOME="/pnpm"
ENV PATH="$PNPM_HOME:$PATH"
RUN corepack enable

FROM base AS build
COPY . /usr/src/app
WORKDIR /usr/src/app
RUN --mount=type=cache,id=pnpm,target=/pnpm/store pnpm install --frozen-lockfile
RUN pnpm run -r build
RUN pnpm deploy --filter=app --prod /prod/app

FROM base AS app
COPY --from=build /prod/app /prod/app
WORKDIR /prod/app
EXPOSE 8000/tcp 8001-8003/udp
CMD [ "pnpm", "start" ]
# has prod/app/index.js
# config Object.keys(c.ExposedPorts).sort().join() === '8000/tcp,8001/udp,8002/udp,8003/udp' && c.Env.some((e) => e.startsWith('PATH=/pnpm:'))
